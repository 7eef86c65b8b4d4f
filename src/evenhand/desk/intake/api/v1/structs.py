"""Bodies of v1, as Coop names them. What is not named here is ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from evenhand.desk.intake.api.shapes import STAND_IN
from evenhand.desk.intake.reading import limits

Id = Annotated[str, Meta(min_length=1, max_length=limits.ID, examples=["post-1"])]
TypeId = Annotated[str, Meta(min_length=1, max_length=limits.TYPE_ID, examples=["post"])]
UserId = Annotated[str, Meta(min_length=1, max_length=limits.ID, examples=["user-1"])]
When = Annotated[str, Meta(max_length=64, examples=["2026-01-31T12:00:00Z"], description="ISO 8601")]
Name = Annotated[str, Meta(max_length=limits.TYPE_ID)]
Words = Annotated[str, Meta(max_length=limits.STRING)]
Variant = Annotated[Literal["original", "partial"], Meta(extra={STAND_IN: "partial"})]
Kind = Annotated[
    Literal["user", "rule", "trusted_flagger", "partner", "anonymous"], Meta(extra={STAND_IN: "anonymous"})
]


class TypeInV1(Struct, frozen=True, rename="camel"):
    id: TypeId
    version: str | None = None
    schema_variant: Variant | None = None


class ItemInV1(Struct, frozen=True, rename="camel"):
    """An item; its type in `typeId`, or nested in `type`."""

    id: Id
    data: dict[str, Any]
    type_id: TypeId | None = None
    type: TypeInV1 | None = None
    type_version: str | None = None
    type_schema_variant: Variant | None = None


class RefInV1(Struct, frozen=True, rename="camel"):
    id: Id
    type_id: TypeId


class ItemsInV1(Struct, frozen=True, rename="camel"):
    items: Annotated[list[ItemInV1], Meta(max_length=limits.ITEMS)]


class ContentInV1(Struct, frozen=True, rename="camel"):
    """`contentType` is the name of an item type."""

    content_type: Annotated[str, Meta(min_length=1, max_length=limits.KEY, examples=["Post"])]
    content_id: Id
    content: dict[str, Any]
    user_id: UserId | None = None
    sync: bool | None = None


class ReporterInV1(Struct, frozen=True, rename="camel"):
    """A user needs `typeId` and `id` (and is what is meant without a `kind`), a rule, partner or flagger its `id`."""

    kind: Kind | None = None
    type_id: TypeId | None = None
    id: UserId | None = None


class ReasonInV1(Struct, frozen=True, rename="camel"):
    policy_id: Name | None = None
    reason: Words | None = None
    csam: bool | None = None


class ReportInV1(Struct, frozen=True, rename="camel"):
    reporter: ReporterInV1
    reported_at: When
    reported_item: ItemInV1
    reported_for_reason: ReasonInV1 | None = None
    reported_item_thread: Annotated[list[ItemInV1], Meta(max_length=limits.CONTEXT)] | None = None
    reported_items_in_thread: Annotated[list[RefInV1], Meta(max_length=limits.CONTEXT)] | None = None
    additional_items: Annotated[list[ItemInV1], Meta(max_length=limits.CONTEXT)] | None = None


class PolicyRefV1(Struct, frozen=True):
    id: Name


class AppealInV1(Struct, frozen=True, rename="camel"):
    appeal_id: Annotated[str, Meta(min_length=1, max_length=255, examples=["appeal-1"])]
    appealed_by: RefInV1
    appealed_at: When
    actioned_item: ItemInV1
    actions_taken: Annotated[list[Name], Meta(max_length=limits.CONTEXT)]
    appeal_reason: Words | None = None
    violating_policies: Annotated[list[PolicyRefV1], Meta(max_length=limits.CONTEXT)] | None = None
    additional_items: Annotated[list[ItemInV1], Meta(max_length=limits.CONTEXT)] | None = None


class ActionTriggeredV1(Struct, frozen=True):
    id: str
    name: str


class ContentTakenV1(Struct, frozen=True, rename="camel"):
    """`actionsTriggered` is empty: the desk acts when a person has decided, not while the content is being sent."""

    actions_triggered: list[ActionTriggeredV1]
    derived_fields: dict[str, Any]


class ReportTakenV1(Struct, frozen=True, rename="camel"):
    report_id: str
