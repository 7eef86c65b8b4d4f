"""Licences come and go with what audits find."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Audit, Hold, LicenceChange, PolicyLicence
from evenhand.desk.enforcement.queries import licences as queries
from evenhand.desk.enforcement.services import Invalid, auditing, decide, licences, undo
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.audit import reference, stake
from evenhand.engine.triage.basis import rules
from evenhand.engine.triage.licence import Drawn
from tests.desk.conftest import post, reported, sent
from tests.desk.enforcement.licensing import apply, audits, grant


@pytest.fixture
def platform(db):
    apply(hold_limit=0.05, hold_budget=1.0, hold_hours=6)
    queries.forget_count()


def acts() -> list[str]:
    return list(Entry.objects.filter(act__startswith="licence_").order_by("seq").values_list("act", flat=True))


def test_enough_right_audits_grant_a_licence_and_the_ledger_tells(platform):
    audits(right=150)
    assert licences.look() == 1
    row = PolicyLicence.objects.get()
    assert (row.score, row.audited, row.wrong) == (0.95, 150, 0)
    assert row.bound <= 0.05
    change = LicenceChange.objects.get()
    assert (change.before, change.score) == (None, 0.95)
    assert Entry.objects.get(seq=change.entry).act == "licence_granted"


def test_nothing_is_computed_again_before_anything_has_happened(platform):
    audits(right=150)
    licences.look()
    assert licences.look() == 0
    audits(right=1)
    Case.objects.update(changed_at=timezone.now())
    assert licences.look() == 1


def test_too_few_audits_grant_none(platform):
    audits(right=20)
    licences.look()
    row = PolicyLicence.objects.get()
    assert (row.score, row.audited) == (None, 20)
    assert acts() == []


def test_a_wrong_audit_withdraws_a_licence_in_the_transaction_of_its_decision(platform, fold, ana):
    audits(right=150)
    fold(reported(post("p1")))
    case = Case.objects.get(item_id="p1")
    licences.look()
    assert PolicyLicence.objects.get().score is not None
    audits(wrong=4)
    of_it = {"policy": "spam", "score": 0.97, "inclusion": 0.05, "reference": 0.05, "drawn_at": timezone.now()}
    Audit.objects.update_or_create(case=case, defaults=of_it)
    decision = decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
    assert PolicyLicence.objects.get().score is None
    assert acts() == ["licence_granted", "licence_withdrawn"]
    Audit.objects.exclude(case=case).filter(case__outcome="dismissed").delete()
    undo(decision.uid, ana)
    licences.look()
    assert PolicyLicence.objects.get().score is not None


def test_audits_that_nobody_decides_count_as_wrong_in_the_end(platform):
    audits(right=150)
    audits(waiting=10, days=1)
    licences.look()
    assert (PolicyLicence.objects.get().score, PolicyLicence.objects.get().waiting) == (0.95, 10)
    Audit.objects.filter(case__state="open").update(drawn_at=timezone.now() - queries.PATIENCE - timedelta(hours=1))
    licences.recompute("spam")
    assert (PolicyLicence.objects.get().score, PolicyLicence.objects.get().wrong) == (None, 10)


def test_a_stricter_limit_in_the_document_counts_at_once(platform):
    audits(right=150)
    licences.look()
    apply(hold_limit=0.01)
    assert queries.granted(queries.limited(queries.policies.current())) == {}
    licences.look()
    assert PolicyLicence.objects.get().score is None
    apply()
    licences.look()
    assert not PolicyLicence.objects.exists()


class TestStop:
    def test_ends_what_is_held_and_holds_no_more_until_somebody_allows_it_again(self, platform, fold, ana):
        grant(limit=0.05)
        fold(*[sent(post(f"before-{number}")) for number in range(10)])
        queries.forget_count()
        fold(reported(post("p1")))
        licences.stop(ana)
        assert Hold.objects.get().end == "withdrawn"
        fold(reported(post("p2")))
        assert Hold.objects.count() == 1
        licences.resume(ana)
        fold(reported(post("p3")))
        assert Hold.objects.filter(ended_at__isnull=True).count() == 1
        found = Entry.objects.filter(act__startswith="holds_").order_by("seq").values_list("act", flat=True)
        assert list(found) == ["holds_stopped", "holds_resumed"]

    def test_is_on_or_off(self, platform, ana):
        licences.stop(ana)
        with pytest.raises(Invalid):
            licences.stop(ana)
        licences.resume(ana)
        with pytest.raises(Invalid):
            licences.resume(ana)


class TestAudits:
    @pytest.fixture
    def everybody(self, monkeypatch, platform):
        monkeypatch.setattr(auditing, "inclusion", lambda score, *, held, stake: 1.0)

    def test_are_drawn_as_cases_open_and_keep_the_highest_score(self, everybody, fold):
        fold(reported(post("p1"), reporter="r1"))
        first = Audit.objects.get()
        assert (first.policy, first.inclusion) == ("spam", 1.0)
        fold(reported(post("p1"), reporter="r2"))
        again = Audit.objects.get()
        assert again.pk == first.pk
        assert again.score > first.score

    def test_keep_how_often_their_policy_is_audited_as_its_weight_says(self, everybody, fold):
        fold(reported(post("p1")))
        snapshot = policies.current()
        times = stake(snapshot.policies["spam"].harm, rules(snapshot.policies).unnamed)
        assert times != 1
        assert Audit.objects.get().reference == pytest.approx(0.05 * times)
        assert queries.drawn("spam") == [Drawn(Audit.objects.get().score, None, 1.0, reference(times))]

    def test_are_not_drawn_where_nothing_may_be_held(self, everybody, fold):
        apply()
        fold(reported(post("p1")))
        fold(reported(post("p2"), policy="harassment"))
        assert not Audit.objects.exists()

    def test_are_handed_out_when_the_order_did_not_bring_them_to_anybody(self, everybody, fold, ana):
        fold(reported(post("p1")))
        case = Case.objects.get()
        assert auditing.due(ana) == []
        Audit.objects.update(drawn_at=timezone.now() - auditing.DUE)
        assert auditing.due(ana) == [case.pk]
        decide(case.pk, version=case.version, by=ana, kind="dismiss", policy="spam")
        fold(reported(post("p2")))
        Audit.objects.update(drawn_at=timezone.now() - auditing.DUE)
        assert auditing.due(ana) == []
