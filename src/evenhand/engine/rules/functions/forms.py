"""Functions that the compiler carries out itself: their signatures, and what they mean, for author and checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from evenhand.engine.rules.function import Family, read
from evenhand.engine.rules.values import Constant, Effect, Entity, Rule, T

FAMILY = Family()
Python = TypeVar("Python", bound=Callable[..., Any])


def _form(name: str) -> Callable[[Python], Python]:
    def added(signature: Python) -> Python:
        FAMILY.functions[name] = read(name, signature, form=True, cost=1)
        return signature

    return added


def _compiled() -> NoReturn:
    raise AssertionError("A form is carried out by the compiler, and never called.")


@_form("Import")
def import_(rules: Constant[list[str]]) -> None:
    """Brings the names of other rule files into this one; their statements run first.

    `rules`: paths from the project's folder, written out, sorted, each once. Files may not import each other in a
    circle.
    """
    _compiled()


@_form("Require")
def require(rule: str, require_if: bool = True) -> None:
    """Runs another rule file, too.

    `rule`: its path from the project's folder, which may be an f-string (f'actions/{ActionName}.sml'); a path that it
    comes to and that is not there is passed over. `require_if`: only when this holds.
    """
    _compiled()


@_form("Rule")
def rule(when_all: list[bool], description: str = "") -> Rule:
    """A rule: it holds when all conditions hold. When the value of one could not be had, it neither holds nor does not:
    it has no value.

    `description`: a sentence for people, with values of the event in it as an f-string.
    """
    _compiled()


@_form("WhenRules")
def when_rules(rules_any: list[Rule], then: list[Effect]) -> None:
    """Brings about all effects when at least one of the rules holds. A rule or an effect without a value is left
    out."""
    _compiled()


@_form("JsonData")
def json_data(path: Constant[str], required: Constant[bool] = True, coerce_type: Constant[bool] = True) -> Any:
    """A value of the event. It is assigned to a name with its type: `Text: str = JsonData(path='$.text')`.

    `path`: a JSONPath; the first match counts. `required`: without a match it has no value and an error is told; when
    False, it is None if its type allows that, else it has no value. `coerce_type`: a value of another type is made one
    of the wanted type where it can be.
    """
    _compiled()


@_form("EntityJson")
def entity_json(
    type: Constant[str], path: Constant[str], required: Constant[bool] = True, coerce_type: Constant[bool] = True
) -> Entity[Any]:
    """An entity whose id is a value of the event: `UserId: Entity[str] = EntityJson(type='User', path='$.user.id')`.

    `type`: what it is, as labels are declared for. `path`, `required`, `coerce_type`: as in JsonData.
    """
    _compiled()


@_form("Entity")
def entity(type: Constant[str], id: T) -> Entity[T]:
    """An entity: somebody or something that labels stick to. It compares like its id.

    `type`: what it is, as labels are declared for. `id`: a string or a whole number.
    """
    _compiled()


@_form("GetActionName")
def get_action_name() -> str:
    """The name of the event's kind."""
    _compiled()


@_form("GetActionId")
def get_action_id() -> int:
    """The event's number."""
    _compiled()


@_form("ResolveOptional")
def resolve_optional(optional_value: T | None, default_value: T | None = None, should_report_error: bool = False) -> T:
    """A value that may be None, or the default in its place.

    No value: both are None. `should_report_error`: an error is told then.
    """
    _compiled()
