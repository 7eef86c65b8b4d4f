"""Addresses in a text, written so that no program makes a link of them and nobody follows one by mistake."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"\b(?:http|ftp)(?=s?://)", re.IGNORECASE)
_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_LIVE = {"http": "hxxp", "ftp": "fxp"}


def defang(text: str) -> str:
    """The text with hxxp for http, fxp for ftp, and [.] for each dot between letters or digits, as is usual among
    those who exchange addresses of attackers. Linear in the text."""
    without = _SCHEME.sub(lambda found: _LIVE[found.group().lower()], text)
    return _DOT.sub("[.]", without)
