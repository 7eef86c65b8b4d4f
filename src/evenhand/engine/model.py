"""The values that travel through the house: items, events, signals. All frozen, all JSON-able by msgspec.

Times are integers: microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Micros = int
ItemKind = Literal["content", "user", "thread"]
ReporterKind = Literal["user", "rule", "trusted_flagger", "partner", "anonymous"]


class Ref(Struct, frozen=True, order=True):
    """The key of an item: the id of its type, and its id on the platform."""

    type: str
    id: str


MediaKind = Literal["image", "video", "audio"]


class Media(Struct, frozen=True, omit_defaults=True):
    """A pointer to media; the desk never keeps the bytes."""

    kind: MediaKind
    url: str
    field: str
    hashes: dict[str, str] = {}
    """What the platform says that it hashes to: hex by kind of hash."""


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item as it was sent: its coerced data, and what the roles of its fields say about it."""

    ref: Ref
    kind: ItemKind
    data: dict[str, Any]
    platform: int = 0
    """Version of the platform document under which the data was read."""
    partial: bool = False
    """True when the sender gave only what it had; an earlier full item is not overwritten by it."""
    creator: Ref | None = None
    thread: Ref | None = None
    parent: Ref | None = None
    created_at: Micros | None = None
    name: str = ""
    deleted: bool = False
    views: int | None = None
    text: str = ""
    """All that a person would read, field by field, joined by newlines."""
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


class Reporter(Struct, frozen=True, omit_defaults=True):
    """Who reports. `type` and `id` name a user of the platform, or a partner; both empty when anonymous."""

    kind: ReporterKind
    id: str = ""
    type: str = ""

    @property
    def key(self) -> str:
        """One string for each reporter: kind, type and id, with spaces in the type escaped."""
        return f"{self.kind} {self.type.replace(' ', '%20')} {self.id}"

    @classmethod
    def of(cls, key: str) -> Reporter:
        """The reporter of a `key`."""
        kind, type_, id_ = key.split(" ", 2)
        return cls(kind=kind, type=type_.replace("%20", " "), id=id_)  # type: ignore[arg-type]


class ItemSent(Struct, frozen=True, tag="item"):
    item: Item


class ReportMade(Struct, frozen=True, kw_only=True, tag="report", omit_defaults=True):
    """Somebody says that an item breaks a policy."""

    report_id: str
    reporter: Reporter
    reported_at: Micros
    item: Item
    policy: str | None = None
    reason: str = ""
    csam: bool = False
    thread: tuple[Item, ...] = ()
    in_thread: tuple[Ref, ...] = ()
    additional: tuple[Item, ...] = ()


class AppealMade(Struct, frozen=True, kw_only=True, tag="appeal", omit_defaults=True):
    """A judged person asks for a second look, by somebody else."""

    appeal_id: str
    by: Ref
    appealed_at: Micros
    item: Item
    actions: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    reason: str = ""
    additional: tuple[Item, ...] = ()


class Hash(Struct, frozen=True, omit_defaults=True):
    """One hash of a medium: `value` in hex, lower case. A video has one of kind "vpdq" for each frame."""

    kind: str
    value: str
    variant: str = ""
    """How the medium was changed before it was hashed ("mirrored"); empty: not at all."""
    quality: int | None = None
    """Of a perceptual hash, 0 to 100."""


class MediaHashed(Struct, frozen=True, kw_only=True, tag="media", omit_defaults=True):
    """What a medium of an item hashes to."""

    ref: Ref
    field: str = ""
    url: str = ""
    kind: MediaKind = "image"
    hashes: tuple[Hash, ...]
    flat: bool = False
    """Flat backgrounds or text: such pictures are near each other without being the same."""
    whole: bool = True
    """False where limits left a part of it unseen: what is known may be in that part."""
    by: Literal["desk", "platform"] = "desk"
    """Who hashed it: the desk itself, or whoever sent the item."""
    medium: str = ""
    """Its name, where its address does not make it: of one that came without, when it is told of again."""


class MediaRematched(Struct, frozen=True, kw_only=True, tag="rematch", omit_defaults=True):
    """A medium that was hashed before is near an entry that came to a list later."""

    scan: int
    media: MediaHashed

    @property
    def ref(self) -> Ref:
        return self.media.ref


AboutMedia = MediaHashed | MediaRematched
Body = ItemSent | ReportMade | AppealMade | MediaHashed | MediaRematched


class Event(Struct, frozen=True):
    """Something that happened to an item. `id` is its idempotency key: 32 hex digits, one event each.

    `source` names the API key (or connector) that sent it; `at` is when the desk received it.
    """

    id: str
    at: Micros
    source: str
    body: Body

    @property
    def subject(self) -> Ref:
        body = self.body
        return body.ref if isinstance(body, MediaHashed | MediaRematched) else body.item.ref

    @property
    def item(self) -> Item | None:
        """The item as the event brings it; None where it tells only of one of its media."""
        body = self.body
        return None if isinstance(body, MediaHashed | MediaRematched) else body.item


class Signal(Struct, frozen=True, kw_only=True):
    """What the machine can tell about an item, with its version and its evidence.

    `probability` (0 to 1) is that of the item breaking `policy`, given this signal alone. `effect` "note" is shown on
    a case that exists; "enqueue" also opens one; "hold" hides the item as well, and "act" asks for an action, both only
    as far as a policy lets a rule do so; "shadow" is kept and counted, and nothing follows. `summary` is one
    sentence for people.
    """

    detector: str
    version: str
    subject: Ref
    event_id: str
    at: Micros
    summary: str
    policy: str | None = None
    probability: float = 0.0
    effect: Literal["note", "enqueue", "hold", "act", "shadow"] = "note"
    evidence: dict[str, Any] = {}


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that needs somebody: failing, stale or missing. `code` names its kind for programs."""

    code: str
    message: str
    what_to_do: str
    severity: Literal["error", "warning"] = "error"
    since: Micros | None = None
