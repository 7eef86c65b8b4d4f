"""Media that machines send as bytes: hashed in the sandbox as fetched ones are, and forgotten before the answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct

from evenhand.desk.intake.api import bodies, drafts, identity, storing
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import INVALID, KEY_REUSED, TOO_LARGE, UNAVAILABLE, WRONG_TYPE, Refused
from evenhand.desk.intake.reading.items import Names
from evenhand.desk.media.services import hashing
from evenhand.engine.media.kinds import sniff
from evenhand.engine.model import Hash, MediaHashed, MediaKind
from evenhand.runtime import config

OCTETS: Final = "application/octet-stream"
FAMILIES: Final = ("image", "video", "audio")
AT_ONCE: Final = 4
"""Uploads that are in memory together: four of the largest are 200 MB."""
PATIENCE: Final = 20.0
"""Seconds for which one waits for its turn."""
_ASKED: Final = ("item_type", "item_id", "field", "url", "kind")
_NAMES: Final = Names("item_type", "item_id", "")
_turns = threading.BoundedSemaphore(AT_ONCE)


class BytesOut(Struct, frozen=True):
    """What the medium hashes to, which is all that was kept. `decoded`: False where it is no medium that can be looked
    at, or is sound: only the same file is found then, and `note` says why. `whole`: False where limits or damage left a
    part of it unseen."""

    accepted: int
    duplicates: int
    hashes: dict[str, str]
    decoded: bool
    whole: bool
    flat: bool
    note: str = ""


class _Looked(Struct, frozen=True):
    media: MediaHashed
    decoded: bool
    note: str


def take_bytes(call: Call) -> Answer:
    """Its hashes are in the log before it is answered. Raises Refused."""
    place = _place(call)
    with _turn():
        data = _read(call)
        looked = _looked(call, data, place)
    event_id = identity.naming(call, lambda _n, _one: _own_id(call, place, sha256(data).digest()))(0, looked.media)
    [event] = storing.events([(event_id, looked.media)], call.source)
    if identity.has_key(call):
        storing.refuse_reuse([event], KEY_REUSED)
    [fresh] = storing.keep([event])
    own = {one.kind: one.value for one in looked.media.hashes if not one.variant and one.kind != "vpdq"}
    return Answer(
        202,
        BytesOut(
            accepted=int(fresh),
            duplicates=int(not fresh),
            hashes=own,
            decoded=looked.decoded,
            whole=looked.media.whole,
            flat=looked.media.flat,
            note=looked.note,
        ),
    )


def _place(call: Call) -> MediaHashed:
    """Where the medium stands, without its hashes. Raises Refused."""
    [found] = drafts.whole(drafts.read([{name: call.query(name) or "" for name in _ASKED}], _read_place))
    return found


def _read_place(draft: Draft, given: dict[str, str], _n: int) -> MediaHashed | None:
    ref = draft.ref(given["item_type"], given["item_id"], "", _NAMES)
    if given["kind"] not in ("", *get_args(MediaKind)):
        draft.problem("/kind", f"One of {', '.join(get_args(MediaKind))} is needed.", "image")
    field, url = (_short(draft, given, name, most) for name, most in (("field", 256), ("url", 8_192)))
    if ref is None or draft.problems:
        return None
    return MediaHashed(ref=ref, field=field, url=url, kind=given["kind"] or "image", hashes=())  # type: ignore[arg-type] # checked


def _short(draft: Draft, given: dict[str, str], name: str, most: int) -> str:
    if len(given[name]) > most:
        draft.problem(f"/{name}", f"At most {most:,} characters are taken, not {len(given[name]):,}.")
    return draft.text(given[name], f"/{name}")


@contextmanager
def _turn() -> Iterator[None]:
    """Raises Refused: too many are being looked at."""
    if not _turns.acquire(timeout=PATIENCE):
        detail = f"{AT_ONCE} media are being looked at, as many as at once. Nothing was kept; send it again."
        raise Refused(UNAVAILABLE, detail, headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _turns.release()


def _read(call: Call) -> bytes:
    """Into memory, and nowhere else. What is announced as larger is not read at all. Raises Refused."""
    given = bodies.media_type(call.request)
    if given != OCTETS and given.partition("/")[0] not in FAMILIES:
        raise Refused(WRONG_TYPE, f"Content-Type must be {OCTETS}, image/…, video/… or audio/…, not “{given[:100]}”.")
    data = bodies.raw(call.request, most := config.current().media_max_bytes)
    if data is None:
        detail = f"It has more than {most:,} bytes, which are as many as are looked at (media_max_bytes)."
        raise Refused(TOO_LARGE, detail, headers={"Connection": "close"})
    if not data:
        raise Refused(INVALID, "The body is empty: the bytes of the medium are needed.")
    return data


def _looked(call: Call, data: bytes, place: MediaHashed) -> _Looked:
    """Raises Refused: no decoder can be had now. Its exact hashes are kept and matched all the same."""
    kind = _kind(call, data)
    try:
        found = hashing.hash_media(data, kind)
    except hashing.Undecodable as why:
        return _Looked(_of(place, kind, why.digests), decoded=False, note=f"Not decodable: {why}.")
    except hashing.NotNow as why:
        exact = _of(place, kind, why.digests)
        storing.keep(storing.events([(_own_id(call, place, b"exact", sha256(data).digest()), exact)], call.source))
        detail = f"It cannot be looked at now: {why}. What is the same file is found; for all else send it again."
        raise Refused(UNAVAILABLE, detail, headers={"Retry-After": "60"}) from None
    media = msgspec.structs.replace(_of(place, kind, found.hashes), flat=found.flat, whole=found.whole)
    return _Looked(media, decoded=kind != "audio", note=found.note)


def _kind(call: Call, data: bytes) -> MediaKind:
    """As it is said to be; else as its first bytes say."""
    said: Any = call.query("kind")
    if said:
        return said  # type: ignore[no-any-return] # checked in `_place`
    if bodies.media_type(call.request).startswith("audio/"):
        return "audio"
    return "video" if sniff(data).family == "video" else "image"


def _of(place: MediaHashed, kind: MediaKind, hashes: Sequence[Hash]) -> MediaHashed:
    return msgspec.structs.replace(place, kind=kind, hashes=tuple(hashes))


def _own_id(call: Call, place: MediaHashed, *parts: bytes) -> str:
    return identity.derived("bytes", call.source, place.ref.type, place.ref.id, place.field, place.url, *parts)


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v2/media/bytes",
        scopes=("ingest",),
        handle=take_bytes,
        name="sendMediaBytes",
        summary="Send a medium itself",
        details=(
            "For media that the desk cannot fetch and the platform does not hash. The body is the file as it is, with"
            " its own type (`image/png`, `video/mp4` …) or `application/octet-stream`; its first bytes say what it is."
            " It is looked at as a fetched one is (turned, trimmed, frame by frame), in a sandbox, within"
            " `media_max_bytes`, and forgotten before it is answered: only its hashes are kept. They are matched with"
            " the banks of known media, and held against entries that come later. The item need not be there yet. One"
            " that cannot be decoded is answered 202 with `decoded` false: it is found as the same file only. Where no"
            " decoder can be had now the answer is 503, with what is missing."
        ),
        takes={OCTETS: msgspec.Raw},
        answers={202: BytesOut},
        parameters=(
            Parameter("item_type", "query", "Type of the item that has the medium.", required=True),
            Parameter("item_id", "query", "Id of that item.", required=True),
            Parameter("field", "query", "Its field, as of the item's data."),
            Parameter("url", "query", "The medium's address, where the item gives one: it is one medium with that."),
            Parameter("kind", "query", "What it is; else its first bytes say.", schema={"enum": list(FAMILIES)}),
            IDEMPOTENCY_KEY,
        ),
        refuses=(400, 422),
    ),
)
