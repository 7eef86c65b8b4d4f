"""What a licensed rule does without a person: a hold ends with its case, with its time, or with a person's word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Delivery, Hold
from evenhand.desk.enforcement.services import CannotUndo, Chosen, Invalid, decide, expire, release, undo
from evenhand.desk.enforcement.services.holds import absorb
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.engine.model import Ref, Signal
from tests.desk.conftest import post, reported
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT


@pytest.fixture
def platform(db):
    """Spam may be held by removing, and acted on."""
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\nrules_may = "act"\n')
    policy_services.apply(policy_services.read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:test")
    return policies.current(fresh=True)


@pytest.fixture
def case(fold):
    fold(reported(post("p1")))
    return Case.objects.get()


def told(effect: str, *, item: str = "p1", policy: str = "spam", **evidence: object) -> Signal:
    return Signal(
        detector="rule:Flood",
        version="1",
        subject=Ref("post", item),
        event_id="e" * 32,
        at=now_micros(),
        summary="Rule Flood: many links",
        policy=policy,
        probability=0.9,
        effect=effect,  # type: ignore[arg-type]
        evidence={"hours": 24.0} | evidence,
    )


def sent() -> list[str]:
    """The actions that leave, in their order."""
    return [row.action.action for row in Delivery.objects.order_by("pk") if row.state == "pending" and row.action]


def test_a_hold_hides_the_item_and_says_why_and_until_when(case):
    absorb([], [told("hold")])
    hold = Hold.objects.get()
    assert sent() == ["remove"]
    assert (hold.name, hold.reason, hold.decision.key_name) == ("Flood", "Rule Flood: many links", "rule:Flood")
    assert timedelta(hours=23) < hold.until - timezone.now() <= timedelta(hours=24)
    case.refresh_from_db()
    assert case.state == "open"
    assert Entry.objects.filter(act="held").count() == 1


def test_an_item_is_held_once(case):
    absorb([], [told("hold"), told("hold")])
    absorb([], [told("hold")])
    assert Hold.objects.count() == 1
    assert sent() == ["remove"]


@pytest.mark.parametrize("signal", [told("hold", item="p2"), told("hold", policy="harassment"), told("note")])
def test_nothing_is_held_without_an_open_case_or_an_action_that_holds(case, signal):
    absorb([], [signal])
    assert not Hold.objects.exists()
    assert sent() == []


def test_finding_nothing_wrong_shows_the_item_again(case, ana):
    absorb([], [told("hold")])
    decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    assert sent() == ["remove", "restore"]
    assert Hold.objects.get().end == "released"


def test_the_item_is_not_shown_before_the_decision_can_no_longer_be_undone(case, ana):
    absorb([], [told("hold")])
    decision = decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    assert Delivery.objects.get(action__action="restore").due_at == decision.effective_at
    assert decision.effective_at > timezone.now()


def test_when_finding_nothing_wrong_is_undone_the_item_never_was_shown(case, ana):
    absorb([], [told("hold")])
    decision = decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    undo(decision.uid, ana)
    assert sent() == ["remove"]
    assert Hold.objects.get().ended_at is None
    again = decide(case.pk, version=Case.objects.get().version, by=ana, kind="dismiss", policy="spam")
    assert Delivery.objects.get(action__action="restore", state="pending").due_at == again.effective_at


def test_a_decision_to_act_takes_the_place_of_the_hold(case, ana):
    absorb([], [told("hold")])
    decide(case.pk, version=case.version, by=ana, kind="act", policy="spam", actions=(Chosen("remove"),))
    assert Hold.objects.get().end == "decided"
    assert sent() == ["remove", "remove"]


def test_a_decision_that_does_not_hide_the_item_shows_it_again(case, ana):
    absorb([], [told("hold")])
    decision = decide(case.pk, version=case.version, by=ana, kind="act", policy="spam", actions=(Chosen("elsewhere"),))
    assert sent() == ["remove", "elsewhere", "restore"]
    assert Hold.objects.get().end == "released"
    undo(decision.uid, ana)
    assert sent() == ["remove"]
    assert Hold.objects.get().ended_at is None


def test_what_a_person_has_shown_again_the_same_rule_does_not_hide_a_second_time(case, ana):
    absorb([], [told("hold")])
    release(Hold.objects.get().pk, ana)
    absorb([], [told("hold")])
    assert Hold.objects.count() == 1
    assert sent() == ["remove", "restore"]


def test_when_that_decision_is_undone_the_item_is_held_again(case, ana):
    absorb([], [told("hold")])
    decision = decide(case.pk, version=case.version, by=ana, kind="act", policy="spam", actions=(Chosen("remove"),))
    undo(decision.uid, ana)
    assert Hold.objects.get().ended_at is None
    assert sent() == ["remove"]


def test_a_hold_whose_time_is_up_ends_by_itself_and_its_case_stays(case):
    absorb([], [told("hold")])
    assert expire() == 0
    Hold.objects.update(until=timezone.now())
    assert expire() == 1
    assert expire() == 0
    assert sent() == ["remove", "restore"]
    case.refresh_from_db()
    assert (case.state, Hold.objects.get().end) == ("open", "expired")


def test_a_person_lets_go_of_a_hold_once(case, ana):
    absorb([], [told("hold")])
    release(Hold.objects.get().pk, ana)
    assert sent() == ["remove", "restore"]
    with pytest.raises(Invalid, match="ended already"):
        release(Hold.objects.get().pk, ana)


def test_a_hold_is_no_decision_to_undo(case, ana):
    absorb([], [told("hold")])
    with pytest.raises(CannotUndo, match="release the hold"):
        undo(Decision.objects.get().uid, ana)


def test_a_licensed_rule_acts_once_on_a_case_and_a_person_still_sees_it(case):
    absorb([], [told("act", action="remove"), told("act", action="remove")])
    assert sent() == ["remove"]
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.key_name, decision.case_id) == (None, "rule:Flood", case.pk)
    case.refresh_from_db()
    assert case.state == "open"
    assert Entry.objects.filter(act="rule_acted").count() == 1


def test_an_action_that_the_platform_does_not_know_is_not_taken(case):
    absorb([], [told("act", action="vanish")])
    assert not Decision.objects.exists()


def test_two_people_are_asked_even_when_a_rule_acts(case):
    absorb([], [told("act", action="terminate")])
    assert Delivery.objects.get().state == "waiting"
