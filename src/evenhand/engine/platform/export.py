"""A platform document as TOML that people can read and edit, and that parses back to the same value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evenhand.engine.platform.document import SECTIONS, Platform
from evenhand.engine.platform.problems import key_path, toml_string
from evenhand.engine.platform.shape import plain

WIDTH = 100
"""Longer lists are written one element a line."""
EXACT = 2**53
"""Up to here a whole number is the same as a float."""


def export(platform: Platform) -> str:
    """TOML (version 1.0), without what is default. Raises nothing for a document that passes the checks."""
    values = plain(platform)
    parts = ["".join(_pairs({key: value for key, value in values.items() if key not in SECTIONS}))]
    for section in SECTIONS:
        parts += [f"[[{section}]]\n{''.join(_pairs(thing))}" for thing in values.get(section, ())]
    return "\n".join(parts)


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        yield f"{key_path('', key)} = {_value(value)}\n"


def _value(value: Any) -> str:
    """At the end of its own line: long texts and lists take several."""
    if isinstance(value, str) and "\n" in value:
        return _block(value)
    short = _inline(value)
    if isinstance(value, list | tuple) and value and (len(short) > WIDTH or isinstance(value[0], dict)):
        return "[\n" + "".join(f"  {_inline(one)},\n" for one in value) + "]"
    return short


def _inline(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return toml_string(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
        case dict():
            pairs = ", ".join(f"{key_path('', key)} = {_inline(one)}" for key, one in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_inline, value))}]"
    raise TypeError(type(value))


def _block(text: str) -> str:
    """A multi-line basic string."""
    lines = (toml_string(line)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines) + '"""'
