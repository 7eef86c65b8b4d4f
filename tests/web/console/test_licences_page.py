"""What is held by licence, on its page, on the case's page, and among the problems."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Audit, Calibration, Hold, LicenceChange
from evenhand.desk.enforcement.queries import licences as queries
from evenhand.desk.enforcement.services import auditing, decide, licences
from evenhand.desk.web import status
from evenhand.engine.triage.calibration import measure
from tests.desk.conftest import post, reported, sent
from tests.desk.enforcement.licensing import apply, audits, grant


@pytest.fixture
def platform(db):
    apply(hold_limit=0.05, hold_budget=0.2, hold_hours=6)
    queries.forget_count()


@pytest.fixture
def fold(fold):
    """After a day on which ten items came."""
    fold(*[sent(post(f"before-{number}")) for number in range(10)])
    queries.forget_count()
    return fold


def test_a_policy_without_audits_says_that_nothing_is_held(desk, platform, text):
    shown = text(desk.get("/licences/"))
    assert "No licence: nothing is held" in shown
    assert "none in the last 30 days" in shown


def test_without_a_policy_that_may_be_held_the_page_says_how_to_begin(desk, platform, text):
    apply()
    assert "Give one a hold_limit in the platform document" in text(desk.get("/licences/"))


def test_a_budget_that_all_policies_share_is_told_before_them(desk, platform, fold, text):
    assert "All policies together" not in text(desk.get("/licences/"))
    apply(hold_limit=0.05, together=0.1)
    assert "All policies together have used 0 of 1 (10 % of 10 items in 24 h) of their budget." in text(
        desk.get("/licences/")
    )


def test_a_licence_is_shown_with_its_figures_budget_and_history(desk, fold, text):
    audits(right=150)
    licences.look()
    shown = text(desk.get("/licences/"))
    assert "Holds what scores 0.95 or more" in shown
    assert "0 of 150, at scores from 0.95" in shown
    assert "0 of 2 (20 % of 10 items in 24 h)" in shown
    assert "1.98 % for a single look (Clopper-Pearson, 95 %)" in shown
    entry = LicenceChange.objects.get().entry
    assert "granted from 0.95 on · 0 of 150 wrong, at most" in shown
    assert f'href="/ledger/{entry}/"'.encode() in desk.get("/licences/").content


def test_a_hold_tells_on_its_case_what_it_stands_on_and_when_it_ends(desk, fold, text, monkeypatch):
    monkeypatch.setattr(auditing, "inclusion", lambda score, *, held, stake: 0.0)
    grant(limit=0.05)
    fold(reported(post("p1")))
    hold = Hold.objects.get()
    shown = text(desk.get(f"/cases/{hold.decision.case_id}/"))
    assert "Held by licence" in shown
    told = f"{hold.score:.2f} ≥ 0.20; 3 of 212 audited holds of this policy were wrong (at most 4.6 %, limit 5 %)"
    assert f"{told}; expires {hold.until:%H:%M} UTC" in shown


class TestAudit:
    @pytest.fixture
    def held(self, fold, monkeypatch):
        monkeypatch.setattr(auditing, "inclusion", lambda score, *, held, stake: 1.0)
        grant(limit=0.05)
        fold(reported(post("p1")))
        return Case.objects.get()

    def test_tells_nothing_of_its_hold_before_it_is_decided(self, desk, held, text):
        assert Hold.objects.filter(ended_at__isnull=True).exists()
        shown = text(desk.get(f"/cases/{held.pk}/"))
        assert "Hidden until" not in shown
        assert "licence" not in shown
        assert "Held for now" not in shown
        assert "audit" not in shown

    def test_is_told_as_what_it_was_when_it_is_decided(self, desk, held, text, ana):
        decide(held.pk, version=held.version, by=ana, kind="dismiss", policy="spam")
        shown = text(desk.get(f"/cases/{held.pk}/?look"))
        assert "This case was drawn at random for an audit" in shown
        assert "Held for now" in shown


class TestSwitch:
    def test_ends_all_holds_with_one_key(self, desk, fold, text):
        grant(limit=0.05)
        fold(reported(post("p1")))
        assert b'data-key="o"' in desk.get("/licences/").content
        shown = text(desk.post("/licences/stop/", follow=True))
        assert "What was held is shown again." in shown
        assert "switched all holds by licence off" in shown
        assert not Hold.objects.filter(ended_at__isnull=True).exists()
        assert "switched off already" in text(desk.post("/licences/stop/", follow=True))

    def test_only_who_may_change_the_platform_allows_holds_again(self, desk, platform, person, signed_in, ana):
        licences.stop(ana)
        assert desk.post("/licences/resume/").status_code == 403
        signed_in(person("ada", "admin")).post("/licences/resume/")
        assert queries.stopped() is None


class TestProblems:
    def found(self) -> list[str]:
        return [problem.code for problem in status.problems()]

    def test_a_withdrawn_licence_is_told_and_one_that_never_was_is_not(self, platform):
        licences.look()
        assert "licence_withdrawn" not in self.found()
        audits(right=150)
        licences.look()
        assert "licence_withdrawn" not in self.found()
        audits(wrong=8)
        Case.objects.update(changed_at=timezone.now() + timedelta(seconds=1))
        licences.look()
        assert "licence_withdrawn" in self.found()
        assert Audit.objects.count() == 158

    def test_a_stop_is_told_with_who_did_it(self, platform, ana):
        licences.stop(ana)
        [problem] = [one for one in status.problems() if one.code == "holds_stopped"]
        assert ana.pseudonym in problem.message


def test_the_page_speaks_german(desk, fold, text, ana):
    audits(right=150)
    licences.look()
    fold(reported(post("p1")))
    ana.preferences = {"language": "de"}
    ana.save(update_fields=["preferences"])
    shown = text(desk.get("/licences/"))
    assert "Hält zurück, was 0,95 oder mehr erreicht" in shown
    assert "0 von 150, bei Werten ab 0,95" in shown
    assert "Wrong holds" not in shown


def test_how_right_the_likelihoods_were_is_shown_with_its_figures_and_intervals(desk, platform, text):
    before = measure([(0.9, True)] * 6 + [(0.9, False)] * 4 + [(0.2, False)] * 10)
    Calibration.objects.create(
        policy="spam", fitted_at=timezone.now(), changed_at=timezone.now(), in_force=False, curve=None,
        before=msgspec.to_builtins(before), after=None,
    )  # fmt: skip
    shown = text(desk.get("/licences/"))
    assert "How right the likelihoods of “Spam” are" in shown
    assert "20 decisions, the newest, kept apart from the fit" in shown
    assert f"{before.brier:.3f}" in shown
    likely = before.bins[-1]
    assert f"90 % 60 % {likely.low * 100:.3g} % to {likely.high * 100:.3g} % 10" in shown
    assert "They stand as the model says them" in shown
