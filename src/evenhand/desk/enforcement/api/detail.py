"""GET /cases/{id}: a case with what bears on it. Who reported is counted, never named."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from evenhand.desk.cases.queries import clusters
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.enforcement.api.held import HoldOut, hold_out
from evenhand.desk.enforcement.api.person import deciding, seen
from evenhand.desk.enforcement.api.waiting import WaitingCase, fields_of
from evenhand.desk.enforcement.queries import holds
from evenhand.desk.fields import from_micros
from evenhand.desk.intake.api.operations import Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.v2.reading import item_out, written
from evenhand.desk.intake.api.v2.structs import ItemOut, Pointer
from evenhand.desk.intake.queries import items
from evenhand.desk.signals import queries as signals
from evenhand.engine.detect.knownmedia import NAME as MEDIA
from evenhand.engine.detect.rulelife import PREFIX as RULE
from evenhand.engine.model import Ref, Signal

_MEDIUM = ("field", "url", "kind", "hashed_by", "medium")
"""Evidence that names the medium, told beside it."""


class SignalOut(Struct, frozen=True, kw_only=True):
    """What the machine can tell of the item. `evidence` has other names for each detector; that of a rule is what it
    asked for, not what stood in the event."""

    detector: str
    version: str
    summary: str
    policy: str | None
    probability: float
    effect: str
    at: str
    evidence: dict[str, Any]


class MatchedOut(Struct, frozen=True, kw_only=True):
    """A medium of the item that a bank of known media has."""

    bank: str
    policy: str | None
    field: str
    url: str
    kind: str
    summary: str
    probability: float
    at: str
    evidence: dict[str, Any]


class CaseDetail(WaitingCase, frozen=True, kw_only=True):
    """`content`: the item, null until it was folded. `together`: how many open cases one decision may decide with it,
    by its `cluster`. `hold`: what hides the item now."""

    content: ItemOut | None
    author: Pointer | None
    together: int
    hold: HoldOut | None
    signals: list[SignalOut]
    media: list[MatchedOut]


def get_case(call: Call) -> Answer:
    user = deciding(call)
    case, mine = seen(call, user), sight(user)
    ref = Ref(case.item_type, case.item_id)
    hold = holds.open_hold(ref)
    found = [one for one in signals.of_items([ref]).get(ref, []) if one.policy not in mine.hidden]
    [fields], known = fields_of([case]), items.known([ref])
    detail = CaseDetail(
        **fields,
        content=item_out(known[ref]) if ref in known else None,
        author=Pointer(case.author_type, case.author_id) if case.author_id else None,
        together=clusters.size(case).cases,
        hold=hold_out(hold) if hold and _is_told(hold, mine) else None,
        signals=[_signal(one) for one in found if not _is_match(one)],
        media=[_match(one) for one in found if _is_match(one)],
    )
    return Answer(200, detail)


def _is_told(hold: holds.Hold, mine: Sight) -> bool:
    """Who decides a random audit is not told of its hold before."""
    return holds.one(hold.pk, mine) is not None


def _is_match(one: Signal) -> bool:
    return one.detector.startswith(f"{MEDIA}:")


def _signal(one: Signal) -> SignalOut:
    kept = one.evidence if not one.detector.startswith(RULE) else _asked(one.evidence)
    return SignalOut(
        detector=one.detector,
        version=one.version,
        summary=one.summary,
        policy=one.policy,
        probability=one.probability,
        effect=one.effect,
        at=written(from_micros(one.at)),
        evidence=kept,
    )


def _asked(evidence: dict[str, Any]) -> dict[str, Any]:
    """Without what the rule read: a report's event names who made it."""
    return {name: value for name, value in evidence.items() if name != "why"}


def _match(one: Signal) -> MatchedOut:
    told = {name: str(one.evidence.get(name, "")) for name in _MEDIUM}
    return MatchedOut(
        bank=one.detector.partition(":")[2],
        policy=one.policy,
        field=told["field"],
        url=told["url"],
        kind=told["kind"],
        summary=one.summary,
        probability=one.probability,
        at=written(from_micros(one.at)),
        evidence={name: value for name, value in one.evidence.items() if name not in _MEDIUM},
    )


_CASE = Parameter("id", "path", "The case", required=True, schema={"type": "integer", "minimum": 1})
OPERATIONS = (
    Operation(
        method="GET", path="/v2/cases/{id}", scopes=("moderate",), handle=get_case, name="getCase",
        summary="One case, open or decided, with what bears on it",
        details="The item itself, its signals, what hides it, what stands together with it, and which known media it"
        " has. Who reported it is counted, not named.",
        answers={200: CaseDetail}, parameters=(_CASE,), refuses=(403, 404),
    ),
)  # fmt: skip
