"""How an attempt to reach somebody went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

TEST = {
    "title": "Evenhand: test",
    "text": "Somebody tries whether this reaches you. Nothing happened.",
    "link": "",
    "urgent": False,
}


class Told(Struct, frozen=True):
    """Without an answer `status` is None and `error` a sentence. `retry_after` in seconds."""

    status: int | None
    error: str
    milliseconds: int
    body: bytes
    retry_after: float | None = None


def words(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Title, text, link and urgency of a message. Raises KeyError: it lacks one."""
    given = TEST if kind == "test" else payload
    return {name: given[name] for name in TEST}
