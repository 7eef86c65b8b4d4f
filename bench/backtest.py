"""A backtest over a generated event log: how fast, on how many processes, and whether memory stays flat.

The command runs as people run it, `evenhand rules backtest`, with its processes; memory is that of all of them, as RSS,
so what they share counts in each. Run it with `./run bench backtest`.
Options: --events N (default 1,000,000), --rules N (default 100).
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import machine
from evenhand.engine.model import Event, Item, ItemSent, Ref, Reporter, ReportMade
from evenhand.runtime.eventlog import to_row
from evenhand.runtime.eventlog.sqlite import SqliteLog
from tests.support.desk import EVENHAND, evenhand

WORDS = (Path(__file__).with_name("words.txt")).read_text().split()
DAYS = 30
DAY = 86_400 * 1_000_000
AUTHORS = 20_000
DECIDED = 5000
SLEEP = 0.2
HEAD = ("rules", "events/s", "seconds", "processor s", "processes", "MB after a quarter", "MB at most", "fires")
AIM = "Aim: 1,000,000 events against 100 rules in under 2 minutes on 2 cores, memory flat."
LEFT_OUT = """\
Posts hold 30 random words, about 180 characters; one event in ten is a report. Most rules look for words, a fifth for
patterns; those "that count" have ten counters over an hour or a day and ten labels among them, "stateless" ones more
words in their place. The log is SQLite, in the page cache as it was just written. Seconds are of the clock, whatever
else the machine did; processor seconds are of all processes together.
Left out: PostgreSQL, a log that does not fit into memory, texts of a real platform."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=100)
    options = parser.parse_args()
    print(machine.describe())
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as name:
        data = Path(name) / "desk"
        started = time.monotonic()
        _prepare(data, options.events)
        size = (data / "log.sqlite3").stat().st_size / 1e9
        print(f"{options.events:,} events in {size:.2f} GB, written in {time.monotonic() - started:.0f} s")
        stateless = _project(Path(name) / "stateless", options.rules, counters=0)
        counting = _project(Path(name) / "counting", options.rules, counters=10)
        other = _project(Path(name) / "other", options.rules, counters=10, seed=2)
        rows = [
            ["rules", "events/s", "seconds", "processor s", "processes", "MB after a quarter", "MB at most", "fires"]
        ]
        rows.append(_measure(f"{options.rules} stateless", data, stateless))
        rows.append(_measure(f"{options.rules} that count", data, counting))
        rows.append(_measure(f"{options.rules} that count, against {options.rules} others", data, counting, other))
        print(f"\n{machine.table(rows)}\n\n{AIM}\n{LEFT_OUT}")


def _prepare(data: Path, events: int) -> None:
    """A migrated desk, its log, and decisions on some of the items."""
    evenhand("users", "create", "ann@example.com", "--role", "moderator", data=data)
    log = SqliteLog(data / "log.sqlite3")
    batch = []
    for event in _events(events):
        batch.append(to_row(event, partitions=1))
        if len(batch) == 10_000:
            log.append(batch)
            batch = []
    log.append(batch)
    log.close()
    _decide(data, events)


def _events(count: int) -> Iterator[Event]:
    chance, now = Random(1), int(time.time() * 1_000_000)
    start = now - DAYS * DAY + DAY // 24
    step = (DAYS * DAY - DAY // 12) // count
    for number in range(count):
        at = start + number * step
        author = Ref("account", f"a{int(AUTHORS * chance.random() ** 3)}")
        text = " ".join(chance.choices(WORDS, k=30))
        data = {"text": text, "author": {"id": author.id, "typeId": "account"}, "likes": chance.randrange(100)}
        item = Item(ref=Ref("post", f"p{number}"), kind="content", data=data, text=text, creator=author, created_at=at)
        body = ItemSent(item) if number % 10 else _report(number, item, at)
        yield Event(f"{number:032x}", at, "key:bench", body)


def _report(number: int, item: Item, at: int) -> ReportMade:
    reporter = Reporter(kind="user", type="account", id=f"a{number % 500}")
    return ReportMade(report_id=f"r{number}", reporter=reporter, reported_at=at, item=item, policy="spam")


def _decide(data: Path, events: int) -> None:
    chance, now = Random(3), int(time.time() * 1_000_000)
    rows = [
        (
            f"{n:032x}",
            chance.choice(["act", "dismiss"]),
            f"p{chance.randrange(events)}",
            now,
            now,
            chance.uniform(5, 90),
        )
        for n in range(DECIDED)
    ]
    with sqlite3.connect(data / "desk.sqlite3") as desk:
        desk.executemany(
            "INSERT INTO enforcement_decision (uid, kind, item_type, item_id, decided_at, effective_at, seconds,"
            " reason, key_name, needs_second, decided_by_id)"
            " SELECT ?, ?, 'post', ?, ?, ?, ?, '', '', 0, id FROM accounts_user",
            rows,
        )


def _project(folder: Path, rules: int, *, counters: int, seed: int = 1) -> Path:
    chance = Random(seed)
    folder.mkdir()
    (folder / "labels.yaml").write_text(
        "labels:\n" + "".join(f"  label{n}: {{valid_for: [account]}}\n" for n in range(max(counters, 1)))
    )
    lines = [
        "ActionName = GetActionName()",
        "Text: str = JsonData(path='$.text')",
        "Likes: int = JsonData(path='$.likes')",
        "Author: Entity[str] = EntityJson(type='account', path='$.author.id')",
    ]
    for number in range(rules):
        lines += _rule(chance, number, counters)
    (folder / "main.sml").write_text("\n".join(lines) + "\n")
    return folder


def _rule(chance: Random, number: int, counters: int) -> Iterator[str]:
    first, second = chance.sample(WORDS, 2)
    says = f"StringContains(s=Text, phrase='{first}')"
    then = "Enqueue(policy='spam', probability=0.5)"
    if number < counters:
        seconds = 3600 if number % 2 else 86_400
        yield (f"N{number} = IncrementWindow(key=f'{number} {{Author}}', window_seconds={seconds}, when_all=[{says}])")
        when = f"N{number} >= 3"
    elif number < 2 * counters:
        when = f"HasLabel(entity=Author, label='label{number - counters}'), {says}"
        then = f"LabelAdd(entity=Author, label='label{number - counters}')"
    elif number % 5 == 0:
        when = f"RegexMatch(target=Text, pattern='{first} \\\\w+ {second[:4]}')"
    elif number % 5 in (1, 2):
        when = f"ActionName == 'post', {says}, StringContains(s=Text, phrase='{second}')"
    else:
        when = f"Likes > {chance.randrange(50, 99)}, {says}"
    yield f"R{number} = Rule(when_all=[{when}], description='rule {number}')"
    yield f"WhenRules(rules_any=[R{number}], then=[{then}])"


def _measure(name: str, data: Path, rules: Path, against: Path | None = None) -> list[str]:
    command = [str(EVENHAND), "rules", "backtest", "--data", str(data), "--rules", str(rules), "--since", f"{DAYS}d"]
    command += ["--json", *(["--against", str(against)] if against else [])]
    environment = {**os.environ, "EVENHAND_CONFIG": os.devnull}
    environment.pop("DATABASE_URL", None)
    memory, before = [], _processor()
    with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=said, env=environment) as child:
        watched = psutil.Process(child.pid)
        while child.poll() is None:
            memory.append(_resident(watched))
            time.sleep(SLEEP)
        if child.returncode:
            sys.exit(f"The backtest ended with {child.returncode}.")
        said.seek(0)
        outcome = json.load(said)
    fires = sum(rule["fires"] for rule in outcome["report"]["rules"])
    seconds = outcome["seconds"]
    quarter = memory[len(memory) // 4] / 1e6
    return [
        name,
        f"{outcome['events'] / seconds:,.0f}",
        f"{seconds:.0f}",
        f"{_processor() - before:.0f}",
        str(outcome["processes"]),
        f"{quarter:.0f}",
        f"{max(memory) / 1e6:.0f}",
        f"{fires:,}",
    ]


def _processor() -> float:
    """Seconds that children of this process, and theirs, have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(process: psutil.Process) -> int:
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


if __name__ == "__main__":
    main()
