"""An indicator of ThreatExchange as a change of ours."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, mapping, moment, text

FIELDS: Final = (
    "id,indicator,type,last_updated,should_delete,descriptors{reactions,my_reactions,owner{id},tags,status,added_on}"
)
KINDS: Final = {
    "HASH_PDQ": "pdq", "HASH_MD5": "md5", "HASH_SHA1": "sha1", "HASH_SHA256": "sha256",
    "HASH_VIDEO_MD5": "video_md5", "HASH_TMK": "tmk", "HASH_PDNA": "pdna",
}  # fmt: skip
_HARMLESS = "NON_MALICIOUS"


def change(given: Any) -> Listed | Withdrawn | None:
    """None: it is no hash (a URL, a text). Raises ValueError, in a sentence."""
    update = mapping(given, "an update")
    key = text(update.get("id"))
    if not key:
        raise ValueError("id: it has none.")
    at = moment(update.get("last_updated"))
    if update.get("should_delete") is True:
        return Withdrawn(key=key, reason="ThreatExchange asks to delete it.", at=at)
    kind = KINDS.get(str(update.get("type")))
    if kind is None:
        return None
    descriptors = _descriptors(update.get("descriptors"))
    if not descriptors:
        return Withdrawn(key=key, reason="Nobody in the group describes it any more.", at=at)
    statuses = sorted({text(one.get("status"), 30) for one in descriptors} - {""})
    if statuses == [_HARMLESS]:
        return Withdrawn(key=key, reason="All that describe it say that it is harmless.", at=at)
    hashes = {kind: hash_bytes(kind, update.get("indicator"))}
    return Listed(key=key, hashes=hashes, classification=", ".join(statuses)[:64], tags=_tags(descriptors), at=at)


def _descriptors(given: Any) -> list[dict[str, Any]]:
    """A list, or the Graph API's {"data": list}."""
    found = given.get("data") if isinstance(given, dict) else given
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _tags(descriptors: list[dict[str, Any]]) -> tuple[str, ...]:
    tags = []
    for one in descriptors:
        owner = one.get("owner")
        tags += [f"owner:{text(owner.get('id'), 40)}"] if isinstance(owner, dict) else []
        given = one.get("tags")
        given = given.get("data") if isinstance(given, dict) else given
        for tag in given if isinstance(given, list) else []:
            tags.append(text(tag.get("text") if isinstance(tag, dict) else tag, 64))
    return tuple(sorted(set(tags) - {""}))[:50]
