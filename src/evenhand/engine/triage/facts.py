"""What the order of cases is computed from."""

from __future__ import annotations

from msgspec import Struct

from evenhand.engine.model import ItemKind, Micros, Signal


class ReportFact(Struct, frozen=True, kw_only=True):
    """One report, with how the decided reports of its reporter turned out: those under the same policy, and all
    others."""

    reporter: str
    """Who reports; the same text is the same reporter."""
    policy: str | None = None
    csam: bool = False
    received_at: Micros
    upheld: int = 0
    dismissed: int = 0
    upheld_elsewhere: int = 0
    dismissed_elsewhere: int = 0


class CaseFacts(Struct, frozen=True, kw_only=True):
    """What is known of a case and its subject. Nothing here is looked up: the desk fills it in."""

    kind: ItemKind = "content"
    views: int | None = None
    """How often the subject was seen so far; None when the platform does not tell."""
    created_at: Micros | None = None
    seen_at: Micros
    """When the case was opened: the subject was there then. Used where `created_at` is not known or tells nothing."""
    text_length: int = 0
    """In characters."""
    media: int = 0
    """How many pictures, videos and recordings."""
    reports: tuple[ReportFact, ...] = ()
    signals: tuple[Signal, ...] = ()
    author_upheld: int = 0
    """Decided cases on the author's items that led to an action."""
    author_dismissed: int = 0
