"""What machines may ask of appeals. They are heard like any case: by its lease and a decision, never by who decided
first."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries import queue as waiting
from evenhand.desk.cases.queries.queue import Place
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.cases.queries.views import Part
from evenhand.desk.dueprocess import queries
from evenhand.desk.enforcement.api.asked import ChosenIn
from evenhand.desk.enforcement.api.person import deciding
from evenhand.desk.enforcement.api.waiting import WaitingCase, shown
from evenhand.desk.enforcement.queries import decisions
from evenhand.desk.enforcement.queries.decisions import Decision
from evenhand.desk.intake.api import paging
from evenhand.desk.intake.api.operations import Answer, Call, Operation
from evenhand.desk.intake.api.v2.reading import written
from evenhand.desk.intake.api.v2.structs import Pointer

_WAITING = Part(kind=Case.Kind.APPEAL).text


class AppealedOut(Struct, frozen=True, kw_only=True):
    """A decision that is appealed. `stands`: something of it has not been taken back."""

    id: str
    kind: str
    policy: str | None
    policy_version: int | None
    reason: str
    by: str
    decided_at: str
    actions: list[ChosenIn]
    stands: bool


class AppealOut(Struct, frozen=True, kw_only=True):
    """`case` is decided by `uphold` (the first decision stands) or `overturn` (it is taken back). `barred`: the person
    behind the key decided first, and somebody else must hear it. `about` has the newest decision first; it is empty
    when the desk knows of none."""

    id: str
    reason: str
    appealed_by: Pointer
    appealed_at: str
    received_at: str
    case: WaitingCase
    barred: bool
    about: list[AppealedOut]


class AppealsOut(Struct, frozen=True):
    items: list[AppealOut]
    next: str | None


def list_appeals(call: Call) -> Answer:
    user, size = deciding(call), paging.limit(call)
    after = paging.read(call, str)
    place = Place.read(after) if after is not None else None
    if after is not None and place is None:
        raise paging.unknown_cursor()
    mine = sight(user)
    found = waiting.page(mine, queue=_WAITING, after=place, limit=size + 1)
    page, following = paging.cut(found, size, lambda case: str(Place.of(case)))
    return Answer(200, AppealsOut(_appeals(page, user, mine), following))


def _appeals(page: list[Case], user: User, mine: Sight) -> list[AppealOut]:
    barred = waiting.barred(user, [case.pk for case in page])
    told = [_appeal(case, mine, barred=case.pk in barred) for case in page]
    return [one for one in told if one is not None]


def _appeal(case: Case, mine: Sight, *, barred: bool) -> AppealOut | None:
    appeal = queries.of_case(case.pk)
    if appeal is None:
        return None
    standing = {taken.decision_id for taken in decisions.standing_actions(appeal.item_type, appeal.item_id)}
    about = [one for one in queries.about(appeal) if mine.knows_of(one.policy, one.case_id)]
    return AppealOut(
        id=appeal.appeal_id,
        reason=appeal.reason,
        appealed_by=Pointer(appeal.by_type, appeal.by_id),
        appealed_at=written(appeal.appealed_at),
        received_at=written(appeal.received_at),
        case=shown([case])[0],
        barred=barred,
        about=[_appealed(one, stands=one.pk in standing) for one in about],
    )


def _appealed(decision: Decision, *, stands: bool) -> AppealedOut:
    actions: list[tuple[str, dict[str, Any]]] = [(one.action, one.parameters) for one in decision.actions.all()]
    return AppealedOut(
        id=decision.uid,
        kind=str(decision.kind),
        policy=decision.policy,
        policy_version=decision.policy_version,
        reason=decision.reason,
        by=decision.decided_by.pseudonym if decision.decided_by else decision.key_name,
        decided_at=written(decision.decided_at),
        actions=[ChosenIn(*one) for one in actions],
        stands=stands,
    )


OPERATIONS = (
    Operation(
        method="GET", path="/v2/appeals", scopes=("moderate",), handle=list_appeals, name="listAppeals",
        summary="Appeals that nobody has heard yet, with what they are about",
        details="In the order of the queue. Each is heard by a decision on its case: `uphold` or `overturn`.",
        answers={200: AppealsOut}, parameters=(paging.LIMIT, paging.CURSOR), refuses=(400, 403),
    ),
)  # fmt: skip
