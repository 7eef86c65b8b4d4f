"""What an operation of an API is: one value from which its address, its checks and its documentation are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal

import msgspec
from django.http import HttpRequest
from msgspec import Struct, field

from evenhand.desk.accounts.queries import ApiKeyInfo
from evenhand.desk.intake.api import bodies
from evenhand.desk.intake.api.refusals import WRONG_SCOPE, Refused

Scope = Literal["ingest", "report", "act", "read", "moderate"]
JSON = "application/json"


class Call:
    """One authenticated request, as handlers see it."""

    def __init__(self, request: HttpRequest, key: ApiKeyInfo, path: Mapping[str, str]) -> None:
        self.request = request
        self.key = key
        self.path = path

    @property
    def source(self) -> str:
        return self.key.name

    @cached_property
    def body(self) -> bytes:
        """The whole body. Raises Refused: too large, or encoded."""
        return bodies.read(self.request)

    def header(self, name: str) -> str | None:
        value: str | None = self.request.META.get(f"HTTP_{name.upper().replace('-', '_')}")
        return value

    def query(self, name: str) -> str | None:
        value: str | None = self.request.GET.get(name)
        return value

    def needs(self, scope: Scope) -> None:
        """Raises Refused when the key does not have this scope as well."""
        if scope not in self.key.scopes:
            raise Refused(WRONG_SCOPE, f'The key "{self.source}" does not have the scope "{scope}".')


class Answer(Struct, frozen=True):
    """`body` None means an empty body."""

    status: int = 200
    body: Any = None


class Parameter(Struct, frozen=True):
    """A parameter in the query, the path or a header, as documented."""

    name: str
    place: Literal["query", "path", "header"]
    description: str
    required: bool = False
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


class Operation(Struct, frozen=True, kw_only=True):
    """`path` is below /api, with parameters in braces. Any one of `scopes` is enough to come in."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    scopes: tuple[Scope, ...]
    handle: Callable[[Call], Answer]
    name: str
    """Unique; OpenAPI's operationId."""
    summary: str
    details: str = ""
    example: Any = None
    """A body that is taken, where the demo's document is in force."""
    takes: Mapping[str, Any] = {}
    """Type of the body, by media type; a tuple when it may be one of several."""
    answers: Mapping[int, Any]
    """Type of the body, by status of success; None for an empty body."""
    parameters: tuple[Parameter, ...] = ()
    refuses: tuple[int, ...] = ()
    """Statuses of refusal beyond those that every operation, and every one with a body, may give."""

    @property
    def version(self) -> str:
        return self.path.split("/")[1]


IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    "Up to 255 printable characters. A request repeated with its key has no second effect.",
    schema={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
)


def encoded(body: Any) -> bytes:
    return msgspec.json.encode(body)
