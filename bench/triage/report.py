"""What was measured, as tables: medians over seeds with quartiles, ratios of the same seed, the aims, the teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np

from bench import machine
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
    REPORTS,
    SCORE,
    SEVERITY,
)

Found = Mapping[str, Sequence[Figures]]
"""By arm, the figures of each seed; all arms have the same seeds."""
OTHERS = (OLDEST, NEWEST, REPORTS, SCORE, SEVERITY, CONFIDENCE, DELAY)
LEAST = 0.001
"""What averts less is taken to avert so much, where it is divided by."""


def table(found: Found) -> str:
    head = [
        "arm", "harm averted", "critical ≤24 h", "critical contained ≤1 h", "items/h", "looks/item",
        "wrong in bulk", "innocents held", "innocent views lost", "media/100",
    ]  # fmt: skip
    return machine.table([head, *(_row(name, seeds) for name, seeds in found.items())])


def _row(name: str, seeds: Sequence[Figures]) -> list[str]:
    low, middle, high = np.quantile([one.averted for one in seeds], (0.25, 0.5, 0.75))

    def mid(column: str) -> float:
        return median(getattr(one, column) for one in seeds)

    return [
        name,
        f"{middle:.3f} ({low:.3f} to {high:.3f})",
        f"{mid('critical_day'):.2f}",
        f"{mid('critical_hour'):.2f}",
        f"{mid('an_hour'):.0f}",
        f"{mid('looks'):.2f}",
        f"{mid('wrong_bulk'):.1%}",
        f"{mid('wrong_holds'):.2%}",
        f"{mid('views_lost'):.1%}",
        f"{mid('media'):.0f}",
    ]


def ratio(found: Found, arm: str, other: str) -> tuple[float, float, float]:
    """Harm averted, of the same seed: median and quartiles."""
    pairs = zip(found[arm], found[other], strict=True)
    low, middle, high = np.quantile([one.averted / max(LEAST, of.averted) for one, of in pairs], (0.25, 0.5, 0.75))
    return float(middle), float(low), float(high)


def aims(found: Found, load: float) -> str:
    """Each aim of issue 5 with what came out, whatever it is."""
    critical = median(one.critical_day for one in found[OURS])
    others = max(median(one.critical_day for one in found[name]) for name in OTHERS)
    earned, given = (median(one.wrong_holds for one in found[name]) for name in (OURS, GIVEN))
    looks = median(one.looks for one in found[OURS])
    rows = [
        ["aim", "at least / at most", "found", "quartiles", ""],
        _aim("with 2 % holds, licences earned, against newest first", ratio(found, OURS, NEWEST), 2.5),
        _aim("the same, licences given", ratio(found, GIVEN, NEWEST), 2.5),
        _aim("with 2 % holds, licences earned, against severity only", ratio(found, OURS, SEVERITY), 4.0),
        _aim("the same, licences given", ratio(found, GIVEN, SEVERITY), 4.0),
        _aim("before holds, against the oracle order", ratio(found, CLUSTERS, ORACLE), 0.8),
        ["critical decided ≤24 h, above all others", f"{others:.2f}", f"{critical:.2f}", "", _met(critical > others)],
        ["innocent items held, licences earned", "2.0%", f"{earned:.2%}", "", _met(earned <= 0.02)],
        ["the same, licences given", "2.0%", f"{given:.2%}", "", _met(given <= 0.02)],
    ]  # fmt: skip
    if load >= 10:
        rows.append(["looks for each item", "0.60", f"{looks:.2f}", "", _met(looks <= 0.6)])
    return machine.table(rows)


def _aim(name: str, found: tuple[float, float, float], least: float) -> list[str]:
    middle, low, high = found
    return [name, f"{least:g}x", f"{middle:.2f}x", f"{low:.2f} to {high:.2f}", _met(middle >= least)]


def _met(is_met: bool) -> str:  # noqa: FBT001 (a verdict)
    return "met" if is_met else "MISSED"


def equivalents(found: Found, teams: Found) -> str:
    """The smallest team, oldest first, that averts as much; and the smallest that decides as many critical items."""
    rows = [["arm", "averts as much as", "decides as many critical items within 24 h as"]]
    rows += [
        [arm, _smallest(found[arm], teams, "averted"), _smallest(found[arm], teams, "critical_day")]
        for arm in (ORDER, CLUSTERS, OURS)
    ]
    return machine.table(rows)


def _smallest(seeds: Sequence[Figures], teams: Found, column: str) -> str:
    reached = median(getattr(one, column) for one in seeds)
    known = {name: median(getattr(one, column) for one in of) for name, of in teams.items()}
    less = [name for name, value in known.items() if value < reached]
    first = next((name for name in teams if known[name] >= reached), None)
    if first is None:
        return f"more than any of these teams ({max(known.values()):.2f})"
    return f"{first} ({known[first]:.2f}; here {reached:.2f})" + ("" if less else ", the smallest tried")
