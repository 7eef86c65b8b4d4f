"""HMA's API put together, as `evenhand hma` serves it: a process of its own, without the console's middleware."""

from __future__ import annotations

import atexit
import os
import threading

import django

from evenhand.runtime import config, logs, parents, running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.desk.settings")
parents.end_with_it()
logs.configure(config.current().log_level)
django.setup()

from evenhand.desk.media.hma.app import Listener  # noqa: E402 (Django is set up first)
from evenhand.desk.media.hma.counts import Counts  # noqa: E402 (as above)
from evenhand.desk.media.hma.gate import Gate, networks  # noqa: E402 (as above)
from evenhand.desk.media.hma.room import Room  # noqa: E402 (as above)
from evenhand.desk.media.hma.watch import Watch  # noqa: E402 (as above)
from evenhand.desk.web.hashlists import connect, from_console  # noqa: E402 (as above)

STALE_AFTER = 30.0
"""Seconds without a look at the changes after which nothing is answered."""


def _listener() -> Listener:
    settings = config.current()
    gate = Gate(networks(settings.hma_allow), settings.hma_key)
    watch, stop = Watch(STALE_AFTER), threading.Event()
    threading.Thread(target=watch.run, args=(stop,), name="watch", daemon=True).start()
    atexit.register(stop.set)
    running.announce(settings.data_dir, "hma", parent=parents.told(), port=settings.hma_port)
    room = Room(
        watch=watch,
        counts=Counts(),
        connect=connect,
        configured=from_console,
        policy=settings.hma_policy,
        actor=gate.actor,
    )
    return Listener(room, gate)


application = _listener()
