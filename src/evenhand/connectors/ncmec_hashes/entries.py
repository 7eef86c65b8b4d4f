"""One page of entries: what it lists, what it takes back, where the next one is, and what could not be read."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from msgspec import Struct

from evenhand.engine.media.hashkinds import LENGTHS
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, moment, said, shown, text

TYPES: Final = {
    "md5": "MD5", "video_md5": "MD5", "sha1": "SHA1", "pdna": "PDNA", "pdq": "PDQ", "netclean": "NETCLEAN",
    "videntifier": "VIDENTIFIER", "tmk_pdqf": "TMK_PDQF", "ssvh_pdna": "SSVH_PDNA",
    "ssvh_safer_hash": "SSVH_SAFER_HASH",
}  # fmt: skip
"""Our kind of hash → the type of fingerprint in NCMEC's addresses."""
_MEDIA = {"image": False, "video": True, "deletedImage": False, "deletedVideo": True}


class Entries(Struct, frozen=True):
    """`next`: the link as it stands there, empty on the last page."""

    changes: tuple[Listed | Withdrawn, ...]
    refused: tuple[str, ...]
    next: str


def read(tree: Element) -> Entries:
    changes, refused = [], []
    for group in tree:
        if group.tag not in ("images", "videos"):
            continue
        for element in group:
            if element.tag not in _MEDIA:
                continue
            try:
                changes.append(_change(element))
            except ValueError as why:
                refused.append(f"{element.tag} {shown(_key_as_written(element))}: {why}")
    return Entries(tuple(changes), tuple(refused), (tree.findtext("paging/next") or "").strip())


def _change(element: Element) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    member = element.find("member")
    member_id = text(member.get("id")) if member is not None else ""
    entry_id = text(element.findtext("id"))
    if not member_id or not entry_id or "-" in member_id:
        raise ValueError("It does not say whose it is (member/@id), or which (id).")
    key, at = f"{member_id}-{entry_id}", moment(element.findtext("timestamp"))
    if element.tag.startswith("deleted"):
        return Withdrawn(key=key, reason="Its member deleted it.", at=at)
    hashes, elsewhere = _fingerprints(element, video=_MEDIA[element.tag])
    return said(
        key,
        hashes,
        classification=text(element.findtext("classification"), 64),
        tags=(f"member:{member_id}", *(f"by reference: {name}" for name in elsewhere)),
        note=_feedback(element),
        at=at,
    )


def _fingerprints(element: Element, *, video: bool) -> tuple[dict[str, bytes], list[str]]:
    """Hashes by kind, and the names of those that NCMEC keeps at an address because they are large."""
    hashes: dict[str, bytes] = {}
    elsewhere = []
    for one in element.iterfind("fingerprints/*"):
        kind = one.tag.lower().replace("-", "_")
        if one.get("href"):
            elsewhere.append(one.tag)
        elif kind in TYPES and (one.text or "").strip():
            kind = "video_md5" if video and kind == "md5" else kind
            hashes[kind] = hash_bytes(kind, one.text)
    return hashes, elsewhere


def _feedback(element: Element) -> str:
    """What members think of it, in short."""
    told = []
    for name, word in (("affirmativeFeedback", "agree"), ("negativeFeedback", "disagree")):
        for one in element.iterfind(f"feedback/{name}"):
            count = len(list(one.iter("member")))
            reasons = sorted({text(reason.get("name"), 60) for reason in one.iter("reason")} - {""})
            why = f" ({', '.join(reasons)})" if reasons else ""
            told.append(f"{text(one.get('type'), 20)}: {count} {word}{why}")
    return "; ".join(told)[:255]


def _key_as_written(element: Element) -> str:
    member = element.find("member")
    return f"{member.get('id') if member is not None else ''}-{element.findtext('id') or ''}"


def fingerprint_types(entry: Listed) -> list[str]:
    """Types of its fingerprints on which NCMEC takes opinions, the sharpest first."""
    known = [kind for kind in entry.hashes if kind in TYPES]
    return list(dict.fromkeys(TYPES[kind] for kind in sorted(known, key=lambda kind: kind not in LENGTHS)))
