"""Why a case cannot be taken or decided; each carries what the person needs to be told."""

from __future__ import annotations

from datetime import datetime

from evenhand.desk.accounts.queries import User


class CaseError(Exception):
    """Base of all reasons."""


class NoSuchCase(CaseError):
    def __init__(self, case_id: int) -> None:
        super().__init__(f"There is no case {case_id}.")


class Closed(CaseError):
    """Decided already."""


class Barred(CaseError):
    """This person may not decide it: they made the decision that is appealed, or lack the role of its queue."""


class Held(CaseError):
    """Somebody else is looking at it."""

    def __init__(self, holder: User, until: datetime) -> None:
        super().__init__(f"{holder.pseudonym} holds this case until {until:%H:%M:%S} UTC.")
        self.holder, self.until = holder, until
