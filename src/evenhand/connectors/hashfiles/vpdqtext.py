"""vPDQ's text: `frame,quality,hash,seconds`, a line for each frame; one file is one video."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from evenhand.engine.media.hashcsv import Row
from evenhand.engine.media.hashkinds import MOST_HASHES
from evenhand.engine.media.listing import Listed
from evenhand.engine.media.records import hash_bytes, shown

LEAST_QUALITY: Final = 50
"""Frames below tell nothing (threatexchange's vPDQ takes the same)."""
_BEST = 100
_CELLS = 4


def read(lines: Iterable[str], key: str) -> Iterator[Row]:
    """Refused lines as they come, the video at the end. `key`: of the video."""
    frames: list[bytes] = []
    last = 0
    for last, line in enumerate(lines, 1):
        bare = line.lstrip("\ufeff").strip()
        if not bare or bare.startswith("#"):
            continue
        try:
            quality, value = _frame(bare)
        except ValueError as why:
            yield last, str(why)
            continue
        if quality >= LEAST_QUALITY and len(frames) < MOST_HASHES:
            frames.append(value)
    if frames:
        yield last, Listed(key=key, hashes={"vpdq": b"".join(frames)})
    else:
        yield last, f"no frame has a quality of {LEAST_QUALITY} or more."


def _frame(line: str) -> tuple[int, bytes]:
    """Raises ValueError, in a sentence."""
    cells = [cell.strip() for cell in line[:1000].split(",")]
    if len(cells) != _CELLS:
        raise ValueError(f"frame,quality,hash,seconds are needed, not {shown(line)}.")
    quality = cells[1]
    if not (quality.isascii() and quality.isdecimal() and len(quality) <= 3 and int(quality) <= _BEST):  # noqa: PLR2004 - digits of 100
        raise ValueError(f"quality: 0 to 100 is needed, not {shown(quality)}.")
    return int(quality), hash_bytes("pdq", cells[2])
