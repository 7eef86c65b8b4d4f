"""Where things stand in the text of a TOML document: the line of each path, `policies[2].parent` → 14.

tomllib tells no lines. This reads only as much as is needed for them, from text that tomllib has accepted.
"""

from __future__ import annotations

import re
import tomllib

from evenhand.engine.platform.problems import key_path

MAX_DEPTH = 6
"""How deep values are followed. A platform document needs three; the rest is skipped."""

_TOKEN = re.compile(
    r'''
    (?P<blank>[ \t\r]+|\#[^\n]*)
    |(?P<string>"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2}) | \'\'\'[\s\S]*?\'\'\'(?:'{0,2})
               | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    |(?P<mark>[\[\]{}=,.\n])
    |(?P<word>[^\s\[\]{}=,.\#"']+)
    ''',
    re.VERBOSE,
)
_LAST_STEP = re.compile(r"""(?:\.?(?:[\w-]+|"(?:\\.|[^"\\])*")|\[\d+\])\Z""", re.ASCII)


def lines(source: str) -> dict[str, int]:
    """The line, counted from 1, on which each key, table and element of an array begins."""
    return _Scanner(source).document()


def line_of(path: str, known: dict[str, int]) -> int | None:
    """The line of `path`, or of the nearest thing around it."""
    while path and path not in known:
        path = _LAST_STEP.sub("", path, count=1)
    return known.get(path)


class _Scanner:
    """Walks the tokens once, and notes the line of each path that begins."""

    def __init__(self, source: str) -> None:
        self.tokens = _tokens(source)
        self.at = 0
        self.lines: dict[str, int] = {}
        self.elements: dict[str, int] = {}
        """How many tables each array of tables has so far."""

    def document(self) -> dict[str, int]:
        table = ""
        while self.at < len(self.tokens):
            text, line = self.tokens[self.at]
            if text == "\n":
                self.at += 1
            elif text == "[":
                table = self._header(line)
            else:
                self._pair(table, depth=0)
        return self.lines

    def _header(self, line: int) -> str:
        is_array = self.tokens[self.at + 1][0] == "["
        self.at += 2 if is_array else 1
        keys = self._keys()
        self.at += 2 if is_array else 1
        path = ""
        for key in keys[:-1]:
            path = self._latest(key_path(path, key))
        path = key_path(path, keys[-1])
        if is_array:
            self.lines.setdefault(path, line)
            self.elements[path] = self.elements.get(path, 0) + 1
        path = self._latest(path)
        self.lines.setdefault(path, line)
        return path

    def _latest(self, path: str) -> str:
        return f"{path}[{self.elements[path] - 1}]" if path in self.elements else path

    def _keys(self) -> list[str]:
        """A key, or several joined by dots; leaves off after them."""
        keys = [self._key()]
        while self.tokens[self.at][0] == ".":
            self.at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        text = self.tokens[self.at][0]
        self.at += 1
        return str(next(iter(tomllib.loads(f"{text} = 0")))) if text[0] in "\"'" else text

    def _pair(self, table: str, depth: int) -> None:
        line = self.tokens[self.at][1]
        path = table
        for key in self._keys():
            path = key_path(path, key)
            self.lines.setdefault(path, line)
        self.at += 1
        self._value(path, depth)

    def _value(self, path: str, depth: int) -> None:
        text = self.tokens[self.at][0]
        if depth > MAX_DEPTH:
            self._skip()
        elif text == "[":
            self._array(path, depth)
        elif text == "{":
            self._inline_table(path, depth)
        else:
            self._skip()

    def _array(self, path: str, depth: int) -> None:
        self.at += 1
        index = 0
        while (text := self.tokens[self.at][0]) != "]":
            if text in "\n,":
                self.at += 1
                continue
            element = f"{path}[{index}]"
            self.lines.setdefault(element, self.tokens[self.at][1])
            self._value(element, depth + 1)
            index += 1
        self.at += 1

    def _inline_table(self, path: str, depth: int) -> None:
        self.at += 1
        while (text := self.tokens[self.at][0]) != "}":
            if text in "\n,":
                self.at += 1
                continue
            self._pair(path, depth + 1)
        self.at += 1

    def _skip(self) -> None:
        """Past one value: up to the comma, bracket or end of line that closes it."""
        nested = 0
        while self.at < len(self.tokens):
            text = self.tokens[self.at][0]
            if nested == 0 and text in "\n,]}":
                return
            nested += (text in "[{") - (text in "]}")
            self.at += 1


def _tokens(source: str) -> list[tuple[str, int]]:
    found = []
    line = 1
    for match in _TOKEN.finditer(source):
        text = match.group()
        if match.lastgroup != "blank":
            found.append((text, line))
        line += text.count("\n")
    return found
