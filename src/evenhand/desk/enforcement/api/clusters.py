"""Cases that stand together, for a program that works for a person: seen, decided at once, parted."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, alike, clusters, history
from evenhand.desk.cases.queries.alike import Shown
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement import services
from evenhand.desk.enforcement.api.asked import ChosenIn, Verdict, actions_of, reason_of
from evenhand.desk.enforcement.api.batches import BatchOut, batch_out
from evenhand.desk.enforcement.api.person import close_looks, deciding, number, sees, told
from evenhand.desk.enforcement.queries import batches
from evenhand.desk.enforcement.queries.batches import Like
from evenhand.desk.intake.api import bodies, paging
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import HELD, NOT_FOUND, Refused
from evenhand.desk.intake.api.repeating import once
from evenhand.desk.intake.api.v2.reading import written
from evenhand.desk.intake.api.v2.structs import Pointer

_MOST = 5_000
Number = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Seen = Annotated[str, Meta(pattern=r"^[0-9]{1,18}-[0-9]{1,9}-[0-9]{1,18}$", examples=["481-1-530"])]


class PieceOut(Struct, frozen=True):
    """`gone`: in the typical text, but not here."""

    kind: Literal["same", "gone", "new"]
    text: str


class MemberOut(Struct, frozen=True, kw_only=True):
    """`differs`: its text in pieces, against the typical one. `media`: how many its item has."""

    case: int
    role: Literal["typical", "other", "outlier"]
    item: Pointer
    author: Pointer | None
    differs: list[PieceOut]
    media: int


class LikeOut(Struct, frozen=True):
    """`count` of the `total` decided cases of the cluster were decided by people in this way."""

    count: int
    total: int
    kind: str
    policy: str | None
    actions: list[ChosenIn]


class ClusterOut(Struct, frozen=True, kw_only=True):
    """The open cases of one queue that one decision may decide. `version` is what a decision has to name: it stands for
    the cases as they were read here, and for none that comes later.

    `case` stands for them in the queue. Of the newest `compared` cases: the most typical item, up to three that differ
    most from each other, and up to three outliers. `like`: how their like was decided before.
    """

    id: int
    queue: str
    case: int
    policy: str | None
    cases: int
    authors: int
    since: str | None
    version: str
    confirm_above: int
    compared: int
    items: list[MemberOut]
    like: LikeOut | None


class ClusterDecisionIn(Verdict, frozen=True, kw_only=True):
    """`but`: cases that are not the same; they leave the cluster, undecided. `confirm`: how many cases it decides, to
    be said above 20."""

    version: Seen
    kind: Literal["act", "dismiss"]
    but: Annotated[list[Number], Meta(max_length=_MOST)] = []
    confirm: Number | None = None


class SplitIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`together`: what leaves stands together from then on, not each for itself."""

    version: Seen
    cases: Annotated[list[Number], Meta(min_length=1, max_length=_MOST)]
    together: bool = False


class SplitOut(Struct, frozen=True):
    """`left`: the cases that left."""

    left: list[int]


def get_cluster(call: Call) -> Answer:
    user, given = deciding(call), number(call.path["id"])
    case = clusters.first(given, sight(user), paging.word(call, "queue")) if given else None
    if case is None:
        raise Refused(NOT_FOUND, "No open case is in such a cluster, or they are in a queue that is not theirs.")
    return Answer(200, _cluster(case))


def decide_cluster(call: Call) -> Answer:
    user = deciding(call)
    bodies.must_be(call.request, JSON)
    given = bodies.decode(call.body, ClusterDecisionIn)
    return once(call, lambda: _decide(call, given, user))


def _decide(call: Call, given: ClusterDecisionIn, user: User) -> Answer:
    """It is written down, and begun by the work that the desk does in the background."""
    case, version, upto = _read_before(call, given.version)
    with told():
        batch = services.decide_many(
            case.pk,
            version=version,
            by=user,
            kind=given.kind,
            policy=given.policy,
            upto=upto,
            but=given.but,
            actions=actions_of(given),
            reason=reason_of(given),
            confirmed=given.confirmed,
            typed=str(given.confirm or ""),
            at_once=False,
        )
    close_looks(case, user)
    return Answer(202, batch_out(batch))


def split_cluster(call: Call) -> Answer:
    user = deciding(call)
    bodies.must_be(call.request, JSON)
    given = bodies.decode(call.body, SplitIn)
    case, _version, _upto = _read_before(call, given.version)
    with told():
        if case.state != Case.State.OPEN:
            raise services.Conflict(*services.describe_last(case))
        return Answer(200, SplitOut(cases.part(case.pk, given.cases, user, together=given.together)))


def _read_before(call: Call, seen: str) -> tuple[Case, int, int]:
    """What a cluster's `version` stands for: a case, its version, the newest case. Raises Refused."""
    case_id, version, upto = (int(part) for part in seen.split("-"))
    case = history.case(case_id)
    if case is None or not sees(deciding(call), case):
        raise Refused(NOT_FOUND, "There is no such cluster, or its cases are in a queue that is not theirs.")
    if case.cluster_id != number(call.path["id"]):
        raise Refused(HELD, "These cases do not stand together any more as they were read: read the cluster again.")
    return case, version, upto


def _cluster(case: Case) -> ClusterOut:
    size, newest = clusters.size(case), clusters.newest(case)
    some = clusters.newest_first(case, alike.MOST_COMPARED)
    like = batches.like(case.cluster_id) if case.cluster_id else None
    return ClusterOut(
        id=case.cluster_id or 0,
        queue=case.queue,
        case=case.pk,
        policy=case.policy,
        cases=size.cases,
        authors=size.authors,
        since=written(size.since) if size.since else None,
        version=f"{case.pk}-{case.version}-{newest}",
        confirm_above=services.TYPED_ABOVE,
        compared=len(some),
        items=[_member(one) for one in alike.shown(some)],
        like=_like(like) if like else None,
    )


def _member(one: Shown) -> MemberOut:
    author = one.known.item.creator
    return MemberOut(
        case=one.case.pk,
        role=one.role,
        item=Pointer(one.case.item_type, one.case.item_id),
        author=Pointer(author.type, author.id) if author else None,
        differs=[PieceOut(piece.kind, piece.text) for piece in one.pieces],
        media=len(one.known.item.media),
    )


def _like(like: Like) -> LikeOut:
    actions: list[tuple[str, dict[str, Any]]] = list(like.actions)
    return LikeOut(like.count, like.total, like.kind, like.policy, [ChosenIn(*one) for one in actions])


_CLUSTER = Parameter("id", "path", "The cluster", required=True, schema={"type": "integer", "minimum": 1})
_EXAMPLE = {"version": "481-1-530", "kind": "act", "policy": "spam", "actions": [{"action": "remove"}], "confirm": 31}
OPERATIONS = (
    Operation(
        method="GET", path="/v2/clusters/{id}", scopes=("moderate",), handle=get_cluster, name="getCluster",
        summary="Cases that one decision may decide, and what differs among them",
        details="A cluster that lies in several queues is seen in the one where it is most urgent, or in `queue`.",
        answers={200: ClusterOut},
        parameters=(_CLUSTER, Parameter("queue", "query", "As it lies in the queue with this id")),
        refuses=(400, 403, 404),
    ),
    Operation(
        method="POST", path="/v2/clusters/{id}/decisions", scopes=("moderate",), handle=decide_cluster,
        name="decideCluster", summary="Decide a cluster at once",
        details="Each case gets a decision of its own, one after the other; `getBatch` tells how far it is. More than"
        " 20 cases take their number as `confirm`.",
        takes={JSON: ClusterDecisionIn}, example=_EXAMPLE, answers={202: BatchOut},
        parameters=(_CLUSTER, IDEMPOTENCY_KEY), refuses=(400, 403, 404, 409, 422),
    ),
    Operation(
        method="POST", path="/v2/clusters/{id}/split", scopes=("moderate",), handle=split_cluster,
        name="splitCluster", summary="Take cases out of a cluster that are not the same",
        details="They stay open. Nothing but a person puts them back.",
        takes={JSON: SplitIn}, example={"version": "481-1-530", "cases": [512]}, answers={200: SplitOut},
        parameters=(_CLUSTER,), refuses=(400, 403, 404, 409),
    ),
)  # fmt: skip
