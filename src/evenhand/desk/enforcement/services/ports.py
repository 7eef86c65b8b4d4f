"""The port to the outside: what enforcement needs of whoever carries its messages (`connectors.webhooks`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from evenhand.engine.platform import Destination


class Outcome(Protocol):
    """How one attempt went."""

    @property
    def status(self) -> int | None:
        """The HTTP status; None when no answer came."""

    @property
    def error(self) -> str:
        """A sentence; empty when it was delivered."""

    @property
    def milliseconds(self) -> int: ...

    @property
    def body(self) -> bytes:
        """What was sent."""

    @property
    def retry_after(self) -> float | None:
        """Seconds that the receiver asks for before the next attempt."""


class Wire(Protocol):
    def schemes(self, signature: str) -> tuple[str, ...]:
        """The schemes of which a destination with this signature needs a secret."""

    def mint(self, scheme: str) -> tuple[str, bytes]:
        """A new secret: its public half as text, and the private bytes."""

    def send(
        self,
        destination: Destination,
        *,
        message_id: str,
        kind: str,
        payload: Mapping[str, Any],
        secrets: Sequence[tuple[str, bytes]],
    ) -> Outcome:
        """One attempt; `secrets` are (scheme, private bytes) from old to new. Called from many threads at once."""
