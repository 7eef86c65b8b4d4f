"""`evenhand rules backtest`: what rules would have done with what the desk has stored, and what would change."""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import BrokenExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from evenhand.cli.common import data_option, fail, ready_database
from evenhand.cli.rules import folder as folders
from evenhand.cli.rules.report import Outcome, show

if TYPE_CHECKING:
    from evenhand.engine.rules.backtest import Tally
    from evenhand.runtime.backtest import Loaded, Read

LIVE = "live"
_STEPS = 1000
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@click.command()
@click.option("--since", default="30d", show_default=True, help="How far back: 12h, 30d, 4w; or a day, 2026-01-31.")
@click.option("--rules", "folder", type=folders.FOLDER, help="The rules to try. Without it, those that run.")
@click.option(
    "--against", default=LIVE, show_default=True, help="What they are compared with: live, or a folder of rules."
)
@click.option("--processes", type=click.IntRange(1), help="At most so many (default: one for each core).")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object, with fires by day and examples.")
@data_option
def backtest(since: str, folder: Path | None, against: str, processes: int | None, *, wants_json: bool) -> None:
    """Replay the desk's stored events, in their order, and tell for each rule how often it would have fired, what
    people decided of the same items, the work that it would bring, and what it catches or no longer catches.

    Nothing is changed. Every rule is run as if it were live, on both sides.

    \b
    evenhand rules backtest --rules ./rules --data ./desk --since 30d
    evenhand rules backtest --rules ./rules --against ./rules-before --data ./desk
    evenhand rules backtest --data ./desk --json          how the running rules do

    Right: the share of items that people acted on, among those that a rule fired on and people decided, with a 95 %
    interval (Wilson). People decide what reaches them: it is no random sample.

    Hours a day: fires that would open a case, hold or act, times the desk's own seconds for a decision. At most so
    many, for all fires on one item are one case.

    Counters are as the desk had them: events before --since, as far back as the rules look, are run first and not
    counted. Labels are those that the rules set in that time; those of people are not replayed. Rules that count or
    label are run in one process for each side, so that they see all events in order; others on all cores.
    """
    ready_database()
    start, now = _start(since), datetime.now(UTC)
    if start >= now:
        raise click.UsageError(f"--since {since}: that is not in the past.")
    sides, names = _sides(folder, against)
    cores = processes or len(os.sched_getaffinity(0))
    began = time.monotonic()
    try:
        outcome = _replayed(sides, start, now, cores)
    except BrokenExecutor:
        fail(
            "A process of the replay ended by itself; perhaps memory ran out. Try --processes 1, or a shorter --since."
        )
    outcome = msgspec.structs.replace(outcome, seconds=time.monotonic() - began, names=names)
    if wants_json:
        click.echo(msgspec.json.encode(outcome))
    else:
        show(outcome)


def _replayed(sides: list[Loaded], start: datetime, now: datetime, processes: int) -> Outcome:
    from evenhand.desk.enforcement.queries import judged
    from evenhand.desk.intake.services import event_log
    from evenhand.engine.rules.backtest import Tally, decided_items
    from evenhand.runtime import backtest as runtime
    from evenhand.runtime import config

    tally = Tally(sides[0].rules, sides[1].rules if sides[1:] else None, decided_items(judged.judged()))
    window = max(one.memory.window for one in sides)
    first, counted, end = _micros(start - window), _micros(start), _micros(now)
    totals: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    reads = runtime.replay(event_log().since(first), sides, processes=processes, counted_from=counted)
    with folders.progress("Replaying", _STEPS) as done, closing(reads):
        shown = 0
        for read in reads:
            _count(tally, read, totals, errors)
            step = _STEPS * (read.until - first) // (end - first)
            done(max(0, step - shown))
            shown = max(shown, step)
    pace = judged.pace()
    days = (now - start) / timedelta(days=1)
    return Outcome(
        since=start,
        until=now,
        warm_up_seconds=window.total_seconds(),
        endless=tuple(sorted({name for one in sides for name in one.memory.endless})),
        processes=sum(processes // len(sides) or 1 if one.memory.stateless else 1 for one in sides),
        partitions=config.current().partitions,
        events=totals["run"],
        unreadable=totals["unreadable"],
        failed=totals["failed"],
        errors=dict(errors.most_common()),
        seconds_per_decision=pace.seconds,
        decisions_timed=pace.decisions,
        report=tally.report(days, pace.seconds),
    )


def _count(tally: Tally, read: Read, totals: Counter[str], errors: Counter[str]) -> None:
    from evenhand.runtime.backtest import joined

    first = read.chunks[0]
    totals.update(run=first.run, unreadable=first.unreadable, failed=first.failed)
    errors.update(first.errors)
    for one in joined(read):
        tally.add(one.item, one.at, one.now, one.before)


def _sides(folder: Path | None, against: str) -> tuple[list[Loaded], tuple[str, ...]]:
    """The rules to try and, where there are others, those that they are compared with; and what each is called."""
    if folder is None:
        if against != LIVE:
            raise click.UsageError("--against FOLDER compares with --rules FOLDER: name both.")
        version, live = _live()
        if live is None:
            fail("No rules were published at this desk yet: name a folder with --rules.")
        return [live], (f"version {version}",)
    tried = _load(folder)
    if against != LIVE:
        other = Path(against)
        if not other.is_dir():
            raise click.UsageError(f'--against {against}: say "live", or name a folder of rules.')
        return [tried, _load(other)], (str(folder), str(other))
    version, live = _live()
    return ([tried], (str(folder),)) if live is None else ([tried, live], (str(folder), f"version {version}"))


def _load(folder: Path) -> Loaded:
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime.backtest import Project, load
    from evenhand.runtime.rulefolders import read_folder

    try:
        found = read_folder(folder)
        return load(Project(found.sources, found.config))
    except RuleError as error:
        folders.refuse(folder, error.problems)


def _live() -> tuple[int, Loaded | None]:
    """The project in force, and its version; (0, None) when none was published."""
    from evenhand.desk.rules import queries
    from evenhand.runtime.backtest import Project, load

    running = queries.current(fresh=True)
    found = queries.stored(running.version)
    if found is None:
        return running.version, None
    return running.version, load(Project(found.content.sources, found.content.config), stored=True)


def _start(since: str) -> datetime:
    from evenhand.engine.rules.durations import duration

    if since[-1:].isalpha():
        try:
            return datetime.now(UTC) - duration(since)
        except (ValueError, OverflowError) as error:
            raise click.UsageError(f"--since: {error}, or a day: 2026-01-31.") from None
    try:
        day = datetime.fromisoformat(since)
    except ValueError:
        raise click.UsageError(f"--since {since}: write 12h, 30d, 4w, or a day: 2026-01-31.") from None
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
