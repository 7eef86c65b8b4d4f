"""XML of a stranger into a tree: no document type, no entities, no depths; names without their namespace."""

from __future__ import annotations

from typing import Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from evenhand.engine.media.listing import ListFailed

DEEPEST: Final = 32


class _Forbidden(Exception):
    """The document holds what no honest answer holds."""


def parse(document: bytes, who: str) -> Element:
    """Raises ListFailed, with the place of the problem."""
    tree, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _Forbidden(f"elements within each other more than {DEEPEST} deep")
        tree.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        tree.end(_local(name))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _forbid
    try:
        parser.Parse(document, True)
        return tree.close()
    except (expat.ExpatError, _Forbidden, ValueError, LookupError) as error:
        place = f"line {parser.ErrorLineNumber}, column {parser.ErrorColumnNumber}"
        raise ListFailed(f"{who} answered with XML that is not read: {error} ({place}).") from None


def _forbid(*_: Any) -> None:
    raise _Forbidden("a document type or an entity")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
