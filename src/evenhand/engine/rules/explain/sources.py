"""Where values came from: what stands in the event, what was counted, which label, list, phrase or pattern it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import regex

from evenhand.engine.rules import jsonpath
from evenhand.engine.rules.check.walk import every
from evenhand.engine.rules.explain.report import Source
from evenhand.engine.rules.explain.shorten import around, listed, moment, quoted, short, span, told
from evenhand.engine.rules.explain.watched import Watched
from evenhand.engine.rules.explain.written import written
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.jsonpath import MISSING
from evenhand.engine.rules.jsonread import reading
from evenhand.engine.rules.tree import Call, Expr, Literal
from evenhand.engine.rules.values import FAILED, Entity

_MOST: Final = 12
_SEARCHED: Final = 20_000
"""Characters of a text in which a match is looked for."""
_TIME_LIMIT: Final = 0.005


def sources(expr: Expr, run: Watched) -> tuple[Source, ...]:
    """What the calls in an expression looked at, in the order in which they are written."""
    found = (_source(call, run) for call in calls(expr))
    return tuple(one for one, _ in zip((one for one in found if one), range(_MOST), strict=False))


def calls(expr: Expr) -> Iterator[Call]:
    """The calls in an expression, outer ones first."""
    return (one for one in every(expr) if isinstance(one, Call))


class Given:
    """A call, with what its arguments came to."""

    def __init__(self, call: Call, run: Watched) -> None:
        self.call, self.run = call, run
        self.value = run.of(call)

    def argument(self, name: str) -> Any:
        """None where it was not given, and has no other default."""
        if name in self.call.arguments:
            return self.run.of(self.call.arguments[name])
        return next((one.default for one in self.call.function.parameters if one.name == name), None)

    def written(self, name: str) -> str:
        """A name, or what stands there; “the text” where it is written out in the rule itself."""
        expr = self.call.arguments[name]
        return "the text" if isinstance(expr, Literal) else written(expr, 60)


def _source(call: Call, run: Watched) -> Source | None:
    describe = _BY_FUNCTION.get(call.function.name)
    if describe is None or call.function is not BUILT_IN.get(call.function.name) or run.secret(call):
        return None
    given = Given(call, run)
    if given.value is FAILED and describe is not _event:
        return None
    return describe(given)


def _event(given: Given) -> Source | None:
    read = reading(given.call)
    found = jsonpath.first(read.path, given.run.context.data)
    if found is MISSING:
        return Source(kind="event", at=read.path, told=f"The event has nothing at {read.path}.")
    said = "null" if found is None else told(short(found))
    return Source(kind="event", at=read.path, found=short(found), told=f"The event has {said} at {read.path}.")


def _action(given: Given) -> Source:
    return Source(kind="action", found=given.value, told=f"The event is {told(given.value)}.")


def _window(given: Given) -> Source:
    key = given.argument("key")
    window = timedelta(seconds=given.argument("window_seconds"))
    return Source(
        kind="counter",
        at=f"IncrementWindow, {span(window)}",
        key=str(short(key)),
        found=given.value,
        told=f"{_events(given.value)} under the key {told(key)} within {span(window)}.",
    )


def _count(given: Given) -> Source:
    counter, key = given.argument("counter"), given.argument("key")
    window = timedelta(seconds=given.argument("window_seconds"))
    what = {
        "CountDistinct": f"{_number(given.value)} different values of {_written(given, 'value')}",
        "Rate": f"{_events(given.value)} in {span(timedelta(seconds=given.argument('per_seconds') or 60))}",
        "Surge": f"{_number(given.value)} times as many events as before",
    }.get(given.call.function.name, _events(given.value))
    return Source(
        kind="counter",
        at=f"{counter}, {span(window)}",
        key=str(told(key)),
        found=given.value,
        told=f"{what} counted as {quoted(counter)} for {told(key)} within {span(window)}.",
    )


def _first_seen(given: Given) -> Source:
    counter, key = given.argument("counter"), given.argument("key")
    if given.call.function.name == "FirstSeen":
        what = "for the first time" if given.value else "and it has been seen before, or is not noted"
        said = f"{told(key)} comes as {quoted(counter)} {what}."
    else:
        said = (
            f"{told(key)} came as {quoted(counter)} for the first time {span(timedelta(seconds=given.value))} before."
        )
    return Source(kind="counter", at=counter, key=str(told(key)), found=given.value, told=said)


def _label(given: Given) -> Source | None:
    entity, label = given.argument("entity"), given.argument("label")
    context = given.run.context
    if not isinstance(entity, Entity) or context.state is None:
        return None
    known = context.state.labels(entity, at=context.micros).get(label)
    if known is None:
        said = f"{told(entity)} has never had the label {quoted(label)}."
        return Source(kind="label", at=label, key=told(entity), told=said)
    who = "a person" if known.manual else "a rule"
    said = f"The label {quoted(label)} of {told(entity)} was {known.status} by {who} on {moment(known.since)}"
    if known.expires is not None:
        over = "expired" if known.expires <= context.micros else "expires"
        said += f", and {over} on {moment(known.expires)}"
    return Source(kind="label", at=label, key=told(entity), found=known.status, told=f"{said}.")


def _list(given: Given) -> Source:
    name = given.argument("list")
    name = name if isinstance(name, str) else "that is written out"
    found = given.value if isinstance(given.value, list) else [] if given.value is None else [given.value]
    if not found:
        return Source(kind="list", at=name, told=f"Nothing of it is on the list {name}.")
    said = listed(map(quoted, found[:4]), len(found) - 4)
    return Source(kind="list", at=name, found=short(given.value), told=f"{said} {_is(found)} on the list {name}.")


def _phrase(given: Given) -> Source:
    name = "text" if "text" in given.call.arguments else "s"
    whole, phrase = given.argument(name), _argument(given, "phrase", "start", "end")
    where = given.written(name)
    whole_plain, plain = whole.casefold(), phrase.casefold()
    at = whole_plain.rfind(plain) if "end" in given.call.arguments else whole_plain.find(plain)
    if not given.value or at < 0:
        return Source(kind="phrase", at=short(phrase), told=f"{quoted(phrase)} does not stand so in {where}.")
    found = around(whole, at, at + len(phrase))
    return Source(kind="phrase", at=short(phrase), found=found, told=f"{where} has {quoted(found)}.")


def _pattern(given: Given) -> Source:
    pattern, target = given.argument("pattern"), given.argument("target")
    where = given.written("target")
    if not given.value:
        return Source(kind="pattern", at=short(pattern), told=f"The pattern matches nothing in {where}.")
    found = _matched(pattern, target, ignore_case=bool(given.argument("case_insensitive")))
    if found is None:
        return Source(kind="pattern", at=short(pattern), told=f"The pattern matches in {where}.")
    return Source(
        kind="pattern", at=short(pattern), found=found, told=f"The pattern matches {quoted(found)} in {where}."
    )


def _chance(given: Given) -> Source:
    return Source(kind="chance", found=given.value, told=f"It was drawn by lot: {told(given.value)}.")


def _matched(pattern: str, target: Any, *, ignore_case: bool) -> str | None:
    """The text that matched; None where it cannot be told in little time, or the match is empty."""
    if not isinstance(target, str):
        return None
    flags = regex.VERSION0 | (regex.IGNORECASE if ignore_case else 0)
    try:
        found = regex.compile(pattern, flags).search(target[:_SEARCHED], timeout=_TIME_LIMIT)
    except (regex.error, TimeoutError):
        return None
    return str(short(found.group())) or None if found else None


def _argument(given: Given, *names: str) -> str:
    return next(str(given.argument(name)) for name in names if name in given.call.arguments)


def _written(given: Given, name: str) -> str:
    return given.written(name) if name in given.call.arguments else name


def _events(count: Any) -> str:
    return f"{_number(count)} event{'' if count == 1 else 's'}"


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else f"{value}"


def _is(found: list[Any]) -> str:
    return "is" if len(found) == 1 else "are"


_BY_FUNCTION: Final[dict[str, Callable[[Given], Source | None]]] = {
    "JsonData": _event,
    "EntityJson": _event,
    "GetActionName": _action,
    "IncrementWindow": _window,
    "Count": _count,
    "CountDistinct": _count,
    "Rate": _count,
    "Surge": _count,
    "FirstSeen": _first_seen,
    "SecondsSinceFirstSeen": _first_seen,
    "HasLabel": _label,
    "ListContains": _list,
    "CensorizedListContains": _list,
    "NormalizedListContains": _list,
    "SimpleListContains": _list,
    "ListFind": _list,
    "TextContains": _phrase,
    "StringContains": _phrase,
    "StringStartsWith": _phrase,
    "StringEndsWith": _phrase,
    "RegexMatch": _pattern,
    "RandomBool": _chance,
    "RandomInt": _chance,
}
