"""What machines tell and ask of known media: hashes that the platform made itself, and which banks they are in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from evenhand.desk.intake.api import drafts, identity, storing
from evenhand.desk.intake.api.drafts import Draft, Read
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Answer, Call, Operation
from evenhand.desk.intake.api.v2.structs import RefIn
from evenhand.desk.intake.reading.items import Names
from evenhand.desk.media.queries import matching
from evenhand.engine.media.hashkinds import example
from evenhand.engine.model import Hash, MediaHashed
from evenhand.runtime.mediakinds import problem, written_problem

MOST = 1_000
_NAMES = Names("type", "id", "data")
_PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
_CANONICAL = msgspec.json.Encoder(order="deterministic")
HashKind = Annotated[str, Meta(min_length=1, max_length=16, examples=["pdq"])]
Hex = Annotated[str, Meta(min_length=2, max_length=4096, examples=[_PDQ])]


class HashedIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A medium of an item, by what it hashes to: hex by kind (pdq, md5, sha1, sha256, video_md5, or another)."""

    item: RefIn
    hashes: Annotated[dict[HashKind, Hex], Meta(min_length=1, max_length=20, examples=[{"pdq": _PDQ}])]
    field: Annotated[str, Meta(max_length=256, examples=["image"])] = ""
    url: Annotated[str, Meta(max_length=8192, examples=["https://media.example/1.jpg"])] = ""
    kind: Literal["image", "video", "audio"] = "image"


class HashesIn(Struct, frozen=True, forbid_unknown_fields=True):
    media: Annotated[list[HashedIn], Meta(min_length=1, max_length=MOST)]


class HashesOut(Struct, frozen=True):
    """`accepted` are new and durable; `duplicates` were there before, and have no second effect."""

    accepted: int
    duplicates: int


class HashIn(Struct, frozen=True, forbid_unknown_fields=True):
    kind: HashKind
    value: Hex


class MatchIn(Struct, frozen=True, forbid_unknown_fields=True):
    hashes: Annotated[list[HashIn], Meta(min_length=1, max_length=MOST)]


class BankOut(Struct, frozen=True):
    bank: str
    policy: str


class MatchOut(Struct, frozen=True):
    """In the order of the question: the banks that each hash is in; none when it is in none."""

    matches: list[list[BankOut]]


def take_hashes(call: Call) -> Answer:
    """All or none. They are matched as soon as they are folded, and against each entry that comes later."""
    given, bodies = drafts.understood(call.body, HashesIn, _read)
    name = identity.naming(call, lambda _n, one: identity.derived("hashes", call.source, _CANONICAL.encode(one)))
    names = [name(n, one) for n, one in enumerate(given.media)]
    fresh = storing.keep(storing.events(zip(names, bodies, strict=True), call.source))
    return Answer(202, HashesOut(sum(fresh), len(fresh) - sum(fresh)))


def _read(given: HashesIn) -> list[Read[MediaHashed]]:
    return drafts.read(given.media, _hashed)


def _hashed(draft: Draft, given: HashedIn, n: int) -> MediaHashed | None:
    at = f"/media/{n}"
    ref = draft.ref(given.item.type, given.item.id, f"{at}/item", _NAMES)
    for kind, written in given.hashes.items():
        if told := written_problem(kind, written):
            draft.problem(f"{at}/hashes/{kind.replace('~', '~0').replace('/', '~1')}", told, example(kind))
    if ref is None or draft.problems:
        return None
    return MediaHashed(
        ref=ref,
        field=draft.text(given.field, f"{at}/field"),
        url=draft.text(given.url, f"{at}/url"),
        kind=given.kind,
        hashes=tuple(Hash(kind, written.lower()) for kind, written in sorted(given.hashes.items())),
        by="platform",
    )


def ask_match(call: Call) -> Answer:
    """Keeps nothing of the question. Neither distances nor hashes of banks are told: they would give a list away."""
    given, values = drafts.understood(call.body, MatchIn, _asked)
    wanted: dict[str, list[bytes]] = {}
    for one, value in zip(given.hashes, values, strict=True):
        wanted.setdefault(one.kind, []).append(value)
    found = {kind: matching.match(kind, some) for kind, some in wanted.items()}
    answers = []
    for one, value in zip(given.hashes, values, strict=True):
        near = found[one.kind].get(value, [])
        banks = dict.fromkeys((hit.bank, hit.policy) for hit in near)
        answers.append([BankOut(*bank) for bank in sorted(banks)])
    return Answer(200, MatchOut(answers))


def _asked(given: MatchIn) -> list[Read[bytes]]:
    return drafts.read(given.hashes, _value)


def _value(draft: Draft, given: HashIn, n: int) -> bytes | None:
    if told := problem(given.kind):
        draft.problem(f"/hashes/{n}/kind", told, "pdq")
        return None
    if told := written_problem(given.kind, given.value):
        draft.problem(f"/hashes/{n}/value", told, example(given.kind))
        return None
    return bytes.fromhex(given.value)


_EXAMPLE: dict[str, Any] = {
    "media": [{"item": {"type": "post", "id": "post-1"}, "field": "image", "hashes": {"pdq": _PDQ}}]
}
OPERATIONS = (
    Operation(
        method="POST",
        path="/v2/media/hashes",
        scopes=("ingest",),
        handle=take_hashes,
        name="sendMediaHashes",
        summary="Send what media of items hash to",
        details=(
            "For media that the desk cannot fetch, or that the platform hashed already. They are matched with the banks"
            " of known media, and kept, so that entries which come later find them. The item need not be there, nor its"
            " field: hashes may be there before their item is, and a match makes a case all the same. A media"
            ' field of an item may carry them as well: `{"url": "…", "hashes": {"pdq": "…"}}`.'
        ),
        example=_EXAMPLE,
        takes={JSON: HashesIn},
        answers={202: HashesOut},
        parameters=(IDEMPOTENCY_KEY,),
        refuses=(400,),
    ),
    Operation(
        method="POST",
        path="/v2/media/match",
        scopes=("read",),
        handle=ask_match,
        name="matchMediaHashes",
        summary="Ask which banks hashes are in",
        details="Nothing is kept of the question. A perceptual match is a hint, never proof.",
        example={"hashes": [{"kind": "pdq", "value": _PDQ}]},
        takes={JSON: MatchIn},
        answers={200: MatchOut},
        refuses=(400,),
    ),
)
