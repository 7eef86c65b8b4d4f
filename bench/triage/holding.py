"""Ours with holds that are earned: licences from random audits, budgets, expiry; all by the product's own code."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from bench.triage.arms import Hold, Look
from bench.triage.clustered import Clustered
from bench.triage.desk import Desk
from bench.triage.memory import Audit, Memory
from bench.triage.product import stakes
from bench.triage.trace import DAY, HOUR, MINUTE, START
from bench.triage.world import REASONS
from evenhand.engine.triage import audit, holds
from evenhand.engine.triage.calibration import Curve
from evenhand.engine.triage.holds import Budget, Candidate, lead
from evenhand.engine.triage.lane import NORMAL
from evenhand.engine.triage.licence import SCORES, Licence

BATCH = 5 * MINUTE
"""The worker folds at once what comes within; here as often."""
AUDIT_TURNS = 10
"""One turn in so many is for the oldest audit that waits."""
WORTH_DAYS = 3
HOURS = 72
"""After so long a hold ends: over a weekend."""


class Holding(Clustered):
    def __init__(self, desk: Desk, memory: Memory | None = None, *, limit: float, budget: float) -> None:
        super().__init__(desk, memory)
        self.limits = dict.fromkeys(REASONS, limit)
        self.budget = budget
        self.stakes = stakes(desk.trace.world)
        self.licences = self.licensed()
        self.secret = f"{desk.trace.world.name} {desk.trace.seed} {desk.trace.load}".encode()
        self.audits: dict[int, Audit] = {}
        """Of what waits and was drawn."""
        self.held: dict[int, Hold] = {}
        self._placed: deque[int] = deque()
        self._opened: deque[int] = deque()
        self._covered: dict[int, tuple[int, float]] = {}
        """What licences covered lately, held or not: when, and its worth. The latest last."""
        self._batch = START
        self._turns = 0

    def _fold(self, now: int) -> None:
        """By the batch, so that holds come when their items do, whether anybody is at work or not."""
        while self._batch < now:
            self._batch = min(now, self._batch + BATCH)
            before = self.desk.folded
            super()._fold(self._batch)
            new = slice(before, self.desk.folded)
            stream = self.desk.stream
            self._opened.extend(stream.at[new][stream.number[new] == 1].tolist())
            touched = [item for item in dict.fromkeys(stream.item[new].tolist()) if self.desk.waiting[item]]
            if touched:
                self._draw(touched)
                self._hold(touched, self._batch)

    def learn(self, now: int) -> None:
        super().learn(now)
        self.licences = self.licensed()

    def licensed(self) -> Mapping[str, Licence]:
        """What audits have earned until now."""
        return self.memory.licences(self.limits)

    def _draw(self, items: Iterable[int]) -> None:
        for item in items:
            policy, score = lead(self.harms[item])
            known = self.audits.get(item)
            inclusion = audit.inclusion(score, held=item in self.held, stake=self.stakes[policy])
            if known is not None:
                known.score, known.inclusion = max(known.score, score), max(known.inclusion, inclusion)
            elif policy in self.limits and audit.drawn(self.secret, str(item), inclusion):
                self.audits[item] = Audit(score, inclusion, audit.reference(self.stakes[policy]))
                self.memory.audits[policy].append(self.audits[item])

    def _hold(self, items: Iterable[int], now: int) -> None:
        candidates = [self._candidate(item, now) for item in items if item not in self.held]
        own = Budget(share=self.budget, items=len(self._opened), held=0)
        for one in holds.place(candidates, self.licences, dict.fromkeys(REASONS, own), self._overall(now)):
            item = int(one.case)
            self.held[item] = Hold(item, now, now + HOURS * HOUR)
            self.holds.append(self.held[item])
            self._placed.append(now)
            self._draw([item])
        for one in candidates:
            if one.policy in self.licences and holds.covers(self.licences[one.policy], one):
                self._covered.pop(int(one.case), None)
                self._covered[int(one.case)] = (now, one.worth)

    def _candidate(self, item: int, now: int) -> Candidate:
        harm = self.harms[item]
        policy, score = lead(harm)
        half_life = self.model.half_life if harm.lane == NORMAL else self.model.critical_half_life
        worth = holds.worth(harm.basis, harm.rank, now, half_life)
        return Candidate(case=str(item), policy=policy, score=score, lane=harm.lane, rank=harm.rank, worth=worth)

    def _overall(self, now: int) -> Budget:
        """One budget for all policies. Over the last day; what is worth it, over the last three."""
        while self._placed and self._placed[0] <= now - DAY:
            self._placed.popleft()
        while self._opened and self._opened[0] <= now - DAY:
            self._opened.popleft()
        items = len(self._opened)
        return Budget(share=self.budget, items=items, held=len(self._placed), worth=self._worth(items, now))

    def _worth(self, items: int, now: int) -> float:
        while self._covered and next(iter(self._covered.values()))[0] <= now - WORTH_DAYS * DAY:
            del self._covered[next(iter(self._covered))]
        most = int(self.budget * items * min(WORTH_DAYS, 1 + (now - START) / DAY))
        return holds.least_worth([worth for _, worth in self._covered.values()], most)

    def turn(self, now: int) -> Look | None:
        self._turns += 1
        if self.audits and self._turns % AUDIT_TURNS == 0:
            look = self.one(next(iter(self.audits)))
        else:
            look = super().turn(now)
        if look is None:
            return None
        self._close(look, now)
        return look

    def _close(self, look: Look, now: int) -> None:
        """What was decided is no longer held; of an audit, only what a person saw counts."""
        for item in (*look.removed, *look.dismissed):
            if item in self.held:
                self.held[item].until = min(self.held[item].until, now)
            drawn = self.audits.pop(item, None)
            if drawn is not None:
                drawn.wrong = item in look.dismissed


class Given(Holding):
    """Nothing is earned: as in the prototype of specs/triage.md §4.4, each policy holds from the score on at which half
    a year of decisions makes a violation as likely as not. What such holds cost is shown, and not bounded."""

    def licensed(self) -> Mapping[str, Licence]:
        return {policy: _given(self.model.curves.get(policy), limit) for policy, limit in self.limits.items()}


def _given(curve: Curve | None, limit: float) -> Licence:
    likely = [score for score in SCORES if (curve.at(score) if curve else score) >= 1 - limit]
    return Licence(score=min(likely, default=None), limit=limit, nearest=min(likely, default=SCORES[0]))
