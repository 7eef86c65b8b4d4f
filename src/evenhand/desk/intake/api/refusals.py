"""Every reason for which an API refuses a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

from msgspec import Struct

from evenhand.desk.intake.reading.problems import Problem


class Kind(Struct, frozen=True):
    """`slug` names it in v2's problem type; `coop` are the types that v1 gives, as Coop does."""

    slug: str
    status: int
    title: str
    advice: str
    coop: tuple[str, ...] = ("/errors/invalid-user-input",)


MALFORMED = Kind(
    "malformed-json", 400, "The body is not JSON.", "`detail` tells the line and column where it stops being so."
)
INVALID = Kind(
    "invalid-request",
    400,
    "The request is not valid.",
    "Each of `errors` points at one place, says why it is wrong, and where it can shows what would be right."
    " Mistakes of shape, of data and of unknown names are told together: the first 100, and how many more there are.",
)
NO_KEY = Kind(
    "no-such-key",
    401,
    "A valid API key is needed.",
    "Send one in `X-API-KEY`. An unknown key and a revoked one look the same. `evenhand keys create` makes one.",
    ("/errors/authentication-failed-or-missing",),
)
WRONG_SCOPE = Kind(
    "scope-missing",
    403,
    "The API key may not do this.",
    "`detail` names the scope. Scopes do not change: create a key that has it.",
    ("/errors/unauthorized",),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is nothing here.",
    "Check the address. An item can be read when it was folded, moments after it was accepted.",
    ("/errors/not-found",),
)
WRONG_METHOD = Kind(
    "method-not-allowed", 405, "This address does not take that method.", "The header `Allow` names those it takes."
)
CONFLICT = Kind(
    "id-taken",
    409,
    "This id was used before, for something else.",
    "An appeal's id stands for one appeal for ever. Give another appeal another id.",
    ("/errors/conflict",),
)
NOT_YOURS = Kind(
    "not-for-this-person",
    403,
    "The person behind the key may not do this.",
    "`detail` says why. A key of scope `moderate` may what its person may without a second factor, never more.",
)
HELD = Kind(
    "held-or-decided",
    409,
    "Somebody else was first.",
    "`detail` says who, and what they did. Read the case again: its `version` tells what a decision has to name.",
)
ASKS_BACK = Kind(
    "needs-confirmation",
    409,
    "This has to be confirmed.",
    "`detail` says what follows from it. Send the same with `confirmed: true`, or the number it asks for as"
    " `confirm`, when a person has read that.",
)
TOO_LARGE = Kind(
    "body-too-large", 413, "The body is too large.", "Send fewer things in one request, or raise `max_body_bytes`."
)
WRONG_TYPE = Kind(
    "unsupported-media-type",
    415,
    "The body is of a type that is not taken here.",
    "Set `Content-Type` to what `detail` names, and do not compress the body.",
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    "This Idempotency-Key was used before, with another body.",
    "A key belongs to one request and its repetitions. Make a new one for each new request.",
)
BROKEN = Kind(
    "internal-error",
    500,
    "Something broke in the desk.",
    "A mistake of ours. The desk's log has it under the `instance` of the answer.",
    ("/errors/internal-server-error",),
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "The desk cannot keep anything right now.",
    "Nothing was kept. Send the same request again after `Retry-After` seconds.",
    ("/errors/unavailable",),
)

KINDS = (
    INVALID, MALFORMED, NO_KEY, WRONG_SCOPE, NOT_YOURS, NOT_FOUND, WRONG_METHOD, CONFLICT, HELD, ASKS_BACK, TOO_LARGE,
    WRONG_TYPE, KEY_REUSED, BROKEN, UNAVAILABLE,
)  # fmt: skip


class Refused(Exception):
    """The request changes nothing; what is wrong with it, as precisely as it is known."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or kind.title)
        self.kind = kind
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        self.request_id = str(uuid4())
        """Names this very refusal, in the answer and in the desk's log."""


def invalid(detail: str) -> Refused:
    return Refused(INVALID, detail)
