"""From the text of a query to the rules that answer it, or to everything that is wrong with it, with carets."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from evenhand.engine.rules import project
from evenhand.engine.rules.check.operators import is_condition
from evenhand.engine.rules.check.walk import every, of
from evenhand.engine.rules.function import Function
from evenhand.engine.rules.parse import Text, parse
from evenhand.engine.rules.problem import Problem, RuleError, Span
from evenhand.engine.rules.query.functions import moment
from evenhand.engine.rules.query.inline import found, replaced
from evenhand.engine.rules.query.words import search_for
from evenhand.engine.rules.suggest import closest
from evenhand.engine.rules.tree import Call, Literal, Program
from evenhand.engine.rules.types import EFFECT, parts

QUERY: Final = "query"
"""The file that problems of the query are told with."""
ANSWER: Final = "QueryAnswer"
"""The name that the answer is assigned to."""
MOST_CHARACTERS: Final = 20_000
_MAIN, _NAMES, _INLINE = "main.sml", "names.sml", "inline.sml"
_TIMES: Final = ("After", "Before")
_WORDS: Final = "these are words, and no condition"
_MOST_MEANT: Final = 20
"""Unknown names for which a known one is looked for."""
_LAST: Final = "the last line is the condition that events are asked for: Followers > 1000"


class Reading:
    """One query: its text, and the places of it in the rules that it is made into."""

    def __init__(self, query: str, names: Mapping[str, str], functions: Mapping[str, Function]) -> None:
        """Raises RuleError."""
        self._text = Text(QUERY, query)
        self._functions = functions
        if search := search_for(query, {*names, *functions}):
            whole = self._text.at(1, 1, len(self._text.line(1)))
            raise RuleError([self._text.problem(whole, _WORDS, f"to look for them: {search}")])
        tree = self._parsed()
        self._answer = self._condition(tree)
        self._inline = found(tree, self._text, functions)
        self._names = _used(tree, names, functions)
        read = [one for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
        self._read = sorted(read, key=lambda one: (one.lineno, one.col_offset))

    def program(self) -> Program:
        """Raises RuleError: everything that is wrong with the query."""
        try:
            program = project.read(self._sources(), {}, self._functions)
        except RuleError as error:
            raise RuleError(sorted({self.moved(one) for one in error.problems if self._is_asked(one)})) from error
        if problems := list(self._refused(program)):
            raise RuleError(problems)
        return program

    def problem(self, span: Span, message: str, hint: str = "", *, warning: bool = False) -> Problem:
        """A problem with a part of the query's program, where it stands in the query."""
        width = span.end_column - span.column if span.end_line == span.line else 1
        severity = "warning" if warning else "error"
        told = Problem(span.file, span.line, span.column, message, hint, severity, "", max(1, width))
        return self.moved(told)

    def moved(self, problem: Problem) -> Problem:
        """The problem, told with its place in the query."""
        if problem.file == _INLINE:
            call = self._inline[problem.line - 1]
            line, column = call.span.line, max(1, problem.column - len(call.start)) + call.span.column - 1
        elif problem.file == _MAIN:
            before = 2 if problem.line - 1 >= self._answer.lineno else 1
            line, column = max(1, problem.line - before), problem.column
        elif problem.file == _NAMES and (name := self._leading(problem)):
            return self._behind(problem, name)
        else:
            return problem
        return replace(
            problem,
            file=QUERY,
            line=line,
            column=column,
            message=self._said(problem.message),
            hint=self._said(problem.hint),
            source=self._text.line(line),
        )

    def _is_asked(self, problem: Problem) -> bool:
        """Not so of a name that was only brought in because it may be what a misspelt one means."""
        return problem.file != _NAMES or self._leading(problem) is not None

    def _leading(self, problem: Problem) -> ast.Name | None:
        """The first name in the query that is made of the one that the problem is with."""
        culprit = list(self._names)[problem.line - 1]
        return next((one for one in self._read if culprit in _made_of(one.id, self._names)), None)

    def _behind(self, problem: Problem, name: ast.Name) -> Problem:
        """Of a name that the desk's rules give: told where the query says it."""
        culprit = list(self._names)[problem.line - 1]
        through = "" if culprit == name.id or culprit.startswith("_") else f", since it is made of {culprit}"
        message = f"{name.id} cannot be asked{through}: {problem.message}"
        if problem.severity == "warning":
            message = problem.message
        span = self._text.span(name)
        source = self._text.line(span.line)
        return replace(
            problem, file=QUERY, line=span.line, column=span.column, message=message, source=source, width=len(name.id)
        )

    def _parsed(self) -> ast.Module:
        text = self._text
        if len(text.source) > MOST_CHARACTERS:
            raise RuleError([text.problem(text.at(1), f"a query has at most {MOST_CHARACTERS:,} characters")])
        try:
            tree = ast.parse("\n".join(text.lines))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problems = parse(QUERY, text.source, self._functions).problems
            raise RuleError(problems or [text.problem(text.at(1), "this cannot be read")]) from error
        if not tree.body:
            raise RuleError([text.problem(text.at(1), "the query is empty", _LAST)])
        return tree

    def _condition(self, tree: ast.Module) -> ast.Expr:
        """The statement that asks; all others give names."""
        *others, last = tree.body
        odd = [one for one in others if not isinstance(one, ast.Assign | ast.AnnAssign)]
        problems = [self._text.problem(one, "a query gives names, and then asks once", _LAST) for one in odd]
        if not isinstance(last, ast.Expr):
            problems.append(self._text.problem(last, "the query asks for nothing", _LAST))
        elif others and (others[-1].end_lineno or 0) >= last.lineno:
            problems.append(self._text.problem(last, "the condition has a line of its own", "leave out the `;`"))
        if problems or not isinstance(last, ast.Expr):
            raise RuleError(problems)
        return last

    def _sources(self) -> dict[str, str]:
        lines = replaced(self._text.lines, self._inline)
        start, end = self._answer.lineno - 1, self._answer.end_lineno or self._answer.lineno
        imports = f"Import(rules=[{_INLINE!r}, {_NAMES!r}])"
        main = [imports, *lines[:start], f"{ANSWER} = (", *lines[start:end], ")", *lines[end:]]
        return {
            _MAIN: "\n".join(main),
            _INLINE: "\n".join(f"{one.start}{one.text}" for one in self._inline),
            _NAMES: "\n".join(_line(name, value) for name, value in self._names.items()),
        }

    def _refused(self, program: Program) -> Iterator[Problem]:
        """What stored events do not answer."""
        for file in program.files.values():
            for expr in (one for statement in file.statements for whole in of(statement) for one in every(whole)):
                if isinstance(expr, Call) and (why := _refusal(expr)):
                    yield self.problem(expr.span, *why)
        answer = program.definitions[ANSWER]
        if not is_condition(answer.type):
            yield self.problem(answer.value.span, f"the query asks for nothing: this is {answer.type}", _LAST)

    def _said(self, words: str) -> str:
        for one in self._inline:
            words = words.replace(one.name, one.text)
        return words.replace(ANSWER, "the query")


def _refusal(call: Call) -> tuple[str, str] | None:
    """Why a query cannot call this, and what to write instead."""
    function = call.function
    if EFFECT in parts(function.result) or function.name == "WhenRules":
        return f"{function.name} brings something about; a query only asks", ""
    if function.name == "HasLabel":
        return (
            "HasLabel asks for labels as they were when the event came, which are not kept with it",
            "DidAddLabel(label_name='...') asks what rules did then",
        )
    if not function.pure:
        return f"{function.name} gives what it gave when the event came, which is not kept with it", ""
    time = call.arguments.get("time")
    if function.name in _TIMES and isinstance(time, Literal):
        try:
            moment(str(time.value))
        except ValueError as error:
            return str(error), ""
    return None


def _used(tree: ast.Module, names: Mapping[str, str], functions: Collection[str]) -> dict[str, str]:
    """The names that the query reads and does not give itself, with what these read, and the nearest to those that are
    not known, to be told of; none that cannot be read."""
    assigned = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    waiting = [one.id for one in ast.walk(tree) if isinstance(one, ast.Name)]
    unknown = [one for one in dict.fromkeys(waiting) if one not in {*names, *functions, *assigned}]
    waiting += [closest(one, names) for one in unknown[:_MOST_MEANT]]
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in names and name not in used and name not in assigned and (written := _written(name, names[name])):
            used.add(name)
            waiting += [one.id for one in ast.walk(written) if isinstance(one, ast.Name)]
    return {name: value for name, value in names.items() if name in used}


def _written(name: str, value: str) -> ast.Module | None:
    try:
        return ast.parse(_line(name, value))
    except (SyntaxError, ValueError):
        return None


def _line(name: str, value: str) -> str:
    return f"{name} {value}" if value.startswith("=") else f"{name}: {value}"


def _made_of(name: str, names: Mapping[str, str]) -> set[str]:
    """The name itself, and all that it reads."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in names and one not in found and (written := _written(one, names[one])):
            found.add(one)
            waiting += [inner.id for inner in ast.walk(written) if isinstance(inner, ast.Name)]
    return found
