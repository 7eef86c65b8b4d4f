"""Items as v1 sends them: in batches, and one by one through the older content route."""

from __future__ import annotations

from msgspec.structs import replace

from evenhand.desk.intake.api import bodies, drafts, identity, storing
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.operations import JSON, Answer, Call
from evenhand.desk.intake.api.refusals import KEY_REUSED
from evenhand.desk.intake.api.v1.structs import ContentInV1, ContentTakenV1, ItemInV1, ItemsInV1, RefInV1
from evenhand.desk.intake.reading.items import Names, Raw
from evenhand.desk.intake.reading.related import sole
from evenhand.engine.model import Body, Item, ItemKind, ItemSent, Ref
from evenhand.engine.platform import ItemType

NAMES = Names("typeId", "id", "data")
NESTED = Names("type/id", "id", "data")
CONTENT = Names("contentType", "contentId", "content")


def send_items(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    given, read = drafts.understood(call.body, ItemsInV1, lambda given: drafts.read(given.items, sent))
    naming = identity.naming(call, identity.random)
    keep(call, [(naming(n, given.items[n]), body) for n, body in enumerate(read)])
    return Answer(202)


def send_content(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    given, [body] = drafts.understood(call.body, ContentInV1, lambda given: drafts.read([given], _content))
    keep(call, [(identity.naming(call, identity.random)(0, given), body)])
    if given.sync:
        return Answer(200, ContentTakenV1(actions_triggered=[], derived_fields={}))
    return Answer(202)


def keep(call: Call, named: list[tuple[str, Body]]) -> list[bool]:
    """Durable when it returns. Raises Refused, also when the Idempotency-Key stood for something else before."""
    events = storing.events(named, call.source)
    if identity.has_key(call):
        storing.refuse_reuse(events, KEY_REUSED)
    return storing.keep(events)


def item(draft: Draft, given: ItemInV1, at: str, kind: ItemKind | None = None) -> Item | None:
    variant = given.type_schema_variant or (given.type and given.type.schema_variant)
    type_id = given.type_id or (given.type and given.type.id)
    if not type_id:
        draft.problem(f"{at}/typeId", "`typeId` is missing.", "post")
        return None
    names = NAMES if given.type_id else NESTED
    return draft.item(Raw(type_id, given.id, given.data, at, names, variant == "partial"), kind)


def ref(draft: Draft, given: RefInV1, at: str, kind: ItemKind | None = None) -> Ref | None:
    return draft.ref(given.type_id, given.id, at, NAMES, kind)


def sent(draft: Draft, given: ItemInV1, n: int) -> ItemSent | None:
    read = item(draft, given, f"/items/{n}")
    return None if read is None else ItemSent(read)


def _content(draft: Draft, given: ContentInV1, _n: int) -> ItemSent | None:
    item_types = draft.document.snapshot.item_types
    type_id = draft.document.types_by_name.get(given.content_type, given.content_type)
    author = _author(draft, given)
    field = _creator_field(item_types.get(type_id))
    data = given.content
    if author and field and data.get(field) is None:
        data = {**data, field: {"id": author.id, "typeId": author.type}}
    read = draft.item(Raw(type_id, given.content_id, data, "", CONTENT))
    if read is None:
        return None
    return ItemSent(replace(read, creator=author) if author and not field else read)


def _author(draft: Draft, given: ContentInV1) -> Ref | None:
    """The `userId`, which says enough only where there is one type of user."""
    if given.user_id is None:
        return None
    user_type = sole(draft.document.snapshot.item_types, "user")
    if user_type is None:
        draft.problem("/userId", "There is not just one type of user: name the author, with its type, in `content`.")
        return None
    return Ref(user_type, draft.id(given.user_id, "/userId"))


def _creator_field(item_type: ItemType | None) -> str | None:
    fields = item_type.fields if item_type else ()
    return next((field.name for field in fields if field.role == "creator"), None)
