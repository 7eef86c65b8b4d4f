"""Runs the cases of the semantics tables: on the compiled rules and on the interpreter, which must agree."""

from datetime import UTC, datetime

import pytest

from evenhand.engine import rules
from evenhand.engine.rules import interpret
from evenhand.engine.rules.compile import compiled
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.state import MemoryState

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MICROS = int(AT.timestamp()) * 1_000_000
CONFIG = {"labels": {name: {"valid_for": ["User", "Post"]} for name in ("spammer", "trusted", "new")}}
FIELDS = """\
A: int = JsonData(path='$.a', required=False)
B: int = JsonData(path='$.b', required=False)
F: float = JsonData(path='$.f', required=False)
G: bool = JsonData(path='$.g', required=False)
H: bool = JsonData(path='$.h', required=False)
S: str = JsonData(path='$.s', required=False)
T: str = JsonData(path='$.t', required=False)
L: List[str] = JsonData(path='$.l', required=False)
M: List[int] = JsonData(path='$.m', required=False)
O: Optional[int] = JsonData(path='$.o')
P: Optional[str] = JsonData(path='$.p')
Q: Optional[bool] = JsonData(path='$.q')
U: Entity[str] = EntityJson(type='User', path='$.u', required=False)
W: Entity[int] = EntityJson(type='Post', path='$.w', required=False)
V: Optional[Entity[str]] = EntityJson(type='User', path='$.v')
"""
"""One name for each type. None of them tells an error where the event has nothing: it is FAILED, or None."""


def run_both(sources, event, *, action="post", state=None, config=CONFIG, udfs=()):
    """The result of both ways; fails where they differ."""
    files = {"main.sml": sources} if isinstance(sources, str) else sources
    ruleset = rules.load_sources(files, config=config, udfs=udfs)
    results = []
    for run in (
        compiled(ruleset.program, ruleset.order, action),
        compiled(ruleset.program, ruleset.order, None),
        lambda context: interpret.run(ruleset.program, ruleset.order, context),
    ):
        context = Context(action, 7, event, AT, MICROS, state or MemoryState(), None, ruleset.lists, [])
        results.append(run(context))
    assert results[0] == results[1] == results[2]
    return results[0]


def check(expression, event, expected, errors=()):
    """That an expression over FIELDS comes to a value (of just this type), and to just these errors."""
    result = run_both(f"{FIELDS}X = {expression}\n", event)
    found = result.features["X"]
    assert (found, type(found)) == (expected, type(expected))
    assert len(result.errors) == len(errors), result.errors
    for error, part in zip(result.errors, errors, strict=True):
        assert part in error.message
        assert (error.file, error.feature) == ("main.sml", "X")


def table(cases):
    """Cases as parameters, each by the name of its expression."""
    return pytest.mark.parametrize(
        "case",
        [pytest.param(one, id=f"{one[0]} | {one[1]}"[:120].encode("ascii", "replace").decode()) for one in cases],
    )
