"""How far back the rules of a project look: what an event's result may depend on besides the event."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from msgspec import Struct

from evenhand.engine.rules.check.walk import children
from evenhand.engine.rules.fold import folded
from evenhand.engine.rules.functions import FAMILIES
from evenhand.engine.rules.tree import Call, Do, Expr, Name, Program, Require, Statement

WINDOWS: Final = ("window_seconds", "baseline_seconds")
LONGEST: Final = timedelta(days=30)
"""For a window that is not written out."""
_COUNTERS: Final = frozenset(FAMILIES["counters"].functions)
_ENDLESS: Final = frozenset({"FirstSeen", "SecondsSinceFirstSeen", "HasLabel"})


class Memory(Struct, frozen=True):
    """`stateless`: each event stands for itself. `window`: events so long before may count; where counters depend on
    others, their windows are added up. `endless`: functions that look back without end, or whose window is not written
    out: what they find depends on all that came before."""

    stateless: bool
    window: timedelta
    endless: tuple[str, ...]


def memory(program: Program) -> Memory:
    look = _Look(program)
    statements = [one for file in program.files.values() for one in file.statements]
    longest = max((look.statement(one) for one in statements), default=0.0)
    gates = max((look.statement(one) for one in statements if isinstance(one, Require)), default=0.0)
    window = timedelta(seconds=longest + gates if longest > gates else longest)
    return Memory(not look.remembers, window, tuple(sorted(look.endless)))


class _Look:
    """The seconds that each definition looks back, each looked at once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[str, float] = {}
        self.remembers = False
        self.endless: set[str] = set()

    def statement(self, statement: Statement) -> float:
        match statement:
            case Require(pattern=pattern, condition=condition):
                return max(self._seconds(pattern), 0.0 if condition is None else self._seconds(condition))
            case Do(value=value):
                return self._seconds(value)
        return self._name(statement.key)

    def _name(self, key: str) -> float:
        if key not in self._known:
            self._known[key] = self._seconds(self._program.definitions[key].value)
        return self._known[key]

    def _seconds(self, expr: Expr) -> float:
        if isinstance(expr, Name):
            return self._name(expr.key)
        deepest = max((self._seconds(one) for one in children(expr)), default=0.0)
        return deepest + self._own(expr) if isinstance(expr, Call) else deepest

    def _own(self, call: Call) -> float:
        name = call.function.name
        if name not in _COUNTERS and name != "HasLabel":
            return 0.0
        self.remembers = True
        if name in _ENDLESS:
            self.endless.add(name)
            return 0.0
        known = self._program.definitions
        written = [folded(call.arguments[one], known) for one in WINDOWS if one in call.arguments]
        seconds = [one for one in written if isinstance(one, int | float)]
        if len(seconds) < len(written):
            self.endless.add(name)
            return LONGEST.total_seconds()
        return max(seconds, default=0.0)
