"""What closing and opening a case says about those who reported, and that it is taken back with the decision."""

import pytest

from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import Chosen, decide, undo
from tests.desk.conftest import post, reported


@pytest.fixture
def case(fold) -> Case:
    fold(reported(post("p1"), "r1"), reported(post("p1"), "r2"), reported(post("p1"), "r1"))
    return Case.objects.get()


def remove(case: Case, by):
    return decide(case.pk, version=case.version, by=by, kind="act", policy="spam", actions=[Chosen("remove")])


def tallies() -> dict[str, tuple[int, int]]:
    return {one.reporter.split()[-1]: (one.upheld, one.dismissed) for one in ReporterTally.objects.all()}


def test_each_reporter_of_a_decided_case_is_counted_once(case, ana):
    remove(case, ana)
    assert tallies() == {"r1": (1, 0), "r2": (1, 0)}


def test_an_undone_decision_takes_its_counts_back(case, ana):
    undo(remove(case, ana).uid, ana)
    assert tallies() == {"r1": (0, 0), "r2": (0, 0)}


def test_a_reversed_decision_takes_its_counts_back(case, ana):
    decision = remove(case, ana)
    Delivery.objects.update(state="delivered", attempts=1)
    undo(decision.uid, ana)
    assert tallies() == {"r1": (0, 0), "r2": (0, 0)}


def test_reports_that_came_meanwhile_are_not_taken_back_with_the_others(case, ana, fold):
    decision = remove(case, ana)
    fold(reported(post("p1"), "r3"))
    undo(decision.uid, ana)
    assert tallies() == {"r1": (0, 0), "r2": (0, 0)}
    case.refresh_from_db()
    remove(case, ana)
    assert tallies() == {"r1": (1, 0), "r2": (1, 0), "r3": (1, 0)}
