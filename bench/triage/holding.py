"""Ours with holds that are earned: licences from random audits, budgets, expiry; all by the product's own code."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping

from bench.triage.arms import Hold, Look
from bench.triage.clustered import Clustered
from bench.triage.desk import Desk
from bench.triage.memory import Audit, Memory
from bench.triage.trace import DAY, HOUR, MINUTE, START
from bench.triage.world import MIX, REASONS, World
from evenhand.engine.triage import audit, holds
from evenhand.engine.triage.holds import Budget, Candidate, lead
from evenhand.engine.triage.lane import NORMAL
from evenhand.engine.triage.licence import Licence

BATCH = 5 * MINUTE
"""The worker folds at once what comes within; here as often."""
AUDIT_TURNS = 10
"""One turn in so many is for the oldest audit that waits."""
WORTH_DAYS = 3
HOURS = 72
"""After so long a hold ends: over a weekend."""


def shares(world: World, budget: float, licences: Mapping[str, Licence]) -> dict[str, float]:
    """The budget (a share of all items) divided among the policies that have a licence, by how often they are reported
    and what they weigh."""
    weights = {
        name: mix * severity
        for name, mix, severity in zip(REASONS, MIX, world.severity, strict=True)
        if licences[name].score is not None
    }
    return {name: budget * weight / sum(weights.values()) for name, weight in weights.items()}


class Holding(Clustered):
    def __init__(self, desk: Desk, memory: Memory | None = None, *, limit: float, budget: float) -> None:
        super().__init__(desk, memory)
        self.limits = dict.fromkeys(REASONS, limit)
        self.budget = budget
        self.licences = self.memory.licences(self.limits)
        self.shares = shares(desk.trace.world, budget, self.licences)
        self.secret = f"{desk.trace.world.name} {desk.trace.seed} {desk.trace.load}".encode()
        self.audits: dict[int, Audit] = {}
        """Of what waits and was drawn."""
        self.held: dict[int, Hold] = {}
        self._placed: deque[tuple[int, str]] = deque()
        self._opened: deque[int] = deque()
        self._covered: dict[str, dict[int, tuple[int, float]]] = {name: {} for name in REASONS}
        """What licences covered lately, held or not: when, and its worth."""
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
        self.licences = self.memory.licences(self.limits)
        self.shares = shares(self.desk.trace.world, self.budget, self.licences)

    def _draw(self, items: Iterable[int]) -> None:
        for item in items:
            policy, score = lead(self.harms[item])
            known = self.audits.get(item)
            inclusion = audit.inclusion(score, held=item in self.held)
            if known is not None:
                known.score, known.inclusion = max(known.score, score), max(known.inclusion, inclusion)
            elif policy in self.limits and audit.drawn(self.secret, str(item), inclusion):
                self.audits[item] = Audit(score, inclusion)
                self.memory.audits[policy].append(self.audits[item])

    def _hold(self, items: Iterable[int], now: int) -> None:
        candidates = [self._candidate(item, now) for item in items if item not in self.held]
        budgets = self._budgets(now)
        for one in holds.place(candidates, self.licences, budgets):
            item = int(one.case)
            self.held[item] = Hold(item, now, now + HOURS * HOUR)
            self.holds.append(self.held[item])
            self._placed.append((now, one.policy))
            self._draw([item])
        for one in candidates:
            if one.policy in self.licences and holds.covers(self.licences[one.policy], one):
                self._covered[one.policy][int(one.case)] = (now, one.worth)

    def _candidate(self, item: int, now: int) -> Candidate:
        harm = self.harms[item]
        policy, score = lead(harm)
        half_life = self.model.half_life if harm.lane == NORMAL else self.model.critical_half_life
        worth = harm.rank - now / half_life
        return Candidate(case=str(item), policy=policy, score=score, lane=harm.lane, rank=harm.rank, worth=worth)

    def _budgets(self, now: int) -> Mapping[str, Budget]:
        """Over the last day; what is worth it, over the last three."""
        while self._placed and self._placed[0][0] <= now - DAY:
            self._placed.popleft()
        while self._opened and self._opened[0] <= now - DAY:
            self._opened.popleft()
        used = Counter(policy for _, policy in self._placed)
        return {
            policy: Budget(share=share, items=len(self._opened), held=used[policy], worth=self._worth(policy, now))
            for policy, share in self.shares.items()
        }

    def _worth(self, policy: str, now: int) -> float:
        covered = self._covered[policy]
        for item in [item for item, (at, _) in covered.items() if at <= now - WORTH_DAYS * DAY]:
            del covered[item]
        most = int(self.shares.get(policy, 0.0) * len(self._opened) * min(WORTH_DAYS, 1 + (now - START) / DAY))
        return holds.least_worth([worth for _, worth in covered.values()], most) if covered else -math.inf

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
