"""Project VIC's JSON (VICS 1.3 and 2.0, hash sets and case files; CAID writes the same form), as it is in the wild.

Categories differ by country and nobody writes which table they mean: what stands there is kept, with its context.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from evenhand.connectors.hashfiles.jsonstream import elements
from evenhand.engine.media.hashcsv import Row
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, mapping, moment, said, shown, text, truth

_HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PhotoDNA": "pdna", "PDQ": "pdq"}
_FLAGS = ("VictimIdentified", "OffenderIdentified", "IsDistributed", "IsPrecategorized")


def read(file: BinaryIO) -> Iterator[Row]:
    """(Line, what it says or why it says nothing). Raises jsonstream.NotJson."""
    for line, element in elements(file, ("value", "Media")):
        media = element.get("Media") if isinstance(element, dict) else None
        for one in media if isinstance(media, list) else [element]:
            try:
                yield line, _medium(one)
            except ValueError as why:
                yield line, str(why)


def _medium(given: Any) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    one = mapping(given, "a medium")
    hashes = {kind: hash_bytes(kind, one[name]) for name, kind in _HASHES.items() if one.get(name) not in (None, "")}
    if not hashes:
        raise ValueError(f"MD5, SHA1: medium {shown(one.get('MediaID'))} has no hash.")
    sharpest = next(iter(hashes))
    return said(
        f"{sharpest}:{hashes[sharpest][:100].hex()}",
        hashes,
        classification=text(one.get("Category"), 64),
        tags=_tags(one),
        note=text(one.get("Series")),
        at=moment(one.get("DateUpdated")),
    )


def _tags(one: dict[str, Any]) -> tuple[str, ...]:
    written = one.get("Tags")
    given = written.split(",") if isinstance(written, str) else written if isinstance(written, list) else []
    tags = [text(tag, 64) for tag in given]
    tags += [name for name in _FLAGS if truth(one.get(name))]
    return tuple(dict.fromkeys(tag for tag in tags if tag))[:50]
