"""Compiles rules into Python: one function for each action name, made when its first event comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evenhand.engine.rules import operate
from evenhand.engine.rules.compile.program import write
from evenhand.engine.rules.compile.statements import Unsupported
from evenhand.engine.rules.jsonread import Reading
from evenhand.engine.rules.order import Order
from evenhand.engine.rules.output import result, shown
from evenhand.engine.rules.regex import TooSlow, fold_case
from evenhand.engine.rules.run import STOPPED_WORK, Context, Error, Fired, Result, spend, spend_work
from evenhand.engine.rules.tree import Program
from evenhand.engine.rules.values import FAILED, Effect, Entity, Expected

Site = tuple[str, int, int, str]

__all__ = ["Unsupported", "compiled", "sources"]


def compiled(program: Program, order: Order, action: str | None) -> Callable[[Context], Result]:
    """The rules as a function, for events of one action name, or of any (None).

    Raises Unsupported: the interpreter must run them.
    """
    written = write(program, order, action)
    names = {**_NAMES, **written.names}
    parts = [_function(source, names) for source in written.sources]
    only = parts[0]

    def run(context: Context) -> Result:
        effects: list[Effect] = []
        fired: dict[str, Fired] = {}
        late: dict[str, Any] = {}
        features = only(context, context.data, context.errors, effects, fired, set(), late, ())
        if late:
            features |= late
        return result(context, features, effects, fired.values())

    def run_all(context: Context) -> Result:
        effects: list[Effect] = []
        fired: dict[str, Fired] = {}
        features: dict[str, Any] = {}
        brought: set[int] = set()
        shared = [None] * written.shared
        for part in parts:
            features |= part(context, context.data, context.errors, effects, fired, brought, features, shared)
        return result(context, features, effects, fired.values())

    return run if len(parts) == 1 else run_all


def sources(program: Program, order: Order, action: str | None) -> list[str]:
    """The Python code that rules come to, for people."""
    return write(program, order, action).sources


def _function(source: str, names: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102 - our own code: text of authors stands in it as literals
    made: Callable[..., dict[str, Any]] = names.pop("part")
    return made


def _caught(error: Exception, context: Context, site: Site) -> Any:
    if isinstance(error, TooSlow):
        spend_work(context, STOPPED_WORK)
    if not isinstance(error, Expected):
        file, line, column, feature = site
        context.errors.append(Error(file, line, column, operate.told(error), feature))
    return FAILED


def _read(reading: Reading, context: Context, site: Site) -> Any:
    try:
        return reading.value(context.data)
    except (Expected, operate.Impossible) as error:
        return _caught(error, context, site)


def _act(effects: list[Effect], effect: Any, rules: tuple[str, ...]) -> None:
    if isinstance(effect, Effect):
        effects.append(Effect(kind=effect.kind, entity=effect.entity, arguments=effect.arguments, rules=rules))


_NAMES: dict[str, Any] = {
    "FAILED": FAILED,
    "Entity": Entity,
    "Fired": Fired,
    "act": _act,
    "caught": _caught,
    "contains": operate.contains,
    "fold": fold_case,
    "joined": operate.joined,
    "listed": operate.listed,
    "short": operate.short,
    "negative": operate.negative,
    "nothing": {},
    "plain": operate.plain,
    "read": _read,
    "resolve": operate.resolve,
    "shown": shown,
    "spend": spend,
    "text": operate.text,
}
