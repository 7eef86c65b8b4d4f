"""The outcome of a backtest, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import click
from msgspec import Struct

from evenhand.cli.rules.folder import count, printable
from evenhand.engine.rules.backtest import MOST_EXAMPLES, Change, Report, RuleReport, Share

_HEAD = ("rule", "fires/day", "fires", "asks", "hours/day", "right (95 %)", "decided")
_CHANGES = ("newly caught", "no longer")
_MOST_ERRORS = 5
_UNKNOWN = "–"
_SECONDS_PER_HOUR = 3600


class Outcome(Struct, frozen=True, kw_only=True):
    """What was replayed, and what came of it. `names`: what was tried, and what it was compared with."""

    since: datetime
    until: datetime
    events: int
    unreadable: int
    failed: int
    errors: dict[str, int]
    warm_up_seconds: float
    endless: tuple[str, ...]
    """Functions that look back without end: exact only as far as the replay goes."""
    processes: int
    partitions: int
    seconds_per_decision: float | None
    decisions_timed: int
    report: Report
    names: tuple[str, ...] = ()
    seconds: float = 0.0


def show(outcome: Outcome) -> None:
    report = outcome.report
    click.echo(_replayed(outcome))
    for line in _notes(outcome):
        click.echo(line)
    rows = [_row(one, compared=report.newly_caught is not None) for one in report.rules]
    rows.append(_total(report))
    click.echo(f"\n{_table([(*_HEAD, *(_CHANGES if report.newly_caught is not None else ())), *rows])}")
    if report.hours_added_per_day is not None:
        click.echo(f"\nAgainst {outcome.names[1]}: {report.hours_added_per_day:+.2f} hours a day, at most.")
    for one in report.rules:
        _examples(one.rule, one.newly_caught, one.no_longer_caught)


def _replayed(outcome: Outcome) -> str:
    rate = outcome.events / outcome.seconds if outcome.seconds else 0
    processes = "1 process" if outcome.processes == 1 else f"{outcome.processes} processes"
    return (
        f"{outcome.names[0]}: {count(outcome.events, 'event')} from {outcome.since:%Y-%m-%d %H:%M} to"
        f" {outcome.until:%Y-%m-%d %H:%M} UTC, in {outcome.seconds:.1f} s ({rate:,.0f}/s, {processes})."
    )


def _notes(outcome: Outcome) -> Iterator[str]:
    if outcome.warm_up_seconds:
        hours = outcome.warm_up_seconds / _SECONDS_PER_HOUR
        yield f"Counters know the {hours:,.1f} hours before, too."
    if outcome.partitions > 1:
        yield f"This desk counts in each of its {outcome.partitions} partitions apart; the replay counts them together."
    if outcome.endless:
        yield f"These look back without end, and know only what was replayed: {', '.join(outcome.endless)}."
    if outcome.seconds_per_decision is None:
        yield "No decision was timed at this desk yet: hours are not known."
    else:
        timed = count(outcome.decisions_timed, "decision")
        yield f"A decision takes {outcome.seconds_per_decision:.0f} s here, on the average of {timed}."
    if outcome.unreadable:
        yield f"Left out: {count(outcome.unreadable, 'event')} of another version of the desk."
    if outcome.failed:
        yield f"In {count(outcome.failed, 'event')} a value could not be had:"
        for told, times in list(outcome.errors.items())[:_MOST_ERRORS]:
            yield f"    {printable(told)} ({times:,} times)"


def _row(one: RuleReport, *, compared: bool) -> tuple[str, ...]:
    told = (one.rule, f"{one.fires_per_day:,.1f}", f"{one.fires:,}", f"{one.asking:,}", _hours(one.hours_per_day))
    changes = (_changed(one.newly_caught, "+"), _changed(one.no_longer_caught, "−")) if compared else ()
    return (*told, _share(one.precision), f"{one.precision.decided:,}", *changes)


def _total(report: Report) -> tuple[str, ...]:
    """Events on which any rule asks for something."""
    told = (
        "any that asks",
        f"{report.asking / report.days:,.1f}",
        "",
        f"{report.asking:,}",
        _hours(report.hours_per_day),
    )
    compared = report.newly_caught is not None
    changes = (_changed(report.newly_caught, "+"), _changed(report.no_longer_caught, "−")) if compared else ()
    return (*told, _share(report.precision), f"{report.precision.decided:,}", *changes)


def _examples(rule: str, newly: Change | None, lost: Change | None) -> None:
    for word, change in (("newly caught", newly), ("no longer caught", lost)):
        if change is not None and change.events:
            more = " …" if change.events > len(change.examples) >= MOST_EXAMPLES else ""
            click.echo(f"\n{rule}, {word}: {printable(', '.join(change.examples))}{more}")


def _share(share: Share) -> str:
    if share.share is None or share.low is None or share.high is None:
        return _UNKNOWN
    return f"{share.share:.0%} ({share.low:.0%}–{share.high:.0%})"


def _hours(hours: float | None) -> str:
    return _UNKNOWN if hours is None else f"{hours:.2f}"


def _changed(change: Change | None, sign: str) -> str:
    return _UNKNOWN if change is None else f"{sign}{change.events:,}" if change.events else "0"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *others = (
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]))
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
