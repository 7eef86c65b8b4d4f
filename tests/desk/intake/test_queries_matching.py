"""Items are found by a condition of the rule language, on whichever database the desk has."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.desk.fields import from_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.queries import matching
from evenhand.engine.detect.ruleview import view
from evenhand.engine.model import Item, Ref
from evenhand.engine.rules import load_sources
from tests.desk.conftest import post, sent

AT = 1_767_225_600_000_000
MINUTE = 60_000_000


def member(id_):
    return Item(ref=Ref("account", id_), kind="user", data={"handle": id_}, name=id_, text=id_)


ITEMS = [
    post("p1", "Free offer on the quay", views=5),
    post("p2", "nothing to see", author="ben", views=500, thread=Ref("topic", "t1")),
    post("p3", "FREE  OFFER", partial=True),
    post("p4", "a ﬁne free offer", author="ben", thread=Ref("topic", "t2")),
    Item(ref=Ref("post", "p5"), kind="content", data={"tags": ["quay"], "score": 2.5}, text="orphan"),
    post("p6", ""),
    member("ann"),
    member("ben"),
    post("gone", "free offer", deleted=True),
]


@pytest.fixture
def items(db):
    intake.project([sent(item, at=AT + number * MINUTE) for number, item in enumerate(ITEMS)])


def ids(condition):
    query = matching.query(condition, names={}, lists={})
    found = matching.matching(query, matching.Looked(), since=0, until=AT * 2, item_type="")
    return [one.item.ref.id for one in found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("TextContains(text=Text, phrase='free offer')", ["p4", "p1"]),
        ("AuthorId == 'ben'", ["ben", "p4", "p2"]),
        ("AuthorId == None", ["p5"]),
        ("Text == ''", ["p6"]),
        ("Views != None and Views > 10", ["p2"]),
        ("JsonData(path='$.evenhand.item.kind') == 'user' and ItemName in ['ann', 'zoe']", ["ann"]),
        ("ActionName == 'post' and ThreadId != None", ["p4", "p2"]),
        ("JsonData(path='$.score') > 2", ["p5"]),
        ("Tags: List[str] = JsonData(path='$.tags')\n'quay' in Tags", ["p5"]),
        ("After(time='2026-01-01T00:06:00Z')", ["ben", "ann"]),
        ("Before(time='2026-01-01T00:01:00Z') or JsonData(path='$.evenhand.item.partial')", ["p3", "p1"]),
        ("RegexMatch(pattern='^f', target=Text, case_insensitive=True)", ["p3", "p1"]),
        ("GetActionName() == 'account'", ["ben", "ann"]),
    ],
)
def test_a_condition_finds_the_items_that_it_is_true_of_the_newest_first(items, condition, expected):
    assert ids(condition) == expected


def test_an_item_that_was_deleted_is_not_found(items):
    assert "gone" not in ids("True")


names = st.sampled_from(["ActionName", "ItemId", "Text", "ItemName", "AuthorId", "ThreadId"])
texts = st.sampled_from(["ann", "ben", "post", "account", "t1", "t2", "content", "orphan", "p3", ""]).map(repr)
leaves = st.one_of(
    st.builds("{} {} {}".format, names, st.sampled_from(["==", "!="]), texts | st.just("None")),
    st.builds("{} in [{}, {}]".format, names, texts, texts),
    st.builds("{} in {}".format, texts, st.sampled_from(["ItemId", "Text", "ItemName"])),
    st.builds("(Views != None and Views {} {})".format, st.sampled_from(["<", ">="]), st.integers(0, 600)),
    st.builds("TextContains(text=Text, phrase={})".format, st.sampled_from(["'offer'", "'ﬁne'", "'f'"])),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map("not ({})".format), st.builds("(({}) {} ({}))".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=4,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(condition=conditions)
def test_what_is_found_is_what_the_rules_say_of_each_item(items, condition):
    names = [f"{name}: {value}" for name, value in matching.NAMES.items()]
    project = load_sources({"main.sml": "\n".join([*names, f"Answer = Rule(when_all=[{condition}])"])})
    said = []
    for item in ITEMS:
        seen = view(sent(item))
        if seen and project.run(*seen, at=sent_at(item)).features["Answer"] is True:
            said.append(item.ref.id)
    assert sorted(ids(condition)) == sorted(said)


def sent_at(item):
    return from_micros(AT + ITEMS.index(item) * MINUTE)
