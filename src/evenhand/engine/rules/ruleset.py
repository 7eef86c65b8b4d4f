"""A rule project ready to run: from its sources to the result for each event, as values or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenhand.engine.rules import interpret, nesting, project
from evenhand.engine.rules.check.configured import LATENESS
from evenhand.engine.rules.compile import Unsupported, compiled
from evenhand.engine.rules.function import table
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.lists import WordList
from evenhand.engine.rules.moments import micros
from evenhand.engine.rules.naming import named, spoken
from evenhand.engine.rules.order import order
from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.engine.rules.run import Context, Exhausted, Result, Services, State
from evenhand.engine.rules.state.limits import Limits
from evenhand.engine.rules.tree import Program
from evenhand.engine.rules.udfs import added, broken

MOST_FUNCTIONS: Final = 256
"""So many actions have code of their own."""


class Action(Struct, frozen=True):
    """What `run_json` takes: `{"action_name": "post", "action_id": 7, "timestamp": "2026-01-01T00:00:00Z",
    "data": {}}`.

    `timestamp` is in UTC when it names no offset.
    """

    action_name: str
    timestamp: datetime
    data: dict[str, Any]
    action_id: int = 0


def load_sources(
    sources: Mapping[str, str],
    config: Mapping[str, Any] | None = None,
    udfs: Iterable[Callable[..., Any]] = (),
    *,
    unusable: Mapping[str, str] | None = None,
    expected: Mapping[str, Any] | None = None,
    stored: bool = False,
) -> RuleSet:
    """The rules of a project whose files are given by path; it starts with main.sml, or what `config` says.

    `config`: labels, word lists by name (`lists`), how late events may come (`lateness_seconds`), and so on. `udfs`:
    plain typed Python functions that rules call by their names; one may take the place of a built-in function.
    `unusable`: those that cannot be had, and why: only what calls them is refused. `expected`: a JSON Schema for each
    action name, as far as others know the events; it counts where `config` has no `event_schemas`, and only warns.
    `stored`: a project that was published before runs though something in it can only fail; its `doubts` tell what.

    Raises RuleError, with every problem. Raises TypeError: a source is no text.
    """
    for path, source in sources.items():
        if not isinstance(source, str):
            raise TypeError(f"the source of {path!r} is a str, the text of the file, not {type(source).__name__}.")
    config = config or {}
    without_value = (broken(name, why) for name, why in (unusable or {}).items())
    functions = table(BUILT_IN.values(), without_value, map(added, udfs))
    checked = project.check(sources, config, functions, expected=expected, stored=stored)
    return RuleSet(named(checked.program), _lists(config.get("lists") or {}), checked.doubts, checked.warnings)


def _limits(config: Mapping[str, Any]) -> Limits:
    lateness = config.get(LATENESS)
    return Limits() if lateness is None else Limits(lateness=round(lateness * 1_000_000))


def _lists(given: Mapping[str, Iterable[str]]) -> dict[str, WordList]:
    found, problems = {}, []
    for name, terms in given.items():
        try:
            found[name] = WordList(terms)
        except ValueError as error:
            problems.append(Problem(f"lists/{name}", 1, 1, str(error), "leave it out", key=("lists", name)))
    if problems:
        raise RuleError(problems)
    return found


class RuleSet:
    """Checked rules. One may be used by many threads.

    `warnings`: what their author should look at, though they can run. `doubts`: of rules that were published before,
    what fails for every event.
    """

    def __init__(
        self,
        program: Program,
        lists: Mapping[str, WordList],
        doubts: tuple[Problem, ...] = (),
        warnings: tuple[Problem, ...] = (),
    ) -> None:
        self.program = program
        self.doubts = doubts
        self.warnings = warnings
        self.order = order(program)
        self.lists = lists
        self.limits = _limits(program.config)
        """Of the state that counts for these rules."""
        self._spoken = frozenset(spoken(program))
        self._compiled: dict[str | None, Callable[[Context], Result]] = {}
        self._decode = msgspec.json.Decoder(Action).decode
        self._encode = msgspec.json.Encoder().encode

    def run(
        self,
        action_name: str,
        data: dict[str, Any],
        *,
        at: datetime,
        action_id: int = 0,
        state: State | None = None,
        services: Services | None = None,
    ) -> Result:
        """What the rules make of one event. `at` is its time: in UTC when it names no offset.

        Raises TypeError: `at` is no datetime.
        """
        if not isinstance(at, datetime):
            raise TypeError(f"at is a datetime: the time of the event, not {type(at).__name__}.")
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        context = Context(action_name, action_id, data, at, micros(at), state, services, self.lists, [])
        try:
            return self._for(action_name)(context)
        except (Exception, Exhausted):  # noqa: BLE001 - what the quick way did not expect, the plain one tells as an error of one value
            context.errors.clear()
            context.work = 0
            return self.interpret(context)

    def interpret(self, context: Context) -> Result:
        """The same, by the interpreter: slow, and always right."""
        return interpret.run(self.program, self.order, context)

    def _for(self, action_name: str) -> Callable[[Context], Result]:
        """The code for an action. Names that the rules do not speak of share one function."""
        made = self._compiled.get(action_name)
        if made is not None:
            return made
        name = action_name if action_name in self._spoken and len(self._compiled) < MOST_FUNCTIONS else None
        if name not in self._compiled:
            self._compiled[name] = self._made(name)
        return self._compiled[name]

    def _made(self, name: str | None) -> Callable[[Context], Result]:
        try:
            return compiled(self.program, self.order, name)
        except Unsupported:
            return self.interpret

    def run_json(self, body: bytes, *, state: State | None = None, services: Services | None = None) -> bytes:
        """The same, from an `Action` in JSON to the `Result` in JSON.

        Raises msgspec.ValidationError (no Action), nesting.TooDeep, msgspec.DecodeError (no JSON), UnicodeDecodeError.
        """
        given = nesting.read(self._decode, body)
        at = given.timestamp
        return self._encode(
            self.run(given.action_name, given.data, at=at, action_id=given.action_id, state=state, services=services)
        )
