"""A medium that is added here by its file: hashed in the sandbox with what a copy may become, and forgotten at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evenhand.desk.media.errors import Invalid
from evenhand.desk.media.models import Entry
from evenhand.desk.media.services.owning import add_entry
from evenhand.engine.detect.knownmedia import GOOD, PERCEPTUAL

if TYPE_CHECKING:
    from evenhand.runtime import decode


def add_file(bank: str, data: bytes, *, actor: str, classification: str = "", note: str = "") -> list[Entry]:
    """Its rows, one for each kind of hash; the perceptual one with those of crops and small turns. The bytes are kept
    nowhere. Raises Invalid, NoSuch."""
    from evenhand.runtime import decode  # noqa: PLC0415 (a desk that hashes nothing does not load it)

    found = decode.hash_media(data, queries=False, keep=True)
    if isinstance(found, decode.Refused):
        raise Invalid(f"Nothing was added. The file is {found.verdict}: {found.reason}")
    return add_entry(bank, _hashes(found), actor=actor, classification=classification, note=note)


def _hashes(found: decode.Hashed) -> dict[str, bytes]:
    """A perceptual hash of hardly anything would match hardly anything, too: it is left out."""
    given = {kind: bytes.fromhex(value) for kind, value in found.hashes.items() if kind != "pdq"}
    frames = [frame.pdq for frame in found.frames if frame.quality >= GOOD]
    if "video_md5" in found.hashes and frames:
        given["vpdq"] = _joined(frames)
    elif "pdq" in found.hashes and found.quality >= GOOD:
        given["pdq"] = _joined([found.hashes["pdq"], *(one.pdq for one in found.kept)])
    return given


def _joined(hashes: Sequence[str]) -> bytes:
    return b"".join(bytes.fromhex(one) for one in dict.fromkeys(hashes))


def has_look(rows: Sequence[Entry]) -> bool:
    """Whether copies of it that are not the same file can be matched."""
    return any(row.kind in PERCEPTUAL for row in rows)
