"""A query: SQL that finds candidates, and the rules that decide on each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evenhand.engine.rules.check.walk import every, of
from evenhand.engine.rules.moments import instant
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.query.dialects import DIALECTS
from evenhand.engine.rules.query.functions import ASKING, RESULTS, table
from evenhand.engine.rules.query.narrow import Narrowing
from evenhand.engine.rules.query.reading import ANSWER, Reading
from evenhand.engine.rules.query.schema import DialectName, Schema, Stored
from evenhand.engine.rules.ruleset import RuleSet
from evenhand.engine.rules.tree import Call, Expr, Literal, Name, Program


class Query:
    """`where` holds for every event that matches, and perhaps for others: `matches` says which ones do. %s stands for
    each of the `parameters`, as Django's cursors and psycopg take them.

    `unknown`: parts that SQL says nothing about, with their places; without others, every event is a candidate.
    `asks_results`: whether it asks what rules made of the event, which `Stored` has then.
    """

    def __init__(
        self,
        program: Program,
        *,
        where: str,
        parameters: tuple[Any, ...],
        unknown: tuple[Problem, ...],
        lists: Mapping[str, Any],
    ) -> None:
        self.where, self.parameters, self.unknown = where, parameters, unknown
        self._rules = RuleSet(program, lists)
        answer = program.definitions[ANSWER].value
        self._always = answer.value if isinstance(answer, Literal) else None
        self.asks_results = any(isinstance(one, Call) and one.function.name in ASKING for one in _parts(program))

    def matches(self, event: Stored) -> bool:
        """What the rule language says: whether the condition is true of the event."""
        if self._always is not None:
            return self._always is True
        kept = {"labels": event.labels, "verdicts": event.verdicts}
        data = {**event.data, RESULTS: kept}
        result = self._rules.run(event.action_name, data, at=instant(event.at), action_id=event.action_id)
        return result.features[ANSWER] is True


def to_sql(expression: str, *, dialect: DialectName, schema: Schema, lists: Mapping[str, Any] | None = None) -> Query:
    """The query that an expression is: a condition, perhaps behind lines that give names.

    Nothing of its text comes into the SQL but by parameters.

    Raises RuleError: every mistake, and what stored events do not answer, with carets.
    """
    reading = Reading(expression, schema.names, table())
    program = reading.program()
    narrowing = Narrowing(program, schema, DIALECTS[dialect])
    answer = program.definitions[ANSWER].value
    found = narrowing.narrowed(answer).true
    unknown = [
        reading.problem(one.span, "the database cannot look for this: it is checked event by event", warning=True)
        for one in narrowing.unknown
        if not isinstance(one, Name)
    ]
    return Query(
        program,
        where=found.text,
        parameters=found.parameters,
        unknown=tuple(dict.fromkeys(unknown)),
        lists=lists or {},
    )


def _parts(program: Program) -> Iterator[Expr]:
    """All expressions, and what is in them."""
    for file in program.files.values():
        for statement in file.statements:
            for whole in of(statement):
                yield from every(whole)
