"""Every event log keeps the same promises."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from evenhand.runtime.eventlog import EventLog, LogUnavailable, Row
from evenhand.runtime.eventlog.postgres import PostgresLog
from evenhand.runtime.eventlog.sqlite import SqliteLog


def row(n: int, part: int = 0) -> Row:
    return Row(id=n.to_bytes(16, "big"), part=part, at=1_000_000 + n, source="key:test", body=f'{{"n":{n}}}'.encode())


@pytest.fixture(params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    if request.param == "sqlite":
        log: EventLog = SqliteLog(tmp_path / "log.sqlite3")
    else:
        log = PostgresLog(request.getfixturevalue("postgres_url"))
    yield log
    log.close()


def read_all(log: EventLog, part: int = 0, limit: int = 7) -> list[Row]:
    found, position = [], ""
    while batch := log.read(part, position, limit):
        if not batch.rows:
            return found
        found += batch.rows
        position = batch.position
    return found


def test_what_was_appended_is_read_again_in_order(log):
    rows = [row(n) for n in range(20)]
    assert log.append(rows) == [True] * 20
    assert read_all(log) == rows


def test_an_id_is_kept_once_and_told_as_known(log):
    assert log.append([row(1)]) == [True]
    assert log.append([row(1), row(2)]) == [False, True]
    assert len(read_all(log)) == 2


def test_an_id_twice_in_one_call_is_kept_once(log):
    assert log.append([row(1), row(1)]) == [True, False]
    assert len(read_all(log)) == 1


def test_partitions_are_read_apart(log):
    log.append([row(n, part=n % 3) for n in range(9)])
    assert [one.id[-1] for one in read_all(log, part=1)] == [1, 4, 7]


def test_a_position_tells_how_many_events_lie_behind_it(log):
    log.append([row(n, part=n % 2) for n in range(9)])
    assert log.passed(0, "") == 0
    assert log.passed(0, log.read(0, "", 3).position) == 3
    assert log.passed(0, log.read(0, "", 99).position) == 5


def test_no_event_is_passed_over_where_transaction_ids_get_one_digit_more(postgres_url):
    log = PostgresLog(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for n, xid in enumerate([9, 9, 10, 99, 100]):
            given = (row(n).id, str(xid), row(n).at, "key:test", row(n).body)
            connection.execute(
                "INSERT INTO event_log (id, xid, part, at, source, body) VALUES (%s, %s::text::xid8, 0, %s, %s, %s)",
                given,
            )
    try:
        assert read_all(log, limit=1) == [row(n) for n in range(5)]
        assert list(log.since(0)) == [row(n) for n in range(5)]
    finally:
        log.close()


def test_events_are_found_by_their_ids(log):
    log.append([row(n) for n in range(5)])
    found = log.find([row(3).id, row(1).id, row(77).id])
    assert sorted(found, key=lambda one: one.id) == [row(1), row(3)]


def test_what_came_since_a_time_is_read_over_all_partitions_in_order(log):
    log.append([row(n, part=n % 3) for n in range(3000)])
    log.append([row(n) for n in range(3000, 6100)])
    assert list(log.since(1_000_000)) == [row(n, part=n % 3) for n in range(3000)] + [row(n) for n in range(3000, 6100)]
    assert [one.at for one in log.since(1_005_990)] == list(range(1_005_990, 1_006_100))
    assert list(log.since(2_000_000)) == []


def test_what_comes_while_it_is_read_is_for_the_next_time(log):
    log.append([row(n) for n in range(5)])
    reading = log.since(0)
    first = next(reading)
    log.append([row(9)])
    assert [first, *reading] == [row(n) for n in range(5)]


def test_appending_nothing_is_nothing(log):
    assert log.append([]) == []
    assert log.read(0, "", 10).rows == []


def test_the_lag_counts_what_was_not_read_and_since_when(log):
    log.append([row(n) for n in range(5)])
    position = log.read(0, "", 2).position
    lag = log.lag(0, position)
    assert (lag.events, lag.oldest) == (3, 1_000_002)
    assert log.lag(0, log.read(0, "", 99).position).events == 0


def test_a_reader_that_keeps_its_position_misses_nothing_while_many_write(log):
    seen: list[bytes] = []
    done = threading.Event()

    def read() -> None:
        position = ""
        while True:
            finished = done.is_set()
            batch = log.read(0, position, 50)
            seen.extend(one.id for one in batch.rows)
            position = batch.position
            if finished and not batch.rows:
                return

    def write(start: int) -> None:
        for n in range(start, start + 100):
            log.append([row(n)])

    reader = threading.Thread(target=read)
    reader.start()
    writers = [threading.Thread(target=write, args=(1000 * k,)) for k in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert len(seen) == 400
    assert len(set(seen)) == 400


def test_rows_of_a_transaction_that_commits_late_are_not_skipped(postgres_url):
    log = PostgresLog(postgres_url)
    insert = "INSERT INTO event_log (id, part, at, source, body) VALUES (%s, 0, 0, '', '{}')"
    with psycopg.connect(postgres_url) as slow:
        slow.execute(insert, (b"slow-slow-slow-1",))
        log.append([row(1)])
        before = log.read(0, "", 10)
        slow.commit()
    after = log.read(0, before.position, 10)
    log.close()
    assert before.rows == []
    assert {one.id for one in after.rows} == {b"slow-slow-slow-1", row(1).id}


def test_a_log_that_cannot_be_written_says_so_and_goes_on_when_it_can(tmp_path):
    log = SqliteLog(tmp_path / "log.sqlite3")
    log.append([row(1)])
    log._writer.execute("PRAGMA max_page_count = 10")
    big = Row(id=row(2).id, part=0, at=0, source="", body=b"x" * 200_000)
    with pytest.raises(LogUnavailable, match="full"):
        log.append([row(3), big])
    assert log.append([row(3)]) == [True]
    assert len(read_all(log)) == 2
    log.close()
