"""Pages of lists: a limit, and a cursor that only this API can read."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from evenhand.desk.intake.api.operations import Call, Parameter
from evenhand.desk.intake.api.refusals import Refused, invalid
from evenhand.desk.intake.reading.problems import Unfit
from evenhand.desk.intake.reading.values import identifier

P = TypeVar("P")
R = TypeVar("R")
DEFAULT, MOST = 50, 200
_TOO_LARGE = 2**63
_LIMITS = frozenset(map(str, range(1, MOST + 1)))

LIMIT = Parameter(
    "limit",
    "query",
    f"How many at most, 1 to {MOST}.",
    schema={"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
)
CURSOR = Parameter("cursor", "query", "The `next` of the page before.", schema={"type": "string", "maxLength": 1024})


def limit(call: Call) -> int:
    given = call.query("limit")
    if given is None:
        return DEFAULT
    if given not in _LIMITS:
        raise invalid(f"The query parameter `limit` is a whole number from 1 to {MOST}.")
    return int(given)


def write(position: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def read(call: Call, shape: type[P]) -> P | None:
    """The position that the cursor tells; None without one. Raises Refused: this API wrote no such cursor."""
    given = call.query("cursor")
    if not given:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(given.encode("ascii") + b"=="), type=shape)
    except (msgspec.DecodeError, NotBase64, UnicodeError, RecursionError):
        raise unknown_cursor() from None


def number(call: Call) -> int | None:
    """The cursor of a list that goes by numbers."""
    found = read(call, int)
    if found is not None and not 0 <= found < _TOO_LARGE:
        raise unknown_cursor()
    return found


def word(call: Call, name: str) -> str | None:
    """A query parameter that is an id. Raises Refused: it cannot be one."""
    given = call.query(name)
    try:
        return None if given is None else identifier(given)
    except Unfit as error:
        raise invalid(f"The query parameter `{name}`: {error.reason}") from None


def cut(found: Sequence[R], size: int, position: Callable[[R], object]) -> tuple[list[R], str | None]:
    """The page, and the cursor behind it when more was found than fits on it."""
    page = list(found[:size])
    return page, write(position(page[-1])) if len(found) > size else None


def unknown_cursor() -> Refused:
    return invalid("The query parameter `cursor` is not the `next` of a page of this list. Start again without it.")
