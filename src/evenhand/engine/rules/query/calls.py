"""Calls of functions whose answer SQL can narrow down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from evenhand.engine.rules.query.algebra import (
    ALWAYS,
    FAILS,
    NO,
    UNKNOWN,
    YES,
    Sql,
    Three,
    any_of,
    at_least,
    exactly,
    write,
)
from evenhand.engine.rules.query.comparisons import sayable
from evenhand.engine.rules.query.functions import moment
from evenhand.engine.rules.query.letters import may_have
from evenhand.engine.rules.query.schema import Schema
from evenhand.engine.rules.query.values import Values
from evenhand.engine.rules.regex import fold_case, required_literals
from evenhand.engine.rules.tree import Call

_MOST_LITERALS: Final = 16


class Calls:
    """What SQL can tell of a call."""

    def __init__(self, values: Values, schema: Schema) -> None:
        self._values, self._schema = values, schema
        self._dialect = values.dialect

    def narrowed(self, call: Call) -> Three:
        narrow = _BY_FUNCTION.get(call.function.name)
        return narrow(self, call) if narrow else UNKNOWN

    def given(self, call: Call, name: str) -> Any:
        """An argument that is written out, or the parameter's default; UNKNOWN where it depends on the event."""
        if name not in call.arguments:
            return next(one.default for one in call.function.parameters if one.name == name)
        found = self._values.constant(call.arguments[name])
        return found.value if found else UNKNOWN

    def contains(self, call: Call) -> Three:
        """TextContains, and StringContains with its ways."""
        subject = "text" if call.function.name == "TextContains" else "s"
        phrase = self.given(call, "phrase")
        exact_case = subject == "s" and self.given(call, "case_sensitive") is not False
        anywhere = subject == "s" and self.given(call, "substrings") is True
        if not _is_text(phrase) or (exact_case and self.given(call, "case_sensitive") is not True):
            return UNKNOWN
        if not phrase:
            return self._of_text(call, subject, lambda _: NO)
        if not exact_case:
            return self._of_text(
                call, subject, lambda text: at_least(may_have(self._dialect, text, phrase.casefold(), str.casefold))
            )
        as_written = exactly if anywhere else at_least
        return self._of_text(call, subject, lambda text: as_written(self._dialect.has(text, phrase)))

    def starts(self, call: Call) -> Three:
        start = self.given(call, "start")
        return self._at_edge(call, start, lambda text: self._dialect.starts(text, start))

    def ends(self, call: Call) -> Three:
        end = self.given(call, "end")
        return self._at_edge(call, end, lambda text: self._dialect.ends(text, end))

    def matches(self, call: Call) -> Three:
        """RegexMatch: one of the literals that every match has must be there."""
        pattern, ignore_case = self.given(call, "pattern"), self.given(call, "case_insensitive")
        if not isinstance(ignore_case, bool):
            return UNKNOWN
        literals = required_literals(pattern, case_insensitive=ignore_case) or frozenset()
        if not 0 < len(literals) <= _MOST_LITERALS or not all(map(_is_text, literals)):
            return UNKNOWN
        some = sorted(literals)

        def found(text: Sql) -> Three:
            return Three(any_of(may_have(self._dialect, text, one, fold_case) for one in some), ALWAYS, ALWAYS)

        return self._of_text(call, "target", found)

    def after(self, call: Call) -> Three:
        return exactly(write("{} >= {}", Sql(self._schema.at), moment(self.given(call, "time"))))

    def before(self, call: Call) -> Three:
        return exactly(write("{} < {}", Sql(self._schema.at), moment(self.given(call, "time"))))

    def label(self, call: Call) -> Three:
        status = 1 if call.function.name == "DidAddLabel" else 0
        return self._kept(self._schema.labels, f'/{self.given(call, "label_name")}/{status}"')

    def verdict(self, call: Call) -> Three:
        return self._kept(self._schema.verdicts, f'"{self.given(call, "verdict")}"')

    def _kept(self, column: str | None, part: str) -> Three:
        """What stands in a list of JSON as it is written."""
        if column is None or not part.isascii() or not part.isprintable() or '"' in part[1:-1] or "\\" in part:
            return UNKNOWN
        return at_least(self._dialect.has(Sql(column), part))

    def _at_edge(self, call: Call, edge: Any, found: Callable[[Sql], Sql]) -> Three:
        if not _is_text(edge):
            return UNKNOWN
        return self._of_text(call, "s", lambda text: exactly(found(text)) if edge else YES)

    def _of_text(self, call: Call, name: str, answer: Callable[[Sql], Three]) -> Three:
        """The answer for a text of the event; without a text the function has no value."""
        operand = self._values.operand(call.arguments[name])
        if operand is None:
            return UNKNOWN
        text = operand.place.text
        return operand.choose(lambda _: answer(text), FAILS)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and sayable(value)


_BY_FUNCTION: Final[dict[str, Callable[[Calls, Call], Three]]] = {
    "TextContains": Calls.contains,
    "StringContains": Calls.contains,
    "StringStartsWith": Calls.starts,
    "StringEndsWith": Calls.ends,
    "RegexMatch": Calls.matches,
    "After": Calls.after,
    "Before": Calls.before,
    "DidAddLabel": Calls.label,
    "DidRemoveLabel": Calls.label,
    "DidDeclareVerdict": Calls.verdict,
}
