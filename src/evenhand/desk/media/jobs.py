"""What goes on without anybody waiting for it: looking at media, taking lists in, searching what was seen before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connection

from evenhand.desk.intake.queries.readiness import LOG_FAILURES
from evenhand.desk.media.errors import MediaError
from evenhand.desk.media.models import Look
from evenhand.desk.media.queries import matching
from evenhand.desk.media.queries.sources import called
from evenhand.desk.media.services import (
    archiving,
    feedback,
    hashing,
    looks,
    removing,
    retroscan,
    syncing,
    voices,
    withdrawing,
)
from evenhand.desk.media.services.hashing import Fetch, Hashed, Hasher
from evenhand.desk.media.services.ports import Connect, ListFailed
from evenhand.desk.media.services.sharing import Shared
from evenhand.engine.model import MediaKind
from evenhand.runtime import fetch

POLL: Final = 0.5
AT_ONCE: Final = 4
"""Media that are fetched and hashed together."""
KEPT: Final = 300.0
KEPT_FAILURE: Final = 5.0
"""Seconds; shorter than the pause before a second try."""
_PATIENCE: Final = 5.0
_SETTLE_EVERY: Final = 30.0
_log = structlog.get_logger("media")
Outcome = Hashed | Exception


class Looking:
    """Fetches and hashes what waits. Any number of these may run, in any number of processes."""

    def __init__(self, *, fetched: Fetch = hashing.fetched, hasher: Hasher = hashing.hash_media) -> None:
        self._fetch, self._hash = fetched, hasher
        self._shared: Shared[Outcome] = Shared()

    def run(self, stop: threading.Event) -> None:
        _keep_on(stop, self.turn)

    def turn(self) -> bool:
        """Whether there was anything to do."""
        if not matching.any_bank():
            return False
        claimed = looks.claim(AT_ONCE)
        if not claimed:
            return False
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="media") as pool:
            for look, outcome in zip(claimed, pool.map(self._shared_outcome, claimed), strict=True):
                settle(look, outcome)
        return True

    def _shared_outcome(self, look: Look) -> Outcome:
        return self._shared.get(look.url, look.kind, lambda: self._outcome(look), lasts=_lasts)

    def _outcome(self, look: Look) -> Outcome:
        """No database here: what it raises is an answer."""
        kind: MediaKind = look.kind  # type: ignore[assignment] # a column of choices
        try:
            return self._hash(self._fetch(look.url), kind)
        except (fetch.FetchError, hashing.Undecodable, hashing.NotNow) as error:
            return error
        except Exception as error:  # noqa: BLE001 (logged, told on the look, and tried again)
            _log.exception("A medium could not be hashed.", look=look.pk)
            return hashing.NotNow(f"The decoder broke: {error!r}"[:500], hashing.DECODER_WAITS)


def _lasts(outcome: Outcome) -> float:
    """Seconds for which other items take the same answer: what may get better is asked again at its next try."""
    return KEPT if isinstance(outcome, (Hashed, hashing.Undecodable)) else KEPT_FAILURE


def settle(look: Look, outcome: Outcome) -> None:
    """Write down how it went."""
    match outcome:
        case Hashed():
            looks.hashed(look, outcome.hashes, flat=outcome.flat, whole=outcome.whole, note=outcome.note)
        case hashing.Undecodable():
            looks.undecodable(look, str(outcome), outcome.digests)
        case hashing.HostNotNamed() if kinds := looks.kinds_given(look):
            looks.given(look, kinds)
        case hashing.NotNow():
            looks.postpone(look, str(outcome), outcome.seconds, outcome.digests)
        case fetch.BadStatus(gone=True):
            looks.gone(look, str(outcome))
        case _:
            looks.unreachable(look, str(outcome))


class Listing:
    """Takes lists in when their time has come, and tells their owners what people confirmed."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect

    def run(self, stop: threading.Event) -> None:
        _keep_on(stop, self.turn)

    def turn(self) -> bool:
        for name in syncing.due():
            self._take_in(name)
        feedback.send(self._connect)
        return False

    def _take_in(self, name: str) -> None:
        source = called(name)
        try:
            list_ = self._connect(source.kind, source.config)
        except ListFailed as failed:
            syncing.unusable(name, failed)
            return
        try:
            syncing.sync(name, list_)
        except (ListFailed, MediaError) as error:
            _log.warning("A hash list waits.", list=name, error=str(error))


class Scanning:
    """Holds new entries against what was seen before."""

    def __init__(self) -> None:
        self._scanner: retroscan.Scanner | None = None
        self._settled = float("-inf")

    def run(self, stop: threading.Event) -> None:
        try:
            _keep_on(stop, self.turn)
        finally:
            if self._scanner is not None:
                self._scanner.close()

    def turn(self) -> bool:
        if time.monotonic() - self._settled > _SETTLE_EVERY:
            self._settled = time.monotonic()
            withdrawing.settle()
            voices.compare_due()
            removing.finish_removals()
            _keep_archive()
        if self._scanner is None:
            retroscan.begin()
            scan = retroscan.claim()
            self._scanner = retroscan.Scanner(scan) if scan else None
        if self._scanner is None:
            return False
        if self._scanner.step():
            self._scanner = None
            return True
        return not self._scanner.waits


def _keep_archive() -> None:
    try:
        archiving.keep()
    except OSError as error:
        _log.error("The archive of seen hashes cannot be kept.", error=str(error))


def _keep_on(stop: threading.Event, turn: Callable[[], bool]) -> None:
    """A database or log that is away is waited for: nothing is lost by that."""
    try:
        while not stop.is_set():
            try:
                busy = turn()
            except (OperationalError, InterfaceError, *LOG_FAILURES) as error:
                _log.error("Known media wait for the database.", error=str(error))
                connection.close()
                stop.wait(_PATIENCE)
                continue
            if not busy:
                stop.wait(POLL)
    finally:
        connection.close()
