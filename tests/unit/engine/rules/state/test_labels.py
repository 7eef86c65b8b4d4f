"""Labels: set and taken away by rules and by people, late, delayed and for a time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.run import LabelState
from evenhand.engine.rules.state import KeyedState, MemoryState, labels
from evenhand.engine.rules.values import Effect, Entity
from tests.unit.engine.rules.state.model import DAY, HOUR, MINUTE, T0

KIM = Entity("User", "kim")


def effect(kind, *, label="spammer", delay=None, lasts=None, entity=KIM):
    arguments = {"label": label, "delay_action_by": delay, "expires_after": lasts}
    return Effect(kind=f"label_{kind}", entity=entity, arguments=arguments)


def played(*steps):
    """Labels after (kind, who, at, options) …, in this order."""
    found = {}
    for kind, who, at, *options in steps:
        found = labels.apply(found, effect(kind, **(options[0] if options else {})), at, manual=who == "person")
    return found


def shown(found, at):
    one = labels.states(found, at).get("spammer")
    if one is None:
        return "nothing"
    who = "person" if one.manual else "rule"
    return f"{one.status} by a {who}" + (" (expired)" if one.expires is not None and one.expires <= at else "")


HOURLY = {"lasts": timedelta(hours=1)}
LATER = {"delay": timedelta(hours=1)}
TABLE = {
    "a rule adds": ([("add", "rule", 0)], 0, "added by a rule"),
    "nothing was said yet": ([("add", "rule", 1)], 0, "nothing"),
    "a rule takes its own away": ([("add", "rule", 0), ("remove", "rule", 1)], 1, "removed by a rule"),
    "a rule adds again": ([("remove", "rule", 0), ("add", "rule", 1)], 1, "added by a rule"),
    "a person takes away what a rule added": ([("add", "rule", 0), ("remove", "person", 1)], 1, "removed by a person"),
    "a rule does not undo a person's removal": (
        [("remove", "person", 0), ("add", "rule", 1)],
        HOUR,
        "removed by a person",
    ),
    "a rule does not undo what a person added": (
        [("add", "person", 0), ("remove", "rule", 1)],
        HOUR,
        "added by a person",
    ),
    "a rule adds after a person's removal expired": (
        [("remove", "person", 0, HOURLY), ("add", "rule", HOUR)],
        HOUR,
        "added by a rule",
    ),
    "what a rule wanted meanwhile is lost": (
        [("remove", "person", 0, HOURLY), ("add", "rule", MINUTE)],
        HOUR,
        "removed by a person (expired)",
    ),
    "a person undoes a person": ([("remove", "person", 0), ("add", "person", 1)], 1, "added by a person"),
    "it expires": ([("add", "rule", 0, HOURLY)], HOUR, "added by a rule (expired)"),
    "it has not expired a moment before": ([("add", "rule", 0, HOURLY)], HOUR - 1, "added by a rule"),
    "a rule that says it again lengthens it": (
        [("add", "rule", 0, HOURLY), ("add", "rule", MINUTE, HOURLY)],
        HOUR,
        "added by a rule",
    ),
    "a rule never shortens it": ([("add", "rule", 0), ("add", "rule", MINUTE, HOURLY)], DAY, "added by a rule"),
    "a person may shorten it": (
        [("add", "person", 0), ("add", "person", MINUTE, HOURLY)],
        DAY,
        "added by a person (expired)",
    ),
    "a delayed one is not there before": ([("add", "rule", 0, LATER)], HOUR - 1, "nothing"),
    "a delayed one is there when it is due": ([("add", "rule", 0, LATER)], HOUR, "added by a rule"),
    "what stood before stays until the delayed one is due": (
        [("add", "rule", 0), ("remove", "rule", 1, LATER)],
        HOUR,
        "added by a rule",
    ),
    "a person's word meanwhile stands against the delayed one": (
        [("add", "rule", 0, LATER), ("remove", "person", MINUTE)],
        DAY,
        "removed by a person",
    ),
    "what comes late counts at its own time": (
        [("add", "rule", HOUR), ("remove", "rule", MINUTE)],
        HOUR,
        "added by a rule",
    ),
    "at the same moment the one that takes away counts": (
        [("remove", "rule", 0), ("add", "rule", 0)],
        0,
        "removed by a rule",
    ),
}


@pytest.mark.parametrize(("steps", "at", "expected"), TABLE.values(), ids=TABLE)
def test_what_labels_come_to(steps, at, expected):
    found = played(*((kind, who, T0 + when, *options) for kind, who, when, *options in steps))
    assert shown(found, T0 + at) == expected


def test_a_label_is_as_old_as_its_first_mark_when_it_is_set_again():
    found = played(*(("add", "rule", T0 + hour * HOUR, {"lasts": timedelta(hours=2)}) for hour in range(100)))
    assert labels.states(found, T0 + 99 * HOUR)["spammer"].since == T0


def test_a_label_that_had_expired_is_as_old_as_the_mark_that_set_it_again():
    found = played(("add", "rule", T0, HOURLY), ("add", "rule", T0 + 2 * HOUR))
    assert labels.states(found, T0 + DAY)["spammer"].since == T0 + 2 * HOUR


@st.composite
def steps(draw, most):
    count = draw(st.integers(1, most))
    return [
        (
            draw(st.sampled_from(["add", "remove"])),
            draw(st.sampled_from(["rule", "rule", "person"])),
            T0 + draw(st.integers(0, 20)) * MINUTE,
            {"lasts": draw(st.sampled_from([None, timedelta(minutes=3), timedelta(hours=1)]))},
        )
        for _ in range(count)
    ]


def plainly(given, at):
    """The definition, on every mark that was ever made."""
    marks = sorted(
        labels.mark(effect(kind, **options), when, manual=who == "person") for kind, who, when, options in given
    )
    return labels.standing(marks, at)


@given(steps(most=labels.MOST), st.randoms(use_true_random=False))
def test_marks_come_to_the_same_in_any_order(given, random):
    shuffled = given[:]
    random.shuffle(shuffled)
    assert played(*given) == played(*shuffled)


@given(steps(most=4 * labels.MOST))
def test_in_order_any_number_of_marks_comes_to_what_the_definition_says(given):
    given = sorted(given, key=lambda step: step[2])
    found = {}
    for count, step in enumerate(given, 1):
        one = labels.mark(effect(step[0], **step[3]), step[2], manual=step[1] == "person")
        found = labels.put(found, "spammer", one, step[2])
        if count < len(given) and given[count][2] == step[2]:
            continue
        assert len(found["spammer"]) <= labels.MOST
        for at in (step[2], step[2] + 4 * MINUTE, step[2] + DAY):
            assert labels.standing(found["spammer"], at) == plainly(given[:count], at)


@given(steps(most=labels.MOST))
def test_the_same_effect_twice_is_once(given):
    assert played(*given, *given) == played(*given)


def test_labels_before_are_left_as_they_were():
    before = played(("add", "rule", T0))
    labels.apply(before, effect("remove"), T0 + 1)
    assert shown(before, T0 + 1) == "added by a rule"


def test_other_labels_are_left_alone_until_they_have_long_expired():
    found = labels.apply(played(("add", "rule", T0, HOURLY)), effect("add", label="new"), T0 + DAY)
    assert labels.states(found, T0 + DAY).keys() == {"spammer", "new"}
    found = labels.apply(found, effect("add", label="new"), T0 + HOUR + labels.KEPT)
    assert found.keys() == {"new"}


def test_many_delayed_changes_take_bounded_room():
    found = {}
    for number in range(200):
        found = labels.apply(found, effect("add" if number % 2 else "remove", **LATER), T0 + number)
    assert len(found["spammer"]) <= labels.MOST


def test_a_state_tells_what_an_effect_changed_and_keeps_the_reason():
    state = MemoryState()
    change = state.apply_label(effect("add", **HOURLY), at=T0, reason="rule Flood")
    expected = {"status": "added", "manual": False, "since": T0, "expires": T0 + HOUR}
    assert change == {"entity": "User/kim", "label": "spammer", **expected}
    assert state.labels(KIM, at=T0) == {"spammer": LabelState(**expected, reason="rule Flood")}
    assert state.labels(Entity("User", "lee"), at=T0) == {}


def test_an_effect_that_changes_nothing_tells_of_no_change():
    state = MemoryState()
    state.apply_label(effect("remove"), at=T0, manual=True)
    assert state.apply_label(effect("add"), at=T0 + 1) is None
    assert state.apply_label(effect("add"), at=T0 + 2, manual=True) is not None
    assert state.apply_label(effect("add"), at=T0 + 3, manual=True) is None


def test_entities_of_another_type_or_with_slashes_are_others():
    state = MemoryState()
    state.apply_label(effect("add", entity=Entity("a/b", "c")), at=T0)
    assert state.labels(Entity("a", "b/c"), at=T0) == {}


def test_what_people_said_elsewhere_stands_against_rules():
    said = {"spammer": ["removed", T0, None, "a mistake"]}
    state = KeyedState({}.get, people=lambda entity: said if entity == KIM else {})
    assert state.apply_label(effect("add"), at=T0 + 1) is None
    assert state.labels(KIM, at=T0 + 1)["spammer"].reason == "a mistake"
    assert state.apply_label(effect("add", label="new"), at=T0 + 1) is not None


def test_what_people_said_is_not_written_into_the_rules_state():
    state = KeyedState({}.get, people=lambda _: {"spammer": ["added", T0, T0 + DAY, ""]})
    state.labels(KIM, at=T0)
    assert state.changed == {}


def test_an_effect_without_an_entity_is_refused():
    with pytest.raises(ValueError, match="'spammer' names no entity"):
        MemoryState().apply_label(effect("add", entity=None), at=T0)
