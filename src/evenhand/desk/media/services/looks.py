"""What becomes of a look: claimed by lease, hashed, or told why not and when it is tried again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.api import identity
from evenhand.desk.media.errors import NoSuch
from evenhand.desk.media.models import Look, Seen
from evenhand.desk.media.services.hashing import may_fetch
from evenhand.engine.model import Event, Hash, MediaHashed, Ref

SOURCE: Final = "system:media"
LEASE: Final = 120.0
"""Seconds after which a look that nobody finished is claimed again."""
PAUSES: Final = (10.0, 60.0, 600.0, 3_600.0, 21_600.0, 86_400.0)
"""Seconds from one try to the next; after the last it is tried no more until somebody asks."""
GONE_PAUSES: Final = PAUSES[:3]
"""Where a host says that it is not there: an upload may come a little later than the item that shows it."""
_MICRO = 1_000_000
_LONGEST = 1_000


def claim(most: int) -> list[Look]:
    """Looks that are due, those that wait longest first. They are ours until the lease ends: who is killed meanwhile
    leaves them to the next."""
    now = now_micros()
    skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with transaction.atomic():
        due = sql.rows(
            "SELECT id FROM media_look WHERE due_at IS NOT NULL AND due_at <= %s"  # noqa: S608 (constant parts)
            f" ORDER BY due_at LIMIT %s{skip}",
            (now, most),
        )
        ids = [id_ for (id_,) in due]
        until = now + int(LEASE * _MICRO)
        Look.objects.filter(pk__in=ids).update(
            state=Look.State.FETCHING, leased_until=until, due_at=until, changed_at=now
        )
        return list(Look.objects.filter(pk__in=ids).order_by("since"))


def hashed(look: Look, hashes: Sequence[Hash], *, flat: bool, whole: bool = True, note: str = "") -> None:
    """The event first, under an id that is the look's own: who is killed in between repeats it without effect.

    Raises LogUnavailable: the look is claimed again later.
    """
    _tell(look, "look", hashes, flat=flat, whole=whole)
    _end(look, Look.State.HASHED, note)


def _tell(look: Look, what: str, hashes: Sequence[Hash], *, flat: bool = False, whole: bool = True) -> None:
    if not hashes:
        return
    media = MediaHashed(
        ref=Ref(look.item_type, look.item_id),
        field=look.field,
        url=look.url,
        kind=look.kind,  # type: ignore[arg-type] # a column of choices
        hashes=tuple(hashes),
        flat=flat,
        whole=whole,
    )
    intake.accept([Event(id=identity.derived(what, str(look.pk)), at=now_micros(), source=SOURCE, body=media)])


def undecodable(look: Look, reason: str, digests: Sequence[Hash] = ()) -> None:
    """It is there, and is no medium that can be hashed: not tried again by itself. Lists may have its very bytes."""
    _tell(look, "bytes", digests)
    _end(look, Look.State.UNDECODABLE, reason)


def unreachable(look: Look, reason: str) -> None:
    """It did not come. Tried again with longer and longer pauses, then given up."""
    _later(look, Look.State.UNREACHABLE, reason, PAUSES)


def gone(look: Look, reason: str) -> None:
    """Its host says that it is not there. Asked a few times more, then taken at its word."""
    _later(look, Look.State.GONE, reason, GONE_PAUSES)


def _later(look: Look, state: Look.State, reason: str, pauses: Sequence[float]) -> None:
    look.tries += 1
    _end(look, state, reason, pauses[look.tries - 1] if look.tries <= len(pauses) else None)


def postpone(look: Look, reason: str, seconds: float, digests: Sequence[Hash] = ()) -> None:
    """It is not the medium's fault (a program is missing, a host is not configured): it waits, and says for what. Its
    bytes are matched meanwhile, where they came."""
    _tell(look, "bytes", digests)
    _end(look, Look.State.WAITING, reason, seconds)


def given(look: Look, kinds: Iterable[str]) -> None:
    """Its host is not one to fetch from, and it need not be: it is matched by the hashes that came with it. That is no
    error, and it is not tried again by itself."""
    _end(look, Look.State.GIVEN, _by_given(look.url, kinds))


def kinds_given(look: Look) -> list[str]:
    """Of the hashes that were sent of a medium that was not fetched."""
    came = Seen.objects.filter(item_type=look.item_type, item_id=look.item_id, field=look.field, url=look.url)
    return sorted(set(came.values_list("kind", flat=True)))


def matched_by_given(hashed: Sequence[MediaHashed]) -> None:
    """In the fold's transaction: looks at media whose hashes came, and whose hosts are not named, wait no longer."""
    now = now_micros()
    sql.run_many(
        "UPDATE media_look SET state = %s, error = %s, changed_at = %s, due_at = NULL WHERE item_type = %s"
        " AND item_id = %s AND field = %s AND digest = %s AND state = %s",
        [
            (
                Look.State.GIVEN.value, _by_given(one.url, {hash_.kind for hash_ in one.hashes}), now, one.ref.type,
                one.ref.id, one.field, of_address(one.url), Look.State.WAITING.value,
            )
            for one in hashed
            if one.url and not may_fetch(one.url)
        ],
    )  # fmt: skip


def of_address(url: str) -> bytes:
    """What a look is found by: an address may be long."""
    return sha256(url.encode()).digest()[:16]


def _by_given(url: str, kinds: Iterable[str]) -> str:
    host = urlsplit(url).hostname or ""
    return (
        f"Not fetched: its host {host} is not among media_hosts; matched by the hashes that came with it"
        f" ({', '.join(sorted(kinds))})."
    )[:_LONGEST]


def retry(look_id: int) -> None:
    """Somebody asks for it: at once, with all tries before it. Raises NoSuch."""
    now = now_micros()
    open_ = Look.objects.filter(pk=look_id).exclude(state=Look.State.HASHED)
    if not open_.update(state=Look.State.WAITING, tries=0, due_at=now, changed_at=now):
        raise NoSuch(f"Look {look_id} is hashed already, or there is none.")


def retry_all() -> int:
    """All that wait or were given up. How many."""
    now = now_micros()
    return (
        Look.objects.exclude(state__in=(Look.State.HASHED, Look.State.FETCHING))
        .exclude(state=Look.State.UNDECODABLE)
        .update(state=Look.State.WAITING, tries=0, due_at=now, changed_at=now)
    )


def _end(look: Look, state: Look.State, error: str, pause: float | None = None) -> None:
    now = timezone.now()
    look.state, look.error, look.changed_at, look.leased_until = state, error[:_LONGEST], now, None
    look.due_at = None if pause is None else now + timedelta(seconds=pause)
    look.save(update_fields=["state", "error", "changed_at", "leased_until", "due_at", "tries"])
