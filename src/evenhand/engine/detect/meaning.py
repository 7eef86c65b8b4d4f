"""What a detector that knows no policy by itself says about the items it finds."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from msgspec import Struct

from evenhand.engine.model import Event, Signal


class Named(Protocol):
    """The part of a detector that its signals carry."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...


class Meaning(Struct, frozen=True):
    """By default a note: much alike is not much wrong, so it speaks for no policy until the platform says which."""

    policy: str | None = None
    probability: float = 0.0
    effect: Literal["note", "enqueue"] = "note"

    def signal(self, event: Event, detector: Named, *, summary: str, evidence: dict[str, Any]) -> Signal:
        return Signal(
            detector=detector.name,
            version=detector.version,
            subject=event.subject,
            event_id=event.id,
            at=event.at,
            summary=summary,
            policy=self.policy,
            probability=self.probability,
            effect=self.effect,
            evidence=evidence,
        )


NOTE = Meaning()
"""Says nothing about what is right or wrong."""
MORE = " or more"
_STEPS = [number * scale for scale in (1, 10, 100, 1000) for number in (1, 2, 3, 5)]


def step(count: int) -> str:
    """The count in steps, "10 or more": a summary that changes at every copy would be news at every copy."""
    if count < _STEPS[3]:
        return str(count)
    return f"{max(number for number in _STEPS if number <= count)}{MORE}"
