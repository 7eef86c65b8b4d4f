"""Patterns and phrases in texts: what must stand in a text for them to match is looked for first, for all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, Final

from evenhand.engine.rules.check.walk import children
from evenhand.engine.rules.compile.code import UNKNOWN, Code
from evenhand.engine.rules.compile.expressions import Expressions
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.order import values
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.regex import TextIndex, compile_pattern, fold_case, required_literals
from evenhand.engine.rules.tree import Call, Expr, Literal, Name, Program
from evenhand.engine.rules.types import BOOL, NONE, STR, parts

MANY: Final = 6
"""So many patterns and phrases on one text are worth an index of it."""
_TEXTS: Final = {"RegexMatch": "target", "TextContains": "text", "StringContains": "s"}
_DOT_ABOVE: Final = "\u0307"
"""Part of what İ becomes without case; `fold_case` leaves it out."""
_UNBOUNDED: Final = "regex"
"""The engine of patterns that may be stopped for taking too long."""


_NO: Final = Literal(value=False, type=BOOL, span=Span("", 0, 0, 0, 0))


class Finder:
    """Which of its literals stand in a folded text, by their numbers. Built when all of them are known."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._index: TextIndex | None = None

    def number(self, literal: str) -> int:
        return self.numbers.setdefault(literal, len(self.numbers))

    def build(self) -> None:
        self._index = TextIndex(list(self.numbers)) if self.numbers else None

    def find(self, folded: str) -> AbstractSet[int]:
        return frozenset() if self._index is None else self._index.find_folded(folded)


class Texts:
    """The texts of a program that patterns and phrases are looked for in."""

    def __init__(self, program: Program) -> None:
        self._uses = Counter(uses(program))
        self._folded: dict[str, str] = {}
        self._indexes: dict[str, tuple[str, Finder]] = {}
        self._finders: list[Finder] = []

    def defined(self, key: str, code: Code, expressions: Expressions) -> list[str]:
        """Readies a text that was just assigned; the variables that this made."""
        if not self._uses[key] or code.known is not UNKNOWN or not set(parts(code.type)) <= {STR, NONE}:
            return []
        folded = expressions.fresh()
        unless = "" if code.type == STR and not code.fails else f" if type({code.text}) is str else ''"
        expressions.lines.add(f"{folded} = fold({code.text}){unless}")
        self._folded[code.text] = folded
        if self._uses[key] < MANY:
            return [folded]
        finder, index = Finder(), expressions.fresh()
        self._finders.append(finder)
        expressions.lines.add(f"{index} = {expressions.constants.add(finder.find, 'find')}({folded})")
        self._indexes[code.text] = index, finder
        return [folded, index]

    def close(self) -> None:
        for finder in self._finders:
            finder.build()

    def code(self, call: Call, expressions: Expressions) -> Code | None:
        """The call behind a first look; None where it has no such form."""
        literals = _literals(call)
        if literals is None:
            return None
        arguments, fails, codes = expressions.arguments(call)
        given = dict(zip(call.arguments, codes, strict=True))
        text = given[_TEXTS[call.function.name]]
        pattern = _pattern(call) if call.function.name == "RegexMatch" else None
        if pattern is not None:
            tested = f"{expressions.constants.add(pattern.search, 'search', ('search', id(pattern)))}({text.text})"
        else:
            tested = f"{expressions.constants.add(call.function.call, call.function.name)}({arguments})"
        tested = expressions.charged(tested, call)
        look = self._look(text.text, literals, expressions)
        made = f"({look} and {tested})" if look else tested
        if pattern is not None and pattern.way == _UNBOUNDED:
            return expressions.attempted(made, BOOL, call.span, fails)
        cost = 2 if look else call.function.cost
        return Code(made, BOOL, fails, cost, 1 + max(one.depth for one in codes))

    def _look(self, text: str, literals: frozenset[str], expressions: Expressions) -> str:
        if text in self._indexes and literals:
            index, finder = self._indexes[text]
            expressions.names.used(index)
            numbers = [finder.number(one) for one in sorted(literals)]
            if len(numbers) == 1:
                return f"{numbers[0]} in {index}"
            group = expressions.constants.add(frozenset(numbers), "group", tuple(numbers))
            return f"not {index}.isdisjoint({group})"
        if text in self._folded and len(literals) == 1:
            expressions.names.used(self._folded[text])
            return f"{min(literals)!a} in {self._folded[text]}"
        return ""


def uses(program: Program) -> Iterable[str]:
    """The keys of names that patterns and phrases are looked for in, once for each."""
    for value in values(program):
        waiting: list[Expr] = [value]
        while waiting:
            one = waiting.pop()
            waiting += children(one)
            if isinstance(one, Call) and _literals(one):
                target = one.arguments.get(_TEXTS[one.function.name])
                if isinstance(target, Name):
                    yield target.key


def _literals(call: Call) -> frozenset[str] | None:
    """What a text must have one of, folded, for the call to be true. Empty: nothing is known. None: not such a call."""
    name = call.function.name
    if name not in _TEXTS or call.function is not BUILT_IN[name]:
        return None
    if name == "RegexMatch" and isinstance(call.arguments.get("case_insensitive", _NO), Literal):
        try:
            found = required_literals(str(_written(call, "pattern")), case_insensitive=_ignores_case(call))
        except ValueError:
            return None
        return found or frozenset()
    phrase = _written(call, "phrase")
    if not isinstance(phrase, str):
        return None
    folded = fold_case(phrase)
    return frozenset() if not folded or _DOT_ABOVE in folded else frozenset([folded])


def _written(call: Call, name: str) -> Any:
    argument = call.arguments.get(name)
    return argument.value if isinstance(argument, Literal) else None


def _ignores_case(call: Call) -> bool:
    return _written(call, "case_insensitive") is True


def _pattern(call: Call) -> Any:
    return compile_pattern(_written(call, "pattern"), case_insensitive=_ignores_case(call))
