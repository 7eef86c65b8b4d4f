"""Values of a platform document as people read them: a field is `title (STRING, required)`, and no JSON."""

from __future__ import annotations

from typing import Any

import msgspec

_NAMES = ("name", "id")
_SPEAKS_FOR_ITSELF = frozenset({"type"})


def worded(value: Any) -> str:
    """A text as it is, a list with commas, a table by its name and what else it says."""
    match value:
        case str():
            return value
        case list():
            return ", ".join(map(worded, value))
        case dict():
            return _table(value)
    return msgspec.json.encode(value).decode()


def _table(table: dict[str, Any]) -> str:
    name = next((str(table[key]) for key in _NAMES if key in table), "")
    others = ", ".join(_pair(key, value) for key, value in table.items() if key not in _NAMES)
    return f"{name} ({others})" if name and others else name or others


def _pair(key: str, value: Any) -> str:
    if value is True:
        return key
    return worded(value) if key in _SPEAKS_FOR_ITSELF else f"{key} {worded(value)}"
