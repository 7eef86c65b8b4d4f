"""Which arms are compared, on which rosters, and what comes of them: one job for each world, load and seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct

from bench.triage import orders
from bench.triage.arms import Make, ReporterScore, plain
from bench.triage.clustered import Clustered
from bench.triage.desk import Stream
from bench.triage.history import history
from bench.triage.holding import Given, Holding
from bench.triage.memory import Memory
from bench.triage.metrics import Figures, Ledger, figures
from bench.triage.product import Product
from bench.triage.rosters import OFFICE, Roster, office, office_and_checks, round_the_clock, spread
from bench.triage.run import run
from bench.triage.trace import Trace, make
from bench.triage.world import World

LIMIT, BUDGET = 0.5, 0.02
OLDEST, NEWEST, SEVERITY = "oldest first (Coop, Implio, Lemmy)", "newest first (Ozone, Pixelfed)", "severity"
CONFIDENCE, DELAY = "severity x confidence (Altitude)", "cost of delay (Meta)"
REPORTS, SCORE = "report count", "reporter score (Discourse)"
ORDER, CLUSTERS, OURS = "ours: the order", "ours: + clusters", "ours: + clusters + 2 % holds, licences earned"
GIVEN = "ours: + clusters + 2 % holds, licences given"
COLD, ORACLE = "ours: a new desk, + clusters", "oracle order (knows the truth)"
Team = tuple[str, Roster]


class Job(Struct, frozen=True):
    world: World
    seed: int
    load: float
    full: bool
    """Also the rosters, the teams and the frontier of holds."""


def study(job: Job) -> dict[str, Figures]:
    """By arm. All arms see the same trace."""
    trace = make(job.world, job.seed, job.load)
    stream, ledger = Stream(trace), Ledger(trace)
    found = {name: _figures(trace, stream, ledger, arm, OFFICE) for name, arm in arms(trace).items()}
    if job.full:
        for name, (arm, roster) in more(trace).items():
            found[name] = _figures(trace, stream, ledger, arm, roster)
    return found


def _figures(trace: Trace, stream: Stream, ledger: Ledger, arm: Make, roster: Roster) -> Figures:
    return figures(ledger, run(trace, stream, arm, roster))


def arms(trace: Trace) -> dict[str, Make]:
    return {
        OLDEST: plain(orders.oldest_first),
        NEWEST: plain(orders.newest_first),
        REPORTS: plain(orders.report_count),
        SCORE: ReporterScore,
        SEVERITY: plain(orders.severity),
        CONFIDENCE: plain(orders.severity_confidence),
        DELAY: plain(orders.cost_of_delay),
        COLD: Clustered,
        ORDER: _with_history(Product, trace),
        CLUSTERS: _with_history(Clustered, trace),
        OURS: _with_history(partial(Holding, limit=LIMIT, budget=BUDGET), trace),
        GIVEN: _with_history(partial(Given, limit=LIMIT, budget=BUDGET), trace),
        ORACLE: plain(orders.oracle(trace)),
    }


def more(trace: Trace) -> Mapping[str, tuple[Make, Roster]]:
    found: dict[str, tuple[Make, Roster]] = {}
    for roster in (office_and_checks(), spread()):
        found[f"{OURS}, {roster.name}"] = (_with_history(partial(Holding, limit=LIMIT, budget=BUDGET), trace), roster)
        found[f"{NEWEST}, {roster.name}"] = (plain(orders.newest_first), roster)
    for limit, budget in ((0.2, 0.02), (0.33, 0.02), (0.5, 0.01), (0.5, 0.05), (0.5, 0.10)):
        holding = partial(Holding, limit=limit, budget=budget)
        found[f"ours: holds, limit {limit:.0%}, budget {budget:.0%}"] = (_with_history(holding, trace), OFFICE)
    return found


def teams(job: Job) -> dict[str, Figures]:
    """Oldest first, by more and more people."""
    trace = make(job.world, job.seed, job.load)
    stream, ledger = Stream(trace), Ledger(trace)
    rosters = [*(office(people) for people in (2, 4, 8, 16)), *(round_the_clock(seats) for seats in (1, 2, 4, 8))]
    return {roster.name: _figures(trace, stream, ledger, plain(orders.oldest_first), roster) for roster in rosters}


def _with_history(arm: Callable[..., Product], trace: Trace) -> Make:
    """Each run gets its own copy of what the desk has learnt, and goes on learning."""
    learnt: Memory = history(trace.world, trace.load)
    return lambda desk: arm(desk, learnt.copy())
