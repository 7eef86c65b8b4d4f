"""Small rule projects to check: a handful of functions, and what their author is told."""

from typing import Any, TypeVar

import pytest

from evenhand.engine.rules import project
from evenhand.engine.rules.function import read
from evenhand.engine.rules.problem import RuleError
from evenhand.engine.rules.values import Constant, Effect, Entity, Rule

T = TypeVar("T")


def JsonData(path: Constant[str], required: Constant[bool] = True, coerce_type: Constant[bool] = True) -> Any:
    """What the event has."""


def EntityJson(
    type: Constant[str],  # noqa: A002  # as rules name it
    path: Constant[str],
    required: Constant[bool] = True,
    coerce_type: Constant[bool] = True,
) -> Entity[Any]:
    """Somebody in the event."""


def EntityFunction(type: Constant[str], id: T) -> Entity[T]:  # noqa: A002  # as rules name them
    """Somebody."""


def GetActionName() -> str:
    """The name of the event."""


def RuleFunction(when_all: list[bool], description: str = "") -> Rule:
    """A rule."""


def WhenRules(rules_any: list[Rule], then: list[Effect]) -> None:
    """Effects of rules."""


def LabelAdd(entity: Entity[Any], label: Constant[str], apply_if: Rule | None = None) -> Effect:
    """A label."""


def ResolveOptional(optional_value: T | None, default_value: T | None = None) -> T:
    """A value for certain."""


def ListFind(list: Constant[str], s: str) -> list[str]:  # noqa: A002  # as rules name it
    """Words of a word list."""


def ListLength(list: list[T]) -> int:  # noqa: A002  # as rules name it
    """How long."""


def Pick(either: T, other: T) -> T:
    """One of two."""


def StringLength(s: str) -> int:
    """How long."""


def Average(of: list[float]) -> float:
    """The mean."""


def Split(experiment: Constant[str], **bucket: list[bool]) -> Rule:
    """Takes any keywords."""


FUNCTIONS = {
    name: read(name, call)
    for name, call in {
        "JsonData": JsonData,
        "EntityJson": EntityJson,
        "Entity": EntityFunction,
        "GetActionName": GetActionName,
        "Rule": RuleFunction,
        "WhenRules": WhenRules,
        "LabelAdd": LabelAdd,
        "ResolveOptional": ResolveOptional,
        "ListFind": ListFind,
        "ListLength": ListLength,
        "Pick": Pick,
        "StringLength": StringLength,
        "Average": Average,
        "Split": Split,
    }.items()
}
GIVEN = """\
Text: str = JsonData(path='$.text')
Maybe: Optional[str] = JsonData(path='$.maybe', required=False)
Number: int = JsonData(path='$.number')
Half: float = JsonData(path='$.half')
Perhaps: Optional[int] = JsonData(path='$.perhaps')
Flag: bool = JsonData(path='$.flag')
Words: List[str] = JsonData(path='$.words')
User: Entity[str] = EntityJson(type='User', path='$.user')
Spam = Rule(when_all=[Flag], description='spam')
"""
"""Names of every type, for one more line."""


def sources(files):
    return {"main.sml": files} if isinstance(files, str) else files


def checked(files, config=None, **options):
    return project.check(sources(files), config or {}, FUNCTIONS, **options)


def program(files, config=None, **options):
    return project.read(sources(files), config or {}, FUNCTIONS, **options)


def type_of(line, config=None):
    """The type of the value that the last name in `line` gets, behind GIVEN."""
    definitions = program(GIVEN + line, config).definitions
    return str(definitions[line.splitlines()[-1].split(" =")[0].split(":")[0]].type)


def problems(files, config=None, **options):
    with pytest.raises(RuleError) as error:
        checked(files, config, **options)
    return error.value.problems


def told(files, config=None, **options):
    """What is printed for a project that is wrong."""
    return "\n".join(map(str, problems(files, config, **options)))


def refused(line, config=None, **options):
    """The message and the hint of the one problem that `line` has, behind GIVEN."""
    [problem] = problems(GIVEN + line, config, **options)
    assert problem.line > GIVEN.count("\n")
    return f"{problem.message} | {problem.hint}"
