"""Working through the queue for a person: what waits and why, leases, decisions, undo. The rules are the console's."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import queue as waiting
from evenhand.desk.cases.queries.pulse import pulse
from evenhand.desk.cases.queries.queue import Place
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement import services
from evenhand.desk.enforcement.api.asked import Verdict, actions_of, reason_of
from evenhand.desk.enforcement.api.parts import PARAMETERS, part
from evenhand.desk.enforcement.api.person import close_looks, deciding, seen, seen_decision, told
from evenhand.desk.enforcement.api.waiting import WaitingCase, shown
from evenhand.desk.enforcement.queries.listing import Decision, SecondLook
from evenhand.desk.intake.api import bodies, paging
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Answer, Call, Operation, Parameter, Scope
from evenhand.desk.intake.api.repeating import once
from evenhand.desk.intake.api.v2.reading import written


class PulseOut(Struct, frozen=True):
    """`version` says nothing but whether it is another one than before."""

    version: str


class QueueOut(Struct, frozen=True):
    items: list[WaitingCase]
    next: str | None


class NextOut(Struct, frozen=True):
    """null: nothing waits that this person may be handed now."""

    case: WaitingCase | None


class DecisionIn(Verdict, frozen=True, kw_only=True):
    """`version` is that of the case as it was read: another one is refused with who decided meanwhile, and what. An
    appeal is decided by `uphold` or `overturn`, any other case by `act` or `dismiss`."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    kind: Literal["act", "dismiss", "uphold", "overturn"]


class DecidedOut(Struct, frozen=True, kw_only=True):
    """Nothing leaves before `effective_at`. `needs_second`: nor before another person consents, in the console."""

    id: str
    case: int | None
    kind: str
    by: str
    decided_at: str
    effective_at: str
    undone_at: str | None
    needs_second: bool


def list_queue(call: Call) -> Answer:
    user, size = deciding(call), paging.limit(call)
    after = paging.read(call, str)
    place = Place.read(after) if after is not None else None
    if after is not None and place is None:
        raise paging.unknown_cursor()
    found = waiting.page(sight(user), queue=part(call, user), after=place, limit=size + 1)
    page, following = paging.cut(found, size, lambda case: str(Place.of(case)))
    return Answer(200, QueueOut(shown(page), following))


def queue_version(call: Call) -> Answer:
    return Answer(200, PulseOut(pulse(sight(deciding(call)), paging.word(call, "queue"))))


def take_next(call: Call) -> Answer:
    user = deciding(call)
    case = cases.next_case(user, part(call, user))
    return Answer(200, NextOut(shown([case])[0] if case else None))


def take_lease(call: Call) -> Answer:
    user = deciding(call)
    case = seen(call, user)
    with told():
        return Answer(200, shown([cases.take(case.pk, user)])[0])


def give_lease(call: Call) -> Answer:
    user = deciding(call)
    cases.release(seen(call, user).pk, user)
    return Answer(204)


def decide(call: Call) -> Answer:
    user = deciding(call)
    bodies.must_be(call.request, JSON)
    given = bodies.decode(call.body, DecisionIn)
    return once(call, lambda: _decide(call, given, user))


def _decide(call: Call, given: DecisionIn, user: User) -> Answer:
    case = seen(call, user)
    with told():
        decision = services.decide(
            case.pk,
            version=given.version,
            by=user,
            kind=given.kind,
            policy=given.policy,
            actions=actions_of(given),
            reason=reason_of(given),
            confirmed=given.confirmed,
        )
    close_looks(case, user)
    return Answer(200, _decided(decision))


def undo(call: Call) -> Answer:
    user = deciding(call)
    decision = seen_decision(call, user)
    with told():
        return Answer(200, _decided(services.undo(decision.uid, user)))


def _decided(decision: Decision | SecondLook) -> DecidedOut:
    return DecidedOut(
        id=decision.uid,
        case=decision.case_id,
        kind=decision.kind,
        by=decision.decided_by.pseudonym if decision.decided_by else decision.key_name,
        decided_at=written(decision.decided_at),
        effective_at=written(decision.effective_at),
        undone_at=written(decision.undone_at) if decision.undone_at else None,
        needs_second=decision.needs_second,
    )


_CASE = Parameter("id", "path", "The case", required=True, schema={"type": "integer", "minimum": 1})
_DECISION = Parameter("id", "path", "The decision", required=True, schema={"type": "string", "maxLength": 64})
_SCOPES: tuple[Scope, ...] = ("moderate",)
OPERATIONS = (
    Operation(
        method="GET", path="/v2/queue", scopes=_SCOPES, handle=list_queue, name="listQueue",
        summary="What waits, in the order in which it should be decided, and why",
        details="Open cases of the queues of the person behind the key.",
        answers={200: QueueOut}, parameters=(paging.LIMIT, paging.CURSOR, *PARAMETERS), refuses=(400, 403),
    ),
    Operation(
        method="GET", path="/v2/queue/version", scopes=_SCOPES, handle=queue_version, name="queueVersion",
        summary="Whether the queue is another by now",
        details="For those who ask often: it is counted once in three seconds, however many ask. It changes when a case"
        " comes, goes, is reported again or decided, not when somebody takes one.",
        answers={200: PulseOut}, parameters=(PARAMETERS[0],), refuses=(400, 403),
    ),
    Operation(
        method="POST", path="/v2/queue/next", scopes=_SCOPES, handle=take_next, name="takeNextCase",
        summary="Take the first case that nobody holds",
        details="It is leased to the person behind the key for five minutes, as in the console: what they are spared"
        " there is not handed to them here. Programs of one person share that person's leases.",
        answers={200: NextOut}, parameters=PARAMETERS, refuses=(400, 403),
    ),
    Operation(
        method="PUT", path="/v2/cases/{id}/lease", scopes=_SCOPES, handle=take_lease, name="takeLease",
        summary="Take or renew the lease of a case", answers={200: WaitingCase}, parameters=(_CASE,),
        refuses=(403, 404, 409),
    ),
    Operation(
        method="DELETE", path="/v2/cases/{id}/lease", scopes=_SCOPES, handle=give_lease, name="giveLease",
        summary="Give the lease of a case back", answers={204: None}, parameters=(_CASE,), refuses=(403, 404),
    ),
    Operation(
        method="POST", path="/v2/cases/{id}/decisions", scopes=_SCOPES, handle=decide, name="decideCase",
        summary="Decide a case",
        details="Sent again under its Idempotency-Key it gets the same answer; without one it is refused: the case is"
        " decided, and its version another.",
        takes={JSON: DecisionIn},
        example={"version": 1, "kind": "act", "policy": "spam", "actions": [{"action": "remove"}]},
        answers={200: DecidedOut}, parameters=(_CASE, IDEMPOTENCY_KEY), refuses=(400, 403, 404, 409, 422),
    ),
    Operation(
        method="POST", path="/v2/decisions/{id}/undo", scopes=_SCOPES, handle=undo, name="undoDecision",
        summary="Take a decision back",
        details="Inside its undo window nothing has left, and the case is open again; later the platform is asked to"
        " reverse it.",
        answers={200: DecidedOut}, parameters=(_DECISION,), refuses=(403, 404, 409),
    ),
)  # fmt: skip
