"""The product's own order on the bench: facts as the desk gathers them, `engine.triage.harm` as it ranks them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import structs

from bench.triage.arms import Hold, Look, one_look
from bench.triage.desk import Desk
from bench.triage.memory import Memory
from bench.triage.records import Records
from bench.triage.trace import DAY, START, Seen
from bench.triage.world import CRITICAL, REASONS, World
from evenhand.engine.model import Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage import audit, bulk
from evenhand.engine.triage.basis import rules
from evenhand.engine.triage.harm import CaseFacts, Harm, Model, ReportFact, expected_harm

LANE_APART = 1e7
"""No two ranks of a lane are so far from each other."""
LEAST_ITEMS = 50
MOST_REPORTS = 200
"""As `desk.cases.services.facts` takes them: those by people who were right before first, then the newest."""


def policies(world: World) -> dict[str, Policy]:
    """The platform's document: what it says of harm is what is true."""
    return {
        name: Policy(id=name, name=name, harm=severity, lane="critical" if number == CRITICAL else "normal")
        for number, (name, severity) in enumerate(zip(REASONS, world.severity, strict=True))
    }


def stakes(world: World) -> dict[str, float]:
    """As the desk has them (`engine.triage.audit.stake`), by policy; "" is none."""
    document = policies(world)
    usual = rules(document).unnamed
    return {"": 1.0, **{name: audit.stake(policy.harm, usual) for name, policy in document.items()}}


class Product:
    """One case for each item, in the order of `expected_harm`. A case is ranked anew when something happens to it."""

    def __init__(self, desk: Desk, memory: Memory | None = None, model: Model | None = None) -> None:
        self.desk = desk
        self.holds: list[Hold] = []
        self.memory = memory or Memory()
        self.model = model or self.memory.model()
        self.policies = policies(desk.trace.world)
        self.signals = [_signals(seen) for seen in desk.trace.seen]
        self.harms: dict[int, Harm] = {}
        """Of what waits, as it was ranked last."""
        self.place = np.full(len(desk.waiting), -np.inf)
        """Lane and rank as one number: higher comes first."""
        self._day = START

    def fold(self, now: int) -> None:
        while self._day + DAY <= now:
            self._day += DAY
            self._fold(self._day)
            self.learn(self._day)
        self._fold(now)

    def _fold(self, now: int) -> None:
        new = self.desk.fold(now)
        self.rank(dict.fromkeys(self.desk.stream.item[new].tolist()))

    def learn(self, now: int) -> None:
        """Once a day: what was decided since then."""
        seen = self.desk.trace.seen
        stream, whole = self.desk.stream, self.desk.folded
        last = set(stream.item[(stream.at > now - DAY) & (stream.at <= now)].tolist()) if whole else set()
        self.memory.tell(_until(seen[item], int(self.desk.reports[item])) for item in sorted(last))
        found = self.memory.model()
        if not _moved(self.model, found):
            self.model = structs.replace(self.model, curves=found.curves)
            return
        self.model = found
        waiting = [item for item in self.harms if self.desk.waiting[item]]
        places = bulk.places(bulk.columns(self.harms[item].basis for item in waiting), self.policies, self.model)
        self.place[waiting] = places.rank - places.lane * LANE_APART

    def rank(self, items: Iterable[int]) -> None:
        """As the worker does when it folds the latest report of each of these."""
        for item in items:
            if self.desk.waiting[item]:
                harm = self.harm(item)
                self.harms[item] = harm
                self.place[item] = harm.rank - harm.lane * LANE_APART

    def harm(self, item: int) -> Harm:
        now = int(self.desk.reported_at[item])
        return expected_harm(self.facts(item), self.policies, now, self.model)

    def facts(self, item: int) -> CaseFacts:
        seen = self.desk.trace.seen[item]
        record = self.memory.authors.get(seen.author, (0, 0))
        return CaseFacts(
            views=int(self.desk.views[item]),
            created_at=seen.created_at,
            seen_at=seen.reports[0].at,
            text_length=len(seen.text),
            media=seen.media,
            reports=report_facts(seen, int(self.desk.reports[item]), self.memory.reporters),
            signals=self.signals[item],
            author_upheld=record[0],
            author_dismissed=record[1],
        )

    def turn(self, now: int) -> Look | None:
        del now
        waiting = np.flatnonzero(self.desk.waiting)
        if not len(waiting):
            return None
        return self.one(int(waiting[np.argmax(self.place[waiting])]))

    def one(self, item: int) -> Look:
        look = one_look(self.desk, item)
        self.settle(look.looked, upheld=bool(look.removed), seen=True)
        return look

    def settle(self, items: Sequence[int], *, upheld: bool, seen: bool) -> None:
        """`seen`: a person looked at them. What follows from others' decisions teaches nothing."""
        for item in items:
            harm = self.harms.pop(item)
            if seen:
                broken = self.desk.trace.truth[item].reason if upheld else None
                self.memory.learn(harm, broken)
                self.memory.count(self.desk.trace.seen[item], int(self.desk.reports[item]), broken)
        self.desk.close(list(items))


def _moved(now: Model, found: Model) -> bool:
    """As `desk.cases.services.ordering` has it: by a tenth, or fitted for the first time."""
    first = not now.fitted_on and found.fitted_on >= LEAST_ITEMS
    return first or abs(math.log2(found.half_life / now.half_life)) > math.log2(1.1)


def report_facts(seen: Seen, count: int, records: Records) -> tuple[ReportFact, ...]:
    made = [records.fact(report) for report in seen.reports[:count]]
    if len(made) > MOST_REPORTS:
        made = sorted(made, key=lambda one: (-one.upheld - one.upheld_elsewhere, -one.received_at))[:MOST_REPORTS]
    return tuple(made)


def _until(seen: Seen, count: int) -> Seen:
    return Seen(
        id=seen.id, author=seen.author, created_at=seen.created_at, text="", media=seen.media, score=seen.score,
        score_reason=seen.score_reason, reports=seen.reports[:count],
    )  # fmt: skip


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
