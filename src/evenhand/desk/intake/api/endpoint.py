"""One address of an API as a Django view: who may come in, which operation it is, and how answers are written."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.queries import ApiKeyInfo, NoSuchKey, WrongScope
from evenhand.desk.intake.api.operations import JSON, Answer, Call, Operation, encoded
from evenhand.desk.intake.api.problem_bodies import STYLES, Style
from evenhand.desk.intake.api.refusals import (
    BROKEN,
    NO_KEY,
    UNAVAILABLE,
    WRONG_METHOD,
    WRONG_SCOPE,
    Refused,
    invalid,
)
from evenhand.desk.intake.api.shapes import suggestion
from evenhand.desk.intake.reading import limits

_log = structlog.get_logger("api")
RETRY_SECONDS = 5


class Endpoint:
    """All operations of one path. A key says who calls, never a cookie: no CSRF token is needed, no CORS is offered."""

    csrf_exempt = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations: dict[str, Operation] = {operation.method: operation for operation in operations}
        self._style = STYLES[operations[0].version]
        self._allow = ", ".join(sorted({*self.operations, *(["HEAD"] if "GET" in self.operations else []), "OPTIONS"}))

    def __call__(self, request: HttpRequest, **path: str) -> HttpResponse:
        try:
            return written(self._answer(request, path))
        except Refused as refused:
            return refusal(refused, self._style)
        except (OperationalError, InterfaceError) as error:
            return refusal(_no_database(error), self._style)
        except Exception as error:  # noqa: BLE001 (whatever it was, the caller gets the API's own shape, and the log the traceback)
            return refusal(_broken(error), self._style)

    def _answer(self, request: HttpRequest, path: dict[str, str]) -> Answer | HttpResponse:
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method == "OPTIONS":
            return empty(204, Allow=self._allow)
        operation = self.operations.get(method)
        if operation is None:
            raise Refused(WRONG_METHOD, f"It takes {self._allow}.", headers={"Allow": self._allow})
        key = entered(request, operation.scopes)
        if operation.version != "v1" and request.META.get("QUERY_STRING"):
            _refuse_unknown(request, operation)
        return operation.handle(Call(request, key, path))


def _refuse_unknown(request: HttpRequest, operation: Operation) -> None:
    """A parameter that is misspelt would change nothing, and nobody would know. Coop's API takes no notice of it."""
    known = [parameter.name for parameter in operation.parameters if parameter.place == "query"]
    for name in request.GET:
        if name not in known:
            raise invalid(f"The query parameter `{name[: limits.KEY]}` is not known here: {suggestion(name, known)}")


def entered(request: HttpRequest, scopes: Sequence[str]) -> ApiKeyInfo:
    """The key of the request, when it is good for one of these scopes. Raises Refused."""
    raw = request.META.get("HTTP_X_API_KEY", "")
    try:
        return _any_scope(raw, scopes)
    except NoSuchKey:
        detail = "Send it in the header X-API-KEY." if not raw else "This one is unknown, or was revoked."
        raise Refused(NO_KEY, detail, headers={"WWW-Authenticate": "ApiKey"}) from None
    except WrongScope as wrong:
        needed = '" or "'.join(scopes)
        raise Refused(WRONG_SCOPE, f'The key "{wrong.name}" does not have the scope "{needed}".') from None


def _any_scope(raw: str, scopes: Sequence[str]) -> ApiKeyInfo:
    first, *others = scopes
    try:
        return accounts.key(raw, first)
    except WrongScope:
        if not others:
            raise
    return _any_scope(raw, others)


def written(answer: Answer | HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    if answer.body is None:
        return empty(answer.status)
    return HttpResponse(encoded(answer.body), content_type=JSON, status=answer.status)


def empty(status: int, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status, headers=headers)
    del response.headers["Content-Type"]
    return response


def refusal(refused: Refused, style: Style) -> HttpResponse:
    return HttpResponse(
        encoded(style.write(refused)),
        content_type=style.media_type,
        status=refused.kind.status,
        headers={"X-Request-Id": refused.request_id, **refused.headers},
    )


def _no_database(error: Exception) -> Refused:
    detail = "The database does not answer. Nothing of this request was kept; send it again."
    refused = Refused(UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_SECONDS)})
    _log.error("database_unavailable", request_id=refused.request_id, error=str(error))
    return refused


def _broken(error: Exception) -> Refused:
    refused = Refused(BROKEN, "It was logged under this instance. Sent again, the request has no second effect.")
    _log.error("request_broke", request_id=refused.request_id, exc_info=error)
    return refused
