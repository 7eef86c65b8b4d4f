"""The statements of the machine's write path walk an index, however large the tables grow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec import Raw

from evenhand.desk import sql
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services.lease import next_case
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported


@pytest.fixture
def plan(db):
    """How SQLite carries a statement out."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite tells its plan without statistics of a large table")

    def plan(statement: str, parameters=()) -> str:
        return "\n".join(row[3] for row in sql.rows(f"EXPLAIN QUERY PLAN {statement}", parameters))

    return plan


def test_many_items_are_found_by_their_key_not_by_reading_all(plan):
    values, parameters = sql.among([Ref("post", "a"), Ref("post", "b")])
    told = plan(f"SELECT data FROM intake_item WHERE (item_type, item_id) IN {values}", parameters)
    assert "SCAN intake_item" not in told
    assert "SEARCH intake_item USING INDEX" in told


def test_the_next_case_is_found_without_sorting_all(plan, platform, ana):
    with CaptureQueriesContext(connection) as queries:
        assert next_case(ana) is None
    asked = [one["sql"] for one in queries if 'FROM "cases_case"' in one["sql"]]
    assert len(asked) == 3
    for statement in asked:
        assert "TEMP B-TREE" not in plan(statement)


def test_counting_open_cases_reads_only_an_index(plan):
    assert "USING COVERING INDEX case_oldest" in plan(
        "SELECT queue, count(*), min(opened_at) FROM cases_case WHERE state = 'open' GROUP BY queue"
    )


def test_the_next_case_is_the_first_of_the_critical_lane_then_of_the_other(fold, ana):
    fold(*(reported(post(f"p{number}")) for number in range(4)))
    first, second, third, fourth = Case.objects.order_by("pk")
    for case, lane, rank in ((first, 1, 5.0), (second, 0, -2.0), (third, 0, 1.0), (fourth, 1, 9.0)):
        Case.objects.filter(pk=case.pk).update(lane=lane, rank=rank)
    given = []
    while case := next_case(ana, skipped=[one.pk for one in given]):
        given.append(case)
    assert given == [third, second, fourth, first]


def test_rows_of_every_type_are_inserted_as_they_are(db):
    columns = ("part", "key", "value", "expires_at")
    sql.insert_many("signals_keyedstate", columns, [(0, "ä \\ \"'", b"\x00\xff\\x", 7), (0, "b", b"", 2**53 + 1)])
    then = "ON CONFLICT (part, key) DO UPDATE SET value = excluded.value"
    sql.insert_many("signals_keyedstate", columns, [(0, "b", b"new", 1)], then)
    found = sql.rows("SELECT part, key, value, expires_at FROM signals_keyedstate ORDER BY expires_at")
    assert [(part, key, bytes(value), at) for part, key, value, at in found] == [
        (0, "ä \\ \"'", b"\x00\xff\\x", 7),
        (0, "b", b"new", 2**53 + 1),
    ]


def test_nothing_is_asked_for_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        sql.insert_many("signals_keyedstate", ("part", "key"), [])


def test_rows_are_changed_by_their_ids_and_no_other(fold):
    fold(*(reported(post(f"p{number}")) for number in range(3)))
    first, second, third = Case.objects.order_by("pk")
    changes = [(1.5, Raw(b'{"a": ["\\""]}'), first.pk), (-2.0, Raw(b"{}"), third.pk)]
    sql.update_many("cases_case", ("rank", "why"), changes)
    before = second.rank, second.why
    assert [(case.rank, case.why) for case in Case.objects.order_by("pk")] == [(1.5, {"a": ['"']}), before, (-2.0, {})]
