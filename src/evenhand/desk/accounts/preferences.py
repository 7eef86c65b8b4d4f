"""How the console looks and listens for one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

Theme = Literal["system", "light", "dark", "contrast"]


class Preferences(Struct, frozen=True, kw_only=True):
    """Kept as JSON in `User.preferences`; what is not set is left out."""

    language: str = ""
    """A code of settings.LANGUAGES; empty follows the browser."""
    theme: Theme = "system"
    keys_off: bool = False
    """True: no letter or digit does anything (WCAG 2.2, 2.1.4)."""
    break_minutes: int = 55
    """After so long at work without a pause the console proposes one; 0: never."""
    keys: dict[str, str] = {}
    """The console's key → the person's own: {"u": "z"} makes Z do what U does elsewhere."""


def kept(preferences: Preferences) -> dict[str, Any]:
    """What `User.preferences` is to say: only what differs from the usual."""
    usual = msgspec.to_builtins(Preferences())
    return {name: value for name, value in msgspec.to_builtins(preferences).items() if value != usual[name]}


def read(stored: Mapping[str, Any]) -> Preferences:
    """What `User.preferences` says. Raises msgspec.ValidationError when somebody wrote past `set_preferences`."""
    return msgspec.convert(stored, Preferences)
