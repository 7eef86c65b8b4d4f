"""The order of cases over the desk's database: what would move, a new half-life, one event that ranks a case anew.

SQLite, one process; times are of the processor. Run it with `./run bench order`. Options: --cases N (default 100,000).
`./run bench triage` has the same over arrays in memory, with 1,000,000.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine

DIFFERENT = 5_000
EVENTS = 200
HOUR = 3_600 * 1_000_000
LEFT_OUT = """\
Left out: the wait for the disk, PostgreSQL, clusters, the re-telling of `why` that follows a new half-life in the
background (200 cases in a transaction). An event is a report on an item with a case: all that the fold does."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    options = parser.parse_args()
    print(machine.describe())
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        os.environ |= {"EVENHAND_DATA": folder, "EVENHAND_CONFIG": ""}
        os.environ.pop("DATABASE_URL", None)
        rows = [["what", "found"], *_measure(options.cases)]
        print(f"{options.cases:,} open cases\n\n{machine.table(rows)}\n{LEFT_OUT}")


def _measure(cases: int) -> Iterator[list[str]]:
    from evenhand.cli.common import ready_database, setup_django

    setup_django()
    ready_database()
    from msgspec import structs

    from evenhand.desk.cases.queries import moves
    from evenhand.desk.cases.services import ordering
    from evenhand.desk.policies import queries, services
    from evenhand.engine.triage.exposure import HalfLife
    from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/a").replace("{other}", "http://127.0.0.1:9/b")
    services.apply(services.read(text.replace("{queues}", CHILD_SAFETY_QUEUE)), actor="system:bench")
    _fill(cases)
    now = queries.current(fresh=True).platform
    heavier = tuple(structs.replace(one, harm=one.harm * 3) if one.id == "spam" else one for one in now.policies)
    took, found = _timed(lambda: moves.moves(structs.replace(now, policies=heavier)))
    yield [f"what would move ({found.changed:,} change place)", f"{took:.2f} s"]
    took, _ = _timed(lambda: ordering.put_in_force(HalfLife(8 * HOUR, 7 * HOUR, 9 * HOUR, 400)))
    yield ["a new half-life in force: all ranks, one transaction", f"{took:.2f} s"]
    events = _events()
    yield [f"one event folded, its case ranked anew: p50 of {EVENTS}", f"{statistics.median(events):.1f} ms"]
    yield ["the same: p95", f"{statistics.quantiles(events, n=20)[-1]:.1f} ms"]


def _fill(cases: int) -> None:
    import msgspec

    from evenhand.desk import sql
    from evenhand.desk.fields import now_micros
    from evenhand.desk.policies import queries
    from evenhand.engine.triage.harm import CaseFacts, ReportFact, expected_harm

    chance, now, policies = Random(1), now_micros(), queries.current().policies
    kept = []
    for _ in range(DIFFERENT):
        made = now - chance.randrange(72 * HOUR)
        report = ReportFact(reporter="bob", policy=chance.choice(["spam", "harassment"]), received_at=made + HOUR // 4)
        facts = CaseFacts(created_at=made, seen_at=made, views=chance.randrange(10_000), reports=(report,))
        order = expected_harm(facts, policies, now)
        kept.append((order.policy, order.lane, order.rank, msgspec.Raw(msgspec.json.encode(order))))
    columns = (
        "item_type", "item_id", "kind", "state", "outcome", "author_type", "author_id", "queue", "policy", "lane",
        "rank", "why", "opened_at", "changed_at", "version", "behind",
    )  # fmt: skip
    sql.insert_many(
        "cases_case",
        columns,
        [
            ("post", f"p{n}", "review", "open", "", "", "", "default", *kept[n % DIFFERENT], now, now, 1, False)
            for n in range(cases)
        ],
    )


def _events() -> list[float]:
    """Milliseconds of each."""
    from evenhand.desk.fields import now_micros
    from evenhand.desk.intake import services as intake
    from evenhand.desk.signals.services import DeskStore
    from evenhand.engine.model import Event, Item, Ref, Reporter, ReportMade
    from evenhand.runtime.worker import PartitionWorker

    worker = PartitionWorker(intake.event_log(), DeskStore(), owner="bench", batch_events=100)
    found = []
    for number in range(EVENTS):
        item = Item(ref=Ref("post", f"p{number}"), kind="content", data={"text": "hello"}, text="hello")
        report = ReportMade(
            report_id=f"r{number}", reporter=Reporter(kind="user", type="account", id=f"a{number}"),
            reported_at=now_micros(), item=item, policy="spam",
        )  # fmt: skip
        intake.accept([Event(id=f"{number:032x}", at=now_micros(), source="key:bench", body=report)])
        took, _ = _timed(worker.step)
        found.append(took * 1000)
    return found


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = run()
    return time.process_time() - began, result


if __name__ == "__main__":
    main()
