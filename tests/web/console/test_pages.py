"""The values of pages, before any HTML: differences of texts, links, parameters, places of keys."""

import pytest
from django.http import QueryDict
from hypothesis import given as each
from hypothesis import strategies as st

from evenhand.desk.web.pages import choices, form
from evenhand.desk.web.pages.content import link
from evenhand.engine.platform import Action, Parameter, Platform, Policy, snapshot
from evenhand.engine.text.diff import diff

WORDS = st.lists(st.sampled_from(["the", "boat", "is", "new", ",", " ", "\n", "ünder"]), max_size=30).map("".join)


@each(WORDS, WORDS)
def test_a_difference_holds_both_texts(before, after):
    pieces = diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


@pytest.mark.parametrize(
    ("url", "host", "followable"),
    [
        ("https://a.example/x", "a.example", True),
        ("http://a.example:81/", "a.example", True),
        ("javascript:alert(1)", "", False),
        ("data:text/html,x", "", False),
        ("//a.example/x", "a.example", False),
        ("http://[broken", "", False),
        ("", "", False),
    ],
)
def test_only_web_addresses_can_be_followed(url, host, followable):
    assert (link(url).host, link(url).followable) == (host, followable)


def asked(action: Action, query: str) -> dict:
    return form.parameters(action, QueryDict(query))


def test_parameters_are_read_by_their_types():
    action = Action(
        id="a", name="A", destination="d",
        parameters=(
            Parameter("days", "NUMBER"), Parameter("loud", "BOOLEAN"), Parameter("why", "STRING"),
            Parameter("tags", "MULTISELECT", options=("x", "y")), Parameter("how", "SELECT", options=("x",)),
        ),
    )  # fmt: skip
    given = ("days=7", "loud=yes", "tags=x", "tags=y", "why=so", "how=x")
    assert asked(action, "&".join(["filled_in=yes", *(f"parameter:{one}" for one in given)])) == {
        "days": 7,
        "loud": True,
        "tags": ["x", "y"],
        "why": "so",
        "how": "x",
    }
    assert asked(action, "filled_in=yes&parameter:days=") == {"days": None, "loud": False, "tags": []}
    assert asked(action, "parameter:days=1.5") == {"days": 1.5}
    assert asked(action, "") == {}


@pytest.mark.parametrize("number", ["seven", "1e999", "nan", "7 days"])
def test_what_is_no_number_is_refused_with_its_name(number):
    action = Action(id="a", name="A", destination="d", parameters=(Parameter("days", "NUMBER"),))
    with pytest.raises(form.Invalid, match="days"):
        asked(action, f"parameter:days={number}")


def test_the_proposed_policy_has_the_first_digit_then_the_named_ones():
    names = ["a", "b", "c", "d", "e", "f", "g", "h"]
    known = snapshot(1, Platform(name="x", policies=tuple(Policy(id=name, name=name) for name in names)), {})
    found = choices.policies(known, "c", ["h", None, "gone", "b"])
    assert [(one.policy.id, one.digit) for one in found][:4] == [("c", 1), ("h", 2), ("b", 3), ("a", 4)]
    assert [one.digit for one in found] == [1, 2, 3, 4, 5, 6, 0, 0]
    assert [one.policy.id for one in found if one.chosen] == ["c"]
    assert [one.policy.id for one in choices.policies(known, "c", [], "e") if one.chosen] == ["e"]


def test_a_retired_policy_is_offered_only_where_it_is_proposed():
    platform = Platform(name="x", policies=(Policy(id="a", name="a"), Policy(id="old", name="old", retired=True)))
    known = snapshot(1, platform, {})
    assert [one.policy.id for one in choices.policies(known, "a", ["old"])] == ["a"]
    assert [one.policy.id for one in choices.policies(known, "old", [])] == ["old", "a"]
