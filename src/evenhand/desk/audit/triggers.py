"""What makes the ledger append-only: the database itself refuses, whoever asks.

A payload may be deleted once an entry `erased` names it. SQLite's REPLACE deletes without asking DELETE triggers, so
there every insert over an existing row is refused as well.
"""

from __future__ import annotations

from evenhand.engine.ledger.entries import ERASED, ERASED_OBJECT

_FIXED = ("audit_entry", "audit_node", "audit_checkpoint")
_TABLES = (*_FIXED, "audit_payload")
_KEYS = {
    "audit_entry": "seq = NEW.seq",
    "audit_node": "level = NEW.level AND idx = NEW.idx",
    "audit_checkpoint": "size = NEW.size",
    "audit_payload": "seq = NEW.seq",
}
_ERASURE = f"SELECT 1 FROM audit_entry WHERE act = '{ERASED}' AND obj = '{ERASED_OBJECT}' || OLD.seq"  # noqa: S608 - constants
_NOT_ERASED = f"NOT EXISTS ({_ERASURE})"
_NEXT = "COALESCE((SELECT seq + 1 FROM audit_entry ORDER BY seq DESC LIMIT 1), 0)"
_GAP = "the ledger is gapless: this is not the number of its next entry"


def create(vendor: str) -> list[str]:
    """The statements that make the triggers."""
    return _postgres() if vendor == "postgresql" else _sqlite()


def drop(vendor: str) -> list[str]:
    """For the way back of the migration, and for tests that play the thief; the desk never runs them."""
    if vendor == "postgresql":
        names = ("audit_refuse", "audit_keep_payload", "audit_gapless")
        return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in names]
    verbs = ("update", "delete", "replace", "gap")
    return [f"DROP TRIGGER IF EXISTS {table}_{verb}" for table in _TABLES for verb in verbs]


def _sqlite() -> list[str]:
    statements = [_sqlite_trigger("audit_entry", "gap", "INSERT", _GAP, f"NEW.seq <> {_NEXT}")]
    for table in _TABLES:
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {_KEYS[table]})"  # noqa: S608 - constants
        statements += [
            _sqlite_trigger(table, "update", "UPDATE", f"{table} is append-only: UPDATE refused"),
            _sqlite_trigger(table, "replace", "INSERT", f"{table} is append-only: the row exists", exists),
            _sqlite_trigger(
                table,
                "delete",
                "DELETE",
                f"{table} is append-only: DELETE refused",
                "" if table in _FIXED else _NOT_ERASED,
            ),
        ]
    return statements


def _sqlite_trigger(table: str, name: str, verb: str, message: str, when: str = "") -> str:
    condition = f"WHEN {when} " if when else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgres() -> list[str]:
    refuse = "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000';"
    gap = f"RAISE EXCEPTION '{_GAP}' USING ERRCODE = '23000';"
    statements = [
        _postgres_function("audit_refuse", refuse),
        _postgres_function("audit_keep_payload", f"IF {_NOT_ERASED} THEN {refuse} END IF; RETURN OLD;"),
        _postgres_function("audit_gapless", f"IF NEW.seq <> {_NEXT} THEN {gap} END IF; RETURN NEW;"),
        _postgres_trigger("audit_entry", "gap", "INSERT", "ROW", "audit_gapless"),
        _postgres_trigger("audit_payload", "delete", "DELETE", "ROW", "audit_keep_payload"),
    ]
    for table in _TABLES:
        verbs = "UPDATE OR DELETE" if table in _FIXED else "UPDATE"
        statements += [
            _postgres_trigger(table, "change", verbs, "ROW", "audit_refuse"),
            _postgres_trigger(table, "truncate", "TRUNCATE", "STATEMENT", "audit_refuse"),
        ]
    return statements


def _postgres_function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _postgres_trigger(table: str, name: str, verbs: str, each: str, function: str) -> str:
    return f"CREATE TRIGGER {table}_{name} BEFORE {verbs} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
