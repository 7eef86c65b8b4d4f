"""The one door to files of hashes: which format a file has, by what stands in it, and its rows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from evenhand.connectors.hashfiles import hma, jsonrows, vics, vpdqtext
from evenhand.connectors.hashfiles.jsonstream import NotJson, elements
from evenhand.engine.media import hashcsv
from evenhand.engine.media.hashcsv import Row
from evenhand.engine.media.kinds import sniff

FORMATS: Final = ("csv", "json", "vpdq", "vics", "hma")
_HEAD: Final = 4_096
"""Bytes by which a file is known for text."""
_TOLD_EVERY: Final = 1_000
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_VPDQ = re.compile(r"\d{1,9},\d{1,3},[0-9a-fA-F]{64},[0-9.]{1,20}")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_VICS_LISTS: Final = ("value", "Media")


def form_of(path: Path) -> str:
    """One of FORMATS. Raises OSError; ValueError, in a sentence: it is no text."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        check_text(head)
        bare = head.removeprefix(jsonrows.BOM).lstrip(jsonrows.BLANKS)
        if head.startswith(_UTF_16) or bare.startswith((b"[", b"{")):
            file.seek(0)
            return _of_json(file, is_list=bare.startswith(b"["))
    return "vpdq" if _VPDQ.fullmatch(bare.partition(b"\n")[0].decode("utf-8", "replace").strip()) else "csv"


def check_text(head: bytes) -> None:
    """Of a file's first bytes. Raises ValueError."""
    if not head.startswith(_UTF_16) and _NO_TEXT.search(head):
        found = sniff(head)
        kind = "binary" if found.family == "other" else f"a {found.name.upper()}"
        hint = "" if found.family == "other" else ": `evenhand media bank add` adds what it hashes to"
        raise ValueError(f"This is no text file, it is {kind}{hint}.")


def _of_json(file: BinaryIO, *, is_list: bool) -> str:
    """By its first element. A document that is one object over many lines can only be Project VIC's."""
    try:
        [(_line, first)] = islice(elements(file, _VICS_LISTS), 1)
    except (NotJson, ValueError):
        first = None
    if not is_list:
        file.seek(0)
        first = _first_line(file, otherwise=first)
        if first is None or _is_around_media(first):
            return "vics"
    return _of_element(first)


def _first_line(file: BinaryIO, *, otherwise: Any) -> Any:
    try:
        _number, line = next(jsonrows.each(file))
        return jsonrows.decoded(line)
    except (StopIteration, ValueError):
        return otherwise


def _is_around_media(first: Any) -> bool:
    return isinstance(first, dict) and any(isinstance(first.get(name), list) for name in _VICS_LISTS)


def _of_element(first: Any) -> str:
    if isinstance(first, dict) and ("signals" in first or "disable_until_ts" in first):
        return "hma"
    if isinstance(first, str) or (isinstance(first, dict) and isinstance(first.get("value"), str)):
        return "json"
    return "vics"


def rows(
    path: Path,
    form: str,
    *,
    now: float,
    kind: str = "",
    unknown: Callable[[str], str] | None = None,
    done: Callable[[int], None] | None = None,
) -> Iterator[Row]:
    """Every row of a file of this format, in order. `now`: seconds. `kind`, `unknown`: as of `hashcsv.read`; formats
    whose media have several kinds take all of them. `done`: told how many bytes more were read, now and then.

    Raises OSError; ValueError, in a sentence: it is of another format.
    """
    with path.open("rb") as file:
        at = 0
        for number, row in enumerate(_rows(file, form, now, kind, unknown)):
            if done is not None and number % _TOLD_EVERY == 0:
                done(file.tell() - at)
                at = file.tell()
            yield row


def _rows(file: BinaryIO, form: str, now: float, kind: str, unknown: Callable[[str], str] | None) -> Iterator[Row]:
    if form == "vics":
        yield from vics.read(file)
    elif form == "hma":
        yield from hma.read(file, now)
    elif form == "json":
        yield from jsonrows.read(file, kind=kind, unknown=unknown)
    else:
        check_text(file.read(_HEAD))
        file.seek(0)
        with TextIOWrapper(file, encoding="utf-8", errors="replace") as lines:
            if form == "vpdq":
                yield from vpdqtext.read(lines, Path(file.name).name[:255])
            else:
                yield from hashcsv.read(lines, kind=kind, unknown=unknown)
