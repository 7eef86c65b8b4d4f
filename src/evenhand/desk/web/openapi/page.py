"""The OpenAPI document as a person reads it: operations, shapes and problems, ready for a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from evenhand.desk.intake.api.refusals import KINDS, Kind
from evenhand.desk.web.openapi.document import document

Json = dict[str, Any]


class Said(Struct, frozen=True):
    """A type in words; `links` are the shapes that it names."""

    words: str
    links: tuple[str, ...] = ()

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The words in parts, each with whether it names a shape."""
        if not self.links:
            return [(self.words, False)]
        return [(part, part in self.links) for part in re.split(rf"\b({'|'.join(self.links)})\b", self.words) if part]


class Line(Struct, frozen=True):
    """One field, parameter or answer."""

    name: str
    said: Said
    required: bool
    description: str


class Section(Struct, frozen=True, kw_only=True):
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Line]
    bodies: list[tuple[str, Said]]
    example: str
    answers: list[Line]
    refuses: list[str]
    """Statuses of refusal."""


class Shape(Struct, frozen=True):
    name: str
    description: str
    fields: list[Line]


class Page(Struct, frozen=True):
    title: str
    description: str
    groups: list[tuple[str, str, list[Section]]]
    """Name, description and operations of each version."""
    webhooks: list[Section]
    shapes: list[Shape]
    problems: tuple[Kind, ...] = KINDS


@cache
def page() -> Page:
    told = document()
    server = told["servers"][0]["url"]
    paths = {f"{server}{path}": item for path, item in told["paths"].items()}
    operations = [(path, method, one) for path, item in paths.items() for method, one in item.items()]
    groups = [
        (tag["name"], tag["description"], [_section(*one) for one in operations if tag["name"] in one[2]["tags"]])
        for tag in told["tags"]
    ]
    webhooks = [_section(f"webhook: {name}", "post", item["post"]) for name, item in told["webhooks"].items()]
    shapes = [_shape(name, schema) for name, schema in sorted(told["components"]["schemas"].items())]
    return Page(told["info"]["title"], told["info"]["description"], groups, webhooks, shapes)


def _section(path: str, method: str, operation: Json) -> Section:
    content: Json = operation.get("requestBody", {}).get("content", {})
    responses: Json = operation["responses"]
    return Section(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=[_parameter(one) for one in operation["parameters"]],
        bodies=[(media_type, said(one["schema"])) for media_type, one in content.items()],
        example=_example(content),
        answers=[_answer(status, answer) for status, answer in responses.items() if not _is_refusal(status)],
        refuses=[status for status in responses if _is_refusal(status)],
    )


def _parameter(parameter: Json) -> Line:
    words = Said(f"{said(parameter['schema']).words}, {parameter['in']}")
    return Line(parameter["name"], words, parameter.get("required", False), parameter["description"])


def _answer(status: str, answer: Json) -> Line:
    content = answer.get("content", {})
    shapes = [said(one["schema"]) for one in content.values()]
    return Line(status, shapes[0] if shapes else Said(""), required=False, description=answer["description"])


def _is_refusal(status: str) -> bool:
    return "X" not in status and status.isdecimal() and status >= "400"


def _example(content: Json) -> str:
    found = next((one["example"] for one in content.values() if "example" in one), None)
    return "" if found is None else msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def _shape(name: str, schema: Json) -> Shape:
    required = schema.get("required", [])
    fields = [
        Line(field, said(one), field in required, one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    ]
    return Shape(name, schema.get("description", ""), fields)


def said(schema: Json) -> Said:
    """A JSON schema in words."""
    return Said(_words(schema), tuple(dict.fromkeys(_links(schema))))


def _words(schema: Json) -> str:
    match schema:
        case {"$ref": ref}:
            return _name(ref)
        case {"anyOf": choices}:
            return " or ".join(_words(choice) for choice in choices)
        case {"enum": values}:
            return "one of " + ", ".join(str(value) for value in values)
        case {"type": "array", "items": items}:
            return f"array of {_words(items)}{_bound(schema, 'maxItems')}"
        case {"type": kind}:
            return f"{kind}{_bound(schema, 'maxLength')}"
    return "anything"


def _bound(schema: Json, name: str) -> str:
    return f", at most {schema[name]:,}" if name in schema else ""


def _links(schema: Json) -> Iterator[str]:
    if "$ref" in schema:
        yield _name(schema["$ref"])
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if isinstance(schema.get("items"), dict) else ())):
        yield from _links(inner)


def _name(ref: str) -> str:
    return ref.rpartition("/")[2]
