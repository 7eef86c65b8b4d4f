"""Conditions in SQL that hold for at least the rows that are meant: what may be true, may be false, may fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from msgspec import Struct


class Sql(Struct, frozen=True):
    """A piece of SQL with %s for each parameter. As a condition it is never NULL."""

    text: str
    parameters: tuple[Any, ...] = ()


ALWAYS: Final = Sql("1 = 1")
NEVER: Final = Sql("1 = 0")


def write(text: str, *given: Any) -> Sql:
    """The text with each `{}` filled: with a piece of SQL, or with a parameter."""
    pieces = text.split("{}")
    written = [pieces[0]]
    parameters: list[Any] = []
    for one, piece in zip(given, pieces[1:], strict=True):
        written += [one.text if isinstance(one, Sql) else "%s", piece]
        parameters += one.parameters if isinstance(one, Sql) else (one,)
    return Sql("".join(written), tuple(parameters))


def every(conditions: Iterable[Sql]) -> Sql:
    """All of them hold."""
    return _joined("AND", [one for one in conditions if one != ALWAYS], ALWAYS, NEVER)


def any_of(conditions: Iterable[Sql]) -> Sql:
    return _joined("OR", [one for one in conditions if one != NEVER], NEVER, ALWAYS)


def cases(ways: Sequence[tuple[Sql, Sql]], otherwise: Sql) -> Sql:
    """The condition behind the first test that holds. Tests may be NULL: they do not hold then."""
    ways = _merged(ways)
    while ways and ways[-1][1] == otherwise:
        ways.pop()
    if not ways:
        return otherwise
    text = " ".join(["CASE", *("WHEN {} THEN {}" for _ in ways), "ELSE {} END"])
    return write(text, *(piece for way in ways for piece in way), otherwise)


def _merged(ways: Sequence[tuple[Sql, Sql]]) -> list[tuple[Sql, Sql]]:
    """Neighbours that have the same condition, in one."""
    merged: list[tuple[Sql, Sql]] = []
    for test, then in ways:
        if merged and merged[-1][1] == then:
            test = write("{} OR {}", merged.pop()[0], test)  # noqa: PLW2901 - the two tests are one now
        merged.append((test, then))
    return merged


def _joined(word: str, conditions: list[Sql], none: Sql, certain: Sql) -> Sql:
    if certain in conditions:
        return certain
    if len(conditions) < 2:  # noqa: PLR2004 - one needs no word between
        return conditions[0] if conditions else none
    return write("(" + f" {word} ".join("{}" for _ in conditions) + ")", *conditions)


class Three(Struct, frozen=True):
    """Of an expression: the rows for which it may be true, may be false (or None), may have no value."""

    true: Sql
    false: Sql
    failed: Sql = NEVER


YES: Final = Three(ALWAYS, NEVER)
NO: Final = Three(NEVER, ALWAYS)
FAILS: Final = Three(NEVER, NEVER, ALWAYS)
UNKNOWN: Final = Three(ALWAYS, ALWAYS, ALWAYS)


def exactly(condition: Sql) -> Three:
    """What SQL decides as rules do."""
    return Three(condition, write("NOT ({})", condition))


def at_least(condition: Sql) -> Three:
    """Whatever is true has this; what has it may be false all the same."""
    return Three(condition, ALWAYS)


def negated(one: Three) -> Three:
    return Three(one.false, one.true, one.failed)


def conjunction(some: Sequence[Three]) -> Three:
    """`and`: what has no value counts as false."""
    return Three(every(one.true for one in some), any_of(_not_true(one) for one in some))


def disjunction(some: Sequence[Three]) -> Three:
    return Three(any_of(one.true for one in some), every(_not_true(one) for one in some))


def rule(some: Sequence[Three]) -> Three:
    """A rule of conditions: it has no value when one of them has none."""
    return Three(every(one.true for one in some), any_of(one.false for one in some), any_of(one.failed for one in some))


def choose(ways: Sequence[tuple[Sql, Three]], otherwise: Three) -> Three:
    """The answer behind the first test that holds."""

    def part(of: Callable[[Three], Sql]) -> Sql:
        return cases([(test, of(then)) for test, then in ways], of(otherwise))

    return Three(part(lambda one: one.true), part(lambda one: one.false), part(lambda one: one.failed))


def _not_true(one: Three) -> Sql:
    return any_of((one.false, one.failed))
