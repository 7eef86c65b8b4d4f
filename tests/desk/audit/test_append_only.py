"""The database itself refuses to change or to forget the ledger."""

import pytest
from django.db import IntegrityError, connection, transaction

from evenhand.desk.audit import services
from evenhand.desk.audit.models import Checkpoint, Entry, Node, Payload
from tests.desk.audit.acts import decide, run

TABLES = ["audit_entry", "audit_node", "audit_checkpoint", "audit_payload"]
KEYS = {"audit_entry": "seq", "audit_node": "idx", "audit_checkpoint": "size", "audit_payload": "seq"}


@pytest.fixture(autouse=True)
def _some_entries(db):
    decide(3)
    services.checkpoint()


def refused(statement):
    with pytest.raises(IntegrityError, match=r"append-only|gapless"), transaction.atomic():
        run(statement)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed(table):
    refused(f"UPDATE {table} SET {KEYS[table]} = {KEYS[table]} + 100")


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(table):
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(table):
    if connection.vendor == "sqlite":
        pytest.skip(reason="SQLite has no TRUNCATE; its DELETE without a condition is refused above")
    refused(f"TRUNCATE {table}")


@pytest.mark.parametrize("model", [Entry, Node, Payload, Checkpoint])
def test_no_row_is_replaced(model):
    columns = ", ".join(field.column for field in model._meta.concrete_fields)
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        copy = f"INTO {table} ({columns}) SELECT {columns} FROM {table}"
        refused(f"REPLACE {copy}")
        refused(f"INSERT OR REPLACE {copy}")
        refused(f"INSERT {copy} WHERE true ON CONFLICT DO UPDATE SET {KEYS[table]} = 99")
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        run(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")


def test_no_entry_is_left_out():
    refused("INSERT INTO audit_entry (seq, body, act, actor, obj) VALUES (7, '', '', '', '')")


def test_the_orm_is_refused_as_well():
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(seq=1).update(body="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(seq=1).delete()


def test_a_payload_goes_when_an_entry_says_that_it_was_erased_and_no_other_with_it():
    services.erase([1], actor="user:calm-otter", reason="GDPR Art. 17")
    refused("DELETE FROM audit_payload WHERE seq = 0")
    refused("DELETE FROM audit_payload WHERE seq = 2")
    assert set(Payload.objects.values_list("seq", flat=True)) == {0, 2, 3}
