"""A result of Tech Against Terrorism's hash list as a change of ours."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, mapping, moment, shown, text, truth

_KINDS: Final = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PDQ": "pdq", "TMK": "tmk"}


def change(given: Any) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    record = mapping(given, "a result")
    key = text(record.get("id"))
    if not key:
        raise ValueError("id: it has none.")
    at = moment(record.get("updated_on"))
    if truth(record.get("deleted")):
        return Withdrawn(key=key, reason="Its list deleted it.", at=at)
    algorithm = str(record.get("algorithm")).upper().replace("-", "")
    if algorithm not in _KINDS:
        raise ValueError(f"algorithm: {shown(record.get('algorithm'))} is not known.")
    kind, file_type = _KINDS[algorithm], text(record.get("file_type"), 60)
    if kind == "md5" and file_type.lower().startswith(("video", "mp4", ".mp4")):
        kind = "video_md5"
    hashes = {kind: hash_bytes(kind, record.get("hash_digest"))}
    tags = tuple(tag for tag in (file_type,) if tag)
    return Listed(key=key, hashes=hashes, classification=text(record.get("ideology"), 64), tags=tags, at=at)
