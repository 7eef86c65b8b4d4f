"""What Harbourlight remembers: what it published, and what the desk's webhooks have asked of it."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from evenhand.connectors.demo.scene import Call, Json

_REMEMBERED = 500
_REMEMBERED_ITEMS = 10_000
_SUSPENDS, _LETS_BACK = frozenset({"suspend", "close-account"}), "let-back"
_APPEALED = frozenset({"remove", "suspend"})


class Received(Struct, frozen=True):
    """A genuine webhook, as it arrived."""

    id: str
    action: str
    item_type: str
    item_id: str
    kind: str = ""
    """Of the decision behind it: "hold" and "release" are a rule's, and no verdict."""


class Platform:
    """Thread-safe: webhooks arrive on the server's threads, the stream goes on in another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._items: OrderedDict[str, Json] = OrderedDict()
        self._suspended: set[str] = set()
        self._struck: deque[tuple[str, Json]] = deque(maxlen=_REMEMBERED)
        self.received: deque[Received] = deque(maxlen=_REMEMBERED)

    def publish(self, call: Call) -> bool:
        """Whether the call happens: who is suspended writes nothing. Remembers what is written."""
        with self._lock:
            if call.route != "items":
                return True
            if call.author in self._suspended:
                return False
            _remember(self._items, call.body["id"], call.body)
            return True

    def take(self, webhook_id: str, body: Mapping[str, Any]) -> bool:
        """Do what a genuine webhook asks for, once; False when it came before."""
        with self._lock:
            if webhook_id in self._ids:
                return False
            _remember(self._ids, webhook_id, None)
            if "action" in body and "item" in body:
                kind = body.get("decision", {}).get("kind", "")
                item = body["item"]
                self._act(Received(webhook_id, body["action"]["id"], item["typeId"], item["id"], kind))
            return True

    def next_appeal(self) -> tuple[str, Json] | None:
        """An action that nobody has appealed yet, and the item that it struck."""
        with self._lock:
            return self._struck.popleft() if self._struck else None

    def _act(self, received: Received) -> None:
        self.received.append(received)
        item = self._items.get(received.item_id)
        author = item["data"].get("author", {}).get("id") if item else None
        if received.action in _SUSPENDS:
            self._suspended.add(author or received.item_id)
        elif received.action == _LETS_BACK:
            self._suspended.discard(author or received.item_id)
        if item and author and received.action in _APPEALED and received.kind != "hold":
            self._struck.append((received.action, item))


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    memory[key] = value
    if len(memory) > _REMEMBERED_ITEMS:
        memory.popitem(last=False)
