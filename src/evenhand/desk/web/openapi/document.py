"""The OpenAPI 3.1 document of the API, both directions: what the desk takes and answers, and what it sends."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from evenhand.desk.intake.api.operations import JSON, Operation, Parameter
from evenhand.desk.intake.api.problem_bodies import PROBLEM_JSON, CoopErrors, ProblemBody
from evenhand.desk.intake.api.refusals import KINDS
from evenhand.desk.web.openapi.operations import OPERATIONS
from evenhand.desk.web.openapi.webhooks import HEADERS, WEBHOOKS

Json = dict[str, Any]
_REF = "#/components/schemas/{name}"
_ALWAYS = (401, 403, 500, 503)
_WITH_BODY = (400, 413, 415)
_UNAVAILABLE = 503
_TITLES = {200: "Done.", 201: "Kept.", 202: "Kept.", 204: "Kept.", 207: "Some were kept, others refused."}
_REFUSALS = {kind.status: kind.title for kind in reversed(KINDS)}
_DESCRIPTION = (
    "Every answer of 2xx means: it is flushed to disk. What is refused changes nothing, and is told with its place."
    " `/v1` takes Coop's shapes; `/v2` is our own, in one style: problem details (RFC 9457), cursors, Idempotency-Key,"
    " CloudEvents."
)


@cache
def document() -> Json:
    schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Evenhand", "version": version("evenhand"), "description": _DESCRIPTION},
        "servers": [{"url": "/api"}],
        "tags": [
            {"name": "v2", "description": "Our own API."},
            {"name": "v1", "description": "Coop's REST shapes. A slash at the end of a path makes no difference."},
        ],
        "paths": _paths(schemas),
        "webhooks": {
            name: {"post": _webhook(name, title, schemas.of(shape))} for name, (title, shape) in WEBHOOKS.items()
        },
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-API-KEY"}},
        },
        "security": [{"key": []}],
    }


def shapes(operation: Operation) -> list[Any]:
    """Every type that the operation takes or gives."""
    taken = [one for shape in operation.takes.values() for one in _alternatives(shape)]
    return [*taken, *(shape for shape in operation.answers.values() if shape is not None)]


def refusals(operation: Operation) -> list[int]:
    """Every status with which the operation may refuse."""
    return sorted({*_ALWAYS, *(_WITH_BODY if operation.takes else ()), *operation.refuses})


class _Schemas:
    """JSON schemas of all types, by type, with their shared components."""

    def __init__(self, types: Iterable[Any]) -> None:
        unique = list(dict.fromkeys(types))
        found, self.components = msgspec.json.schema_components(unique, ref_template=_REF)
        self._found = dict(zip(unique, found, strict=True))
        for component in self.components.values():
            if "description" in component:
                component["description"] = " ".join(component["description"].split())

    def of(self, shape: Any) -> Json:
        alternatives = [self._found[one] for one in _alternatives(shape)]
        return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def _schemas() -> _Schemas:
    webhooks = [shape for _, shape in WEBHOOKS.values()]
    ours = [shape for operation in OPERATIONS for shape in shapes(operation)]
    return _Schemas([ProblemBody, CoopErrors, *webhooks, *ours])


def _alternatives(shape: Any) -> tuple[Any, ...]:
    return shape if isinstance(shape, tuple) else (shape,)


def _paths(schemas: _Schemas) -> Json:
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return paths


def _operation(operation: Operation, schemas: _Schemas) -> Json:
    scopes = " or ".join(f"`{scope}`" for scope in operation.scopes)
    told: Json = {
        "operationId": operation.name,
        "tags": [operation.version],
        "summary": operation.summary,
        "description": f"{operation.details} Needs a key of scope {scopes}.".lstrip(),
        "parameters": [_parameter(one) for one in operation.parameters],
        "responses": _responses(operation, schemas),
    }
    if operation.takes:
        told["requestBody"] = {"required": True, "content": _content(operation, schemas)}
    return told


def _content(operation: Operation, schemas: _Schemas) -> Json:
    content = {media_type: {"schema": schemas.of(shape)} for media_type, shape in operation.takes.items()}
    if operation.example is not None:
        next(iter(content.values()))["example"] = operation.example
    return content


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _responses(operation: Operation, schemas: _Schemas) -> Json:
    given = {str(status): _given(status, shape, schemas) for status, shape in operation.answers.items()}
    return {**given, **{str(status): _refused(operation, status, schemas) for status in refusals(operation)}}


def _given(status: int, shape: Any, schemas: _Schemas) -> Json:
    told: Json = {"description": _TITLES[status]}
    if shape is not None:
        told["content"] = {JSON: {"schema": schemas.of(shape)}}
    return told


def _refused(operation: Operation, status: int, schemas: _Schemas) -> Json:
    media_type, shape = (JSON, CoopErrors) if operation.version == "v1" else (PROBLEM_JSON, ProblemBody)
    told: Json = {"description": _REFUSALS[status], "content": {media_type: {"schema": schemas.of(shape)}}}
    told["headers"] = {"X-Request-Id": {"required": True, "schema": {"type": "string", "format": "uuid"}}}
    if status == _UNAVAILABLE:
        told["headers"]["Retry-After"] = {"required": True, "schema": {"type": "integer"}}
    return told


def _webhook(name: str, title: str, schema: Json) -> Json:
    return {
        "operationId": f"{name}Webhook",
        "summary": title,
        "parameters": [
            {"name": header, "in": "header", "description": description, "schema": {"type": "string"}}
            for header, description in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
        "responses": {
            "2XX": {"description": "Taken. The desk does not repeat it."},
            "410": {"description": "Gone: the desk sends nothing more to this destination until somebody enables it."},
            "default": {
                "description": "Not taken: it is repeated, with growing pauses, and then kept as a dead letter."
            },
        },
    }
