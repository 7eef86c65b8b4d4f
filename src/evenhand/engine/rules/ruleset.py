"""A rule project ready to run: from its sources to the result for each event, as values or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenhand.engine.rules import interpret, project
from evenhand.engine.rules.function import read, table
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.order import order
from evenhand.engine.rules.run import Context, Result, Services, State
from evenhand.engine.rules.tree import Program

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


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
    *,
    config: Mapping[str, Any] | None = None,
    udfs: Iterable[Callable[..., Any]] = (),
    lists: Mapping[str, Any] | None = None,
) -> RuleSet:
    """The rules of a project whose files are given by path; it starts with main.sml, or what `config` says.

    `udfs`: plain typed Python functions that rules call by their names. `lists`: word lists by name.

    Raises RuleError, with every problem.
    """
    functions = table(BUILT_IN.values(), (read(one.__name__, one, pure=False) for one in udfs))
    return RuleSet(project.read(sources, config or {}, functions), lists or {})


class RuleSet:
    """Checked rules. One may be used by many threads."""

    def __init__(self, program: Program, lists: Mapping[str, Any]) -> None:
        self.program = program
        self.order = order(program)
        self.lists = lists
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
        """What the rules make of one event. `at` is its time: in UTC when it names no offset."""
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        micros = (at - _EPOCH) // _MICROSECOND
        context = Context(action_name, action_id, data, at, micros, state, services, self.lists, [])
        return interpret.run(self.program, self.order, context)

    def run_json(self, body: bytes, *, state: State | None = None, services: Services | None = None) -> bytes:
        """The same, from an `Action` in JSON to the `Result` in JSON.

        Raises msgspec.ValidationError (no Action), msgspec.DecodeError (no JSON).
        """
        given = self._decode(body)
        at = given.timestamp
        return self._encode(
            self.run(given.action_name, given.data, at=at, action_id=given.action_id, state=state, services=services)
        )
