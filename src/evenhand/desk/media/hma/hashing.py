"""`/h/hash`: media hashed in the sandbox of `runtime.decode`, and forgotten."""

from __future__ import annotations

import hashlib

from evenhand.desk.media.hma import kinds
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.request import Request
from evenhand.desk.media.hma.room import Answer, Room
from evenhand.desk.media.services.hashing import NotNow, fetched
from evenhand.engine.detect.knownmedia import GOOD
from evenhand.engine.media.kinds import sniff
from evenhand.runtime import decode
from evenhand.runtime.fetch import FetchError


def hash_address(_room: Room, request: Request) -> Answer:
    content, data = fetched_file(request)
    asked = kinds.types(request.get("types"), content)
    return Answer(_only(asked, hashes(data, content)))


def hash_upload(_room: Room, request: Request) -> Answer:
    content, data = uploaded(request)
    asked = kinds.types(request.get("types"), content)
    return Answer(_only(asked, hashes(data, content)))


def uploaded(request: Request) -> tuple[str, bytes]:
    """Content type and bytes. Raises Refusal."""
    if not request.is_multipart:
        raise Refusal(415, "A file comes as multipart/form-data, in the field photo or video.")
    name, data = request.file()
    return kinds.content_type(name), data


def fetched_file(request: Request) -> tuple[str, bytes]:
    """The same of an address: only from hosts that the configuration names. Raises Refusal."""
    url = request.need("url")
    named = request.get("content_type")
    content = kinds.content_type(named) if named else ""
    try:
        data = fetched(url)
    except NotNow as why:
        raise Refusal(403, str(why)) from None
    except (FetchError, ValueError) as error:
        raise Refusal(502, f"The medium could not be fetched: {error}") from None
    return content or ("video" if sniff(data).family == "video" else "photo"), data


def hashes(data: bytes, content: str) -> dict[str, str]:
    """Of each signal type. A picture of next to nothing has an empty pdq, as with HMA: it would match anything.

    Raises Refusal: it cannot be decoded, or there is no decoder now.
    """
    return told(decoded(data, content), data, content)


def decoded(data: bytes, content: str, *, variants: bool = False) -> decode.Hashed:
    """`variants`: with its other looks, at many times the cost. Raises Refusal."""
    found = decode.hash_media(data, kinds.CONTENT[content], queries=variants)
    if isinstance(found, decode.Refused):
        raise Refusal(503 if found.verdict == "waiting" else 400, f"The file is {found.verdict}: {found.reason}")
    return found


def looks(found: decode.Hashed) -> list[tuple[str, str]]:
    """Name and pdq of what else a picture shows that says anything: turned, trimmed, over black, in a later frame."""
    if "pdq" not in found.hashes:
        return []
    others = [(one.name, one.pdq) for one in found.others if one.quality >= GOOD]
    return others + [(f"after {one.at:.1f} s", one.pdq) for one in found.frames if one.quality >= GOOD]


def told(found: decode.Hashed, data: bytes, content: str) -> dict[str, str]:
    """As `hashes`, of a file that was decoded. Raises Refusal."""
    exact = {name: found.hashes[name] for name in kinds.EXACT}
    if content == "video":
        return {"video_md5": hashlib.md5(data, usedforsecurity=False).hexdigest(), **exact}
    if "pdq" not in found.hashes:
        raise Refusal(400, f"The file is no photo: it is {found.kind.upper()}. Send it in the field video.")
    return {"pdq": found.hashes["pdq"] if found.quality >= GOOD else "", **exact}


def _only(asked: tuple[str, ...], found: dict[str, str]) -> dict[str, str]:
    return {name: found[name] for name in asked}
