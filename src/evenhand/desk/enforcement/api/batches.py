"""A decision on many cases: how far it has come, what failed, and taking it back."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from evenhand.desk.enforcement import services
from evenhand.desk.enforcement.api.person import deciding, is_uid, sees, told
from evenhand.desk.enforcement.queries import batches
from evenhand.desk.enforcement.queries.batches import Batch
from evenhand.desk.intake.api.operations import Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import NOT_FOUND, Refused
from evenhand.desk.intake.api.v2.reading import written


class FailureOut(Struct, frozen=True):
    """`failed`: it was not decided, and waits in the queue. `stuck`: its decision could not be taken back."""

    case: int
    state: Literal["failed", "stuck"]
    error: str


class BatchOut(Struct, frozen=True, kw_only=True):
    """Of `total` cases so many are still to come (`waiting`), are decided (`done`), failed, were taken back (`undone`),
    could not be (`stuck`), or were never come to (`left`). `failures`: the first 50 of them. It goes on by itself while
    `running`."""

    id: str
    cluster: int
    kind: str
    policy: str | None
    by: str
    made_at: str
    undone_at: str | None
    undone_by: str | None
    running: bool
    total: int
    waiting: int
    done: int
    failed: int
    undone: int
    stuck: int
    left: int
    failures: list[FailureOut]


def get_batch(call: Call) -> Answer:
    batch = _seen(call)
    return Answer(200, batch_out(batch))


def undo_batch(call: Call) -> Answer:
    user = deciding(call)
    batch = _seen(call)
    with told():
        return Answer(202, batch_out(services.undo_many(batch.uid, user)))


def _seen(call: Call) -> Batch:
    """The batch of the path. Raises Refused, also when its cases are not for this person."""
    user, given = deciding(call), call.path["id"]
    found = batches.by_uid(given) if is_uid(given) else None
    first = batches.first_case(found) if found else None
    if found is None or first is None or not sees(user, first):
        raise Refused(NOT_FOUND, "There is no such batch, or its cases are in a queue that is not theirs.")
    return found


def batch_out(batch: Batch) -> BatchOut:
    found = batches.progress(batch)
    return BatchOut(
        id=batch.uid,
        cluster=batch.cluster,
        kind=batch.kind,
        policy=batch.policy,
        by=batch.by.pseudonym,
        made_at=written(batch.made_at),
        undone_at=written(batch.undone_at) if batch.undone_at else None,
        undone_by=batch.undone_by.pseudonym if batch.undone_by else None,
        running=found.running,
        total=found.total,
        waiting=found.waiting,
        done=found.done,
        failed=found.failed,
        undone=found.undone,
        stuck=found.stuck,
        left=found.left,
        failures=[FailureOut(one.case_id, _known(one.state), one.error) for one in batches.failed(batch)],
    )


def _known(state: str) -> Any:
    """One of the two states that a failure has."""
    return str(state)


_BATCH = Parameter("id", "path", "The batch", required=True, schema={"type": "string", "maxLength": 64})
OPERATIONS = (
    Operation(
        method="GET", path="/v2/batches/{id}", scopes=("moderate",), handle=get_batch, name="getBatch",
        summary="How far a decision on a cluster has come",
        details="What failed for one case is told with it, and holds up no other.",
        answers={200: BatchOut}, parameters=(_BATCH,), refuses=(403, 404),
    ),
    Operation(
        method="POST", path="/v2/batches/{id}/undo", scopes=("moderate",), handle=undo_batch, name="undoBatch",
        summary="Take a decision on a cluster back",
        details="Cases that it has not come to stay as they are; each of its decisions is taken back as one is.",
        answers={202: BatchOut}, parameters=(_BATCH,), refuses=(403, 404, 409),
    ),
)  # fmt: skip
