"""The tests beside rules: `tests/*.yaml` and `*_test.yaml` in a rule folder, read with every mistake at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from evenhand.engine.rules import exchange
from evenhand.engine.rules.durations import duration
from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.engine.rules.suggest import did_you_mean
from evenhand.engine.rules.testing import Case, Happened, Mark, Then
from evenhand.engine.rules.values import Entity
from evenhand.runtime import ruletestfiles, ruletestplaces, yamlfiles
from evenhand.runtime.yamlfiles import Keys

MOST_EARLIER: Final = 100_000
DEFAULT_AT: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
_NUMBER: Final = "{n}"
_AT: Final = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP: Final = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_KIND: Final = re.compile(r"`(?:null \| )?([^`|]*?)(?: \| null)?`")
_KINDS: Final = {
    "object": "a mapping", "array": "a list", "str": "a text", "int": "a whole number", "float": "a number",
    "bool": "true or false", "null": "nothing", "datetime": "a time, 2026-01-31T12:00:00Z",
}  # fmt: skip
_CHANGE: Final = re.compile(r"^.+/.+/[^/]+/[01]$", re.DOTALL)


class _Earlier(Struct, frozen=True, forbid_unknown_fields=True):
    data: dict[str, Any] | None = None
    action_name: str | None = None
    at: datetime | None = None
    ago: str | None = None
    times: int = 1
    every: str = "1s"


class _Mark(Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    status: Literal["added", "removed"] = "added"
    by: Literal["rule", "person"] = "rule"
    ago: str = "1d"
    expires_after: str | None = None


class _Given(Struct, frozen=True, forbid_unknown_fields=True):
    action_name: str
    data: dict[str, Any]
    at: datetime = DEFAULT_AT
    earlier: tuple[_Earlier, ...] = ()
    labels: dict[str, tuple[str | _Mark, ...]] = {}


class _Then(Struct, frozen=True, forbid_unknown_fields=True):
    fired: tuple[str, ...] | None = None
    not_fired: tuple[str, ...] = ()
    labels: tuple[str, ...] | None = None
    not_labels: tuple[str, ...] = ()
    verdicts: tuple[str, ...] | None = None
    not_verdicts: tuple[str, ...] = ()
    features: dict[str, Any] = {}
    errors: tuple[str, ...] | None = None


class _Test(Struct, frozen=True, forbid_unknown_fields=True):
    given: _Given
    then: _Then
    swap: dict[str, str] = {}


class _Wrong(Exception):
    """A mistake, at the keys that lead to it."""

    def __init__(self, keys: Keys, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.keys, self.message, self.hint = keys, message, hint


def read_folder(folder: Path) -> list[Case]:
    """All tests of a rule folder, file by file.

    Raises RuleError, with every problem.
    """
    texts, problems = ruletestfiles.read(folder)
    cases, wrong = look(texts)
    if problems or wrong:
        raise RuleError([*problems, *wrong])
    return cases


def look(texts: Mapping[str, str]) -> tuple[list[Case], list[Problem]]:
    """The tests of all files that can be read, by their paths, and what is wrong with the others."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for name, text in sorted(texts.items()):
        try:
            cases += read(name, text)
        except RuleError as error:
            problems += error.problems
    return cases, problems


def read(name: str, text: str) -> list[Case]:
    """The tests of one file.

    Raises RuleError.
    """
    try:
        document = yamlfiles.mapping(text)
    except yamlfiles.Unreadable as error:
        raise RuleError([error.problem(name, text)]) from None
    reading = _Reading(name, text, document)
    cases = [case for key, body in document.values.items() for case in reading.cases(key, body)]
    if reading.problems:
        raise RuleError(reading.problems)
    return cases


class _Reading:
    """One file, test by test."""

    def __init__(self, name: str, text: str, document: yamlfiles.Document) -> None:
        self.problems: list[Problem] = []
        self._name, self._text, self._places = name, text, document.places

    def cases(self, name: str, body: Any) -> list[Case]:
        """The test, and once more with its words exchanged where it says `swap`."""
        found = len(self.problems)
        self._known(_Test, body, (name,))
        if len(self.problems) > found:
            return []
        try:
            test = _converted(body, (name,))
            cases = [self._case(name, test, (name,))]
            if test.swap:
                told = ", ".join(f"{one} ↔ {other}" for one, other in test.swap.items())
                swapped = _converted(_swapped(body, test.swap), (name,))
                cases.append(self._case(f"{name} ({told})", swapped, (name,)))
        except _Wrong as wrong:
            self._tell(wrong)
            return []
        return cases

    def _case(self, name: str, test: _Test, keys: Keys) -> Case:
        given, at = test.given, _utc(test.given.at)
        _check_then(test.then, keys)
        return Case(
            name=name,
            file=self._name,
            line=self._place(keys).line,
            event=Happened(given.action_name, given.data, at),
            earlier=tuple(_earlier(given, at, keys)),
            marks=tuple(_marks(given, at, keys)),
            places=ruletestplaces.named(
                keys,
                then=msgspec.structs.asdict(test.then),
                labels={
                    who: [one if isinstance(one, str) else one.label for one in some]
                    for who, some in given.labels.items()
                },
                places=self._places,
                text=self._text,
            ),
            then=msgspec.convert(msgspec.structs.asdict(test.then), Then),
        )

    def _known(self, shape: type[Struct], body: Any, keys: Keys) -> None:
        """Tells every key that the shape does not have, at its place, and those inside that are wrong."""
        if not isinstance(body, Mapping):
            return
        fields = shape.__struct_fields__
        for key, value in body.items():
            if key not in fields:
                hint = did_you_mean(key, fields) or f"there are: {', '.join(fields)}"
                self._tell(_Wrong((*keys, key), f"unknown key {key!r}", hint))
                continue
            for inner, place, one in _structs(get_type_hints(shape)[key], value, (*keys, key)):
                self._known(inner, one, place)

    def _tell(self, wrong: _Wrong) -> None:
        place = self._place(wrong.keys)
        self.problems.append(yamlfiles.problem(self._name, self._text, place, wrong.message, wrong.hint))

    def _place(self, keys: Keys) -> yamlfiles.Place:
        """That of the key, or of the nearest one around it."""
        while keys and keys not in self._places:
            keys = keys[:-1]
        return self._places.get(keys, yamlfiles.Place(1, 1))


def _structs(hint: Any, value: Any, keys: Keys) -> Iterator[tuple[type[Struct], Keys, Any]]:
    """What the value holds where a struct is meant: by itself, in lists, and in lists by name."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint, keys, value
    elif get_origin(hint) is dict and isinstance(value, dict):
        for key, one in value.items():
            yield from _structs(get_args(hint)[1], one, (*keys, key))
    elif get_origin(hint) is tuple and isinstance(value, list):
        for index, one in enumerate(value):
            yield from _structs(get_args(hint)[0], one, (*keys, str(index)))
    elif isinstance(value, dict):
        for one in get_args(hint):
            yield from _structs(one, value, keys)


def _converted(body: Any, keys: Keys) -> _Test:
    try:
        return msgspec.convert(body, _Test)
    except msgspec.ValidationError as error:
        told = str(error)
        found = _AT.search(told)
        path = tuple(key or index for key, index in _STEP.findall(found["path"])) if found else ()
        message = told[: found.start()] if found else told
        message = message.replace("Invalid RFC3339 encoded datetime", "this is no time: write 2026-01-31T12:00:00Z")
        missing = re.match(r"Object missing required field `(\w+)`", message)
        if missing:
            raise _Wrong((*keys, *path), f"the key {missing[1]!r} is missing") from None
        raise _Wrong((*keys, *path), _KIND.sub(lambda kind: _KINDS.get(kind[1], kind[1]), _plain(message))) from None


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]


def _check_then(then: _Then, keys: Keys) -> None:
    """Refuses a test that cannot fail, and changes of labels that are none."""
    if then == _Then():
        raise _Wrong((*keys, "then"), "nothing is asked for: this test cannot fail", "name what must follow")
    for field in ("labels", "not_labels"):
        for one in getattr(then, field) or ():
            if not _CHANGE.match(one):
                hint = "write Type/id/label/1 for one that is added, …/0 for one that is removed"
                raise _Wrong((*keys, "then", field), f"{one!r} is no change of a label", hint)


def _earlier(given: _Given, at: datetime, keys: Keys) -> list[Happened]:
    """The events before, oldest first; one that came several times is written once."""
    found: list[Happened] = []
    for index, one in enumerate(given.earlier):
        here = (*keys, "given", "earlier", str(index))
        if one.at is not None and one.ago is not None:
            raise _Wrong((*here, "ago"), "`at` and `ago` are both given", "leave one out")
        every = _duration(one.every, (*here, "every"))
        last = _utc(one.at) if one.at else at - (_duration(one.ago, (*here, "ago")) if one.ago else every)
        if last > at:
            raise _Wrong((*here, "at"), "this is not earlier than the event that counts")
        if one.times < 1 or len(found) + one.times > MOST_EARLIER:
            raise _Wrong((*here, "times"), f"at least 1, and at most {MOST_EARLIER:,} earlier events together")
        for number in range(1, one.times + 1):
            data = given.data if one.data is None else one.data
            told = exchange.changed(data, _numbered(number)) if one.times > 1 else data
            moment = last - every * (one.times - number)
            found.append(Happened(one.action_name or given.action_name, told, moment))
    return sorted(found, key=lambda event: event.at)


def _numbered(number: int) -> Callable[[str], str]:
    return lambda text: text.replace(_NUMBER, str(number))


def _marks(given: _Given, at: datetime, keys: Keys) -> Iterator[Mark]:
    for entity, marks in given.labels.items():
        here = (*keys, "given", "labels", entity)
        type_, slash, id_ = entity.partition("/")
        if not slash:
            raise _Wrong(here, f"{entity!r} is no entity", "write Type/id, as in User/meow")
        for mark in marks:
            one = mark if isinstance(mark, _Mark) else _Mark(mark)
            since = at - _duration(one.ago, here)
            expires = since + _duration(one.expires_after, here) if one.expires_after else None
            yield Mark(Entity(type_, id_), one.label, one.status, one.by == "person", since, expires)


def _duration(written: str, keys: Keys) -> timedelta:
    try:
        return duration(written)
    except ValueError as error:
        raise _Wrong(keys, str(error)) from None


def _swapped(body: Mapping[str, Any], swap: Mapping[str, str]) -> dict[str, Any]:
    """The whole test with its words exchanged: what is given, whom labels stick to, and what must follow."""
    given = exchange.swapped(body["given"], swap)
    if "labels" in given:
        given["labels"] = {exchange.swapped(entity, swap): marks for entity, marks in given["labels"].items()}
    return {"given": given, "then": exchange.swapped(body["then"], swap)}


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
