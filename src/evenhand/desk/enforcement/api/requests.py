"""Asks for an action on an item, in Coop's shape and in ours."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct

from evenhand.desk.enforcement import services
from evenhand.desk.enforcement.queries import listing
from evenhand.desk.enforcement.queries.listing import Decision
from evenhand.desk.enforcement.services import Chosen, Invalid
from evenhand.desk.intake.api import bodies, drafts, identity
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Answer, Call, Operation
from evenhand.desk.intake.api.refusals import INVALID, KEY_REUSED, Refused
from evenhand.desk.intake.api.v1 import structs as v1
from evenhand.desk.intake.api.v1.items import NAMES as V1_REF
from evenhand.desk.intake.api.v2 import structs as v2
from evenhand.desk.intake.api.v2.drafting import NAMES as V2_REF
from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.items import Names
from evenhand.desk.intake.reading.nesting import json_value
from evenhand.desk.intake.reading.problems import Problem, Unfit, pointer
from evenhand.engine.model import Ref


class Places(NamedTuple):
    """Where a version has the parts of the request, as pointers."""

    action: str
    item: str
    item_names: Names
    policies: str
    others: str
    other_names: Names
    actor: str


PLACES = Places("/action", "/item", V2_REF, "/policies", "/reported_items", V2_REF, "/actor")
COOP_PLACES = Places(
    "/actionId", "", Names("itemTypeId", "itemId", ""), "/policyIds", "/reportedItems", V1_REF, "/actorId"
)
ActorId = Annotated[str, Meta(max_length=limits.ID)]


class ActionInV1(Struct, frozen=True, rename="camel"):
    """`actorId` is whoever asks, as the platform knows them; it is kept, not checked."""

    action_id: v1.Name
    item_id: v1.Id
    item_type_id: v1.TypeId
    policy_ids: Annotated[list[v1.Name], Meta(max_length=limits.CONTEXT)] | None = None
    reported_items: Annotated[list[v1.RefInV1], Meta(max_length=limits.CONTEXT)] | None = None
    actor_id: ActorId | None = None
    parameters: dict[str, Any] | None = None
    note: v1.Words | None = None


class ActionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`actor` is whoever asks, as the platform knows them; it is kept, not checked."""

    action: v2.ActionId
    item: v2.RefIn
    policies: Annotated[tuple[v2.PolicyId, ...], Meta(max_length=limits.CONTEXT)] = ()
    reported_items: Annotated[
        tuple[v2.RefIn, ...], Meta(max_length=limits.CONTEXT, description="More items that the action is taken on")
    ] = ()
    actor: ActorId = ""
    parameters: dict[str, Any] = {}
    note: v2.Words = ""


class ActionTaken(Struct, frozen=True):
    """`decision` is its id; `waiting`: it takes two people, and waits for one to confirm it in the console."""

    decision: str
    waiting: bool


class Wanted(Struct, frozen=True, kw_only=True):
    """What either version asks for, checked against the platform document."""

    action: str
    item: Ref
    policies: list[str]
    reported_items: list[Ref]
    actor: str
    parameters: dict[str, Any]
    note: str


def request_v1(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    _given, [wanted] = drafts.understood(call.body, ActionInV1, lambda given: drafts.read([given], _wanted_v1))
    _request(call, wanted)
    return Answer(202)


def request_v2(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    _given, [wanted] = drafts.understood(call.body, ActionIn, lambda given: drafts.read([given], _wanted))
    decision = _request(call, wanted)
    return Answer(202, ActionTaken(decision.uid, decision.needs_second and decision.seconded_at is None))


def _request(call: Call, wanted: Wanted) -> Decision:
    """Committed when it returns. Raises Refused, also when the Idempotency-Key stood for something else before."""
    try:
        decision = services.request_action(
            action_id=wanted.action,
            item=wanted.item,
            key_name=call.source,
            policies_=wanted.policies,
            reported_items=wanted.reported_items,
            actor=wanted.actor,
            parameters=wanted.parameters,
            note=wanted.note,
            idempotency_key=identity.key(call) or "",
        )
    except Invalid as error:
        raise Refused(INVALID, problems=[Problem("", problem) for problem in error.problems]) from None
    if identity.has_key(call) and _differs(decision, wanted):
        raise Refused(KEY_REUSED, f"It stands for decision {decision.uid}. Nothing was done.")
    return decision


def _differs(decision: Decision, wanted: Wanted) -> bool:
    meant = {(wanted.action, ref.type, ref.id) for ref in (wanted.item, *wanted.reported_items)}
    if decision.policy != next(iter(wanted.policies), None) or decision.reason != wanted.note:
        return True
    return listing.items_acted_on(decision) != meant


def _wanted_v1(draft: Draft, given: ActionInV1, n: int) -> Wanted | None:
    ours = ActionIn(
        action=given.action_id,
        item=v2.RefIn(given.item_type_id, given.item_id),
        policies=tuple(given.policy_ids or ()),
        reported_items=tuple(v2.RefIn(one.type_id, one.id) for one in given.reported_items or ()),
        actor=given.actor_id or "",
        parameters=given.parameters or {},
        note=given.note or "",
    )
    return _wanted(draft, ours, n, COOP_PLACES)


def _wanted(draft: Draft, given: ActionIn, _n: int, places: Places = PLACES) -> Wanted | None:
    item = draft.ref(given.item.type, given.item.id, places.item, places.item_names)
    policies = [draft.policy(one, f"{places.policies}/{n}") for n, one in enumerate(given.policies)]
    others = [
        draft.ref(one.type, one.id, f"{places.others}/{n}", places.other_names)
        for n, one in enumerate(given.reported_items)
    ]
    action = draft.action(given.action, places.action)
    actor = draft.text(given.actor, places.actor)
    note = draft.text(given.note, "/note")
    parameters = _parameters(draft, given.parameters)
    _check(draft, given, places)
    if item is None:
        return None
    return Wanted(
        action=action,
        item=item,
        policies=[one for one in policies if one],
        reported_items=[one for one in others if one],
        actor=actor,
        parameters=parameters,
        note=note,
    )


def _check(draft: Draft, given: ActionIn, places: Places) -> None:
    """What the action itself demands, of an item of a type that is known."""
    snapshot = draft.document.snapshot
    action = snapshot.actions.get(given.action)
    if action is None or given.item.type not in snapshot.item_types:
        return
    is_meant = not action.retired and (not action.applies_to or given.item.type in action.applies_to)
    try:
        services.check([Chosen(given.action, given.parameters)], given.item.type, snapshot)
    except Invalid as error:
        for problem in error.problems:
            draft.problem("/parameters" if is_meant else places.action, problem)


def _parameters(draft: Draft, given: dict[str, Any]) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json_value(given)
    except Unfit as error:
        draft.problem(pointer("/parameters", error.path), error.reason)
        return {}
    return read


DETAILS = "It is taken at once, without a case. An action that takes two people waits for one in the console."

EXAMPLE_V1 = {
    "actionId": "warn",
    "itemId": "post-1",
    "itemTypeId": "post",
    "policyIds": ["spam"],
    "actorId": "moderator-4",
    "parameters": {"words": "Please read the rules on advertising."},
    "note": "third time this week",
}
EXAMPLE = {
    "action": "warn",
    "item": {"type": "post", "id": "post-1"},
    "policies": ["spam"],
    "actor": "moderator-4",
    "parameters": {"words": "Please read the rules on advertising."},
    "note": "third time this week",
}

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/actions",
        scopes=("act",),
        handle=request_v1,
        name="requestActionV1",
        summary="Ask for an action on an item",
        details=DETAILS,
        example=EXAMPLE_V1,
        takes={JSON: ActionInV1},
        answers={202: None},
        parameters=(IDEMPOTENCY_KEY,),
        refuses=(422,),
    ),
    Operation(
        method="POST",
        path="/v2/actions",
        scopes=("act",),
        handle=request_v2,
        name="requestAction",
        summary="Ask for an action on an item",
        details=DETAILS,
        example=EXAMPLE,
        takes={JSON: ActionIn},
        answers={202: ActionTaken},
        parameters=(IDEMPOTENCY_KEY,),
        refuses=(422,),
    ),
)
