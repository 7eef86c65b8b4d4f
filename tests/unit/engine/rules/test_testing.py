"""Tests of rules: they pass when what follows is what must, and say why when it is not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenhand.engine.rules import load_sources, testing
from evenhand.engine.rules.testing import Case, Happened, Mark, Then
from evenhand.engine.rules.values import Entity

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = """
Text: str = JsonData(path='$.text')
Author: Entity[str] = EntityJson(type='User', path='$.author')
Likes: Optional[int] = JsonData(path='$.likes')
Sent = IncrementWindow(key=f'sent {Author}', window_seconds=60, when_all=[True])
IsKnown = HasLabel(entity=Author, label='seller')
ByPerson = HasLabel(entity=Author, label='seller', manual=True)

Pills = Rule(when_all=[StringContains(s=Text, phrase='pills')], description='sells pills')
Flood = Rule(when_all=[Sent >= 3], description=f'{Sent} in a minute')
Known = Rule(when_all=[IsKnown], description='sold before')
Unused = Rule(when_all=[Sent > 100])

WhenRules(rules_any=[Pills], then=[LabelAdd(entity=Author, label='seller'), DeclareVerdict(verdict='reject')])
WhenRules(rules_any=[Flood, Known], then=[DeclareVerdict(verdict='look')])
"""
LABELS = {"labels": {"seller": {"valid_for": ["User"]}, "kind": {"valid_for": ["User"]}}}


@pytest.fixture(scope="module")
def rules():
    return load_sources({"main.sml": RULES}, config=LABELS)


def happened(text="hello", seconds=0, author="ann", **more):
    return Happened("post", {"text": text, "author": author, **more}, AT + timedelta(seconds=seconds))


def case(then, event=None, **more):
    return Case(name="a test", file="tests/a.yaml", line=1, event=event or happened(), then=then, **more)


def mismatches(rules, then, event=None, **more):
    return testing.run(rules, case(then, event, **more)).mismatches


def test_a_test_passes_when_everything_follows(rules):
    then = Then(
        fired=("Pills",),
        not_fired=("Flood", "Known"),
        labels=("User/ann/seller/1",),
        verdicts=("reject",),
        not_verdicts=("look",),
        features={"Sent": 1, "IsKnown": False, "Author": "ann", "Likes": None},
        errors=(),
    )
    outcome = testing.run(rules, case(then, happened("cheap pills")))
    assert outcome.passed
    assert outcome.mismatches == ()


def test_a_rule_that_did_not_fire_is_told_with_what_kept_it(rules):
    (one,) = mismatches(rules, Then(fired=("Flood",)), earlier=(happened(seconds=-5),))
    assert (one.expected, one.found) == ("Flood fires", "it did not; nothing fired")
    assert one.why[0] == "Sent is 2; the rule asks for at least 3."
    assert any("(main.sml:5)" in line for line in one.why)


def test_a_rule_that_fired_and_must_not_is_told_with_its_features(rules):
    (one,) = mismatches(rules, Then(not_fired=("Pills",)), happened("pills for all"))
    assert (one.expected, one.found) == ("Pills does not fire", "it did")
    assert any("pills for all" in line for line in one.why)


@pytest.mark.parametrize(
    ("then", "expected", "found"),
    [
        (Then(fired=()), "no rule fires", "fired: Pills"),
        (Then(labels=()), "no label", "User/ann/seller/1"),
        (Then(labels=("User/ann/seller/0",)), "the label User/ann/seller/0", "User/ann/seller/1"),
        (Then(not_labels=("User/ann/seller/1",)), "not the label User/ann/seller/1", "User/ann/seller/1"),
        (Then(verdicts=("look",)), "the verdict look", "reject"),
        (Then(verdicts=()), "no verdict", "reject"),
        (Then(not_verdicts=("reject",)), "not the verdict reject", "reject"),
        (Then(features={"Sent": 2}), "Sent is 2", "Sent is 1"),
        (Then(features={"Sent": True}), "Sent is True", "Sent is 1"),
        (Then(features={"Likes": 0}), "Likes is 0", "Likes is nothing (None)"),
        (Then(errors=("likes",)), "an error that tells 'likes'", "no errors"),
    ],
)
def test_what_does_not_follow_is_told_with_what_did(rules, then, expected, found):
    (one,) = mismatches(rules, then, happened("pills"))
    assert (one.expected, one.found) == (expected, found)


def test_errors_are_told_where_none_must_be_and_found_by_a_part_of_what_they_tell(rules):
    event = Happened("post", {"text": "hello"}, AT)
    (one,) = mismatches(rules, Then(errors=()), event)
    assert one.expected == "no errors"
    assert one.found.startswith("main.sml:3: the event has nothing at $.author")
    assert mismatches(rules, Then(errors=("nothing at $.author",)), event) == ()


def test_a_feature_that_failed_is_told_with_the_error_behind_it(rules):
    (one,) = mismatches(rules, Then(features={"Sent": 1}), Happened("post", {"text": "hello"}, AT))
    assert one.why[-1] == "error: the event has nothing at $.author  (main.sml:3)"


def test_earlier_events_count_within_the_window_and_not_beyond(rules):
    near = tuple(happened(seconds=-10 * n) for n in (2, 1))
    far = tuple(happened(seconds=-100 * n) for n in (2, 1))
    assert not mismatches(rules, Then(fired=("Flood",)), earlier=near)
    assert not mismatches(rules, Then(fired=()), earlier=far)


def test_labels_that_earlier_events_set_are_there_for_the_last_one(rules):
    assert not mismatches(rules, Then(fired=("Known",)), earlier=(happened("pills", seconds=-100),))
    assert not mismatches(rules, Then(fired=("Pills",), not_fired=("Known",)), happened("pills"))


def test_labels_that_are_given_are_there_until_they_expire(rules):
    def mark(since, expires=None, *, manual=False, status="added"):
        return (Mark(Entity("User", "ann"), "seller", status, manual, since, expires),)

    yesterday = AT - timedelta(days=1)
    assert not mismatches(rules, Then(features={"IsKnown": True, "ByPerson": False}), marks=mark(yesterday))
    assert not mismatches(rules, Then(features={"ByPerson": True}), marks=mark(yesterday, manual=True))
    over = mark(yesterday, AT - timedelta(hours=1))
    assert not mismatches(rules, Then(features={"IsKnown": False}), marks=over)
    assert not mismatches(rules, Then(features={"IsKnown": False}), marks=mark(yesterday, status="removed"))


@given(st.lists(st.booleans(), max_size=5), st.randoms())
def test_tests_do_not_touch_each_other(rules, floods, chance):
    """The law: whatever ran before, and in whatever order, a test ends as it does alone."""
    cases = [
        case(Then(fired=("Flood",)), earlier=tuple(happened(seconds=-n) for n in (2, 1)) if flood else ())
        for flood in floods
    ]
    chance.shuffle(cases)
    assert [one.passed for one in testing.run_all(rules, cases)] == [bool(one.earlier) for one in cases]


def test_the_rules_that_can_fire_are_those_of_a_when_rules(rules):
    assert testing.rules_of(rules.program) == ("Pills", "Flood", "Known")


@pytest.mark.parametrize(
    ("then", "message", "hint"),
    [
        (Then(fired=("Pils",)), "no rule 'Pils' that can fire", "did you mean 'Pills'?"),
        (Then(not_fired=("Flod",)), "no rule 'Flod' that can fire", "did you mean 'Flood'?"),
        (Then(fired=("Unused",)), "no rule 'Unused' that can fire", "ask for its value under `features`"),
        (Then(features={"Sents": 1}), "no feature 'Sents'", "did you mean 'Sent'?"),
        (Then(not_labels=("User/ann/seler/1",)), "no label 'seler'", "did you mean 'seller'?"),
    ],
)
def test_a_test_that_asks_for_what_is_not_there_is_refused(rules, then, message, hint):
    (problem,) = testing.unknown(rules, [case(then)])
    assert message in problem.message
    assert hint in problem.hint
    assert (problem.file, problem.line) == ("tests/a.yaml", 1)


def test_it_is_told_in_the_order_of_the_file_and_where_it_stands(rules):
    places = {"Pils": testing.Place(9, 5, "    Pils", 4), "Sents": testing.Place(3, 2, " Sents", 5)}
    asked = replace(case(Then(fired=("Pils",), features={"Sents": 1})), places=places)
    first, second = testing.unknown(rules, [asked])
    assert (first.line, first.column, first.source, first.width) == (3, 2, " Sents", 5)
    assert (second.line, second.column) == (9, 5)


def test_what_is_there_may_be_asked_for(rules):
    then = Then(
        fired=("Pills",), features={"Unused": False, "__error_count": 0}, labels=("User/a/b/seller/1",),
    )  # fmt: skip
    assert testing.unknown(rules, [case(then)]) == []


def test_a_rule_without_a_name_has_its_place_as_its_name():
    rules = load_sources(
        {"main.sml": "WhenRules(rules_any=[Rule(when_all=[1 > 2])], then=[DeclareVerdict(verdict='x')])\n"}
    )
    (name,) = testing.rules_of(rules.program)
    (one,) = testing.run(rules, case(Then(fired=(name,)))).mismatches
    assert one.expected == f"{name} fires"
