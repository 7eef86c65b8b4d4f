"""What else a picture's file is to other programs: an archive behind it, a script within it. Told, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evenhand.engine.media.kinds import Kind

_REACH: Final = 65_536
"""How far from both ends it is looked for: a ZIP's directory ends within its last 64 KiB (APPNOTE 4.3.16)."""
_SIGNS: Final = (
    (re.compile(rb"PK\x05\x06"), "a ZIP"),
    (re.compile(rb"%PDF-1\."), "a PDF"),
    (re.compile(rb"Rar!\x1a\x07"), "a RAR"),
    (re.compile(rb"<(?:script|html|!doctype html|iframe)[\s>]", re.IGNORECASE), "HTML"),
    (re.compile(rb"<\?php\s"), "PHP"),
)
_SCRIPT: Final = re.compile(rb"GIF8[79]a(?:/\*|\s*=)")


def remarks(data: bytes, kind: Kind) -> Iterator[str]:
    """Sentences about what the file is beside a picture of `kind`."""
    ends = data[:_REACH], data[max(_REACH, len(data) - _REACH) :]
    for sign, what in _SIGNS:
        if any(sign.search(end) for end in ends):
            yield f"the file is also {what}; it was decoded as {kind.name.upper()}, which its first bytes say"
    if _SCRIPT.match(data):
        yield "the file is also a script; it was decoded as GIF, which its first bytes say"
