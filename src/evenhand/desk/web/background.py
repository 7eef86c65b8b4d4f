"""The work of the desk that nobody waits for: fold, deliver, and what is due from time to time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

import structlog
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection

from evenhand.connectors.webhooks import Webhooks
from evenhand.desk.accounts import services as accounts
from evenhand.desk.audit import services as audit
from evenhand.desk.cases import jobs as cases
from evenhand.desk.cases import services as case_services
from evenhand.desk.cases.services import asking, clustering, ordering
from evenhand.desk.duty import services as duty
from evenhand.desk.duty.queries import ways
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.jobs import Deliverer
from evenhand.desk.enforcement.services import again, calibrating, licences
from evenhand.desk.intake.services import arrived, event_log
from evenhand.desk.media.jobs import Listing, Looking, Scanning
from evenhand.desk.rules.jobs import keep_in_band
from evenhand.desk.signals import services as signals
from evenhand.desk.web.asking import ask
from evenhand.desk.web.hashlists import connect
from evenhand.desk.web.paging import SCHEDULE, Pager
from evenhand.desk.web.publishing import publish
from evenhand.runtime import config
from evenhand.runtime.hosts import Threads
from evenhand.runtime.worker import PartitionWorker

_log = structlog.get_logger("background")


def threads() -> Threads:
    """Worker, deliveries and timed work, ready to be started in this process."""
    timed = {"timed": EVERY, "asking": ASKING, "publishing": PUBLISHING}
    return Threads(
        {
            "worker": _fold,
            "deliveries": _deliver,
            "pages": _page,
            "media": Looking().run,
            "hash lists": Listing(connect).run,
            "retroscans": Scanning().run,
            **{name: partial(_timed, work) for name, work in timed.items()},
        }
    )


def _fold(stop: threading.Event) -> None:
    worker = PartitionWorker(
        event_log(),
        signals.DeskStore(),
        owner=signals.owner_name(),
        batch_events=config.current().batch_events,
        arrived=arrived,
    )
    try:
        worker.run(stop)
    finally:
        connection.close()


def _deliver(stop: threading.Event) -> None:
    Deliverer(stop, Webhooks(allow_private=config.current().allow_private)).run()


def _page(stop: threading.Event) -> None:
    Deliverer(stop, Pager(), destinations=ways.destinations, policy=SCHEDULE).run()


EVERY: Mapping[str, tuple[float, Callable[[], object]]] = {
    "checkpoint": (5.0, audit.checkpoint),
    "looks": (5.0, case_services.end_silent),
    "sweep": (300.0, signals.sweep),
    "holds": (5.0, enforcement.expire),
    "licences": (5.0, licences.look),
    "second looks": (30.0, again.look),
    "alarms": (3.0, duty.ring),
    "nights": (5.0, duty.end_over),
    "batches": (1.0, enforcement.carry_on),
    "rules in their band": (300.0, keep_in_band),
    "sessions": (3600.0, SessionStore.clear_expired),
    "answers": (3600.0, accounts.forget_answers),
    "half-life": (3600.0, ordering.refit),
    "likelihoods": (3600.0, calibrating.refit),
    "order": (5.0, cases.refresh),
    "wanted": (3600.0, asking.forget),
    "what was decided long ago": (60.0, clustering.sweep),
}
"""Name → (seconds between runs, what runs)."""
ASKING: Mapping[str, tuple[float, Callable[[], object]]] = {"partial items": (5.0, partial(cases.ask, ask))}
"""Waits for the platform's answer, and must not hold up the rest."""
PUBLISHING: Mapping[str, tuple[float, Callable[[], object]]] = {"checkpoints elsewhere": (10.0, publish)}
"""Waits for other machines."""


def _timed(every: Mapping[str, tuple[float, Callable[[], object]]], stop: threading.Event) -> None:
    due = dict.fromkeys(every, 0.0)
    while not stop.is_set():
        for name, (seconds, run) in every.items():
            if time.monotonic() < due[name]:
                continue
            due[name] = time.monotonic() + seconds
            try:
                run()
            except Exception:  # noqa: BLE001 (logged, and tried again)
                _log.exception("Timed work failed; it runs again at its next time.", work=name)
            close_old_connections()
        stop.wait(1.0)
