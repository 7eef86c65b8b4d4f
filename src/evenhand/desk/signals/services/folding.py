"""Folds the event log: evaluates events, keeps signals and state, and tells the rooms above, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from django.db import InterfaceError, OperationalError, transaction

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.rules import services as rules
from evenhand.desk.signals.services import claiming
from evenhand.desk.signals.services.evaluation import Evaluation, Outcome, Provider
from evenhand.engine.detect import DetectorFailed
from evenhand.engine.model import Event, Signal
from evenhand.runtime.eventlog import Row, to_event
from evenhand.runtime.partitions import Claim, Fenced, Unfoldable

Subscriber = Callable[[Sequence[Event], Sequence[Signal]], None]
_subscribers: list[Subscriber] = []
_providers: dict[str, Provider] = {}


def subscribe(subscriber: Subscriber) -> None:
    """`subscriber(events, signals)` is called for each folded batch, inside the transaction of the fold."""
    _subscribers.append(subscriber)


def provide(prefix: str, provider: Provider) -> None:
    """State whose key starts with `prefix` is not the fold's own: `provider(keys)` reads it where it is kept."""
    _providers[prefix] = provider


class DeskStore:
    """The partition store in the desk's database (port: runtime.worker.PartitionStore)."""

    def __init__(self) -> None:
        self._evaluation = Evaluation(_providers)

    def claim(self, owner: str, lease_seconds: float) -> list[Claim]:
        claims = claiming.claim(owner, lease_seconds)
        self._evaluation.keep_only({(claim.part, claim.epoch) for claim in claims})
        return claims

    def fold(self, claim: Claim, rows: Sequence[Row], position: str) -> None:
        try:
            events = [to_event(row) for row in rows]
            outcome = self._evaluation.evaluate(claim, events)
            with transaction.atomic():
                _move(claim, position, len(rows))
                outcome.keep()
                _keep_signals(outcome.signals)
                _tell(events, outcome)
        except DetectorFailed as failed:
            if isinstance(failed.__cause__, OperationalError | InterfaceError):
                raise failed.__cause__ from failed  # state could not be read: it is no matter of the event
            raise Unfoldable(str(failed)) from failed
        except (OperationalError, InterfaceError):
            self._evaluation.forget()  # the commit may have been kept, though nobody told us so
            raise
        except Fenced:
            raise
        except Exception as error:
            raise Unfoldable(f"{type(error).__name__}: {error}") from error
        outcome.commit()

    def park(self, claim: Claim, row: Row, position: str, error: str) -> None:
        with transaction.atomic():
            _move(claim, position, 1)
            sql.run(
                "INSERT INTO signals_parkedevent (event_id, part, at, parked_at, error, body, source)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (row.id.hex(), row.part, row.at, now_micros(), error, row.body, row.source),
            )

    def release(self, owner: str) -> None:
        claiming.release(owner)


def tell(signals: Sequence[Signal]) -> None:
    """In the caller's transaction: signals of a room above about what it knows better now. Each is news under an
    `event_id` of its own; the latest of a detector is the one that counts."""
    _keep_signals(signals)
    for subscriber in _subscribers:
        subscriber((), signals)


def refold(event_id: str, *, actor: str) -> None:
    """Fold a parked event again, after what kept it from being folded was mended. Raises what still keeps it."""
    with transaction.atomic():
        found = sql.rows(
            "SELECT part, at, body, source FROM signals_parkedevent WHERE event_id = %s AND resolved_at IS NULL",
            (event_id,),
        )
        if not found:
            raise LookupError(f"No parked event {event_id}: it was folded already, or never parked.")
        part, at, body, source = found[0]
        event = to_event(Row(bytes.fromhex(event_id), part, at, source, bytes(body)))
        outcome = Evaluation(_providers).evaluate(Claim(part, 0, ""), [event])
        _keep_signals(outcome.signals)
        _tell([event], outcome)
        sql.run("UPDATE signals_parkedevent SET resolved_at = %s WHERE event_id = %s", (now_micros(), event_id))
        record(Act.EVENT_REFOLDED, actor=actor, obj=f"event:{event_id}")


def sweep() -> int:
    """Forget state that has expired; how many keys. Windows run on the time of events: what the oldest event that still
    waits may need is kept, however long it has waited."""
    gone = 0
    for part, position in sql.rows("SELECT part, position FROM signals_partition"):
        waiting = intake.event_log().lag(part, position).oldest
        until = min(now_micros(), waiting) if waiting is not None else now_micros()
        gone += sql.run("DELETE FROM signals_keyedstate WHERE part = %s AND expires_at < %s", (part, until))
    return gone


def _move(claim: Claim, position: str, events: int) -> None:
    moved = sql.run(
        "UPDATE signals_partition SET position = %s, folded = folded + %s, folded_at = %s"
        " WHERE part = %s AND epoch = %s",
        (position, events, now_micros(), claim.part, claim.epoch),
    )
    if not moved:
        raise Fenced(f"Partition {claim.part} is no longer ours (epoch {claim.epoch}).")


def _keep_signals(signals: Sequence[Signal]) -> None:
    sql.insert_many(
        "signals_signal",
        (
            "event_id", "detector", "version", "item_type", "item_id", "at", "policy", "probability", "effect",
            "summary", "evidence",
        ),
        [
            (
                signal.event_id, signal.detector, signal.version, signal.subject.type, signal.subject.id, signal.at,
                signal.policy, signal.probability, signal.effect, signal.summary,
                msgspec.Raw(msgspec.json.encode(signal.evidence)),
            )
            for signal in signals
        ],
    )  # fmt: skip


def _tell(events: Sequence[Event], outcome: Outcome) -> None:
    intake.project(events)
    rules.record_fires(outcome.signals, outcome.troubles)
    for subscriber in _subscribers:
        subscriber(events, outcome.signals)
