"""A multipart body taken apart: form fields and files, in time that grows with its length alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from evenhand.desk.media.hma.errors import Refusal

MOST_PARTS: Final = 20
LONGEST_HEAD: Final = 8_192
_BOUNDARY = re.compile(r'(?i);\s*boundary=(?:"([^"\r\n]{1,200})"|([^\s";,]{1,200}))')
_NAME = re.compile(r'(?i);\s*name="([^"\r\n]{0,200})"')
_FILE = re.compile(r"(?i);\s*filename\*?=")
_BAD: Final = 400


class Part(Struct, frozen=True):
    name: str
    data: bytes
    is_file: bool


def boundary(content_type: str) -> bytes:
    """Raises Refusal."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise Refusal(_BAD, "The header Content-Type names no boundary: let the client's library write it.")
    return (found[1] or found[2]).encode("latin-1", "replace")


def parts(body: bytes, mark: bytes) -> list[Part]:
    """RFC 7578. Raises Refusal: a part has no end or no name, or there are too many."""
    return list(_parts(body, b"--" + mark))


def _parts(body: bytes, mark: bytes) -> Iterator[Part]:
    at = 0 if body.startswith(mark) else body.find(b"\r\n" + mark) + 2
    if not body.startswith(mark, at):
        raise Refusal(_BAD, "The multipart body does not hold the boundary that Content-Type names.")
    for _ in range(MOST_PARTS + 1):
        at += len(mark)
        if body.startswith(b"--", at):
            return
        end = body.find(b"\r\n" + mark, at)
        if end < 0:
            raise Refusal(_BAD, "The multipart body ends before its last boundary: it was cut off.")
        yield _part(body, at, end)
        at = end + 2
    raise Refusal(_BAD, f"The multipart body has more than {MOST_PARTS} parts.")


def _part(body: bytes, start: int, end: int) -> Part:
    blank = body.find(b"\r\n\r\n", start, min(end, start + LONGEST_HEAD))
    if blank < 0:
        raise Refusal(_BAD, "A part of the multipart body has no blank line behind its headers.")
    head = body[start:blank].decode("utf-8", "replace")
    told = next((line for line in head.split("\r\n") if line.lower().startswith("content-disposition:")), "")
    name = _NAME.search(told)
    if name is None:
        raise Refusal(_BAD, "A part of the multipart body has no name in its Content-Disposition.")
    return Part(name[1], body[blank + 4 : end], _FILE.search(told) is not None)
