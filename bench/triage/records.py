"""How often each reporter was right, by policy: counted as `desk.cases.services.settle` counts, told as facts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from bench.triage.trace import Report
from bench.triage.world import CRITICAL, REASONS
from evenhand.engine.triage.harm import ReportFact

Tally = tuple[int, int]
"""Upheld, dismissed."""
NONE: Tally = (0, 0)
STRANGER = "s"
"""How the names of those begin who are seen once; each trace counts its own from 1 (`bench.triage.crowd`)."""


class Records:
    def __init__(self) -> None:
        self._found: dict[str, dict[int, Tally]] = {}

    def copy(self) -> Records:
        made = Records()
        made._found = {name: dict(of) for name, of in self._found.items()}
        return made

    def count(self, reports: Iterable[Report], broken: int | None) -> None:
        """Of an item that was decided. `broken`: the reason that it was upheld for; None: nothing was found."""
        for name, same in groupby(
            sorted(reports, key=lambda one: (one.reporter, one.at)), key=lambda one: one.reporter
        ):
            reasons = [report.reason for report in same]
            right = [one for one in reasons if broken is not None and (broken == CRITICAL or one != CRITICAL)]
            wrong = [one for one in reasons if broken is None or (broken != CRITICAL and one == CRITICAL)]
            if right:
                self._add(name, broken if broken is not None and broken in right else right[0], (1, 0))
            if wrong:
                self._add(name, wrong[0], (0, 1))

    def _add(self, name: str, reason: int, more: Tally) -> None:
        of = self._found.setdefault(name, {})
        of[reason] = _sum((of.get(reason, NONE), more))

    def forget_strangers(self) -> None:
        """At the end of a trace: the strangers of the next one are others, whatever they are called."""
        self._found = {name: of for name, of in self._found.items() if not name.startswith(STRANGER)}

    def fact(self, report: Report) -> ReportFact:
        of = self._found.get(report.reporter, {})
        upheld, dismissed = of.get(report.reason, NONE)
        upheld_elsewhere, dismissed_elsewhere = _sum(tally for reason, tally in of.items() if reason != report.reason)
        return ReportFact(
            reporter=report.reporter,
            policy=REASONS[report.reason],
            received_at=report.at,
            upheld=upheld,
            dismissed=dismissed,
            upheld_elsewhere=upheld_elsewhere,
            dismissed_elsewhere=dismissed_elsewhere,
        )


def _sum(tallies: Iterable[Tally]) -> Tally:
    upheld = dismissed = 0
    for one in tallies:
        upheld, dismissed = upheld + one[0], dismissed + one[1]
    return upheld, dismissed
