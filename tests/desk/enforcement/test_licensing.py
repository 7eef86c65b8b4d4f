"""What a licence covers is held while its case waits."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Audit, Delivery, Hold, PolicyLicence
from evenhand.desk.enforcement.queries import licences as queries
from evenhand.desk.enforcement.queries.nights import open_holds
from evenhand.desk.enforcement.services import Chosen, auditing, decide, expire, licences, release, undo
from evenhand.desk.enforcement.services.licensing import absorb
from tests.desk.conftest import appealed, post, reported
from tests.desk.conftest import sent as sent_item
from tests.desk.enforcement.licensing import apply, grant


@pytest.fixture
def platform(db):
    apply(hold_limit=0.2, hold_budget=1.0, hold_hours=6)
    queries.forget_count()


@pytest.fixture
def fold(fold):
    """After a day on which ten items came."""
    fold(*[sent_item(post(f"before-{number}")) for number in range(10)])
    queries.forget_count()
    return fold


@pytest.fixture
def held(platform, fold):
    grant()
    fold(reported(post("p1")))
    return Hold.objects.get()


def sent() -> list[str]:
    return [row.action.action for row in Delivery.objects.order_by("pk") if row.state == "pending" and row.action]


def test_a_case_that_scores_enough_is_held_with_its_reason_and_its_end(held):
    assert sent() == ["remove"]
    assert (held.cause, held.name, held.decision.key_name) == ("licence", "spam", "licence:spam")
    assert held.reason.startswith(f"held: {held.score:.2f} ≥ 0.20; 3 of 212 audited of this policy")
    assert timedelta(hours=5) < held.until - timezone.now() <= timedelta(hours=6)
    assert held.views > 0
    assert Case.objects.get().state == "open"
    entry = Entry.objects.get(act="held")
    assert entry.actor == "system:licences"


def test_the_platform_is_told_until_when_and_what_to_tell_the_person(held):
    [row] = Delivery.objects.all()
    message = msgspec.json.decode(row.body)
    english, german = message["hold"]["statements"]["en"], message["hold"]["statements"]["de"]
    assert english.startswith(
        "This is hidden for now. An automatic check found that it probably breaks the rule “Spam”."
    )
    assert f"{held.until:%H:%M} UTC" in english
    assert german.startswith("Dies ist vorerst verborgen.")
    assert message["decision"]["reason"] == english == message["note"]
    assert "audited" not in english


@pytest.mark.parametrize("licence", [None, 0.99])
def test_nothing_is_held_without_a_licence_or_below_its_score(platform, fold, licence):
    if licence:
        grant(licence)
    fold(reported(post("p1")))
    assert not Hold.objects.exists()


def test_a_licence_for_another_limit_than_the_document_has_covers_nothing(platform, fold):
    grant(limit=0.3)
    fold(reported(post("p1")))
    assert not Hold.objects.exists()


def test_no_more_is_held_than_the_budget_allows(platform, fold):
    apply(hold_limit=0.2, hold_budget=0.25)
    grant()
    fold(*[reported(post(f"p{number}")) for number in range(20)])
    assert Hold.objects.count() == 6  # 30 x 0.25 x 0.9, as none of them is critical
    fold(*[reported(post(f"p{number}"), reporter="r2") for number in range(20)])
    assert Hold.objects.count() == 6


def test_a_budget_that_does_not_reach_for_all_goes_to_what_does_the_most_harm(platform, fold):
    apply(hold_limit=0.2, hold_budget=0.1)
    grant()
    fold(*[reported(post(f"p{number}", views=1000)) for number in range(20)])
    held = Hold.objects.count()
    assert held == 2  # 30 x 0.1 x 0.9
    Hold.objects.update(placed_at=timezone.now() - timedelta(hours=25))
    fold(reported(post("unseen", views=0)))
    assert Hold.objects.count() == held
    fold(reported(post("seen", views=1_000_000)))
    assert Hold.objects.filter(item_id="seen").exists()


def test_all_policies_together_hold_no_more_than_the_platform_says(platform, fold):
    apply(hold_limit=0.2, hold_budget=1.0, together=0.1)
    grant()
    fold(*[reported(post(f"p{number}", views=1000)) for number in range(20)])
    assert Hold.objects.count() == 2  # 30 x 0.1 x 0.9
    Hold.objects.update(name="another policy")
    fold(reported(post("seen", views=1_000_000)))
    assert Hold.objects.count() == 2
    Hold.objects.update(placed_at=timezone.now() - timedelta(hours=25))
    fold(reported(post("unseen", views=0)))
    assert Hold.objects.count() == 2
    fold(reported(post("seen", views=1_000_000), reporter="r2"))
    assert Hold.objects.filter(item_id="seen").exists()


def test_what_was_held_counts_for_a_day(platform, fold):
    apply(hold_limit=0.2, hold_budget=0.1)
    grant()
    fold(*[reported(post(f"p{number}")) for number in range(4)])
    assert Hold.objects.count() == 1
    Hold.objects.update(placed_at=timezone.now() - timedelta(hours=25))
    fold(*[reported(post(f"p{number}"), reporter="r2") for number in range(4)])
    assert Hold.objects.count() == 2


def test_what_a_person_found_nothing_wrong_with_is_not_held_later(platform, fold, ana):
    fold(reported(post("p1")))
    case = Case.objects.get()
    decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    grant()
    fold(reported(post("p1"), reporter="r2"))
    assert Case.objects.filter(state="open").count() == 1
    assert not Hold.objects.exists()


def test_what_was_shown_again_is_not_held_again(held, fold, ana):
    release(held.pk, ana)
    fold(reported(post("p1"), reporter="r2"))
    assert sent() == ["remove", "restore"]


def test_a_hold_ends_by_itself_and_is_not_repeated(held, fold):
    Hold.objects.update(until=timezone.now())
    assert expire() == 1
    fold(reported(post("p1"), reporter="r2"))
    assert sent() == ["remove", "restore"]
    assert Hold.objects.get().end == "expired"


def test_a_decision_ends_it_and_its_undo_brings_it_back(held, ana):
    case = Case.objects.get()
    decision = decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    assert sent() == ["remove", "restore"]
    undo(decision.uid, ana)
    assert sent() == ["remove"]
    version = Case.objects.get().version
    decide(case.pk, version=version, by=ana, kind="act", policy="spam", actions=(Chosen("remove"),))
    assert Hold.objects.get().end == "decided"


def test_an_accepted_appeal_shows_it_again_and_its_undo_hides_it_again(held, fold, ben):
    fold(appealed(post("p1"), actions=("remove",)))
    appeal = Case.objects.get(kind="appeal")
    verdict = decide(appeal.pk, version=appeal.version, by=ben, kind="overturn", policy="spam")
    assert sent() == ["remove", "restore"]
    assert Hold.objects.get().end == "released"
    undo(verdict.uid, ben)
    assert sent() == ["remove"]
    assert Hold.objects.get().ended_at is None


def test_a_rejected_appeal_leaves_it_hidden(held, fold, ben):
    fold(appealed(post("p1"), actions=("remove",)))
    appeal = Case.objects.get(kind="appeal")
    decide(appeal.pk, version=appeal.version, by=ben, kind="uphold", policy="spam")
    assert sent() == ["remove"]
    assert Hold.objects.get().ended_at is None


def test_a_hold_ends_when_its_licence_is_withdrawn(held):
    PolicyLicence.objects.update(score=None)
    assert licences.end_uncovered() == 1
    assert sent() == ["remove", "restore"]
    assert Hold.objects.get().end == "withdrawn"


def test_a_hold_stays_while_its_licence_covers_it(held):
    assert licences.end_uncovered() == 0
    PolicyLicence.objects.update(score=0.99)
    assert licences.end_uncovered() == 1


def test_a_held_case_is_drawn_more_often(platform, fold, monkeypatch):
    asked = []
    monkeypatch.setattr(auditing, "inclusion", lambda score, *, held, stake: asked.append(held) or 1.0)
    fold(reported(post("p1")))
    grant()
    fold(reported(post("p1"), reporter="r2"))
    fold(reported(post("p1"), reporter="r3"))
    assert asked == [False, True, True]
    assert Audit.objects.count() == 1


def test_where_no_policy_may_be_held_the_fold_asks_the_database_nothing(platform, fold, django_assert_num_queries):
    apply()
    grant()
    event = reported(post("p1"))
    fold(event)
    with django_assert_num_queries(0):
        absorb([event], [])
    assert not Hold.objects.exists()


@pytest.mark.parametrize(("chance", "told"), [(1.0, []), (0.0, ["p1"])])
def test_the_morning_tells_nothing_of_a_hold_whose_case_is_an_audit(platform, fold, monkeypatch, chance, told):
    monkeypatch.setattr(auditing, "inclusion", lambda score, *, held, stake: chance)
    grant()
    fold(reported(post("p1")))
    assert Hold.objects.filter(ended_at__isnull=True).count() == 1
    assert [hold.item_id for hold in open_holds()] == told
