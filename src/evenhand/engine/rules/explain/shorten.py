"""Values in little space: as JSON that is bounded, and as words in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from evenhand.engine.rules.moments import instant
from evenhand.engine.rules.operate import text
from evenhand.engine.rules.output import shown
from evenhand.engine.rules.run import Micros
from evenhand.engine.rules.values import FAILED, Entity

LONGEST: Final = 200
_LONGEST_WORDS: Final = 80
_MOST_ITEMS: Final = 10
_MOST_TOLD: Final = 4
_DEEPEST: Final = 3
_BITS: Final = 63
_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def short(value: Any, longest: int = LONGEST, depth: int = _DEEPEST) -> Any:
    """The value as features show it, fit for JSON, with long texts and lists cut."""
    value = shown(value)
    match value:
        case str():
            return clip(value, longest)
        case int() if value.bit_length() > _BITS:
            return clip(text(value), longest)
        case list() | tuple():
            more = [f"… {len(value) - _MOST_ITEMS} more"] if len(value) > _MOST_ITEMS else []
            return "[…]" if depth == 0 else [*(short(one, longest, depth - 1) for one in value[:_MOST_ITEMS]), *more]
        case dict():
            fields = list(value.items())[:_MOST_ITEMS]
            made = {clip(str(name), longest): short(one, longest, depth - 1) for name, one in fields}
            return "{…}" if depth == 0 else made | ({"…": len(value) - len(fields)} if len(value) > len(fields) else {})
    return value


def clip(value: str, longest: int) -> str:
    """At most so many characters, all of which UTF-8 can write and every database keep (PostgreSQL has no NUL)."""
    kept = value if len(value) <= longest else f"{value[: longest - 1]}…"
    return kept.replace("\0", "\ufffd").encode(errors="replace").decode()


def quoted(value: str, longest: int = _LONGEST_WORDS) -> str:
    return f"“{clip(' '.join(value.split()), longest)}”"


def told(value: Any) -> str:  # noqa: PLR0911 - one for each kind of value
    """The value in a sentence: 40 days, “hello”, User u1, true, nothing."""
    if value is None:
        return "nothing"
    if value is FAILED:
        return "no value"
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case timedelta():
            return span(value)
        case Entity():
            return f"{value.type} {clip(str(value.id), _LONGEST_WORDS)}"
        case list():
            return listed(map(told, value[:_MOST_TOLD]), len(value) - _MOST_TOLD) if value else "an empty list"
    return clip(text(shown(value)), _LONGEST_WORDS)


def listed(words: Iterable[str], more: int = 0, last: str = "and") -> str:
    """a, b and c; a, b and 7 more."""
    said = [*words, *([f"{more} more"] if more > 0 else [])]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {last} {said[-1]}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units: 40 days, 3 hours 5 minutes."""
    seconds = abs(length.total_seconds())
    if seconds < 1:
        return f"{length.total_seconds():g} seconds"
    said: list[str] = []
    rest = int(seconds)
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            said.append(f"{count} {unit}{'' if count == 1 else 's'}")
    sign = "minus " if length < timedelta(0) else ""
    return sign + " ".join(said[:2])


def moment(micros: Micros) -> str:
    """2026-01-31 23:59 UTC."""
    return instant(micros).strftime("%Y-%m-%d %H:%M UTC")


def around(whole: str, start: int, end: int, before: int = 30) -> str:
    """What stands around a place in a text."""
    first, last = max(0, start - before), min(len(whole), end + before)
    cut = " ".join(whole[first:last].split())
    return clip(f"{'…' if first else ''}{cut}{'…' if last < len(whole) else ''}", LONGEST)


def joined(sentences: Sequence[str]) -> str:
    """Several sentences as one."""
    return "; ".join(one.rstrip(".") for one in sentences)
