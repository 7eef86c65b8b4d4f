"""What a person is told when the desk will not do what they asked."""

from __future__ import annotations


class Refused(Exception):
    """The sentence for the person, and the form field that it is about ("" for the whole)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
