"""A person holds an item while its case waits: for a time, under a policy that allows it, with a way back."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Audit, Decision, Delivery, Hold, PolicyLicence
from evenhand.desk.enforcement.queries import judged, licences
from evenhand.desk.enforcement.services import (
    CannotUndo,
    Conflict,
    Invalid,
    decide,
    durations,
    expire,
    hold,
    release,
    undo,
)
from evenhand.desk.enforcement.services.licences import look
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.services import apply as apply_document
from evenhand.desk.policies.services import read
from tests.desk.conftest import post, reported
from tests.desk.enforcement import licensing
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT


@pytest.fixture
def platform(db):
    """Spam may be held by removing, for 24 hours at most; harassment may not."""
    licensing.apply(hold_limit=0.2)
    return policies.current(fresh=True)


@pytest.fixture
def case(fold):
    fold(reported(post("p1")))
    return Case.objects.get()


@pytest.fixture
def held(case, ana):
    return hold(case.pk, version=case.version, by=ana, policy="spam", hours=6, reason="looks like a raid")


def left(decision: Decision) -> None:
    """Its webhooks were delivered."""
    Delivery.objects.filter(decision=decision).update(state="delivered", attempts=1)
    Decision.objects.filter(pk=decision.pk).update(effective_at=timezone.now() - timedelta(minutes=1))


def waiting() -> list[str]:
    return [row.action.action for row in Delivery.objects.order_by("pk") if row.state == "pending" and row.action]


def test_it_hides_the_item_for_so_long_and_leaves_its_case_open(case, held, ana):
    row = Hold.objects.get()
    assert (row.cause, row.name, row.decision) == ("person", ana.pseudonym, held)
    assert timedelta(hours=5.9) < row.until - timezone.now() <= timedelta(hours=6)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("open", "")
    [delivery] = Delivery.objects.all()
    assert (delivery.action.action, delivery.due_at) == ("remove", held.effective_at)
    [entry] = Entry.objects.filter(act="held")
    assert entry.actor == f"user:{ana.pseudonym}"


def test_the_platform_is_told_that_a_person_holds_it_and_what_to_tell_its_author(held):
    body = msgspec.json.decode(Delivery.objects.get().body)
    assert body["byPerson"] is True
    told = body["hold"]["statements"]
    assert "A moderator looks at whether it breaks the rule “Spam”" in told["en"]
    assert "automatic" not in told["en"]
    assert told["de"] != told["en"]
    assert "Spam" in told["de"]


def test_undone_in_time_nothing_leaves_and_a_licence_may_still_hold_it(held, ana):
    undo(held.uid, ana)
    row = Hold.objects.get()
    assert (row.end, waiting()) == ("withdrawn", [])
    assert Case.objects.get().state == "open"
    with pytest.raises(CannotUndo):
        undo(held.uid, ana)


def test_let_go_before_it_left_nothing_leaves_either(held, ana):
    assert release(held.hold.pk, ana).end == "withdrawn"
    assert waiting() == []


def test_let_go_after_it_left_the_item_is_shown_again(held, ana):
    left(held)
    with pytest.raises(CannotUndo):
        undo(held.uid, ana)
    assert release(held.hold.pk, ana).end == "released"
    assert waiting() == ["restore"]


def test_when_its_time_is_up_the_item_is_shown_again(held):
    left(held)
    Hold.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert expire() == 1
    assert waiting() == ["restore"]
    assert Hold.objects.get().end == "expired"


def test_it_ends_with_the_decision_of_its_case(case, held, ana):
    left(held)
    decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    assert Hold.objects.get().end == "released"
    assert waiting() == ["restore"]


@pytest.mark.parametrize(
    ("policy", "hours", "why"),
    [
        ("harassment", 6, "names no action that hides it"),
        (None, 6, "Choose the policy"),
        ("spam", 25, "24 hours at most"),
        ("spam", 0.1, "quarter of an hour"),
    ],
)
def test_nothing_is_held_longer_or_under_more_than_a_policy_allows(case, ana, policy, hours, why):
    with pytest.raises(Invalid, match=why):
        hold(case.pk, version=case.version, by=ana, policy=policy, hours=hours)
    assert not Hold.objects.exists()


def test_an_item_is_held_once(case, held, ana):
    with pytest.raises(Invalid, match="held already, until"):
        hold(case.pk, version=case.version, by=ana, policy="spam")


def test_the_same_checks_stand_before_it_as_before_a_decision(case, ana, ben):
    with pytest.raises(Conflict):
        hold(case.pk, version=case.version + 1, by=ana, policy="spam")
    cases.take(case.pk, ben)
    with pytest.raises(cases.Held):
        hold(case.pk, version=case.version, by=ana, policy="spam")


def test_a_hold_by_licence_of_which_nobody_is_told_is_not_told_by_this(case, ana):
    machine = Decision.objects.create(
        uid="m", case=case, kind="hold", item_type="post", item_id="p1", policy="spam", key_name="licence:spam",
        decided_at=timezone.now(), effective_at=timezone.now(),
    )  # fmt: skip
    Hold.objects.create(
        decision=machine, item_type="post", item_id="p1", cause="licence", name="spam", reason="",
        until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    Audit.objects.update_or_create(
        case=case, defaults={"policy": "spam", "score": 0.9, "inclusion": 0.1, "drawn_at": timezone.now()}
    )
    with pytest.raises(Invalid) as told:
        hold(case.pk, version=case.version, by=ana, policy="spam")
    assert list(told.value.problems) == ["It cannot be held at present: decide it."]


@pytest.mark.parametrize("shown_again", [False, True])
def test_a_persons_holds_earn_no_licence_and_burn_none(fold, ana, shown_again):
    """Not even when all of them were let go again."""
    licensing.audits(right=400)
    look()
    granted = PolicyLicence.objects.values_list("score", "audited", "wrong").get()
    budget = licences.budget(policies.current().policies["spam"])
    fold(*(reported(post(f"q{number}")) for number in range(20)))
    for case in Case.objects.filter(item_id__startswith="q"):
        made = hold(case.pk, version=case.version, by=ana, policy="spam")
        left(made)
        if shown_again:
            release(made.hold.pk, ana)
    look()
    assert PolicyLicence.objects.values_list("score", "audited", "wrong").get() == granted
    assert licences.budget(policies.current().policies["spam"]).held == budget.held


def test_it_decides_nothing_about_the_item_and_says_nothing_of_the_pace(held):
    assert list(judged.judged()) == []
    assert judged.pace().decisions == 0
    assert held.closes is False


def test_durations_end_with_what_the_policy_allows(platform):
    policy = platform.policies["spam"]
    assert durations(policy) == [1, 6, 24]
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/").replace("{other}", "http://127.0.0.1:9/")
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\nhold_hours = 4\n')
    apply_document(read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:test")
    assert durations(policies.current(fresh=True).policies["spam"]) == [1, 4]
