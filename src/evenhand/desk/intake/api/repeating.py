"""Idempotency-Key, where a request's effect is no event: the first answer is kept with the effect, and given again."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import msgspec

from evenhand.desk.accounts import services as accounts
from evenhand.desk.intake.api import identity
from evenhand.desk.intake.api.operations import Answer, Call, encoded
from evenhand.desk.intake.api.refusals import KEY_REUSED, Refused


def once(call: Call, answer: Callable[[], Answer]) -> Answer:
    """Raises Refused: what `answer` raises, or the key stood for another request before."""
    given = identity.key(call)
    if given is None:
        return answer()
    try:
        status, body = accounts.once(call.source, given, _asked(call), lambda: _said(answer()))
    except accounts.Reused:
        raise Refused(KEY_REUSED, "It stands for another request, which was answered. Nothing was done.") from None
    return Answer(status, msgspec.Raw(body))


def _said(answer: Answer) -> tuple[int, bytes]:
    return answer.status, encoded(answer.body)


def _asked(call: Call) -> str:
    """The method, the address and every byte of the body."""
    return sha256(f"{call.request.method} {call.request.path}\n".encode() + call.body).hexdigest()
