"""Where a test names rules, features and labels, so that one which is not there is told at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evenhand.engine.rules.testing import Place
from evenhand.runtime import yamlfiles
from evenhand.runtime.yamlfiles import Keys

_RULES = ("fired", "not_fired")
_CHANGES = ("labels", "not_labels")


def named(
    test: Keys,
    *,
    then: Mapping[str, Iterable[str] | None],
    labels: Mapping[str, Sequence[str]],
    places: Mapping[Keys, yamlfiles.Place],
    text: str,
) -> dict[str, Place]:
    """The first place of each name, by it. `then`: what must follow, as the test says it; `labels`: those that are
    given, by entity; `test`: the key of the test."""
    lines = text.splitlines()
    found: dict[str, Place] = {}
    for name, keys in (*_then(then), *_given(labels)):
        at = places.get((*test, *keys))
        if at is not None and at.line <= len(lines):
            source = lines[at.line - 1]
            column = max(source.find(name, at.column - 1), at.column - 1) + 1
            found.setdefault(name, Place(at.line, column, source, len(name)))
    return found


def _then(then: Mapping[str, Iterable[str] | None]) -> Iterator[tuple[str, Keys]]:
    for field in _RULES:
        yield from ((name, ("then", field, str(at))) for at, name in enumerate(then.get(field) or ()))
    for field in _CHANGES:
        yield from ((one.split("/")[-2], ("then", field, str(at))) for at, one in enumerate(then.get(field) or ()))
    yield from ((name, ("then", "features", name)) for name in then.get("features") or ())


def _given(labels: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Keys]]:
    for entity, some in labels.items():
        for at, label in enumerate(some):
            yield label, ("given", "labels", entity, str(at))
