"""Canonical JSON (RFC 8785): one value, one sequence of bytes, so that a hash of it means the value."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from evenhand.engine.ledger.tree import LedgerError

MAX_INTEGER = 2**53 - 1
"""RFC 7493: beyond it, JSON readers disagree about a number."""
MAX_DEPTH = 64
_string = json.JSONEncoder(ensure_ascii=False).encode
_FIXED_BELOW = 21
_SCIENTIFIC_BELOW = -6


class NotCanonicalError(LedgerError):
    """A value that has no single JSON form; the message names its place."""


def encode(value: Any) -> bytes:
    """`value` made of dicts with string keys, lists, tuples, strings, numbers, booleans and None.

    Raises NotCanonicalError: anything else, an integer beyond ±(2^53 - 1), NaN, an infinity, half a surrogate pair, or
    more than 64 levels.
    """
    text = _encode(value, "$", MAX_DEPTH)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonicalError("a text holds half a surrogate pair, which is no character") from None


def _encode(value: Any, path: str, depth: int) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return _integer(value, path)
    if isinstance(value, float):
        return _float(value, path)
    if depth == 0:
        raise NotCanonicalError(f"{path}: nested more than {MAX_DEPTH} deep")
    if isinstance(value, Mapping):
        return _object(value, path, depth - 1)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_encode(v, f"{path}[{i}]", depth - 1) for i, v in enumerate(value)) + "]"
    raise NotCanonicalError(f"{path}: {type(value).__name__} has no JSON form")


def _object(value: Mapping[Any, Any], path: str, depth: int) -> str:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonicalError(f"{path}: the key {key!r} is not a text")
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{_string(key)}:{_encode(value[key], f'{path}.{key}', depth)}" for key in keys) + "}"


def _integer(value: int, path: str) -> str:
    if abs(value) > MAX_INTEGER:
        raise NotCanonicalError(f"{path}: {value} is beyond ±(2^53 - 1); write it as a text")
    return str(int(value))


def _float(value: float, path: str) -> str:
    """The shortest digits that give the number back, laid out as ECMAScript does (RFC 8785 §3.2.2.3)."""
    if not math.isfinite(value):
        raise NotCanonicalError(f"{path}: {value} has no JSON form")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}e0".partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent.split("e")[0])
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    return sign + _laid_out(digits.rstrip("0"), point)


def _laid_out(digits: str, point: int) -> str:
    """`digits` with the decimal point after the first `point` of them."""
    if len(digits) <= point <= _FIXED_BELOW:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _FIXED_BELOW:
        return f"{digits[:point]}.{digits[point:]}"
    if _SCIENTIFIC_BELOW < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
