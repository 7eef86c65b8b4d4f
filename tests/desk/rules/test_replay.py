"""The same log gives the same again: signals, state, labels, hits and troubles, whatever the batches, also over a
change of versions and lives."""

import random
from datetime import UTC, datetime

import pytest
from django.db import connection

from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.rules import queries, services
from evenhand.desk.signals.services import DeskStore
from evenhand.engine.model import Event, ItemSent
from evenhand.runtime.eventlog.sqlite import SqliteLog
from evenhand.runtime.worker import PartitionWorker
from tests.desk.conftest import post
from tests.desk.rules.conftest import CONFIG, MAIN

NEXT = (
    MAIN.replace("[Recent >= 3]", "[Recent >= 2]")
    + """
Others = CountDistinct(counter='others', key=Text, value=Author, window_seconds=7200)
Copies = Rule(when_all=[Others >= 2, Lot], description=f'{Others} wrote {Text}')
Lot = RandomBool(percentage=50)
New = Rule(when_all=[FirstSeen(counter='who', key=Author)])
Wide: int = JsonData(path='$.width')
Bad = Rule(when_all=[Wide > 3])
WhenRules(rules_any=[Copies, New, Bad], then=[
    Hold(policy='spam'),
    LabelAdd(entity=Author, label='seller', expires_after=TimeDelta(minutes=10)),
])
"""
)
TABLES = {
    "signals_signal": "event_id, detector, version, effect, probability, summary, evidence",
    "signals_keyedstate": "part, key, value, expires_at",
    "rules_hits": "rule, hour, stage, fired, capped, failed, error",
    "rules_label": "entity_type, entity_id, label, manual, status, since, expires_at, reason",
}


def history() -> list[Event]:
    """Two hours and a half that end now, some of it late."""
    rnd = random.Random(7)
    now, minute = now_micros(), 60_000_000
    texts = ["cheap pills", "a fine morning", "hello there", "good bye"]
    found = []
    for number in range(150):
        at = now - (150 - number + rnd.choice([0, 0, 0, 40])) * minute
        item = post(f"p{number}", rnd.choice(texts), f"author{rnd.randrange(8)}")
        found.append(Event(id=f"{number:032x}", at=at, source="key:test", body=ItemSent(item=item)))
    return found


def move(stage: str, **more: object) -> None:
    for rule in queries.current(fresh=True).rules.program.definitions.values():
        if str(rule.type) == "Rule":
            services.move(rule.name, stage, actor="user:ana", owner="ana", reason="to see", **more)


def tables() -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for name, columns in TABLES.items():
            cursor.execute(f"SELECT {columns} FROM {name}")
            rows = [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor]
            found[name] = sorted(rows, key=repr)
    return found


def folded(log: SqliteLog, events: list[Event], batch: int) -> dict[str, list[tuple[object, ...]]]:
    """Everything from the start, the next version after two thirds of the log."""
    with connection.cursor() as cursor:
        for table in (*TABLES, "signals_partition", "rules_life", "rules_projectversion"):
            cursor.execute(f"DELETE FROM {table}")
    queries.forget()
    worker = PartitionWorker(log, DeskStore(), owner="test", batch_events=batch)
    services.publish({"main.sml": MAIN}, CONFIG, actor="system:test")
    move("shadow")
    move("canary", share=0.5, cap_per_hour=3)
    two_thirds = len(events) * 2 // 3
    intake.accept(events[:two_thirds])
    while worker.step():
        pass
    services.publish({"main.sml": NEXT}, CONFIG, actor="system:test")
    for rule in ("Copies", "New", "Bad"):
        services.move(rule, "shadow", actor="user:ana", owner="ana", reason="to see")
    move("live", cap_per_hour=5, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    queries.forget()
    intake.accept(events[two_thirds:])
    while worker.step():
        pass
    return tables()


@pytest.mark.parametrize("batch", [100, 7, 1])
def test_a_log_that_is_folded_again_gives_the_same(platform, tmp_path, monkeypatch, batch):
    events, found = history(), []
    for number, size in enumerate((100, batch)):
        log = SqliteLog(tmp_path / f"log{number}.sqlite3")
        monkeypatch.setattr(intake, "event_log", lambda log=log: log)
        found.append(folded(log, events, size))
        log.close()
    first, again = found
    assert all(first.values())
    for name, rows in first.items():
        assert again[name] == rows, name
