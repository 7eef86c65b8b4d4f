"""From the fields of a hash list's record to values: text that can be kept, hashes, moments; or a sentence why not."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from evenhand.engine.media.hashkinds import LENGTHS, problem
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.model import Micros

SHOWN: Final = 60
"""Characters of a strange value that a sentence quotes."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799
"""Seconds: the end of the year 9999."""
_DOTNET = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/")
_FRACTION = re.compile(r"\.(\d{1,30})")


def text(value: Any, longest: int = 255) -> str:
    """As every database takes it: no NUL, no half of a surrogate pair; null is empty."""
    if value is None:
        return ""
    return str(value).replace("\x00", "\ufffd")[:longest].encode("utf-8", "replace").decode().strip()


def hash_bytes(kind: str, written: Any) -> bytes:
    """Hex for the kinds that we know. Others: hex, else Base64, else the text itself, which are all matched exactly.

    Raises ValueError, in a sentence.
    """
    if not isinstance(written, str) or not written.strip():
        raise ValueError(f"{kind}: a hash is text, not {shown(written)}.")
    value = _hex(written.strip())
    if kind in LENGTHS and value is None:
        raise ValueError(f"{kind}: hex digits are needed, not {shown(written)}.")
    if value is None:
        value = _base64(written.strip()) or written.strip().encode("utf-8", "replace")
    if told := problem(kind, value, one=True):
        raise ValueError(f"{kind}: {told} It says {shown(written)}.")
    return value


def moment(written: Any) -> Micros | None:
    """ISO 8601 (UTC where it names no zone), .NET's /Date(milliseconds)/, or seconds since 1970. None for nothing.

    Raises ValueError, in a sentence.
    """
    if written is None or written == "":
        return None
    if isinstance(written, int | float) and not isinstance(written, bool) and 0 <= written <= _LATEST:
        return int(written * 1_000_000)
    if isinstance(written, str) and len(written) <= SHOWN:
        if dotnet := _DOTNET.fullmatch(written):
            return int(dotnet[1]) * 1_000
        try:
            return _iso(written.strip())
        except (ValueError, OverflowError):
            pass
    raise ValueError(f"{shown(written)} is no date (2026-01-31T12:00:00Z).")


def truth(written: Any) -> bool:
    """Also "true", "True", "1", as text. Raises ValueError, in a sentence."""
    said = str(written).strip().lower() if isinstance(written, str | bool | int) else written
    if said in ("true", "1", "yes"):
        return True
    if said in ("false", "0", "no", "", None):
        return False
    raise ValueError(f"{shown(written)} is neither true nor false.")


def mapping(written: Any, what: str) -> dict[str, Any]:
    """It, if it is an object. Raises ValueError, in a sentence."""
    if isinstance(written, dict):
        return written
    raise ValueError(f"{what} is an object, not {shown(written)}.")


def said(key: str, hashes: Mapping[str, bytes], **more: Any) -> Listed | Withdrawn:
    """A medium without a hash cannot be matched: as good as withdrawn, and it takes earlier hashes with it."""
    if hashes:
        return Listed(key=key, hashes=hashes, **more)
    return Withdrawn(key=key, reason="Its list names no hash of it that can be matched.", at=more.get("at"))


def shown(value: Any) -> str:
    return f"“{text(value, SHOWN)}”" if isinstance(value, str) else text(repr(value)[: 2 * SHOWN], SHOWN)


def _iso(written: str) -> Micros:
    cut = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), written)
    found = datetime.fromisoformat(cut)
    aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    return (aware - _EPOCH) // timedelta(microseconds=1)


def _hex(written: str) -> bytes | None:
    try:
        return bytes.fromhex(written)
    except ValueError:
        return None


def _base64(written: str) -> bytes | None:
    try:
        return b64decode(written, validate=True)
    except (NotBase64, ValueError):
        return None
