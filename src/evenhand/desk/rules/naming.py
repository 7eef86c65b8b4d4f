"""What the project calls things that stand in an event: a query can say these names, too. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evenhand.engine.rules import RuleSet
from evenhand.engine.rules.tree import Call, Definition

_READ = {"JsonData", "EntityJson"}
_GIVEN = re.compile(r"[^\W\d]\w*\s*:")


def names(found: RuleSet, sources: Mapping[str, str]) -> dict[str, str]:
    """By name, the rest of its line as it is written: "str = JsonData(path='$.text')"; those with their type only."""
    return dict(_names(found, sources))


def _names(found: RuleSet, sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for one in found.program.definitions.values():
        if one.shown and isinstance(one.value, Call) and one.value.function.name in _READ:
            written = _written(one, sources)
            given = _GIVEN.match(written)
            if given:
                yield one.name, written[given.end() :].strip()


def _written(one: Definition, sources: Mapping[str, str]) -> str:
    lines = sources.get(one.span.file, "").splitlines()[one.span.line - 1 : one.value.span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: one.value.span.end_column - 1] if len(lines) > 1 else lines[-1]
    return " ".join(line.strip() for line in lines)
