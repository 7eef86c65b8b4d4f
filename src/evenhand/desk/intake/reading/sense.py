"""What can be written in a field, but makes no sense there: an address that leads to no media, fewer views than none.

v2 refuses it; v1 keeps the item, and reads nothing from such a value.
"""

from __future__ import annotations

from typing import Any

from evenhand.desk.intake.reading.problems import Unfit
from evenhand.desk.intake.reading.values import Coerce
from evenhand.engine.platform import Field

MEDIA_SCHEMES = ("http", "https")
NO_LINKS = ("javascript", "vbscript", "blob", "file")
"""Schemes of addresses that lead nowhere else: they run something, or stay on the reader's own machine."""
_MEDIA = frozenset({"IMAGE", "VIDEO", "AUDIO", "MEDIA"})


def is_media(address: str) -> bool:
    return _scheme(address) in MEDIA_SCHEMES


def is_link(address: str) -> bool:
    return _scheme(address) not in NO_LINKS


def sensible(field: Field, read: Coerce) -> Coerce:
    """The same reading, which also raises Unfit for nonsense."""

    def checked(value: Any) -> Any:
        found = read(value)
        if found is not None:
            _check(field, found)
        return found

    return checked


def _check(field: Field, value: Any) -> None:
    if field.type in _MEDIA and not is_media(value["url"] if isinstance(value, dict) else value):
        raise Unfit("Media are taken from http:// and https:// addresses only.", "https://media.example/1.jpg")
    if field.type == "URL" and not is_link(value):
        refused = ", ".join(f"{scheme}:" for scheme in NO_LINKS)
        raise Unfit(f"An address that leads somewhere is needed: not {refused}.", "https://example.com/page")
    if field.role == "views" and value < 0:
        raise Unfit("The number of views is less than 0.", 13)


def _scheme(address: str) -> str:
    return address.partition(":")[0].lower()
