"""The product's own order on the bench: facts as the desk gathers them, `engine.triage.harm` as it ranks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bench.triage.arms import Hold, Look, one_look
from bench.triage.desk import Desk
from bench.triage.trace import Seen
from bench.triage.world import CRITICAL, REASONS, World
from evenhand.engine.model import Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage.harm import CaseFacts, Harm, Model, ReportFact, expected_harm

_LANE_APART = 1e6
"""No two ranks of a lane are so far from each other."""
Tally = tuple[int, int]
"""Upheld, dismissed."""


def policies(world: World) -> dict[str, Policy]:
    """The platform's document: what it says of harm is what is true."""
    return {
        name: Policy(id=name, name=name, harm=severity, lane="critical" if number == CRITICAL else "normal")
        for number, (name, severity) in enumerate(zip(REASONS, world.severity, strict=True))
    }


class Records:
    """How the decided cases of each reporter and author turned out."""

    def __init__(self) -> None:
        self.reporters: dict[str, Tally] = {}
        self.authors: dict[str, Tally] = {}

    def count(self, seen: Seen, reports: int, *, upheld: bool) -> None:
        for reporter in {report.reporter for report in seen.reports[:reports]}:
            self.reporters[reporter] = _more(self.reporters.get(reporter, (0, 0)), upheld=upheld)
        self.authors[seen.author] = _more(self.authors.get(seen.author, (0, 0)), upheld=upheld)


def _more(tally: Tally, *, upheld: bool) -> Tally:
    return (tally[0] + upheld, tally[1] + (not upheld))


class Product:
    """One case for each item, in the order of `expected_harm`. A case is ranked anew when something happens to it."""

    def __init__(self, desk: Desk, *, records: Records | None = None, model: Model | None = None) -> None:
        self.desk = desk
        self.holds: list[Hold] = []
        self.records = records or Records()
        self.model = model or Model()
        self.policies = policies(desk.trace.world)
        self.signals = [_signals(seen) for seen in desk.trace.seen]
        self.place = np.full(len(desk.waiting), -np.inf)
        """Lane and rank as one number: higher comes first."""

    def fold(self, now: int) -> None:
        new = self.desk.fold(now)
        self.rank(dict.fromkeys(self.desk.stream.item[new].tolist()))

    def rank(self, items: Iterable[int]) -> None:
        """As the worker does when it folds the latest report of each of these."""
        for item in items:
            if self.desk.waiting[item]:
                harm = self.harm(item)
                self.place[item] = harm.rank - harm.lane * _LANE_APART

    def harm(self, item: int) -> Harm:
        now = int(self.desk.reported_at[item])
        return expected_harm(self.facts(item), self.policies, now, self.model)

    def facts(self, item: int) -> CaseFacts:
        seen = self.desk.trace.seen[item]
        record = self.records.authors.get(seen.author, (0, 0))
        return CaseFacts(
            views=int(self.desk.views[item]),
            created_at=seen.created_at,
            seen_at=seen.reports[0].at,
            text_length=len(seen.text),
            media=seen.media,
            reports=report_facts(seen, int(self.desk.reports[item]), self.records.reporters),
            signals=self.signals[item],
            author_upheld=record[0],
            author_dismissed=record[1],
        )

    def turn(self, now: int) -> Look | None:
        del now
        waiting = np.flatnonzero(self.desk.waiting)
        if not len(waiting):
            return None
        item = int(waiting[np.argmax(self.place[waiting])])
        look = one_look(self.desk, item)
        self.settle([item], upheld=bool(look.removed))
        return look

    def settle(self, items: Sequence[int], *, upheld: bool) -> None:
        for item in items:
            self.records.count(self.desk.trace.seen[item], int(self.desk.reports[item]), upheld=upheld)
        self.desk.close(list(items))


MOST_REPORTS = 200
"""As `desk.cases.services.facts` takes them: those by people who were right before first, then the newest."""


def report_facts(seen: Seen, count: int, records: Mapping[str, Tally]) -> tuple[ReportFact, ...]:
    made = []
    for report in seen.reports[:count]:
        upheld, dismissed = records.get(report.reporter, (0, 0))
        made.append(
            ReportFact(
                reporter=report.reporter,
                policy=REASONS[report.reason],
                received_at=report.at,
                upheld=upheld,
                dismissed=dismissed,
            )
        )
    if len(made) > MOST_REPORTS:
        made = sorted(made, key=lambda one: (-one.upheld, -one.received_at))[:MOST_REPORTS]
    return tuple(made)


def _signals(seen: Seen) -> tuple[Signal, ...]:
    """What the platform's classifier said when the item came."""
    return (
        Signal(
            detector="classifier",
            version="1",
            subject=Ref("post", str(seen.id)),
            event_id="0" * 32,
            at=seen.created_at,
            summary="The platform's classifier",
            policy=REASONS[seen.score_reason],
            probability=seen.score,
        ),
    )
