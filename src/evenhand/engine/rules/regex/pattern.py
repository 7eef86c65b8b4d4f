"""Compiled patterns: each by the quickest engine that answers as `re` does and cannot be made to hang."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, Protocol

import re2
import regex
from msgspec import Struct

from evenhand.engine.rules.regex.alphabet import Alphabet, Unknown, alphabet, ascii_members
from evenhand.engine.rules.regex.emit import BACKTRACKING, RE2, Dialect, Unfit, emit
from evenhand.engine.rules.regex.literals import literal_only
from evenhand.engine.rules.regex.shape import Back, Edge, Node, Repeat, backtracking, nullable, refused, shape, walk
from evenhand.engine.rules.regex.steps import few_steps

TIME_LIMIT = 0.005
"""Seconds for one search of a pattern that only backtracking can search."""
_MEMORY = 8 << 20
"""What RE2 may use for one pattern, in bytes."""
_SHOWN = 80
Compile = Callable[[str], Any]


class TooSlow(ValueError):
    """A pattern did not come to an end in time."""


class Pattern(Protocol):
    """`way`: which engine searches: "literal", "re", "re2", or "regex" under the time limit."""

    way: str

    def search(self, text: str) -> bool:
        """Whether it matches anywhere. Raises TooSlow."""

    def count(self, text: str) -> int:
        """How often it matches, without overlaps. Raises TooSlow."""


@lru_cache(maxsize=8192)
def compile_pattern(pattern: str, *, case_insensitive: bool = False, strict: bool = False) -> Pattern:
    """The pattern, with the meaning that it has in `re` on a str.

    Raises ValueError: no regular expression; or, when `strict`, one that cannot be searched in linear time.
    """
    node = shape(pattern, case_insensitive=case_insensitive)
    needed = backtracking(node)
    if strict and needed:
        raise ValueError(
            f"{pattern!r} needs {' and '.join(needed)}, which can take forever on the wrong text. Write what stands"
            " around as part of the pattern (ab for (?<=a)b), and each case by itself (aa|bb for (a|b)\\1); for what"
            " must not be there: RegexMatch(…) and not RegexMatch(…)."
        )
    if strict:
        return compile_pattern(pattern, case_insensitive=case_insensitive)
    literal = literal_only(pattern, case_insensitive=case_insensitive)
    if literal is not None:
        return Literal(literal)
    source = Source(pattern, case_insensitive, node)
    if few_steps(node):
        return Bounded(source)
    if needed:
        return Limited(source)
    try:
        return Linear(source)
    except (Unfit, re2.error):
        return Limited(source)


class Source(Struct, frozen=True):
    """A pattern as it is written, and its shape."""

    pattern: str
    case_insensitive: bool
    node: Node

    def exact(self) -> re.Pattern[str]:
        """Raises ValueError: more than the parser minds, as a look-behind of no fixed length."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return re.compile(self.pattern, re.IGNORECASE if self.case_insensitive else 0)
        except re.error as error:
            raise refused(self.pattern, error) from error


class Literal:
    """A string: Python finds it by itself."""

    way = "literal"

    def __init__(self, literal: str) -> None:
        self._literal = literal

    def search(self, text: str) -> bool:
        return self._literal in text

    def count(self, text: str) -> int:
        return text.count(self._literal)


class Bounded:
    """A pattern that takes few steps from each place in the text."""

    way = "re"

    def __init__(self, source: Source) -> None:
        self._exact = source.exact()

    def search(self, text: str) -> bool:
        return self._exact.search(text) is not None

    def count(self, text: str) -> int:
        return sum(1 for _ in self._exact.finditer(text))


class Linear:
    """A pattern without end, in RE2. ASCII is searched as it is; other texts are written in the pattern's alphabet."""

    way = "re2"

    def __init__(self, source: Source) -> None:
        """Raises Unfit, re2.error: RE2 does not take it."""
        self._source = source
        self._engine = Engine(source.node, RE2, _re2)

    def search(self, text: str) -> bool:
        if not text:
            return self._limited.search(text)
        prepared = self._engine.prepare(text)
        if prepared is None:
            return self._limited.search(text)
        compiled, written = prepared
        return compiled.search(written.encode()) is not None

    def count(self, text: str) -> int:
        """Where a match may be empty or end before the last line's end, engines differ in which match they take."""
        if not text or not self._countable or (self._dollar and text.endswith("\n")):
            return self._limited.count(text)
        prepared = self._engine.prepare(text)
        if prepared is None:
            return self._limited.count(text)
        compiled, written = prepared
        return sum(1 for _ in compiled.finditer(written.encode()))

    @cached_property
    def _limited(self) -> Limited:
        return Limited(self._source)

    @cached_property
    def _dollar(self) -> bool:
        return any(isinstance(one, Edge) and one.kind == "$" for one in walk(self._source.node))

    @cached_property
    def _countable(self) -> bool:
        nodes = list(walk(self._source.node))
        return not nullable(nodes[0]) and not any(isinstance(one, Repeat) and nullable(one.body) for one in nodes)


class Limited:
    """A pattern that is searched by trying, and stopped when it takes too long."""

    way = "regex"

    def __init__(self, source: Source) -> None:
        self._source = source
        self._exact = source.exact()

    def search(self, text: str) -> bool:
        if not text:
            return self._exact.search(text) is not None
        compiled, written = self._prepare(text)
        try:
            return compiled.search(written, timeout=TIME_LIMIT) is not None
        except TimeoutError:
            raise TooSlow(self._told()) from None

    def count(self, text: str) -> int:
        if not text:
            return sum(1 for _ in self._exact.finditer(text))
        compiled, written = self._prepare(text)
        try:
            return sum(1 for _ in compiled.finditer(written, timeout=TIME_LIMIT))
        except TimeoutError:
            raise TooSlow(self._told()) from None

    def _prepare(self, text: str) -> tuple[Any, str]:
        """What a group matched must come again as it is written: such a pattern is left as it is."""
        return (self._engine.prepare(text) if self._engine else None) or (self._as_written, text)

    @cached_property
    def _engine(self) -> Engine | None:
        if any(isinstance(one, Back) for one in walk(self._source.node)):
            return None
        return Engine(self._source.node, BACKTRACKING, _regex)

    @cached_property
    def _as_written(self) -> Any:
        flags = regex.IGNORECASE if self._source.case_insensitive else 0
        return regex.compile(self._source.pattern, flags=regex.VERSION0 | flags)

    def _told(self) -> str:
        pattern = self._source.pattern
        shown = pattern if len(pattern) <= _SHOWN else pattern[:_SHOWN] + "…"
        return f"the pattern {shown!r} was stopped after {TIME_LIMIT * 1000:.0f} ms; write it without nested repeats."


class Engine:
    """A pattern in one dialect: for ASCII, and for all other texts over their alphabet, made for the first one."""

    def __init__(self, node: Node, dialect: Dialect, compile_: Compile) -> None:
        """Raises Unfit, or what `compile_` does."""
        self._node, self._dialect, self._compile = node, dialect, compile_
        self._ascii = compile_(emit(node, ascii_members, dialect))
        self._wide: tuple[Alphabet, Any] | None = None
        self._unfit = False

    def prepare(self, text: str) -> tuple[Any, str] | None:
        """The compiled pattern for a text, and the text as it is given to it; None when there is none."""
        if text.isascii():
            return self._ascii, text
        try:
            return self._prepare(text)
        except (Unfit, re2.error):
            self._unfit = True
            return None

    def _prepare(self, text: str) -> tuple[Any, str]:
        if self._unfit:
            raise Unfit
        letters, compiled = self._wide or self._made(alphabet(self._node, self._dialect))
        while True:
            try:
                return compiled, letters.written(text)
            except Unknown as unknown:
                letters, compiled = self._made(letters.with_(unknown.signature))

    def _made(self, letters: Alphabet) -> tuple[Alphabet, Any]:
        self._wide = letters, self._compile(emit(self._node, letters.members, self._dialect))
        return self._wide


def _re2(written: str) -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return re2.compile(written, options)


def _regex(written: str) -> Any:
    return regex.compile(written, flags=regex.VERSION0)
