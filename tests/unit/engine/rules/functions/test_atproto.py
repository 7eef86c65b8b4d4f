"""Functions for the AT Protocol."""

import pytest

from evenhand.engine.rules.values import Effect, Entity
from tests.unit.engine.rules.functions.contexts import call, context

FACETS = [
    {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/"}]},
    {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:kim"}]},
    {
        "features": [
            {"$type": "app.bsky.richtext.facet#tag", "tag": "cats"},
            {"$type": "app.bsky.richtext.facet#tag", "tag": "dogs"},
        ]
    },
]
RECORD = {"text": "hi", "facets": FACETS}


@pytest.mark.parametrize(
    "data", [{"record": RECORD}, {"commit": {"record": RECORD}}, {"operation": {"record": RECORD}}, {"value": RECORD}]
)
def test_facets_are_read_wherever_the_event_has_its_record(data):
    run = context(data)
    assert call("LinksFromFacets", run) == ["https://example.com/"]
    assert call("MentionsFromFacets", run) == ["did:plc:kim"]
    assert call("TagsFromFacets", run) == ["cats", "dogs"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"record": None},
        {"commit": []},
        {"record": {"facets": "x"}},
        {"record": {"facets": [1, {"features": {}}, {"features": [None, {"$type": "app.bsky.richtext.facet#link"}]}]}},
        {"record": {"facets": [{"features": [{"$type": "app.bsky.richtext.facet#link", "uri": 5}]}]}},
    ],
)
def test_a_record_without_proper_facets_has_none(data):
    assert call("LinksFromFacets", context(data)) == []


@pytest.mark.parametrize(
    ("uri", "did"),
    [
        ("at://did:plc:kim/app.bsky.feed.post/3k", "did:plc:kim"),
        ("at://kim.example", "kim.example"),
        ("at://", None),
        ("https://example.com", None),
        (None, None),
    ],
)
def test_the_authority_of_a_uri(uri, did):
    assert call("DidFromUri", uri=uri) == did


@pytest.mark.parametrize(
    ("entity", "told"),
    [
        (Entity("User", "did:plc:kim"), Entity("User", "did:plc:kim")),
        ("did:plc:kim", Entity("Did", "did:plc:kim")),
        ("at://did:plc:kim/x/y", Entity("AtUri", "at://did:plc:kim/x/y")),
    ],
)
def test_accounts_and_records_are_labelled(entity, told):
    effect = call("AtprotoLabel", entity=entity, label="spam", comment="why", expiration_in_hours=24)
    arguments = {"label": "spam", "comment": "why", "expiration_in_hours": 24}
    assert effect == Effect(kind="atproto_label", entity=told, arguments=arguments)


def test_accounts_are_put_on_lists():
    assert call("AtprotoList", did="did:plc:kim", list_uri="at://list") == Effect(
        kind="atproto_list", entity=Entity("Did", "did:plc:kim"), arguments={"list_uri": "at://list"}
    )
