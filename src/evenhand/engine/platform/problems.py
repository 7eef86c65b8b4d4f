"""What is wrong with a platform document: where, what was expected, what was found, and how it is written right."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

SHOWN = 80
"""Longest found value that is shown whole, in characters."""
CANDIDATES = 500
"""How many known words are compared to find what was meant."""
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


class Problem(Struct, frozen=True, kw_only=True):
    """One mistake. `path` is its place in the document, `policies[2].parent`; `line` that in its source, if known."""

    path: str
    expected: str
    found: str
    meant: str = ""
    """The known word that is closest to the one found."""
    example: str = ""
    """How it is written right, in TOML."""
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}, {self.path}" if self.line else self.path
        meant = f" Did you mean {quoted(self.meant)}?" if self.meant else ""
        example = f" Example: {self.example}" if self.example else ""
        return f"{place}: expected {self.expected}; found {self.found}.{meant}{example}"


class Invalid(Exception):
    """A platform document that cannot be applied."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def key_path(path: str, key: str) -> str:
    """`path` and then `key`, as TOML writes it: bare where it can be."""
    word = key if _BARE.match(key) else toml_string(key)
    return f"{path}.{word}" if path else word


def toml_string(text: str) -> str:
    """A basic string of TOML: JSON's escapes are the same, save that DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quoted(value: Any) -> str:
    """A value as the document would show it, cut when it is long."""
    return shortened(json.dumps(value, ensure_ascii=False, default=str))


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` most likely stands for; "" when none is near."""
    candidates = {name.casefold(): name for name in list(known)[:CANDIDATES]}
    near = difflib.get_close_matches(word.casefold(), candidates, n=1, cutoff=0.6)
    return candidates[near[0]] if near else ""
