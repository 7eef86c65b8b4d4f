"""What each field type makes of a value: `None` when it is missing, `Unfit` when it cannot be read.

Forgiving where a platform's languages differ ("13" for 13, "" for no date), strict where a guess could be wrong.
Reading its own result again changes nothing.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Unfit
from evenhand.engine.media.hashkinds import example
from evenhand.runtime.mediakinds import written_problem

Coerce = Callable[[Any], Any]

_EMBEDDED_MEDIA = re.compile(r"\s*data:(image|video|audio)/", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE)
_GEOHASH = re.compile(r"[0-9b-hjkmnp-z]{1,12}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_NUMBER = 64
_EXACT = 2**63


def text(value: str) -> str:
    """A string as it is kept: no NUL (PostgreSQL has none), no media in it (the desk keeps addresses, never media)."""
    if len(value) > limits.STRING:
        raise Unfit(f"It has {len(value):,} characters; at most {limits.STRING:,} are taken.")
    if _EMBEDDED_MEDIA.match(value):
        raise Unfit("It holds the media itself; send the address where the media is.", "https://media.example/1.jpg")
    return value.replace("\0", "\ufffd") if "\0" in value else value


def identifier(value: str, longest: int = limits.ID) -> str:
    """An id as the platform gave it, unchanged."""
    if not value:
        raise Unfit("It is empty.", "post-1")
    if len(value) > longest:
        raise Unfit(f"It has {len(value):,} characters; at most {longest} are taken.")
    if _CONTROL.search(value):
        raise Unfit("It holds a control character.", "post-1")
    return value


def string(value: Any) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Unfit(f"A string is needed, not {named(value)}.", "some text")


def number(value: Any) -> int | float | None:
    if isinstance(value, str):
        value = _parsed(value.strip())
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"A number is needed, not {named(value)}.", 13)
    return value if -_EXACT <= value < _EXACT else _floated(value)


def _parsed(written: str) -> int | float | None:
    if not written:
        return None
    if len(written) > _LONGEST_NUMBER or not _NUMBER.fullmatch(written):
        raise Unfit("This text is not a number.", 13)
    return int(written) if written.lstrip("+-").isdecimal() else float(written)


def _floated(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Unfit("The number is too large.", 13)
    return number


def boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not value.strip():
        return None
    truth = _TRUTH.get(str(value).strip().lower()) if isinstance(value, str | int) else None
    if truth is None:
        raise Unfit(f"true or false is needed, not {named(value)}.", example=True)
    return truth


def moment(value: Any) -> datetime | None:
    """An ISO 8601 date or date and time, as an aware datetime in UTC; without a zone it is taken to be UTC."""
    if not isinstance(value, str):
        raise Unfit(f"A date and time in ISO 8601 is needed, not {named(value)}.", "2026-01-31T12:00:00Z")
    written = value.strip()
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("This text is not a date and time in ISO 8601.", "2026-01-31T12:00:00Z") from None


def date_time(value: Any) -> str | None:
    read = moment(value)
    return None if read is None else read.isoformat().replace("+00:00", "Z")


def url(value: Any) -> str | None:
    """An absolute URL of any scheme; spaces are escaped, as browsers do."""
    written = _line(value, "https://example.com/page", limits.URL)
    if written is None:
        return None
    written = written.replace(" ", "%20")
    try:
        parts = urlsplit(written)
    except ValueError:
        raise Unfit("This text is not a URL.", "https://example.com/page") from None
    if parts.scheme == "data":
        raise Unfit("It holds the content itself; send its address.", "https://example.com/page")
    if not _SCHEME.match(written) or (parts.scheme in {"http", "https"} and not parts.hostname):
        raise Unfit("A whole URL is needed, with its scheme and host.", "https://example.com/page")
    return written


def media(value: Any) -> str | dict[str, Any] | None:
    """The address of an image, video or audio file: a URL, or an object with `url`; with `hashes`, hex by kind, it
    stays an object."""
    if not isinstance(value, dict):
        return url(value)
    try:
        address = url(value.get("url", ""))
    except Unfit as error:
        raise error.inside("url") from None
    hashes = _hashes(value.get("hashes"))
    if hashes and not address:
        reason = "Its hashes need its address beside them; without one, POST them to /api/v2/media/hashes."
        raise Unfit(reason, "https://example.com/picture.jpg").inside("url")
    return {"url": address, "hashes": hashes} if hashes else address


def any_media(value: Any) -> str | dict[str, Any] | None:
    """Like `media`; an object may say in `mediaType` whether it is image, video or audio."""
    found = media(value)
    kind = value.get("mediaType") if isinstance(value, dict) else None
    if found is None or kind is None:
        return found
    if not isinstance(kind, str) or kind.lower() not in {"image", "video", "audio"}:
        raise Unfit("It is one of image, video, audio.", "image").inside("mediaType")
    return {**(found if isinstance(found, dict) else {"url": found}), "mediaType": kind.lower()}


def _hashes(value: Any) -> dict[str, str]:
    """What the platform says that it hashes to."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unfit(f"An object is needed, hex by kind of hash, not {named(value)}.", {"md5": _MD5}).inside("hashes")
    if len(value) > _MOST_HASHES:
        raise Unfit(f"It has more than {_MOST_HASHES} hashes.", {"md5": _MD5}).inside("hashes")
    for kind, written in value.items():
        told = written_problem(str(kind), written) if isinstance(written, str) else "A string of hex digits is needed."
        if told:
            raise Unfit(told, example(str(kind))).inside(str(kind)).inside("hashes")
    return {kind: written.lower() for kind, written in value.items()}


_MD5 = "9e107d9d372bb6826bd81d3542a419d6"
_MOST_HASHES = 20


def an_id(value: Any) -> str | None:
    if value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = string(value)
    if not isinstance(value, str):
        raise Unfit(f"An id is needed, a string, not {named(value)}.", "user-1")
    return identifier(value)


def geohash(value: Any) -> str | None:
    written = _line(value, "u33dc0", _LONGEST_NUMBER)
    if written is not None and not _GEOHASH.fullmatch(written.lower()):
        raise Unfit("This text is not a geohash: 1 to 12 of 0-9 and b-z without i, l, o.", "u33dc0")
    return written and written.lower()


def ip_address(value: Any) -> str | None:
    written = _line(value, "192.0.2.1", _LONGEST_NUMBER)
    if written is None:
        return None
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        raise Unfit("This text is not an IP address.", "192.0.2.1") from None


def email_address(value: Any) -> str | None:
    written = _line(value, "somebody@example.com", limits.EMAIL)
    if written is not None and not _EMAIL.fullmatch(written):
        raise Unfit("This text is not an e-mail address.", "somebody@example.com")
    return written


def _line(value: Any, example: str, longest: int) -> str | None:
    """A short text of one line; None when it is empty."""
    if not isinstance(value, str):
        raise Unfit(f"A string is needed, not {named(value)}.", example)
    written = text(value).strip()
    if len(written) > longest:
        raise Unfit(f"It has {len(written):,} characters; at most {longest:,} are taken.", example)
    if _CONTROL.search(written):
        raise Unfit("It holds a control character.", example)
    return written or None


def named(value: Any) -> str:
    """What JSON calls a value of this kind."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
    return "an object"


SCALARS: dict[str, Coerce] = {
    "STRING": string,
    "NUMBER": number,
    "BOOLEAN": boolean,
    "DATETIME": date_time,
    "URL": url,
    "IMAGE": media,
    "VIDEO": media,
    "AUDIO": media,
    "MEDIA": any_media,
    "ID": an_id,
    "GEOHASH": geohash,
    "POLICY_ID": an_id,
    "IP_ADDRESS": ip_address,
    "EMAIL_ADDRESS": email_address,
}
"""USER_ID and RELATED_ITEM need the platform's item types: see `related`."""
