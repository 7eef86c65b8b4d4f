"""What differs between two documents."""

import msgspec
from hypothesis import given

from evenhand.engine.platform import (
    Change,
    Edit,
    Field,
    ItemType,
    Platform,
    Policy,
    Queue,
    WordList,
    diff,
    parse,
)
from tests.unit.engine.platform_values import CATEGORIES, HARBOUR, platforms

SPAM = Policy(id="spam", name="Spam", severity="LOW")
OLD = Platform(name="Harbour", policies=(SPAM,), queues=(Queue("a", "A"), Queue("b", "B")))


def sentences(old: Platform, new: Platform) -> list[str]:
    return [str(change) for change in diff(old, new)]


def changed(**fields) -> Platform:
    return msgspec.structs.replace(OLD, **fields)


@given(platforms)
def test_nothing_differs_from_itself(platform):
    copy = msgspec.json.decode(msgspec.json.encode(platform), type=Platform)
    assert diff(platform, copy) == []


@given(platforms, platforms)
def test_something_differs_exactly_when_documents_are_not_equal(old, new):
    assert bool(diff(old, new)) == (old != new)


@given(platforms, platforms)
def test_changes_can_be_kept_as_json(old, new):
    changes = diff(old, new)
    assert msgspec.json.decode(msgspec.json.encode(changes), type=list[Change]) == changes


def test_a_changed_field_tells_before_and_after():
    policy = msgspec.structs.replace(SPAM, severity="HIGH", harm=3.0)
    new = changed(policies=(policy,))
    assert sentences(OLD, new) == ['Policy "spam" (Spam): severity: "LOW" → "HIGH"; harm: 1.0 → 3.0']
    assert diff(OLD, new)[0].edits == (Edit("severity", "LOW", "HIGH"), Edit("harm", 1.0, 3.0))


def test_what_is_new_tells_what_it_says():
    (change,) = diff(OLD, changed(policies=(SPAM, Policy(id="scam", name="Scam", harm=5.0))))
    assert str(change) == 'Policy "scam" (Scam) is new'
    assert change.edits == (Edit("harm", None, 5.0),)


def test_what_is_gone_is_told():
    assert sentences(OLD, changed(policies=())) == ['Policy "spam" (Spam) is removed']


def test_the_documents_own_fields_are_told():
    assert sentences(OLD, changed(name="Haven")) == ['Platform: name: "Harbour" → "Haven"']


def test_another_order_is_told_because_the_first_queue_gets_the_case():
    assert sentences(OLD, changed(queues=OLD.queues[::-1])) == ["Queue: order: a, b → b, a"]


def test_a_queue_that_is_put_before_others_is_new_and_in_front():
    assert sentences(OLD, changed(queues=(Queue("c", "C"), *OLD.queues))) == [
        'Queue "c" (C) is new',
        "Queue: order: a, b, c → c, a, b",
    ]


def test_fields_of_an_item_type_are_compared_by_name():
    title, body = Field("title", "STRING"), Field("body", "STRING")
    old = Platform("x", item_types=(ItemType("post", "Post", "content", fields=(title, body)),))
    new = Platform(
        "x", item_types=(ItemType("post", "Post", "content", fields=(Field("body", "URL"), Field("n", "ID"))),)
    )
    (sentence,) = sentences(old, new)
    assert sentence == (
        'Item type "post" (Post): fields.title: title (STRING) is gone; '
        'fields.body.type: "STRING" → "URL"; fields.n: n (ID)'
    )


def test_a_long_list_tells_what_came_and_what_went():
    def terms(*words):
        return Platform("x", lists=(WordList("l", "keyword", "p", words),))

    old, new = terms("a", "b"), terms("b", *"cdefghij")
    assert sentences(old, new) == ['List "l": terms: "c", "d", "e", "f", "g" and 3 more added; "a" removed']
    assert sentences(old, terms("b", "a")) == ['List "l": terms: order now "b", "a"']


def test_the_empty_document_becomes_any_other():
    new = parse(HARBOUR, categories=CATEGORIES)
    kinds = {change.kind for change in diff(Platform(name="Harbour", default_item_type="post"), new)}
    assert kinds == {"added"}


def test_what_has_parts_is_told_in_words():
    title = {"name": "title", "type": "STRING", "required": True}
    both = [title, {"name": "link", "type": "URL"}]
    assert str(Edit("fields", None, both)) == "fields: title (STRING, required), link (URL)"
    assert str(Edit("fields.title", title, None)) == "fields.title: title (STRING, required) is gone"
    assert str(Edit("codes", None, {"coop": "17"})) == "codes: coop 17"
    assert len(str(Edit("fields", None, [title] * 50))) < 100
