"""A record of StopNCII as a change of ours: it replaces what was said of the same hash before."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, mapping, moment, shown, text

KINDS: Final = {"ImagePDQ": "pdq", "VideoMD5": "video_md5", "VideoTMK": "tmk"}
_NO_MEDIA = ("Text", "URL")
_STANDS = ("Received", "Active")
_ENDED = ("Withdrawn", "Deleted")


def change(given: Any) -> Listed | Withdrawn | None:
    """None: it is no hash of a medium. Raises ValueError, in a sentence."""
    record = mapping(given, "a record")
    type_, written = record.get("signalType"), record.get("hashValue")
    if type_ in _NO_MEDIA:
        return None
    if not isinstance(type_, str) or type_ not in KINDS:
        raise ValueError(f"signalType: {shown(type_)} is not known.")
    kind = KINDS[type_]
    value, at = hash_bytes(kind, written), moment(record.get("lastModtimestamp"))
    key = f"{type_}:{value[:100].hex()}"
    status, cases = record.get("hashStatus"), record.get("caseNumbers") or {}
    if status not in (*_STANDS, *_ENDED) or not isinstance(cases, dict):
        raise ValueError(f"hashStatus or caseNumbers: {shown(status)}, {shown(cases)} is not known.")
    if status in _ENDED or (cases and all(one in _ENDED for one in cases.values())):
        return Withdrawn(key=key, reason=f"StopNCII: {text(status)}, no case stands behind it.", at=at)
    return Listed(key=key, hashes={kind: value}, classification=text(status), note=_partners(record), at=at)


def _partners(record: dict[str, Any]) -> str:
    """What others did about it."""
    given = record.get("CSPFeedbacks")
    told = [
        f"{text(one.get('source'), 40)}: {text(one.get('feedbackValue'), 20)}"
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
    ]
    return "; ".join(told)[:255]
