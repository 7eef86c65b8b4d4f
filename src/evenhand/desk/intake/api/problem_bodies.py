"""How a refusal is written: v2 as RFC 9457 problem details, v1 as Coop writes its errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from evenhand.desk.intake.api.refusals import Kind, Refused
from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Problem

PROBLEM_JSON = "application/problem+json"
_ITEM = re.compile(r"/(items|reportedItemThread|additionalItems)/\d+|/(reportedItem|actionedItem)(?=/|$)")


class FieldProblem(Struct, frozen=True, omit_defaults=True):
    """One place of the request: a JSON pointer (RFC 6901), why it is wrong, and what would be right there."""

    pointer: str
    reason: str
    example: Any | UnsetType = UNSET


class ProblemBody(Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `instance` names this very answer; it is in the desk's log when the desk is to blame."""

    type: str
    title: str
    status: int
    instance: str
    detail: str = ""
    errors: tuple[FieldProblem, ...] = ()


class CoopError(Struct, frozen=True, omit_defaults=True, rename="camel"):
    status: int
    type: tuple[str, ...]
    title: str
    request_id: str
    detail: str = ""
    pointer: str | UnsetType = UNSET


class CoopErrors(Struct, frozen=True):
    errors: tuple[CoopError, ...]


class Style(Struct, frozen=True):
    media_type: str
    write: Callable[[Refused], Any]


def problem_type(kind: Kind) -> str:
    """Address of the documentation of this kind of problem."""
    return f"/api/docs#problem-{kind.slug}"


def field_problems(problems: Sequence[Problem]) -> tuple[FieldProblem, ...]:
    told = tuple(FieldProblem(one.pointer, one.reason, one.example) for one in problems[: limits.PROBLEMS])
    return (*told, FieldProblem("", _more(problems))) if len(problems) > limits.PROBLEMS else told


def _more(problems: Sequence[Problem]) -> str:
    """How many are not told, as far as they were counted."""
    more = f"{len(problems) - limits.PROBLEMS:,} more."
    return f"And {more}" if len(problems) < limits.COUNTED else f"And at least {more}"


def _problem(refused: Refused) -> ProblemBody:
    return ProblemBody(
        type=problem_type(refused.kind),
        title=refused.kind.title,
        status=refused.kind.status,
        instance=f"urn:uuid:{refused.request_id}",
        detail=refused.detail,
        errors=field_problems(refused.problems),
    )


def _coop(refused: Refused) -> CoopErrors:
    problems = refused.problems
    if not problems:
        return CoopErrors((_error(refused, refused.detail),))
    told = tuple(_at(problem, refused) for problem in problems[: limits.PROBLEMS])
    return CoopErrors((*told, _error(refused, _more(problems))) if len(problems) > limits.PROBLEMS else told)


def _at(problem: Problem, refused: Refused) -> CoopError:
    """Coop points at the item whose data is wrong; the place inside it is told in `detail`."""
    types = refused.kind.coop
    if problem.about == "shape":
        return _error(refused, problem.reason, types, problem.pointer)
    item = _ITEM.match(problem.pointer)
    if problem.about == "data":
        types = ("/errors/data-invalid-for-item-type", *types)
    inside = problem.pointer[item.end() :] if item else ""
    detail = f"{inside.lstrip('/')}: {problem.reason}" if inside else problem.reason
    return _error(refused, detail, types, item[0] if item else problem.pointer)


def _error(
    refused: Refused,
    detail: str,
    types: tuple[str, ...] = (),
    pointer: str | UnsetType = UNSET,
) -> CoopError:
    kind = refused.kind
    return CoopError(kind.status, types or kind.coop, kind.title, refused.request_id, detail, pointer)


COOP = Style("application/json; charset=utf-8", _coop)
PROBLEM = Style(PROBLEM_JSON, _problem)
STYLES = {"v1": COOP, "v2": PROBLEM}
