"""What is hidden while its case waits, letting go of it, and what the licences to hold stand on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement import services
from evenhand.desk.enforcement.api.asked import MOST_REASON, Name
from evenhand.desk.enforcement.api.person import deciding, number, plain, seen, told
from evenhand.desk.enforcement.queries import held, holds, licences
from evenhand.desk.enforcement.queries.held import Numbers
from evenhand.desk.enforcement.queries.holds import Hold
from evenhand.desk.enforcement.queries.licences import Row
from evenhand.desk.intake.api import bodies, paging
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import HELD, NOT_FOUND, Refused, invalid
from evenhand.desk.intake.api.repeating import once
from evenhand.desk.intake.api.v2.reading import written
from evenhand.desk.intake.api.v2.structs import Pointer

STATES = ("open", "ended")


class HoldOut(Struct, frozen=True, kw_only=True):
    """No verdict: it ends with its case, with its time (`until`), or with a person's word. `name` is that of the rule
    or bank, or the id of the licensed policy; `score` is that of a hold by licence."""

    id: int
    case: int
    item: Pointer
    policy: str | None
    cause: Literal["rule", "media", "licence", "person"]
    name: str
    reason: str
    score: float | None
    placed_at: str
    until: str
    ended_at: str | None
    end: Literal["decided", "released", "expired", "withdrawn"] | None


class HoldsOut(Struct, frozen=True):
    items: list[HoldOut]
    next: str | None


class HoldIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version` is that of the case as it was read. `hours`: as long as the policy allows, where none is said."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    policy: Name
    hours: Annotated[float, Meta(gt=0, le=100_000)] | None = None
    reason: Annotated[str, Meta(max_length=MOST_REASON)] = ""


class BudgetOut(Struct, frozen=True):
    """Of the `items` of 24 hours the `share` may be held: `most`; so many were (`held`)."""

    share: float
    items: int
    most: int
    held: int


class OutcomesOut(Struct, frozen=True, kw_only=True):
    """Of the holds by licence that began in the last `days` days. `low` to `high`: 90 % interval (Wilson) of
    wrong / (upheld + wrong)."""

    days: int
    placed: int
    upheld: int
    wrong: int
    low: float
    high: float


class LicenceOut(Struct, frozen=True, kw_only=True):
    """What scores `score` or more may be held; null: no licence, nothing is. Of `audited` random audits at that score
    and above, `wrong` were wrong to hold; their share is at most `bound` (anytime-valid, 95 %), and has to stay under
    `limit`. `waiting`: drawn, and not decided yet. `outcomes`: null where nothing was held."""

    policy: str
    score: float | None
    limit: float
    audited: int
    wrong: int
    bound: float
    waiting: int
    computed_at: str | None
    changed_at: str | None
    budget: BudgetOut
    open_holds: int
    outcomes: OutcomesOut | None


class LicencesOut(Struct, frozen=True):
    """`stopped_at`: somebody switched all of them off."""

    items: list[LicenceOut]
    stopped_at: str | None
    stopped_by: str | None


def list_holds(call: Call) -> Answer:
    user, size = deciding(call), paging.limit(call)
    state = call.query("state")
    if state not in {None, *STATES}:
        raise invalid(f"The query parameter `state` is one of {', '.join(STATES)}.")
    found = holds.page(
        sight(user),
        before=paging.number(call),
        limit=size + 1,
        open_=None if state is None else state == "open",
        policy=paging.word(call, "policy"),
    )
    page, following = paging.cut(found, size, lambda hold: hold.pk)
    return Answer(200, HoldsOut([hold_out(one) for one in page], following))


def hold_case(call: Call) -> Answer:
    user = deciding(call)
    bodies.must_be(call.request, JSON)
    given = bodies.decode(call.body, HoldIn)
    return once(call, lambda: _hold_case(call, given, user))


def _hold_case(call: Call, given: HoldIn, user: User) -> Answer:
    case = seen(call, user)
    with told():
        made = services.hold(
            case.pk,
            version=given.version,
            by=user,
            policy=given.policy,
            hours=given.hours,
            reason=str(plain(given.reason, "/reason")),
        )
    return Answer(200, hold_out(made.hold))


def release_hold(call: Call) -> Answer:
    user, given = deciding(call), number(call.path["id"])
    if holds.one(given, sight(user)) is None:
        raise Refused(NOT_FOUND, "There is no such hold, or its case is in a queue that is not theirs.")
    with told():
        try:
            return Answer(200, hold_out(services.release(given, user)))
        except services.Invalid as ended:
            raise Refused(HELD, str(ended)) from None


def list_licences(call: Call) -> Answer:
    if "read" not in call.key.scopes:
        deciding(call)
    stop, numbers = licences.stopped(), held.numbers()
    return Answer(
        200,
        LicencesOut(
            items=[_licence(row, numbers.get(row.policy.id)) for row in licences.rows()],
            stopped_at=written(stop.at) if stop else None,
            stopped_by=stop.by.pseudonym if stop else None,
        ),
    )


def hold_out(hold: Hold) -> HoldOut:
    return HoldOut(
        id=hold.pk,
        case=hold.decision.case_id or 0,
        item=Pointer(hold.item_type, hold.item_id),
        policy=hold.decision.policy,
        cause=_known(hold.cause),
        name=hold.name,
        reason=hold.reason,
        score=hold.score,
        placed_at=written(hold.placed_at or hold.decision.decided_at),
        until=written(hold.until),
        ended_at=written(hold.ended_at) if hold.ended_at else None,
        end=_known(hold.end) if hold.end else None,
    )


def _licence(row: Row, numbers: Numbers | None) -> LicenceOut:
    found = row.licence
    return LicenceOut(
        policy=row.policy.id,
        score=found.score if found else None,
        limit=row.policy.hold_limit,
        audited=found.audited if found else 0,
        wrong=found.wrong if found else 0,
        bound=found.bound if found else 1.0,
        waiting=found.waiting if found else 0,
        computed_at=written(row.computed_at) if row.computed_at else None,
        changed_at=written(row.changed_at) if row.changed_at else None,
        budget=BudgetOut(row.budget.share, row.budget.items, row.budget.whole, row.budget.held),
        open_holds=row.open_holds,
        outcomes=_outcomes(numbers) if numbers else None,
    )


def _outcomes(found: Numbers) -> OutcomesOut:
    return OutcomesOut(
        days=found.days,
        placed=found.placed,
        upheld=found.upheld,
        wrong=found.wrong,
        low=found.low,
        high=found.high,
    )


def _known(choice: str) -> Any:
    """A column of choices, whose values the schema names."""
    return str(choice)


_CASE = Parameter("id", "path", "The case", required=True, schema={"type": "integer", "minimum": 1})
_HOLD = Parameter("id", "path", "The hold", required=True, schema={"type": "integer", "minimum": 1})
OPERATIONS = (
    Operation(
        method="GET", path="/v2/holds", scopes=("moderate",), handle=list_holds, name="listHolds",
        summary="What is hidden while its case waits, the newest first",
        details="On cases of the queues of the person behind the key. Random audits are left out until they are"
        " decided.",
        answers={200: HoldsOut},
        parameters=(
            paging.LIMIT,
            paging.CURSOR,
            Parameter("state", "query", "Only these", schema={"type": "string", "enum": list(STATES)}),
            Parameter("policy", "query", "Only those under the policy with this id"),
        ),
        refuses=(400, 403),
    ),
    Operation(
        method="POST", path="/v2/cases/{id}/hold", scopes=("moderate",), handle=hold_case, name="holdCase",
        summary="Hide the item of a case while it waits",
        details="No verdict: the case stays open, and the item is shown again when its time is over. Only under a"
        " policy that names how. It leaves when the time to undo is over.",
        takes={JSON: HoldIn}, example={"version": 1, "policy": "threats", "hours": 6.0}, answers={200: HoldOut},
        parameters=(_CASE, IDEMPOTENCY_KEY), refuses=(400, 403, 404, 409, 422),
    ),
    Operation(
        method="POST", path="/v2/holds/{id}/release", scopes=("moderate",), handle=release_hold, name="releaseHold",
        summary="Show again what is held", details="Its case stays open.",
        answers={200: HoldOut}, parameters=(_HOLD,), refuses=(403, 404, 409),
    ),
    Operation(
        method="GET", path="/v2/licences", scopes=("read", "moderate"), handle=list_licences, name="listLicences",
        summary="What may be held by licence, and what that stands on", answers={200: LicencesOut}, refuses=(403,),
    ),
)  # fmt: skip
