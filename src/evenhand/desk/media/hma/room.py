"""What the answers of one listener share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from evenhand.desk.media.hma.counts import Counts
from evenhand.desk.media.hma.watch import Watch
from evenhand.desk.media.services import Connect


class Room(Struct, frozen=True):
    """`policy`: what banks that are made here stand for; `actor`: who changes are told of in the ledger."""

    watch: Watch
    counts: Counts
    connect: Connect
    configured: Callable[[str, Mapping[str, Any]], dict[str, Any]]
    """The configuration of a list that may be made from outside: it reaches no secret of the desk. Raises Invalid."""
    policy: str = ""
    actor: str = "key:hma"


class Answer(Struct, frozen=True):
    """`body` is JSON to be; text is sent as it is."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


Handler = Callable[..., Answer]
"""(room, request, what stands in the path …) → the answer. Raises Refusal, MediaError."""
