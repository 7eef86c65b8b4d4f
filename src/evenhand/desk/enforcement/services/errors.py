"""Why a decision cannot be made or taken back; each tells the person what to do next."""

from __future__ import annotations

from datetime import datetime


class DecisionError(Exception):
    """Base of all reasons."""


class Conflict(DecisionError):
    """Somebody decided meanwhile."""

    def __init__(self, who: str, when: datetime | None, what: str) -> None:
        super().__init__(f"{who} decided: {what}.")
        self.who, self.when, self.what = who, when, what


class NeedsConfirmation(DecisionError):
    """The action cannot be taken back, or takes two people: ask, then decide again with confirmed=True."""


class NeedsTyping(DecisionError):
    """So many cases at once: ask for their number in digits, then decide again with it."""

    def __init__(self, count: int) -> None:
        super().__init__(f"This decides {count} cases at once. Type {count} to go on.")
        self.count = count


class Invalid(DecisionError):
    """The decision itself is wrong; `problems` are sentences."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class CannotUndo(DecisionError):
    """Too late, not yours, or there is no action that takes it back."""
