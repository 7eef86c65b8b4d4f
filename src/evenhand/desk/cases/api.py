"""What machines may ask of cases: how a user stands, and what was opened."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from evenhand.desk.cases.queries import facts, listing
from evenhand.desk.intake.api import drafts, paging
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.operations import Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import INVALID, Refused, invalid
from evenhand.desk.intake.api.v2.reading import written
from evenhand.desk.intake.api.v2.structs import Pointer
from evenhand.desk.intake.reading.items import Names
from evenhand.desk.intake.reading.problems import Problem
from evenhand.engine.model import Ref
from evenhand.engine.triage.lane import NAMES

STATES = ("open", "closed")
_QUERY = Names("typeId", "id", "")


class CaseOut(Struct, frozen=True, kw_only=True):
    """`rank` is log2 of the expected harm of waiting, for each second of handling; `lane` comes before it.

    `unconfirmed` would be critical if one reporter with a good record, or a signal, said so.
    """

    id: int
    kind: Literal["review", "appeal"]
    state: Literal["open", "closed"]
    outcome: Literal["upheld", "dismissed"] | None
    item: Pointer
    author: Pointer | None
    queue: str
    policy: str | None
    lane: Literal["critical", "unconfirmed", "normal"]
    rank: float
    reports: int
    opened_at: str
    closed_at: str | None
    version: int
    appeal_id: str | None


class CasesOut(Struct, frozen=True):
    items: list[CaseOut]
    next: str | None


def get_user_score(call: Call) -> Answer:
    """Coop's shape: a bare number."""
    given = {name: call.query(name) for name in ("id", "typeId")}
    if missing := [name for name, value in given.items() if not value]:
        raise Refused(
            INVALID, problems=[Problem(f"/{name}", f"The query parameter `{name}` is missing.") for name in missing]
        )
    [user] = drafts.whole(drafts.read([given], _user))
    return Answer(200, facts.user_score(user))


def list_cases(call: Call) -> Answer:
    state = call.query("state")
    if state not in {None, *STATES}:
        raise invalid(f"The query parameter `state` is one of {', '.join(STATES)}.")
    size = paging.limit(call)
    found = listing.page(before=paging.number(call), limit=size + 1, state=state, queue=paging.word(call, "queue"))
    page, following = paging.cut(found, size, lambda case: case.pk)
    return Answer(200, CasesOut([_case(case) for case in page], following))


def _user(draft: Draft, given: dict[str, str | None], _n: int) -> Ref | None:
    return draft.ref(given["typeId"] or "", given["id"] or "", "", _QUERY, "user")


def _case(case: Any) -> CaseOut:
    return CaseOut(
        id=case.pk,
        kind=case.kind,
        state=case.state,
        outcome=case.outcome or None,
        item=Pointer(case.item_type, case.item_id),
        author=Pointer(case.author_type, case.author_id) if case.author_id else None,
        queue=case.queue,
        policy=case.policy,
        lane=NAMES[case.lane],
        rank=case.rank,
        reports=case.report_count,
        opened_at=written(case.opened_at),
        closed_at=written(case.closed_at) if case.closed_at else None,
        version=case.version,
        appeal_id=case.appeal_id,
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/user_scores",
        scopes=("read",),
        handle=get_user_score,
        name="getUserScoreV1",
        summary="How a user stands, 1 to 5",
        details="5: new, or never acted against. The body is the bare number.",
        answers={200: int},
        parameters=(
            Parameter("id", "query", "Id of the user", required=True, schema={"type": "string", "maxLength": 512}),
            Parameter("typeId", "query", "Id of the user's type", required=True),
        ),
        refuses=(400,),
    ),
    Operation(
        method="GET",
        path="/v2/cases",
        scopes=("read",),
        handle=list_cases,
        name="listCases",
        summary="List cases, the newest first",
        answers={200: CasesOut},
        parameters=(
            paging.LIMIT,
            paging.CURSOR,
            Parameter("state", "query", "Only these", schema={"type": "string", "enum": list(STATES)}),
            Parameter("queue", "query", "Only those of the queue with this id"),
        ),
        refuses=(400,),
    ),
)
