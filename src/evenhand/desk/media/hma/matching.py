"""`/m/`: hashes and media held against the banks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from evenhand.desk.media.hma import hashing, kinds
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.lookup import Chance, Found, Media
from evenhand.desk.media.hma.request import Request, as_flag
from evenhand.desk.media.hma.room import Answer, Room
from evenhand.desk.media.queries import sources
from evenhand.engine.media.hamming.index import RADIUS

MOST: Final = 10_000
"""Hashes in one batch."""


class Batch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ours: HMA takes one signal a request."""

    signals: Annotated[list[str], Meta(min_length=1, max_length=MOST)]
    signal_type: str
    banks: list[str] = []
    include_distance: bool = False
    seed: str = ""
    bypass_coinflip: bool = False


def raw_lookup(room: Room, request: Request) -> Answer:
    kind, value = _asked(request)
    [found] = _raw(room, kind, [value], _named(request))
    return Answer({"matches": _told(found, with_distance=request.flag("include_distance"))})


def raw_batch(room: Room, request: Request) -> Answer:
    kind, values, given = _batch(request)
    found = _raw(room, kind, values, set(given.banks))
    return Answer({"matches": [_told(one, with_distance=given.include_distance) for one in found]})


def lookup(room: Room, request: Request) -> Answer:
    if "url" in request.query:
        return _lookup_file(room, request, *hashing.fetched_file(request))
    kind, value = _asked(request)
    [found] = _in_banks(room, kind, [value], _named(request), _chance(request))
    return Answer(found)


def lookup_posted(room: Room, request: Request) -> Answer:
    """A file, as with HMA; or a batch of signals, which is ours."""
    if request.is_json:
        kind, values, given = _batch(request)
        chance = Chance(seed=given.seed, bypass=given.bypass_coinflip)
        return Answer({"matches": _in_banks(room, kind, values, set(given.banks), chance)})
    return _lookup_file(room, request, *hashing.uploaded(request))


def compare(_room: Room, request: Request) -> Answer:
    given = request.json(dict[str, list[str]])
    if not given:
        raise Refusal(400, 'Two hashes are needed, as in {"pdq": ["…", "…"]}.')
    return Answer({kinds.signal_type(kind): _compared(kind, pair) for kind, pair in given.items()})


def _compared(kind: str, pair: Sequence[str]) -> list[Any]:
    if len(pair) != 2:  # noqa: PLR2004 (left and right)
        raise Refusal(400, f"{kind}: two hashes are compared, not {len(pair)}.")
    left, right = kinds.signals(kind, pair)
    if kind not in kinds.INDEXED:
        return [left == right, {"distance": int(left != right)}]
    distance = (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()
    return [distance <= RADIUS, {"distance": distance}]


def index_status(room: Room, request: Request) -> Answer:
    asked = request.get("signal_type")
    names = (kinds.signal_type(asked),) if asked else kinds.SIGNALS
    watch, counts = room.watch, room.watch.facts.counts()
    sizes = {name: len(watch.known) if name in kinds.INDEXED else counts.get(name, 0) for name in names}
    return Answer(
        {name: {"present": watch.is_loaded, "built_to": watch.built_to, "size": size} for name, size in sizes.items()}
    )


def counted(room: Room, _request: Request) -> Answer:
    """Ours."""
    return Answer(room.counts.told())


def _lookup_file(room: Room, request: Request, content: str, data: bytes) -> Answer:
    """HMA's own signal type always; the others where they match: a list that has only MD5 is not passed over."""
    asked = kinds.types(request.field("types"), content)
    room.watch.check()
    chance, banks = _chance(request), _named(request)
    variants = as_flag("variants", request.field("variants"))
    seen = hashing.decoded(data, content, variants=variants)
    answer: dict[str, Found] = {}
    for kind, written in hashing.told(seen, data, content).items():
        looks = hashing.looks(seen) if kind == "pdq" and variants else []
        found = _by_looks(room, kind, [("", written), *looks] if written else looks, banks, chance)
        if kind in asked or found:
            answer[kind] = found
    return Answer(answer)


def _by_looks(room: Room, kind: str, looks: Sequence[tuple[str, str]], banks: Collection[str], chance: Chance) -> Found:
    """Each content once, at the nearest of its looks; `variant` names one that is not the file's own."""
    if not looks:
        return {}
    _must_be_there(room, banks)
    near: dict[tuple[str, int], dict[str, Any]] = {}
    each = Media(room.watch, kind, [kinds.signal(kind, value) for _name, value in looks]).in_banks(banks, chance)
    for (name, _value), found in zip(looks, each, strict=True):
        for bank, hits in found.items():
            for hit in hits:
                before = near.get((bank, hit["bank_content_id"]))
                if before is None or int(hit["distance"]) < int(before["distance"]):
                    near[bank, hit["bank_content_id"]] = hit | ({"variant": name} if name else {})
    answer: Found = {}
    for (bank, _content), hit in sorted(near.items(), key=lambda one: int(one[1]["distance"])):
        answer.setdefault(bank, []).append(hit)
    room.counts.looked_up([answer])
    return answer


def _raw(room: Room, kind: str, values: Sequence[bytes], banks: Collection[str]) -> list[dict[int, int]]:
    _must_be_there(room, banks)
    media = Media(room.watch, kind, values)
    room.counts.looked_up(media.banks())
    return media.raw(banks)


def _in_banks(room: Room, kind: str, values: Sequence[bytes], banks: Collection[str], chance: Chance) -> list[Found]:
    _must_be_there(room, banks)
    found = Media(room.watch, kind, values).in_banks(banks, chance)
    room.counts.looked_up(found)
    return found


def _asked(request: Request) -> tuple[str, bytes]:
    kind = kinds.signal_type(request.need("signal_type"))
    return kind, kinds.signal(kind, request.need("signal"))


def _batch(request: Request) -> tuple[str, list[bytes], Batch]:
    if not request.is_json:
        raise Refusal(415, "Many signals come as application/json.")
    given = request.json(Batch)
    kind = kinds.signal_type(given.signal_type)
    return kind, kinds.signals(kind, given.signals), given


def _named(request: Request) -> set[str]:
    return {name for name in request.field("banks").split(",") if name}


def _must_be_there(room: Room, banks: Collection[str]) -> None:
    """HMA answers that nothing matches in a bank that there is not. Raises Refusal."""
    if set(banks) <= room.watch.facts.names():
        return
    there = [one.bank.name for one in sources.banks()]
    if missing := sorted(set(banks) - set(there)):
        known = ", ".join(there) or "none yet"
        raise Refusal(400, f"There is no bank {missing[0][:60]}: nothing was looked up. There are: {known}.")


def _chance(request: Request) -> Chance:
    """HMA reads these from the address, whatever the body is; here the form's fields count as well."""
    bypass = request.field("bypass_coinflip")
    return Chance(seed=request.field("seed"), bypass=as_flag("bypass_coinflip", bypass))


def _told(found: dict[int, int], *, with_distance: bool) -> list[Any]:
    if not with_distance:
        return list(found)
    return [{"bank_content_id": medium, "distance": str(distance)} for medium, distance in found.items()]
