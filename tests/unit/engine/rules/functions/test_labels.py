"""Functions that ask for labels and set them, and effects beyond the rules."""

from datetime import timedelta

import pytest

from evenhand.engine.rules.run import LabelState
from evenhand.engine.rules.values import Effect, Entity, Expected
from tests.unit.engine.rules.functions.contexts import SECOND, call, context

KIM = Entity("User", "kim")
NOON = context().micros


class Labels:
    """What is known of Kim, at the time of the event."""

    def __init__(self, **known):
        self._known = known

    def labels(self, entity, *, at):
        return self._known if entity == KIM and at == NOON else {}


def label(status="added", *, manual=False, age=60, expires=None):
    ends = None if expires is None else NOON + expires * SECOND
    return LabelState(status=status, manual=manual, since=NOON - age * SECOND, expires=ends)


@pytest.mark.parametrize("name", ["LabelAdd", "LabelRemove"])
def test_a_label_is_an_effect_on_an_entity(name):
    kind = {"LabelAdd": "label_add", "LabelRemove": "label_remove"}[name]
    assert call(name, entity=KIM, label="spammer") == Effect(
        kind=kind, entity=KIM, arguments={"label": "spammer", "delay_action_by": None, "expires_after": None}
    )
    timed = call(name, entity=KIM, label="x", delay_action_by=timedelta(hours=1), expires_after=timedelta(days=1))
    assert timed.arguments == {"label": "x", "delay_action_by": timedelta(hours=1), "expires_after": timedelta(days=1)}


@pytest.mark.parametrize("name", ["LabelAdd", "LabelRemove"])
def test_a_rule_that_does_not_hold_keeps_the_label_away(name):
    assert call(name, entity=KIM, label="x", apply_if=True).arguments["label"] == "x"
    with pytest.raises(Expected):
        call(name, entity=KIM, label="x", apply_if=False)


@pytest.mark.parametrize(
    ("known", "arguments", "has"),
    [
        (label(), {}, True),
        (label("removed"), {}, False),
        (label("removed"), {"status": "removed"}, True),
        (label(), {"status": "removed"}, False),
        (label(expires=1), {}, True),
        (label(expires=0), {}, False),
        (label(manual=True), {"manual": True}, True),
        (label(manual=True), {"manual": False}, False),
        (label(manual=False), {"manual": True}, False),
        (label(manual=False), {"manual": False}, True),
        (label(age=60), {"min_label_age": timedelta(seconds=60)}, True),
        (label(age=59), {"min_label_age": timedelta(seconds=60)}, False),
        (label(), {"label": "other"}, False),
        (label(), {"entity": Entity("User", "other")}, False),
    ],
)
def test_an_entity_has_a_label_at_the_time_of_the_event(known, arguments, has):
    run = context(state=Labels(spammer=known))
    assert call("HasLabel", run, **{"entity": KIM, "label": "spammer", **arguments}) is has


def test_an_entity_of_which_nothing_is_known_can_be_an_error():
    with pytest.raises(ValueError, match="no label of User/kim is known"):
        call("HasLabel", context(state=Labels()), entity=KIM, label="x", error_on_empty=True)
    assert not call("HasLabel", context(state=Labels(y=label())), entity=KIM, label="x", error_on_empty=True)


def test_another_status_is_refused():
    with pytest.raises(ValueError, match='write "added" or "removed"'):
        call("HasLabel", context(state=Labels()), entity=KIM, label="x", status="gone")


def test_without_state_there_are_no_labels():
    with pytest.raises(ValueError, match="no state"):
        call("HasLabel", context(), entity=KIM, label="x")


@pytest.mark.parametrize(
    ("name", "arguments", "effect"),
    [
        ("DeclareVerdict", {"verdict": "reject"}, Effect(kind="verdict", arguments={"verdict": "reject"})),
        (
            "BanUser",
            {"entity": KIM, "comment": "why"},
            Effect(kind="ban_user", entity=KIM, arguments={"comment": "why"}),
        ),
        (
            "Enqueue",
            {"policy": "spam", "note": "look"},
            Effect(kind="enqueue", arguments={"policy": "spam", "probability": 0.5, "note": "look"}),
        ),
        ("Hold", {"policy": "spam"}, Effect(kind="hold", arguments={"policy": "spam", "hours": 24.0})),
        (
            "Act",
            {"action": "hide", "policy": "spam"},
            Effect(kind="act", arguments={"action": "hide", "policy": "spam"}),
        ),
    ],
)
def test_effects_carry_what_they_are_given(name, arguments, effect):
    assert call(name, **arguments) == effect


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_goes_from_0_to_1(probability):
    with pytest.raises(ValueError, match="from 0 to 1"):
        call("Enqueue", policy="spam", probability=probability)


@pytest.mark.parametrize("hours", [0, -1, float("nan")])
def test_a_hold_lasts(hours):
    with pytest.raises(ValueError, match="above 0"):
        call("Hold", policy="spam", hours=hours)
