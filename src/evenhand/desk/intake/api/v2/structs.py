"""Bodies of v2. What is not named here is refused, with what was probably meant."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from evenhand.desk.intake.api.problem_bodies import FieldProblem
from evenhand.desk.intake.api.shapes import STAND_IN
from evenhand.desk.intake.reading import limits
from evenhand.desk.policies.api import PolicyOut

Id = Annotated[str, Meta(min_length=1, max_length=limits.ID, examples=["post-1"])]
UserId = Annotated[str, Meta(min_length=1, max_length=limits.ID, examples=["user-1"])]
TypeId = Annotated[str, Meta(min_length=1, max_length=limits.TYPE_ID, examples=["post"])]
PolicyId = Annotated[str, Meta(min_length=1, max_length=limits.TYPE_ID, examples=["spam"])]
ActionId = Annotated[str, Meta(min_length=1, max_length=limits.TYPE_ID, examples=["hide"])]
AppealId = Annotated[str, Meta(min_length=1, max_length=255, examples=["appeal-1"])]
When = Annotated[str, Meta(max_length=64, examples=["2026-01-31T12:00:00Z"], description="ISO 8601")]
Kind = Annotated[
    Literal["user", "rule", "trusted_flagger", "partner", "anonymous"], Meta(extra={STAND_IN: "anonymous"})
]
Words = Annotated[str, Meta(max_length=limits.STRING, examples=["sells followers"])]


class RefIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The key of an item."""

    type: TypeId
    id: Id


class ItemIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An item. Its `data` follows the fields of its type; keys that the type does not name are kept."""

    type: TypeId
    id: Id
    data: Annotated[dict[str, Any], Meta(examples=[{"title": "Hello"}])] = {}
    partial: Annotated[
        bool,
        Meta(description="Only what is at hand: no field is needed; no whole item is replaced", extra={STAND_IN: True}),
    ] = False


Context = Annotated[tuple[ItemIn, ...], Meta(max_length=limits.CONTEXT)]


class ItemsIn(Struct, frozen=True, forbid_unknown_fields=True):
    items: Annotated[list[ItemIn], Meta(min_length=1, max_length=limits.ITEMS)]


class ReporterIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`user`: `type` and `id` of an item of kind user. `anonymous`: neither. The others: an `id` of their own."""

    kind: Kind = "user"
    type: TypeId | None = None
    id: UserId | None = None


class ReportIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reporter: ReporterIn
    reported_at: When
    item: ItemIn
    policy: PolicyId | None = None
    reason: Words = ""
    csam: Annotated[bool, Meta(description="Shows a child: goes to people trained for it, before all else")] = False
    thread: Annotated[Context, Meta(description="Content that stands around the item")] = ()
    in_thread: Annotated[
        tuple[RefIn, ...], Meta(max_length=limits.CONTEXT, description="Which of it the reporter points at")
    ] = ()
    additional: Annotated[Context, Meta(description="More items that bear on it")] = ()


class ReportsIn(Struct, frozen=True, forbid_unknown_fields=True):
    reports: Annotated[list[ReportIn], Meta(min_length=1, max_length=limits.ITEMS)]


class AppealIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    appeal_id: AppealId
    by: RefIn
    appealed_at: When
    item: ItemIn
    actions: Annotated[tuple[ActionId, ...], Meta(max_length=limits.CONTEXT)] = ()
    policies: Annotated[tuple[PolicyId, ...], Meta(max_length=limits.CONTEXT)] = ()
    reason: Words = ""
    additional: Context = ()


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of one thing: `id` is the item's, report's, appeal's or event's. `errors` tell why it was refused."""

    index: int
    id: str
    status: Literal["accepted", "duplicate", "refused"]
    errors: tuple[FieldProblem, ...] = ()


class Results(Struct, frozen=True):
    results: list[Result]


class _CloudEvent(Struct, frozen=True, kw_only=True, tag_field="type"):
    """CloudEvents 1.0 in JSON; extension attributes are ignored."""

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=limits.ID, examples=["event-1"])]
    source: Annotated[str, Meta(min_length=1, max_length=limits.URL, examples=["/platform/posts"])]
    datacontenttype: str | None = None
    dataschema: str | None = None
    subject: str | None = None
    time: str | None = None


class ItemSentEvent(_CloudEvent, frozen=True, kw_only=True, tag="evenhand.item.sent.v2"):
    data: ItemIn


class ReportMadeEvent(_CloudEvent, frozen=True, kw_only=True, tag="evenhand.report.made.v2"):
    data: ReportIn


class AppealMadeEvent(_CloudEvent, frozen=True, kw_only=True, tag="evenhand.appeal.made.v2"):
    data: AppealIn


CloudEvent = ItemSentEvent | ReportMadeEvent | AppealMadeEvent


class PoliciesOut(Struct, frozen=True):
    """Parents before children. `version` is that of the platform document."""

    version: int
    items: list[PolicyOut]
    next: str | None


class Pointer(Struct, frozen=True):
    type: str
    id: str


class ItemOut(Struct, frozen=True, kw_only=True):
    """An item as it was folded last. Times are ISO 8601, in UTC."""

    type: str
    id: str
    kind: Literal["content", "user", "thread"]
    data: dict[str, Any]
    partial: bool
    deleted: bool
    creator: Pointer | None
    thread: Pointer | None
    parent: Pointer | None
    created_at: str | None
    first_seen: str
    last_seen: str
    versions: int
