"""Texts: nothing that a database, a header or a terminal cannot carry; the language tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem, key_path, quoted
from evenhand.engine.platform.shape import plain

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def check(platform: Platform) -> Iterator[Problem]:
    yield from _unprintable(plain(platform), "")
    if not LANGUAGE.match(platform.language):
        yield Problem(
            path="language",
            expected="a language tag (BCP 47)",
            found=quoted(platform.language),
            example='language = "en" or language = "pt-BR"',
        )


def _unprintable(value: Any, path: str) -> Iterator[Problem]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _unprintable(key, key_path(path, key))
                yield from _unprintable(inner, key_path(path, key))
        case list() | tuple():
            for at, inner in enumerate(value):
                yield from _unprintable(inner, f"{path}[{at}]")
        case str() if bad := _UNPRINTABLE.search(value):
            found = f"the control character U+{ord(bad.group()):04X} at position {bad.start()}"
            yield Problem(path=path, expected="a text of printable characters and line breaks", found=found)
