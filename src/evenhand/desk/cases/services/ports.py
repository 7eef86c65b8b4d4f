"""The port to the platform: what cases need of whoever asks it for items (`web.asking`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from evenhand.engine.model import Ref
from evenhand.engine.platform import Platform


class Answer(Protocol):
    @property
    def body(self) -> bytes:
        """As the platform wrote it."""

    @property
    def error(self) -> str:
        """A sentence when there was no usable answer; empty otherwise."""


class Ask(Protocol):
    def __call__(self, platform: Platform, items: Sequence[Ref]) -> Answer:
        """One request to the `partial_items_url` of the platform. Within seconds, and never an exception for what the
        platform does."""
