"""A fold and a person who touch one case at the same moment. SQLite has one writer at a time: there they take turns."""

import threading
from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import connection

from evenhand.desk.cases.models import Case, CaseReport, ReporterTally
from evenhand.desk.enforcement.services import Chosen, decide, undo
from tests.desk.conftest import post, reported

absorb = import_module("evenhand.desk.cases.services.absorb")  # its package has a function of the same name
LONG_ENOUGH = 0.5
"""Seconds for what nothing holds back."""


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(step, act)`: when the next fold comes to that step, somebody else acts, and has some time for it."""
    threads: list[threading.Thread] = []

    def apart(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    def meanwhile(step: str, act: Callable[[], object]) -> None:
        carry_out = getattr(absorb, step)

        def first_let_them(*given) -> None:
            monkeypatch.setattr(absorb, step, carry_out)
            threads.append(threading.Thread(target=apart, args=(act,), daemon=True))
            threads[-1].start()
            threads[-1].join(LONG_ENOUGH)
            carry_out(*given)

        monkeypatch.setattr(absorb, step, first_let_them)

    def done() -> None:
        [thread] = threads
        thread.join(10)
        assert not thread.is_alive()

    meanwhile.done = done
    return meanwhile


@pytest.fixture
def _many_writers(transactional_db):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")


def tallies() -> dict[str, tuple[int, int]]:
    return {one.reporter.split()[-1]: (one.upheld, one.dismissed) for one in ReporterTally.objects.all()}


@pytest.mark.usefixtures("_many_writers")
def test_a_report_that_is_folded_while_its_case_closes_is_counted_and_taken_back_as_the_others_are(
    fold, ana, meanwhile
):
    fold(reported(post("p1"), "r1"))
    case = Case.objects.get()

    def remove():
        return decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])

    meanwhile("_gather", remove)
    fold(reported(post("p1"), "r2"))
    meanwhile.done()
    assert tallies() == {"r1": (1, 0), "r2": (1, 0)}
    undo(case.decisions.get().uid, ana)
    assert tallies() == {"r1": (0, 0), "r2": (0, 0)}


@pytest.mark.usefixtures("_many_writers")
def test_a_report_that_is_folded_while_an_older_case_takes_the_newer_one_in_moves_with_it(fold, ana, meanwhile):
    fold(reported(post("p1"), "r1"))
    case = Case.objects.get()
    decision = decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    fold(reported(post("p1"), "r2"))
    meanwhile("_gather", lambda: undo(decision.uid, ana))
    fold(reported(post("p1"), "r3"))
    meanwhile.done()
    assert CaseReport.objects.filter(case=case).count() == 3
