"""Items are found by a condition of the rule language, on whichever database the desk has."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.desk.fields import from_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.queries import asking
from evenhand.engine.detect.ruleview import view
from evenhand.engine.model import Item, Ref
from evenhand.engine.rules import RuleError, load_sources
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
    member("ann"),
    member("ben"),
    post("gone", "free offer", deleted=True),
]


@pytest.fixture
def items(db):
    intake.project([sent(item, at=AT + number * MINUTE) for number, item in enumerate(ITEMS)])


def ids(condition, **more):
    return [one.ref.id for one in asking.ask(condition, limit=50, **more).found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("TextContains(text=AllText, phrase='free offer')", ["p4", "p1"]),
        ("Author == 'ben'", ["ben", "p4", "p2"]),
        ("Author == None", ["p5"]),
        ("Views != None and Views > 10", ["p2"]),
        ("Kind == 'user' and Title in ['ann', 'zoe']", ["ann"]),
        ("ItemType == 'post' and Thread != None", ["p4", "p2"]),
        ("JsonData(path='$.score') > 2", ["p5"]),
        ("Tags: List[str] = JsonData(path='$.tags')\n'quay' in Tags", ["p5"]),
        ("After(time='2026-01-01T00:05:00Z')", ["ben", "ann"]),
        ("Before(time='2026-01-01T00:01:00Z') or JsonData(path='$.evenhand.item.partial')", ["p3", "p1"]),
        ("RegexMatch(pattern='^f', target=AllText, case_insensitive=True)", ["p3", "p1"]),
        ("GetActionName() == 'account'", ["ben", "ann"]),
    ],
)
def test_a_condition_finds_the_items_that_it_is_true_of_the_newest_first(items, condition, expected):
    assert ids(condition) == expected


def test_an_item_that_was_deleted_is_not_found(items):
    assert "gone" not in ids("True")


def test_an_answer_goes_on_where_it_stopped(items):
    first = asking.ask("ItemType == 'post'", limit=2)
    assert [one.ref.id for one in first.found] == ["p5", "p4"]
    then = asking.ask("ItemType == 'post'", limit=50, before=first.before)
    assert [one.ref.id for one in then.found] == ["p3", "p2", "p1"]
    assert then.before is None


def test_few_items_are_looked_at_for_one_page(items, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(asking, "BLOCK", 2)
    monkeypatch.setattr(asking, "MOST_BLOCKS", 2)
    with django_assert_num_queries(4):
        first = asking.ask("Author == 'ben'", limit=50)
    assert [one.ref.id for one in first.found] == ["ben"]
    rest = asking.ask("Author == 'ben'", limit=50, before=first.before)
    assert [one.ref.id for one in rest.found] == ["p4", "p2"]


def test_nothing_is_found_where_there_are_no_items(db):
    assert asking.ask("True", limit=5) == asking.Answer([], None, 0, ())


def test_the_database_leaves_little_to_the_rules(items):
    assert asking.ask("Author == 'ben'", limit=50).candidates == 3
    assert asking.ask("StringLength(s=AllText) > 100", limit=50).candidates == 7
    assert len(asking.ask("StringLength(s=AllText) > 100", limit=50).unknown) == 1


def test_a_mistake_is_told_with_its_place(items):
    with pytest.raises(RuleError, match="query:1:1: error: unknown name 'Autor'"):
        asking.ask("Autor == 'ben'", limit=5)


names = st.sampled_from(["ItemType", "ItemId", "Kind", "AllText", "Title", "Author", "AuthorType", "Thread"])
texts = st.sampled_from(["ann", "ben", "post", "account", "t1", "t2", "content", "orphan", "p3", ""]).map(repr)
leaves = st.one_of(
    st.builds("{} {} {}".format, names, st.sampled_from(["==", "!="]), texts | st.just("None")),
    st.builds("{} in [{}, {}]".format, names, texts, texts),
    st.builds("{} in {}".format, texts, st.sampled_from(["ItemId", "AllText", "Title"])),
    st.builds("(Views != None and Views {} {})".format, st.sampled_from(["<", ">="]), st.integers(0, 600)),
    st.builds("TextContains(text=AllText, phrase={})".format, st.sampled_from(["'offer'", "'ﬁne'", "'f'"])),
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
    names = [f"{name}: {value}" for name, value in asking.SCHEMA.names.items()]
    project = load_sources({"main.sml": "\n".join([*names, f"Answer = Rule(when_all=[{condition}])"])})
    said = []
    for item in ITEMS:
        seen = view(sent(item))
        if seen and project.run(*seen, at=sent_at(item)).features["Answer"] is True:
            said.append(item.ref.id)
    assert sorted(ids(condition)) == sorted(said)


def sent_at(item):
    return from_micros(AT + ITEMS.index(item) * MINUTE)
