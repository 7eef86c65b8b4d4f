"""The elements of arrays in a JSON file of any size, one after the other; only one is in memory at a time.

Elements of the array that is the document, or that stands under a wanted key of it; and of arrays under a wanted key
of an element that is too large to be taken whole, to any depth below `DEEPEST`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, Final

from evenhand.engine.media.records import shown

LARGEST: Final = 1 << 20
"""Characters of an element, or of any other value, that is taken whole."""
DEEPEST: Final = 4
_PIECE = 1 << 18
_NO_BLANK = re.compile(r"[^ \t\n\r]")
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class NotJson(ValueError):
    """The file is not what it should be; the message names line, reason and an example."""


def elements(file: BinaryIO, wanted: Collection[str]) -> Iterator[tuple[int, Any]]:
    """(Line, element). Raises NotJson; what came before stands."""
    text = _Text(file)
    yield from _values(text, wanted, 0)
    if text.peek():
        raise text.wrong("something stands after the end")


class _Text:
    """What is at hand of the file, and where in it we are."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.read(4)
        encoding = next((name for bom, name in _BOMS.items() if start.startswith(bom)), "utf-8")
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._buffer, self._at, self.line, self._ended = self._decoder.decode(start), 0, 1, False

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            stands = _NO_BLANK.search(self._buffer, self._at)
            self._advance(stands.start() if stands else len(self._buffer))
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more(_PIECE):
                return ""

    def take(self, char: str) -> bool:
        if self.peek() != char:
            return False
        self._advance(self._at + 1)
        return True

    def value(self) -> Any:
        """The next value, whole. Raises NotJson; OverflowError: it is larger than LARGEST, and still stands there."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._buffer) - self._at > LARGEST:
                    raise OverflowError from None
                if not self._more(max(_PIECE, len(self._buffer) - self._at)):
                    raise self.wrong(str(error) or "too deep") from None
                continue
            if end == len(self._buffer) and self._more(_PIECE):
                continue
            self._advance(end)
            return found

    def wrong(self, why: str) -> NotJson:
        there = shown(self._buffer[self._at : self._at + 40])
        return NotJson(f"line {self.line}: it is no JSON: {why[:200]}. There stands {there}.")

    def _more(self, size: int) -> bool:
        """Doubling pieces: what is tried again is read in linear time altogether."""
        if self._ended:
            return False
        piece = self._file.read(size)
        self._ended = not piece
        self._buffer = self._buffer[self._at :] + self._decoder.decode(piece, final=self._ended)
        self._at = 0
        return True

    def _advance(self, end: int) -> None:
        self.line += self._buffer.count("\n", self._at, end)
        self._at = end


_DECODER = json.JSONDecoder()


def _values(text: _Text, wanted: Collection[str], depth: int) -> Iterator[tuple[int, Any]]:
    if depth > DEEPEST:
        raise text.wrong(f"more than {DEEPEST} lists within each other")
    if text.take("["):
        yield from _array(text, wanted, depth)
    elif text.take("{"):
        yield from _object(text, wanted, depth)
    else:
        raise text.wrong("a list or an object is needed")


def _array(text: _Text, wanted: Collection[str], depth: int) -> Iterator[tuple[int, Any]]:
    if text.take("]"):
        return
    while True:
        text.peek()
        line = text.line
        try:
            yield line, text.value()
        except OverflowError:
            yield from _values(text, wanted, depth + 1)
        if text.take("]"):
            return
        if not text.take(","):
            raise text.wrong("a comma or ] is needed")


def _object(text: _Text, wanted: Collection[str], depth: int) -> Iterator[tuple[int, Any]]:
    if text.take("}"):
        return
    while True:
        key = _whole(text)
        if not isinstance(key, str) or not text.take(":"):
            raise text.wrong("a name and a colon are needed")
        if key in wanted and text.peek() == "[":
            yield from _values(text, wanted, depth + 1)
        else:
            _whole(text)
        if text.take("}"):
            return
        if not text.take(","):
            raise text.wrong("a comma or } is needed")


def _whole(text: _Text) -> Any:
    try:
        return text.value()
    except OverflowError:
        raise text.wrong(f"it is broken, or larger than {LARGEST:,} characters") from None
