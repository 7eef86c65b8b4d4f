"""An outbox to test on: destinations with receivers, and a deliverer that is turned by hand."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from evenhand.connectors.webhooks import Webhooks
from evenhand.desk.enforcement.jobs import Deliverer, Pace
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import enqueue
from evenhand.desk.enforcement.services.retry import Policy
from evenhand.engine.platform import Destination
from tests.support.liars import Behaviour, Liar, lying
from tests.support.ports import HOST
from tests.support.program import Program

_numbers = count(1)
APPEAL = {
    "appealId": "ap1",
    "appealDecision": "REJECT",
    "appealedBy": {"id": "u1", "typeId": "account"},
    "decisionReason": "",
    "decision": "d1",
}
FAST = Policy(
    schedule=(0, 0.02, 0.02, 0.02, 0.02), breaks_after=3, first_pause=0.05, longest_pause=0.1, jitter=lambda: 0.0
)


def put(destination: str = "app", *, item: str = "", due: float = 0, waiting: bool = False) -> str:
    """A message in the outbox. Its id."""
    message_id = f"msg_{next(_numbers)}"
    payload = {**APPEAL, "item": {"id": item or message_id, "typeId": "post"}}
    due_at = timezone.now() + timedelta(seconds=due)
    with transaction.atomic():
        enqueue(message_id, destination=destination, kind="appeal", payload=payload, due_at=due_at, waiting=waiting)
    return message_id


def row(message_id: str) -> Delivery:
    return Delivery.objects.get(message_id=message_id)


def state(message_id: str) -> str:
    return row(message_id).state


class Bench:
    """Destinations by name, each with a receiver, and deliverers on them."""

    def __init__(self, stack: ExitStack) -> None:
        self.destinations: dict[str, Destination] = {}
        self.wire = Webhooks(allow_private=[HOST])
        self._stack = stack

    def receiver(self, behaviour: Behaviour, name: str = "app", **options: Any) -> Liar:
        liar = self._stack.enter_context(lying(behaviour))
        self.destination(liar.url, name, **options)
        return liar

    def destination(self, url: str, name: str = "app", **options: Any) -> Destination:
        options.setdefault("signature", "v1")
        self.destinations[name] = Destination(id=name, url=url, **options)
        return self.destinations[name]

    def deliverer(self, *, policy: Policy = FAST, **pace: Any) -> Deliverer:
        return Deliverer(
            threading.Event(),
            self.wire,
            destinations=lambda: self.destinations,
            policy=policy,
            pace=Pace(**{"poll": 0.01, "patience": 0.2} | pace),
        )

    def deliver(self, until: Callable[[], bool], *, seconds: float = 10, **options: Any) -> None:
        """Turn a deliverer until something is so."""
        turn(self.deliverer(**options), until, seconds=seconds)


def turn(deliverer: Deliverer, until: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, list(
            Delivery.objects.values("message_id", "state", "attempts", "last_error")
        )
        deliverer.turn()
        time.sleep(0.005)


def rest(deliverer: Deliverer, seconds: float) -> None:
    """Turn for a while."""
    end = time.monotonic() + seconds
    turn(deliverer, lambda: time.monotonic() > end)


@pytest.fixture
def bench(db: None) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(stack)


@pytest.fixture
def of_ana(ana, platform) -> Program:
    return Program("of-ana", ana)


@pytest.fixture
def of_ben(ben, platform) -> Program:
    return Program("of-ben", ben)
