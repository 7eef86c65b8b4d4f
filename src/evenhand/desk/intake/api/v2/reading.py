"""GET /policies and /items/{type}/{id}."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from evenhand.desk.fields import from_micros
from evenhand.desk.intake.api import documents, paging
from evenhand.desk.intake.api.operations import Answer, Call
from evenhand.desk.intake.api.refusals import NOT_FOUND, Refused
from evenhand.desk.intake.api.v2.structs import ItemOut, Pointer, PoliciesOut
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.intake.reading.problems import Unfit
from evenhand.desk.intake.reading.values import identifier
from evenhand.desk.policies.api import PolicyOut, policy_tree
from evenhand.engine.model import Ref


def list_policies(call: Call) -> Answer:
    found = policy_tree(documents.current().snapshot)
    size = paging.limit(call)
    start = _start(found.policies, paging.read(call, str))
    page, following = paging.cut(found.policies[start : start + size + 1], size, lambda policy: policy.id)
    return Answer(200, PoliciesOut(found.version, page, following))


def get_item(call: Call) -> Answer:
    ref = Ref(call.path["type"], call.path["id"])
    known = items.known([ref]).get(ref) if _may_exist(ref) else None
    if known is None:
        raise Refused(NOT_FOUND, "The desk has not folded any such item (yet).")
    return Answer(200, item_out(known))


def _may_exist(ref: Ref) -> bool:
    try:
        return bool(identifier(ref.type) and identifier(ref.id))
    except Unfit:
        return False


def _start(policies: Sequence[PolicyOut], after: str | None) -> int:
    if after is None:
        return 0
    position = next((n for n, policy in enumerate(policies, 1) if policy.id == after), None)
    if position is None:
        raise paging.unknown_cursor()
    return position


def item_out(known: Known) -> ItemOut:
    item = known.item
    return ItemOut(
        type=item.ref.type,
        id=item.ref.id,
        kind=item.kind,
        data=item.data,
        partial=item.partial,
        deleted=item.deleted,
        creator=_pointer(item.creator),
        thread=_pointer(item.thread),
        parent=_pointer(item.parent),
        created_at=None if item.created_at is None else written(from_micros(item.created_at)),
        first_seen=written(known.first_seen),
        last_seen=written(known.last_seen),
        versions=known.versions,
    )


def _pointer(ref: Ref | None) -> Pointer | None:
    return None if ref is None else Pointer(ref.type, ref.id)


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
