"""Arguments that are known before any event, and that the function refuses whatever the event: patterns, windows."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from evenhand.engine.rules.check.scope import Scope
from evenhand.engine.rules.fold import OPEN, folded
from evenhand.engine.rules.function import REQUIRED, Parameter
from evenhand.engine.rules.functions import (
    chance,
    clean,
    counters,
    effects,
    experiments,
    labels,
    search,
    strings,
    times,
)
from evenhand.engine.rules.regex import compile_pattern
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.tree import Call, Expr
from evenhand.engine.rules.types import parts
from evenhand.engine.rules.values import Entity, Expected

_PATTERNS: Final[dict[Callable[..., Any], str]] = {
    search.regex_match: "pattern",
    search.regex_match_map: "pattern",
    search.count_regex_matches: "patterns",
}
_TRIED: Final[frozenset[Callable[..., Any]]] = frozenset(
    {
        effects.enqueue, effects.hold, labels.has_label, times.time_delta, chance.random_bool, chance.random_int,
        counters.increment_window, counters.count, counters.count_distinct, counters.rate, counters.surge,
        times.get_timedelta_bucket, times.get_timestamp_bucket, times.get_snowflake_bucket, clean.string_clean,
        strings.string_split, strings.string_strip, strings.string_rstrip, strings.string_lstrip,
        search.regex_match_map, experiments.experiment,
    }
)  # fmt: skip
"""Functions that refuse some numbers and words before they look at anything else. One that takes the place of a
built-in function is not among them."""
_JUDGED_TOGETHER: Final = frozenset({"buckets", "bucket_sizes"})
"""Parameters that must fit each other: nothing stands in for one of them."""
_HARMLESS: Final[dict[str, Any]] = {"list": [], "Entity": Entity("", ""), "str": "", "TimeDelta": timedelta()}
"""What stands in for a value of such a type that only the event tells."""
_NO_EVENT: Final = "no event can make it right: each would have an error here"


class _Taken(Exception):
    """The function has accepted its arguments: it asks for what only a run has."""


class _Nothing:
    """In place of the state and the services of a run."""

    def __getattr__(self, name: str) -> Any:
        raise _Taken


def check(call: Call, node: ast.Call, scope: Scope) -> None:
    """Notes a problem for what can only fail, at the argument that makes it fail."""
    function = call.function.call
    wrong = function in _PATTERNS and _patterns(call, node, scope, _PATTERNS[function])
    if function in _TRIED and not wrong:
        _tried(call, node, scope)


def _patterns(call: Call, node: ast.Call, scope: Scope, argument: str) -> bool:
    """Whether one of them is wrong."""
    wrong = False
    ignored = call.arguments.get("case_insensitive")
    case_insensitive = ignored is not None and folded(ignored, scope.known) is True
    place = _place(node, argument)
    for pattern, at in _written(call.arguments.get(argument), place, scope):
        try:
            compile_pattern(pattern, case_insensitive=case_insensitive)
            if scope.strict:
                compile_pattern(pattern, case_insensitive=case_insensitive, strict=True)
        except ValueError as error:
            scope.doubt(at, str(error).removesuffix("."), _NO_EVENT)
            wrong = True
    return wrong


def _written(value: Expr | None, place: ast.expr, scope: Scope) -> Iterator[tuple[str, ast.expr]]:
    """The patterns, each with its place: its own in a list that stands here, else that of the argument."""
    found = OPEN if value is None else folded(value, scope.known)
    patterns = found if isinstance(found, list) else [found]
    places = place.elts if isinstance(place, ast.List) else [place] * len(patterns)
    for pattern, at in zip(patterns, places, strict=False):
        if isinstance(pattern, str):
            yield pattern, at


def _tried(call: Call, node: ast.Call, scope: Scope) -> None:
    """Calls the function with what is known, and with something harmless for what only the event tells."""
    known = {name: folded(value, scope.known) for name, value in call.arguments.items()}
    values = [_given(one, known.get(one.name, OPEN)) for one in call.function.parameters]
    if any(one is OPEN for one in values):
        return
    now = datetime(2000, 1, 1, tzinfo=UTC)
    context = [Context("", 0, {}, now, 0, _Nothing(), _Nothing(), {}, [])] if call.function.context else []
    try:
        call.function.call(*context, *values)
    except ValueError as error:
        words, _, hint = str(error).removesuffix(".").partition(". ")
        scope.doubt(_meant(words, known, node), f"{call.function.name}: {words}", hint or _NO_EVENT)
    except (_Taken, Expected):
        return


def _given(parameter: Parameter, value: Any) -> Any:
    """What the function is tried with; OPEN for a number that the event gives: no number is harmless everywhere."""
    if value is not OPEN:
        return value
    if parameter.default is not REQUIRED:
        return parameter.default
    if parameter.name in _JUDGED_TOGETHER:
        return OPEN
    names = {one.name for one in parts(parameter.type)}
    return next((harmless for name, harmless in _HARMLESS.items() if name in names), OPEN)


def _meant(words: str, known: dict[str, Any], node: ast.Call) -> ast.expr:
    """The argument that the function speaks of: by its name at the start, else by the value."""
    spoken = set(re.split(r"[\s:,]+", words))
    named = next((name for name in known if words.partition(" ")[0].rstrip(":") == name), None)
    valued = (name for name, value in known.items() if isinstance(value, int | float | str) and repr(value) in spoken)
    return _place(node, named or next(valued, ""))


def _place(node: ast.Call, argument: str) -> ast.expr:
    return next((keyword.value for keyword in node.keywords if keyword.arg == argument), node)
