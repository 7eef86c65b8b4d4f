"""What an explanation consists of: conditions, the features in them, and where each of those came from."""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct

Outcome = Literal["fired", "unused", "false", "failed", "not_run"]
"""`unused`: the rule holds, and no WhenRules that ran names it. `not_run`: its file was not brought in."""
Truth = Literal["true", "false", "failed"]
MOST_FEATURES: Final = 60
DEEPEST: Final = 8
"""Steps from a condition to the farthest feature, and from a condition to its innermost part."""


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a value came from.

    `kind`: event, action, counter, label, list, phrase, pattern, chance. `at`: the path, counter, label, list, phrase
    or pattern. `key`: whom it was counted for, or who has the label. `found`: what stands there, or matched. `told`:
    all that in a sentence.
    """

    kind: str
    told: str
    at: str = ""
    key: str = ""
    found: Any = None


class Feature(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A name of the rules: what it came to, and why. `reads`: the names that it is made of, each explained, too."""

    name: str
    value: Any
    told: str
    file: str
    line: int
    text: str
    reads: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    failed: bool = False


class Condition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`told`: what is, and what the rule asks for. `parts`: the conditions that this one joins."""

    text: str
    file: str
    line: int
    value: Truth
    told: str
    reads: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    parts: tuple[Condition, ...] = ()


class NotIncluded(Struct, frozen=True, kw_only=True):
    """A file that the event did not bring in. `by`, `line`: the Require (or the file) that would have."""

    file: str
    by: str
    line: int
    text: str
    told: str


class Explanation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a rule fired on an event, or why not.

    `why_not`: what kept it from firing, in the order in which it is written. Where the file was not brought in,
    `conditions` says what they would have come to. `cut`: there are more features than are told.
    """

    rule: str
    file: str
    line: int
    outcome: Outcome
    told: str
    description: str = ""
    why_not: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    features: tuple[Feature, ...] = ()
    not_included: tuple[NotIncluded, ...] = ()
    cut: bool = False
