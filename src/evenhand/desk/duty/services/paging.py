"""Waking somebody: a critical case for which nobody is there pages one person after another, by their ways at once.

Everything follows from what the database says: which critical cases are open, and which of them have an alarm. So a
process that is killed between two steps leaves nothing behind that the next round would not find.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.accounts.queries import User, granted_roles
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.queries import Case, urgent
from evenhand.desk.duty.models import Alarm, Night, Page, Way
from evenhand.desk.duty.queries import alarms, rosters, ways
from evenhand.desk.duty.services import message
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.services.calling_off import call_off
from evenhand.desk.fields import to_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.signals import queries as signals
from evenhand.engine.model import Signal

SYSTEM: Final = "system:duty"
AWAKE: Final = timedelta(hours=3)
"""Who ended the night is up, even where their hours begin later."""
ROUNDS: Final = 2
"""Of all who may be paged for one alarm, so that who slept through the first is woken by the second."""
WORD_BYTES: Final = 24
NEWEST: Final = 50
_LOCK: Final = f"SELECT pg_advisory_xact_lock({int.from_bytes(b'evduty')})"


class Away(Struct, frozen=True):
    """Nobody is at the desk."""

    night: Night | None
    """The one that somebody began; None: it is outside of all rosters."""
    cap: int

    @property
    def since(self) -> datetime:
        return self.night.begun_at if self.night else timezone.now() - alarms.NIGHT


def away() -> Away | None:
    """None where somebody is at the desk, or nobody has said when somebody is."""
    night = rosters.open_night()
    if night is not None:
        return Away(night, night.cap)
    now = timezone.now()
    if not rosters.any_hours() or rosters.on_duty(now) or rosters.woke_since(now - AWAKE):
        return None
    return Away(None, int(policies.current().platform.pages_a_night))


def ring() -> None:
    """One round: new alarms ring, and old ones go on to the next person. Where there is nothing to do, nothing is
    locked."""
    now = timezone.now()
    gone = away()
    if gone is None:
        _settle_all()
        return
    if not _fresh(gone) and not alarms.due(now):
        return
    with transaction.atomic():
        _lock()
        for case, cause in _fresh(gone):
            _begin(case, cause, gone)
        for alarm in alarms.ringing():
            if alarm.due_at is None or alarm.due_at <= timezone.now():
                _advance(alarm, gone)


def _lock() -> None:
    """One round at a time, in whatever process. On SQLite, a transaction is begun as the only writer."""
    if connection.vendor == "postgresql":
        sql.rows(_LOCK)


def _fresh(gone: Away) -> list[tuple[Case, str]]:
    """Open cases that ought to ring and have no alarm, each with its cause."""
    found = {case.pk: (case, "critical") for case in urgent.critical(but=alarms.silent())}
    for rule in policies.current().platform.page_rules:
        fired = [one.subject for one in signals.newest(f"rule:{rule}", NEWEST) if _counts(one, gone)]
        for case in urgent.open_on(fired):
            found.setdefault(case.pk, (case, f"rule:{rule}"))
    known = alarms.known(list(found))
    return [one for pk, one in found.items() if pk not in known]


def _begin(case: Case, cause: str, gone: Away) -> None:
    """A case that rang once, and was open still when somebody was there, rings anew when nobody is."""
    now = timezone.now()
    fresh = {"night": gone.night, "cause": cause, "policy": case.policy, "at": now, "due_at": now}
    Alarm.objects.update_or_create(
        case=case, defaults={**fresh, "state": Alarm.State.RINGING, "settled_at": None, "acknowledged_by": None}
    )


def _counts(signal: Signal, gone: Away) -> bool:
    """Since nobody is there; of a rule in shadow nothing follows."""
    return signal.effect != "shadow" and signal.at >= to_micros(gone.since)


def _settle_all() -> None:
    """Somebody is there again: what rings needs nobody else."""
    for alarm in alarms.ringing():
        with transaction.atomic():
            _end(alarm, Alarm.State.SETTLED)


def settle(night: Night) -> None:
    """In the caller's transaction: it is over, and what rings in it is answered by that."""
    for alarm in alarms.ringing():
        if alarm.night_id == night.pk:
            _end(alarm, Alarm.State.SETTLED)


def _advance(alarm: Alarm, gone: Away) -> None:
    """Page the next person; where there is none, say so."""
    if alarm.case.state != Case.State.OPEN:
        _end(alarm, Alarm.State.SETTLED)
        return
    rung = [page.user_id for page in alarm.pages.all() if page.at >= alarm.at]
    people = _reachable(alarm, gone)
    open_to = [user for user in people if alarms.paged(user, gone.night) < gone.cap]
    following = min(
        (user for user in open_to if rung.count(user.pk) < ROUNDS), key=lambda user: rung.count(user.pk), default=None
    )
    if following is not None:
        _page(alarm, following, gone)
    elif not rung and people:
        _end(alarm, Alarm.State.CAPPED)
    else:
        _end(alarm, Alarm.State.UNHEARD)


def _reachable(alarm: Alarm, gone: Away) -> list[User]:
    """Who may decide this case and has a way to be reached, in the order in which they are called."""
    queue = policies.current().queues.get(alarm.case.queue)
    called = [user for user in rosters.called(gone.night) if queue and set(granted_roles(user)) & set(queue.roles)]
    reached = ways.of_all(called)
    return [user for user in called if reached[user.pk]]


def _page(alarm: Alarm, user: User, gone: Away) -> None:
    now = timezone.now()
    word = secrets.token_urlsafe(WORD_BYTES)
    number = alarms.paged(user, gone.night) + 1
    Page.objects.create(alarm=alarm, user=user, at=now, digest=sha256(word.encode()).hexdigest())
    silent = Alarm.objects.filter(state=Alarm.State.CAPPED, at__gte=gone.since).count()
    payload = message.page(alarm, user, word, number=number, cap=gone.cap, silent=silent)
    reached: list[Way] = ways.of(user)
    for way in reached:
        enforcement.enqueue(
            f"{_messages(alarm.pk)}{uuid4().hex}",
            destination=ways.name(user.pseudonym, way.kind),
            kind="page",
            payload=payload,
            due_at=now,
        )
    alarm.due_at = now + timedelta(minutes=policies.current().platform.page_again_minutes)
    alarm.save(update_fields=["due_at"])
    record(
        Act.PAGED,
        actor=SYSTEM,
        obj=f"case:{alarm.case_id}",
        payload={"person": user.pseudonym, "ways": [way.kind for way in reached], "page": number, "cap": gone.cap},
    )


def _messages(alarm_id: int) -> str:
    """How the ids of an alarm's messages begin."""
    return f"page_{alarm_id}_"


def _end(alarm: Alarm, state: Alarm.State) -> None:
    alarm.state, alarm.settled_at, alarm.due_at = state, timezone.now(), None
    alarm.save(update_fields=["state", "settled_at", "due_at"])
    if state == Alarm.State.SETTLED:
        call_off(_messages(alarm.pk), actor=SYSTEM)
    if state in (Alarm.State.CAPPED, Alarm.State.UNHEARD):
        record(Act.PAGE_SILENT, actor=SYSTEM, obj=f"case:{alarm.case_id}", payload={"why": state.value})


def acknowledge(alarm_id: int, by: User, *, how: str) -> bool:
    """Somebody is on it: it rings no more. False when it did not ring."""
    with transaction.atomic():
        now = timezone.now()
        unheard = (Alarm.State.RINGING, Alarm.State.UNHEARD)
        rang = Alarm.objects.filter(pk=alarm_id, state__in=unheard).update(
            state=Alarm.State.ACKNOWLEDGED, settled_at=now, acknowledged_by=by, due_at=None
        )
        if rang:
            call_off(_messages(alarm_id), actor=f"user:{by.pseudonym}")
            case_id = Alarm.objects.values_list("case_id", flat=True).get(pk=alarm_id)
            record(Act.PAGE_ACKNOWLEDGED, actor=f"user:{by.pseudonym}", obj=f"case:{case_id}", payload={"how": how})
    return bool(rang)


def try_ways(user: User) -> int:
    """A test page by all ways of a person; how many."""
    found = ways.of(user)
    for way in found:
        enforcement.enqueue_test(ways.name(user.pseudonym, way.kind))
    return len(found)
