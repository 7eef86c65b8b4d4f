"""The order's likelihoods are measured on decisions, and put right by them."""

import random
from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import jobs
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services.again import open_again
from evenhand.desk.enforcement.models import Calibration, Decision, SecondLook
from evenhand.desk.enforcement.queries import calibrations
from evenhand.desk.enforcement.services import calibrating
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.basis import Basis, Weighed
from tests.desk.conftest import post, reported


@pytest.fixture
def decided(platform, ana):
    """So many decided cases of spam that were called likely at random, of which `truth(said)` broke it."""

    def decided(count, truth, policy="spam"):
        draw, now, before = random.Random(count), timezone.now(), Case.objects.count()
        said = [draw.uniform(0.2, 0.98) for _ in range(count)]
        upheld = [draw.random() < truth(one) for one in said]
        cases = Case.objects.bulk_create(
            Case(
                item_type="post", item_id=f"d{before + number}", state="closed", policy="spam",
                outcome="upheld" if upheld[number] else "dismissed", opened_at=now, changed_at=now, closed_at=now,
                why={"basis": msgspec.to_builtins(_basis(said[number]))},
            )
            for number in range(count)
        )  # fmt: skip
        Decision.objects.bulk_create(
            Decision(
                uid=f"{case.pk:032x}", case=case, kind="act" if case.outcome == "upheld" else "dismiss",
                item_type="post", item_id=case.item_id, policy=policy, decided_by=ana, decided_at=now,
                effective_at=now,
            )
            for case in cases
        )  # fmt: skip

    return decided


def _basis(said: float) -> Basis:
    weighed = Weighed(
        policy="spam", probability=said, uncalibrated=said, evidence=said, vouched=True, reporters=1, said=True
    )
    return Basis(at=1, made=1, fades=True, views=None, reported_at=None, seconds=60.0, csam=False, policies=(weighed,))


def later() -> None:
    Calibration.objects.update(fitted_at=timezone.now() - timedelta(days=2))


def test_likelihoods_that_say_too_much_are_put_right_and_cases_tell_it(decided, fold):
    fold(reported(post("p1")))
    case = Case.objects.get(item_id="p1")
    rank = case.rank
    decided(400, lambda said: said**2 / 3)
    assert calibrating.refit() == 1
    row = calibrations.newest()["spam"]
    assert row.in_force
    assert row.after.ece < row.before.ece
    assert row.before.decided == 80
    Calibration.objects.update(changed_at=timezone.now() + timedelta(seconds=1))
    assert jobs.refresh() >= 1
    case.refresh_from_db()
    assert case.rank < rank
    assert "calibrated on 400 decisions" in {term["source"] for term in case.why["terms"]}
    assert Entry.objects.filter(act="likelihood_fitted").count() == 1


def test_a_model_that_is_right_already_is_left_alone(decided):
    decided(300, lambda said: said)
    calibrating.refit()
    curves = calibrations.in_force().by_policy
    assert all(abs(curve.at(0.6) - 0.6) < 0.12 for curve in curves.values())


def test_few_decisions_say_nothing(decided):
    decided(40, lambda said: 0.1)
    assert calibrating.refit() == 0
    assert calibrations.in_force().by_policy == {}


def test_it_is_looked_at_once_a_day_and_what_stays_the_same_ranks_nothing_anew(decided):
    decided(400, lambda said: said**2 / 3)
    calibrating.refit()
    since = calibrations.in_force().since
    assert calibrating.refit() == 0
    later()
    assert calibrating.refit() == 1
    assert calibrations.in_force().since == since
    assert Entry.objects.filter(act="likelihood_fitted").count() == 1


def test_an_action_under_another_policy_is_none_under_this_one(decided):
    decided(60, lambda said: 1.0, policy="harassment")
    found = calibrations.pairs(policies.current())
    assert [true for _, true in found["spam"]] == [False] * 60
    assert {said for said, _ in found["spam"]} == {case.why["basis"][-1][0][1] for case in Case.objects.all()}


class TestSecondLooks:
    @pytest.fixture
    def look_again(self, decided, ben):
        """All of twenty decided cases are looked at again by Ben, who finds this. At first all were a breach."""

        def look_again(kind, under, by=ben, past=timedelta(minutes=5)):
            decided(20, lambda said: 1.0)
            now = timezone.now() - past
            for first in Decision.objects.select_related("case"):
                SecondLook.objects.create(
                    uid=first.uid, case=open_again(first.case, but=()), first=first, policy="spam", share=0.02,
                    drawn_at=now, kind=kind, under=under, decided_by=by, decided_at=now, effective_at=now,
                )  # fmt: skip
            return [true for _, true in calibrations.pairs(policies.current())["spam"]]

        return look_again

    def test_another_person_who_finds_otherwise_has_half_a_say(self, look_again):
        assert look_again("dismiss", None) == [0.5] * 20

    def test_who_finds_the_same_changes_nothing(self, look_again):
        assert look_again("act", "spam") == [1.0] * 20

    def test_another_policy_is_no_breach_of_this_one(self, look_again):
        assert look_again("act", "harassment") == [0.5] * 20

    def test_a_person_who_decides_twice_is_one_voice(self, look_again, ana):
        assert look_again("dismiss", None, by=ana) == [1.0] * 20

    def test_what_can_still_be_taken_back_is_not_counted(self, look_again):
        assert look_again("dismiss", None, past=-timedelta(minutes=5)) == [1.0] * 20
