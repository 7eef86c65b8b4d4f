"""Which worker folds which partition: a register of those that live, a fair share for each, leases that run out."""

from __future__ import annotations

import os
import socket
from secrets import token_hex

from django.db import connection, transaction

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.runtime import config
from evenhand.runtime.partitions import Claim


def claim(owner: str, lease_seconds: float) -> list[Claim]:
    """Tell that `owner` lives, renew its share of the partitions, give back what is over, and take what is free."""
    now = now_micros()
    until = now + int(lease_seconds * 1e6)
    _forget_the_dead(now)
    with transaction.atomic():
        _tell_alive(owner, now, until)
        share = _share(owner, now, _count())
        held = [part for (part,) in sql.rows(_HELD, (owner,))]
        _give_back(owner, held[share:])
        sql.run("UPDATE signals_partition SET lease_until = %s WHERE owner = %s", (until, owner))
        _take(owner, _free(owner, now, share - len(held)), until)
        return [Claim(*row) for row in sql.rows(_CLAIMS, (owner,))]


def release(owner: str) -> None:
    """The worker ends: others need not wait for its leases to run out."""
    with transaction.atomic():
        sql.run("DELETE FROM signals_worker WHERE owner = %s", (owner,))
        sql.run("UPDATE signals_partition SET owner = '', lease_until = 0 WHERE owner = %s", (owner,))


def owner_name() -> str:
    """A name for this process that no other has: `host:pid:random`."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"


_HELD = "SELECT part FROM signals_partition WHERE owner = %s ORDER BY part"
_CLAIMS = "SELECT part, epoch, position FROM signals_partition WHERE owner = %s ORDER BY part"


def _tell_alive(owner: str, now: int, until: int) -> None:
    sql.run(
        "INSERT INTO signals_worker (owner, since, alive_until) VALUES (%s, %s, %s)"
        " ON CONFLICT (owner) DO UPDATE SET alive_until = excluded.alive_until",
        (owner, now, until),
    )


def _count() -> int:
    """How many partitions there are; those that the configuration names are made when they are not."""
    sql.run_many(
        "INSERT INTO signals_partition (part, owner, epoch, lease_until, position, folded)"
        " VALUES (%s, '', 0, 0, '', 0) ON CONFLICT (part) DO NOTHING",
        [(part,) for part in range(config.current().partitions)],
    )
    [(count,)] = sql.rows("SELECT count(*) FROM signals_partition")
    return int(count)


def _share(owner: str, now: int, partitions: int) -> int:
    """The same number for each living worker; what is left over goes to those that live longest, one each."""
    living = sql.rows(
        "SELECT owner FROM signals_worker WHERE alive_until > %s OR owner = %s ORDER BY since, owner", (now, owner)
    )
    return partitions // len(living) + (living.index((owner,)) < partitions % len(living))


def _give_back(owner: str, parts: list[int]) -> None:
    """Whoever takes them counts a new epoch: what might still be on its way from here is fenced off."""
    sql.run_many(
        "UPDATE signals_partition SET owner = '', lease_until = 0 WHERE part = %s AND owner = %s",
        [(part, owner) for part in parts],
    )


def _free(owner: str, now: int, most: int) -> list[int]:
    """Partitions whose lease has run out. One that somebody is claiming, or folding still, is passed over."""
    skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    found = sql.rows(
        f"SELECT part FROM signals_partition WHERE lease_until < %s AND owner <> %s ORDER BY part LIMIT %s{skip}",  # noqa: S608 (constant parts)
        (now, owner, max(0, most)),
    )
    return [part for (part,) in found]


def _take(owner: str, parts: list[int], until: int) -> None:
    sql.run_many(
        "UPDATE signals_partition SET owner = %s, lease_until = %s, epoch = epoch + 1 WHERE part = %s",
        [(owner, until, part) for part in parts],
    )


def _forget_the_dead(now: int) -> None:
    """Processes of this machine that are gone free what they held at once: a restarted desk goes on at once. Those of
    other machines are known to be gone when their leases have run out."""
    for (owner,) in sql.rows("SELECT owner FROM signals_worker WHERE alive_until > %s", (now,)):
        if _is_dead(owner):
            release(owner)
    sql.run("DELETE FROM signals_worker WHERE alive_until < %s", (now - _FORGOTTEN,))


_FORGOTTEN = 3_600_000_000
"""Microseconds after which a worker that is not heard of any more leaves the register."""


def _is_dead(owner: str) -> bool:
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
