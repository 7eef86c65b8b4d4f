"""The fold in the desk's database: what an event of the demo's town costs a worker, with the demo's rules and without.

SQLite, one core, batches as the worker takes them: reading state, detectors and rules, signals, cases, state written,
all in the transaction. Times are of the processor. Run it with `./run bench fold`. Options: --days N of the town's life
(default 2), --rounds N (default 5), --batch N (default 500), --against PATH: a second source tree to measure in turn.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import msgspec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine

PORT = 8099
LEFT_OUT = """\
Left out: the wait for the disk, other workers, PostgreSQL, the webhooks that follow. The town's texts are made from
templates: the same few people write all of them, so that keys of state come again more often than they would."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--collect", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--no-rules", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.collect:
        collect(options.collect, options.days)
    elif options.measure:
        print(json.dumps(measure(options.measure, options.batch, ruled=not options.no_rules)))
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    print(machine.describe())
    trees = [ROOT] + ([options.against] if options.against else [])
    times: dict[tuple[Path, bool], list[float]] = {(tree, ruled): [] for tree in trees for ruled in (True, False)}
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        rows = Path(folder, "rows")
        events = child(ROOT, "--collect", str(rows), "--days", str(options.days))
        for _ in range(options.rounds):
            for (tree, ruled), found in times.items():
                more = [] if ruled else ["--no-rules"]
                found.append(child(tree, "--measure", str(rows), "--batch", str(options.batch), *more))
    table = [["source", "rules", "µs/event", f"best to worst of {options.rounds}"]]
    for (tree, ruled), found in times.items():
        spread = f"{min(found):.0f} to {max(found):.0f}"
        table.append([str(tree), "the demo's" if ruled else "none", f"{median(found):.0f}", spread])
    print(f"{events:.0f} events, {options.batch} in a batch\n\n{machine.table(table)}\n{LEFT_OUT}")


def child(tree: Path, *arguments: str) -> float:
    """The number that a process of this tree's source prints last, at work on a desk of its own."""
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "EVENHAND_DATA": folder, "EVENHAND_CONFIG": ""}
        environment.pop("DATABASE_URL", None)
        command = machine.pinned(machine.SERVER_CORE, [sys.executable, __file__, *arguments])
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return float(json.loads(done.stdout.splitlines()[-1]))


def prepare(*, ruled: bool) -> str:
    """A desk with the demo's platform; the platform's key."""
    from evenhand.cli.common import ready_database, setup_django
    from evenhand.cli.demo import desk

    setup_django()
    ready_database()
    desk._apply_platform(PORT)  # noqa: SLF001 - of what the demo prepares, these two alone
    if ruled:
        desk._publish_rules()  # noqa: SLF001 - as above
    from evenhand.desk.accounts import services

    return services.create_key("town", ["ingest", "report", "read"], by="system:bench")


def collect(target: Path, days: int) -> None:
    """What the town sends, as the event log has it."""
    key = prepare(ruled=False)
    from django.test import Client

    from evenhand.connectors.demo.api import PATHS
    from evenhand.connectors.demo.plan import plan
    from evenhand.connectors.demo.scene import Day
    from evenhand.desk.intake import services as intake

    client = Client(headers={"X-API-KEY": key, "Host": "localhost"})
    start = datetime.now(UTC) - timedelta(days=days)
    for number in range(days):
        for call in plan(Day(start=start + timedelta(days=number), number=number)):
            if call.route == "appeal":
                continue
            body = {"items": [call.body]} if call.route == "items" else call.body
            answer = client.post(PATHS[call.route], json.dumps(body), content_type="application/json")
            if answer.status_code >= 300:
                sys.exit(f"{call.route}: {answer.status_code} {answer.content[:500]!r}")
    rows = intake.event_log().read(0, "", 1_000_000).rows
    target.write_bytes(msgspec.msgpack.encode(rows))
    print(len(rows))


def measure(source: Path, batch: int, *, ruled: bool) -> float:
    """Microseconds of the processor for each event."""
    prepare(ruled=ruled)
    from evenhand.desk.signals.services import DeskStore
    from evenhand.runtime.eventlog import Row

    rows = msgspec.msgpack.decode(source.read_bytes(), type=list[Row])
    store = DeskStore()
    [claim] = store.claim("bench", 3600)
    store.fold(claim, rows[:1], "0")  # what is built when the first event comes
    spent = 0.0
    for start in range(1, len(rows), batch):
        some = rows[start : start + batch]
        began = time.process_time()
        store.fold(claim, some, str(start))
        spent += time.process_time() - began
    return spent / (len(rows) - 1) * 1e6


if __name__ == "__main__":
    main()
