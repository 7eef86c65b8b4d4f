"""What closing and opening a case says about those who reported, and that it is taken back with the decision."""

import pytest

from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.cases.services.settle import close, correct, reopen
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


def records() -> dict[tuple[str, str], tuple[int, int]]:
    return {(one.reporter.split()[-1], one.policy): (one.upheld, one.dismissed) for one in ReporterTally.objects.all()}


def test_a_record_is_kept_for_each_policy_that_was_named(fold, ana):
    fold(reported(post("p1"), "r1", "spam"), reported(post("p1"), "r2", "harassment"), reported(post("p1"), "r3", None))
    remove(Case.objects.get(), ana)
    assert records() == {("r1", "spam"): (1, 0), ("r2", "harassment"): (1, 0), ("r3", ""): (1, 0)}


def test_who_cried_the_worst_where_something_lesser_was_found_was_wrong(fold):
    fold(
        reported(post("p1"), "r1", "minors"), reported(post("p1"), "r2", "spam", csam=True), reported(post("p1"), "r3")
    )
    close(Case.objects.get(), "upheld", "spam")
    assert records() == {("r1", "minors"): (0, 1), ("r2", "spam"): (0, 1), ("r3", "spam"): (1, 0)}


def test_who_says_everything_at_once_was_right_once_and_wrong_once(fold):
    fold(*(reported(post("p1"), "r1", policy) for policy in ("harassment", "minors", "spam", None)))
    close(Case.objects.get(), "upheld", "spam")
    assert records() == {("r1", "spam"): (1, 0), ("r1", "minors"): (0, 1)}


def test_what_turned_out_otherwise_is_counted_anew(fold):
    fold(reported(post("p1"), "r1", "minors"), reported(post("p1"), "r2", "spam"))
    close(Case.objects.get(), "upheld", "spam")
    assert correct(Case.objects.get(), "dismissed", "spam")
    assert records() == {("r1", "minors"): (0, 1), ("r2", "spam"): (0, 1)}
    reopen(Case.objects.get())
    assert records() == {("r1", "minors"): (0, 0), ("r2", "spam"): (0, 0)}
