"""How much harm one person averts by the order in which they work: ours beside the documented orders of others.

A made-up, frozen trace (specs/triage.md §4.3), the same for all arms; ours runs through the product's own code. Run it
with `./run bench triage`: the short form, under 5 minutes on one core; it leaves out the second world and has 2 seeds.
`--full` has 15 seeds, rosters, the frontier of holds, the second world and all sensitivities.
Options: --seeds N, --loads 1,2,5,10, --worlds main,second,sensitivity, --no-speed, --svg PATH.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench import machine
from bench.triage import chart, report, speed
from bench.triage.metrics import Figures
from bench.triage.study import (
    CLUSTERS,
    CONFIDENCE,
    DELAY,
    GIVEN,
    NEWEST,
    OLDEST,
    ORACLE,
    ORDER,
    OURS,
    SCORE,
    SEVERITY,
    Job,
    study,
    teams,
)
from bench.triage.world import MAIN, SECOND, SENSITIVITY, World

CHARTED = (OURS, CLUSTERS, ORACLE, DELAY, NEWEST, SCORE, CONFIDENCE, SEVERITY, OLDEST)
LEFT_OUT = """\
People are always right, and reports after a decision do not reopen it: what is compared is the order. Ours has learnt
for half a year from earlier traces (one look in ten a random audit); "a new desk" has learnt nothing. Holds end after
72 h; one budget of 2 % of all items goes to the worst that a licence covers. Earned: by audits, at most half of holds
wrong, proven. Given: from the score on at which half a year of decisions makes a violation as likely as not, unproven,
as in the prototype that the aim came from. Not shown: appeals, fatigue, platforms that hide by report
count. What of the trace is ASSUMED is marked so in bench/triage/world.py: read ratios, not heights."""
Found = dict[str, list[Figures]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--loads", default="1,2,5,10")
    parser.add_argument("--worlds", default="")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--svg", type=Path)
    options = parser.parse_args()
    began = time.monotonic()
    print(machine.describe())
    seeds = options.seeds or (15 if options.full else 2)
    loads = [float(one) for one in options.loads.split(",")]
    wanted = (options.worlds or ("main,second,sensitivity" if options.full else "main")).split(",")
    if "main" in wanted:
        _main(loads, seeds, full=options.full, svg=options.svg)
    if "second" in wanted:
        for load, (found, _) in _all(SECOND, [5.0, 10.0] if options.full else [5.0], seeds, full=False).items():
            _told(SECOND, load, found)
    if "sensitivity" in wanted:
        for world in SENSITIVITY:
            for load, (found, _) in _all(world, [5.0], seeds, full=False).items():
                _told(world, load, found)
    if not options.no_speed:
        print(f"\n{speed.measure()}")
    print(f"\n{LEFT_OUT}\n{seeds} seeds; {time.monotonic() - began:.0f} s.")


def _main(loads: Sequence[float], seeds: int, *, full: bool, svg: Path | None) -> None:
    results = _all(MAIN, loads, seeds, full=full)
    for load in loads:
        found, known = results[load]
        _told(MAIN, load, found)
        if load >= 5:
            print(f"\nAims at load {load:g}\n{report.aims(found, load)}")
            print(f"\nTeams at load {load:g}, oldest first\n{report.table(known)}")
            print(f"\nTeam-equivalents at load {load:g}\n{report.equivalents(found, known)}")
    if svg:
        points = {name: [_point(results[load][0][name]) for load in loads] for name in CHARTED}
        svg.write_text(chart.chart(points, loads), encoding="utf-8")


def _point(seeds: Sequence[Figures]) -> chart.Point:
    low, middle, high = np.quantile([one.averted for one in seeds], (0.25, 0.5, 0.75)).tolist()
    return middle, low, high


def _told(world: World, load: float, found: Found) -> None:
    print(f"\nWorld: {world.name}; load {load:g}\n{report.table(found)}", flush=True)
    print(
        f"harm averted, same seeds: with holds {report.ratio(found, OURS, NEWEST)[0]:.2f}x newest first"
        f" (licences given: {report.ratio(found, GIVEN, NEWEST)[0]:.2f}x),"
        f" {report.ratio(found, OURS, SEVERITY)[0]:.2f}x severity;"
        f" before holds {report.ratio(found, ORDER, ORACLE)[0]:.2f}x the oracle order"
    )


def _all(world: World, loads: Sequence[float], seeds: int, *, full: bool) -> dict[float, tuple[Found, Found]]:
    """By load, arms and teams. The heaviest load first; a process keeps what the desk learnt of a load."""
    jobs = [(world, seed, load, full) for load in sorted(loads, reverse=True) for seed in range(1, seeds + 1)]
    found: dict[float, tuple[Found, Found]] = {load: ({}, {}) for load in loads}
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        for load, *parts in pool.map(_job, jobs, chunksize=seeds):
            for into, part in zip(found[load], parts, strict=True):
                for name, figures in part.items():
                    into.setdefault(name, []).append(figures)
    return found


def _job(given: tuple[World, int, float, bool]) -> tuple[float, dict[str, Figures], dict[str, Figures]]:
    world, seed, load, full = given
    job = Job(world, seed, load, full)
    return load, study(job), teams(job) if world == MAIN and load >= 5 else {}


if __name__ == "__main__":
    main()
