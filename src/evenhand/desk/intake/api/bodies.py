"""Reads the body of a request: its size, its type, its JSON; and says precisely what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest

from evenhand.desk.intake.api.refusals import INVALID, MALFORMED, TOO_LARGE, WRONG_TYPE, Refused
from evenhand.desk.intake.api.shapes import Examined, explain
from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Problem
from evenhand.runtime import config

T = TypeVar("T")


class Misfit(Refused):
    """JSON of another shape than is needed. `rest` is it with something that fits wherever it was wrong, so that the
    rest can be read as well; None when it was too wrong for that."""

    def __init__(self, found: Examined, shape: Any) -> None:
        super().__init__(INVALID, problems=found.problems)
        self.rest = _fitting(found.mended, shape)

    def and_of_rest(self, problems: Iterable[Problem]) -> list[Problem]:
        """What is wrong with the shape, and what reading the `rest` found: less what it says of a mended place."""
        mended = {problem.pointer for problem in self.problems}
        return [*self.problems, *(one for one in problems if mended.isdisjoint(_around(one.pointer)))]


def read(request: HttpRequest) -> bytes:
    """The whole body, as it came. Raises Refused."""
    most = config.current().max_body_bytes
    _refuse_encoded(request)
    if _is_chunked(request):
        body: bytes = request.META["wsgi.input"].read(most + 1)
    elif _length(request) <= most:
        return request.body
    else:
        body = b""
    if not body or len(body) > most:
        raise Refused(TOO_LARGE, f"It has more than {most:,} bytes. Send fewer items in one request.")
    return body


def raw(request: HttpRequest, most: int) -> bytes | None:
    """The whole body, in memory and nowhere else, whatever Django's own limit; None: it has more than so many bytes,
    and what is announced as more is not read at all. Raises Refused."""
    _refuse_encoded(request)
    if not _is_chunked(request):
        return request.read() if _length(request) <= most else None
    body: bytes = request.META["wsgi.input"].read(most + 1)
    return body if len(body) <= most else None


def _refuse_encoded(request: HttpRequest) -> None:
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise Refused(WRONG_TYPE, "The body has a Content-Encoding; send it uncompressed.")


def media_type(request: HttpRequest) -> str:
    """The media type, in lower case and without parameters."""
    given: str = request.META.get("CONTENT_TYPE", "")
    return given.partition(";")[0].strip().lower()


def must_be(request: HttpRequest, *accepted: str) -> str:
    """The media type, when it is one of these. Raises Refused."""
    given = media_type(request)
    if given not in accepted:
        told = f'"{given[:100]}"' if given else "none was given"
        raise Refused(WRONG_TYPE, f"Content-Type must be {' or '.join(accepted)}, not {told}.")
    return given


def decode(body: bytes, shape: type[T], at: str = "") -> T:
    """The body as a value of this shape. Raises Misfit, with all that is wrong in pointers below `at`; Refused."""
    try:
        return _decoder(shape).decode(body)
    except msgspec.ValidationError as error:
        raise Misfit(explain(parse(body), shape, at=at, told=error), shape) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from None


def fits(body: bytes, shape: type[T]) -> T | None:
    """The body as a value of this shape; None when it has another. Raises Refused: it is no JSON."""
    try:
        return _decoder(shape).decode(body)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from None


def parse(body: bytes) -> Any:
    """Any JSON. Raises Refused."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from None


def members(body: bytes) -> frozenset[str]:
    """The names of the members of the body, when it is an object. Raises Refused: it is no JSON."""
    try:
        return frozenset(_MEMBERS.decode(body))
    except msgspec.ValidationError:
        return frozenset()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from None


def convert(value: Any, shape: type[T], at: str, most: int = limits.COUNTED) -> T:
    """JSON that was parsed before, as a value of this shape. Raises Misfit, with at most so many problems."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise Misfit(explain(value, shape, at=at, told=error, most=most), shape) from None


def _fitting(value: Any, shape: Any) -> Any:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError:
        return None


def _around(pointer: str) -> Iterable[str]:
    """The pointer, and those to all that it lies in."""
    return accumulate(pointer.split("/"), "{}/{}".format)


_OUT_OF_RANGE = "out of range"
"""What msgspec says of a number that no float can hold."""
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def _decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    found = _DECODERS.get(shape)
    if found is None:
        found = _DECODERS[shape] = msgspec.json.Decoder(shape)
    return found


def _is_chunked(request: HttpRequest) -> bool:
    return not request.META.get("CONTENT_LENGTH") and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "")


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdecimal() else 0


def _malformed(body: bytes, error: Exception) -> Refused:
    if isinstance(error, RecursionError):
        return Refused(MALFORMED, "Arrays and objects are nested too deep to be read.")
    if _OUT_OF_RANGE in str(error):
        return Refused(MALFORMED, "A number in it is too large: at most 1.8e308.")
    return Refused(MALFORMED, _mistake(body) if body.strip() else "It is empty.")


def _mistake(body: bytes) -> str:
    """Where a text stops being JSON, as the standard library tells it."""
    try:
        json.loads(body.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError as wrong:
        return f"It is not UTF-8 at byte {wrong.start}."
    except json.JSONDecodeError as wrong:
        return f"{wrong.msg} at line {wrong.lineno}, column {wrong.colno}."
    except (ValueError, RecursionError) as wrong:
        return f"{wrong}."
    return "A string in it holds half of a surrogate pair."


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
