"""Functions on strings: as Python's own methods do it."""

from __future__ import annotations

from evenhand.engine.rules.function import Family

FAMILY = Family()
LONGEST = 1_000_000
"""Longest string that a function makes, in characters: rules that feed on each other must not fill the memory."""

_MOST_CHARS = 1_000


@FAMILY.add("StringLength", cost=1, total=True)
def string_length(s: str) -> int:
    """How many characters a string has."""
    return len(s)


@FAMILY.add("StringToLower", cost=2, total=True)
def string_to_lower(s: str) -> str:
    """The string in lower case."""
    return s.lower()


@FAMILY.add("StringToUpper", cost=2, total=True)
def string_to_upper(s: str) -> str:
    """The string in upper case."""
    return s.upper()


@FAMILY.add("StringStartsWith", cost=1, total=True)
def string_starts_with(s: str, start: str) -> bool:
    """Whether a string begins with `start`; upper and lower case differ."""
    return s.startswith(start)


@FAMILY.add("StringEndsWith", cost=1, total=True)
def string_ends_with(s: str, end: str) -> bool:
    """Whether a string ends with `end`; upper and lower case differ."""
    return s.endswith(end)


@FAMILY.add("StringStrip", cost=1)
def string_strip(s: str, chars: str | None = None) -> str:
    """The string without white space at both ends, or without any of the characters in `chars`.

    Error: more than 1,000 characters in `chars`.
    """
    return s.strip(_few(chars))


@FAMILY.add("StringRStrip", cost=1)
def string_rstrip(s: str, chars: str | None = None) -> str:
    """The string without white space at its end, or without any of the characters in `chars`.

    Error: more than 1,000 characters in `chars`.
    """
    return s.rstrip(_few(chars))


@FAMILY.add("StringLStrip", cost=1)
def string_lstrip(s: str, chars: str | None = None) -> str:
    """The string without white space at its beginning, or without any of the characters in `chars`.

    Error: more than 1,000 characters in `chars`.
    """
    return s.lstrip(_few(chars))


@FAMILY.add("StringReplace", cost=3)
def string_replace(s: str, old: str, new: str) -> str:
    """The string with each `old` in it replaced by `new`.

    Error: the result would be longer than 1,000,000 characters.
    """
    if len(new) > len(old):
        bound(len(s) + s.count(old) * (len(new) - len(old)))
    return s.replace(old, new)


@FAMILY.add("StringJoin", cost=2)
def string_join(s: str, iterable: list[str]) -> str:
    """The strings of a list in one, with `s` between them.

    Error: the result would be longer than 1,000,000 characters.
    """
    bound(sum(map(len, iterable)) + len(s) * max(0, len(iterable) - 1))
    return s.join(iterable)


@FAMILY.add("StringSplit", cost=3)
def string_split(s: str, sep: str | None = None, maxsplit: int = -1) -> list[str]:
    """The parts of a string between the separators, or between stretches of white space; at most `maxsplit` cuts.

    Error: an empty separator.
    """
    if sep == "":
        raise ValueError("sep is empty. Leave it out to split at white space.")
    return s.split(sep, max(-1, min(maxsplit, len(s))))


@FAMILY.add("StringSlice", cost=1, total=True)
def string_slice(s: str, start: int, end: int) -> str:
    """The characters from `start` up to, but not including, `end`. They count from 0; negative ones from the end."""
    return s[start:end]


def _few(chars: str | None) -> str | None:
    """Each character of a string may be looked for among all of them."""
    if chars is not None and len(chars) > _MOST_CHARS:
        raise ValueError(f"chars has {len(chars):,} characters; {_MOST_CHARS:,} are the most.")
    return chars


def bound(length: int) -> None:
    """Raises ValueError: a string of this length is too long to be made."""
    if length > LONGEST:
        raise ValueError(f"the result would have {length:,} characters; {LONGEST:,} is the most.")
