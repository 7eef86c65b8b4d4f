"""Text that is no JSON, told with the line and the column where that shows."""

from __future__ import annotations

import re
from typing import Final

import msgspec

_BYTE: Final = re.compile(r"^JSON is malformed: (?P<why>.*) \(byte (?P<at>\d{1,18})\)$")


class NotJson(msgspec.DecodeError):
    """What `error` says of `body`, at its place."""

    def __init__(self, error: msgspec.DecodeError, body: bytes) -> None:
        super().__init__(_told(str(error), body))


def _told(message: str, body: bytes) -> str:
    if message == "Input data was truncated":
        return f"the JSON is not complete: it ends in {_place(body.rstrip())}, and something is still open"
    found = _BYTE.match(message)
    return f"this is no JSON: {found['why']}, in {_place(body[: int(found['at'])])}" if found else message


def _place(before: bytes) -> str:
    """The line and the column, from 1, in characters, of what comes after these bytes."""
    text = before.decode(errors="replace")
    return f"line {text.count(chr(10)) + 1}, column {len(text) - text.rfind(chr(10))}"
