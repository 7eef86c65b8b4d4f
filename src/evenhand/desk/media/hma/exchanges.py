"""`/c/exchange…`: hash lists of others, as HMA names them. They are taken in by `evenhand serve` and `worker`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from evenhand.desk.media import services
from evenhand.desk.media.hma import banks
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.request import Request
from evenhand.desk.media.hma.room import Answer, Room
from evenhand.desk.media.models import Source
from evenhand.desk.media.queries import contents, sources
from evenhand.desk.media.services.syncing import busy_until

APIS: Final = {
    "ncmec": "ncmec",
    "stop_ncii": "stopncii",
    "fb_threatexchange": "threatexchange",
    "tat": "tech-against-terrorism",
    "local_file": "hashfile",
}
"""HMA's names of what speaks to lists, and ours."""
_NAMES: Final = {ours: theirs for theirs, ours in APIS.items()}


class ExchangeIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    bank: str
    api: str
    api_json: dict[str, Any] = {}


class SwitchIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    enabled: bool


def all_(_room: Room, _request: Request) -> Answer:
    return Answer([source.name for source in contents.lists()])


def make(room: Room, request: Request) -> Answer:
    """The list is named as its bank is; a bank that is not there yet is made, as HMA does."""
    given = request.json(ExchangeIn)
    kind = _kind(given.api)
    try:
        config = room.configured(kind, given.api_json)
        room.connect(kind, config)
    except services.ListFailed as failed:
        raise Refusal(400, f"The list cannot be connected with this api_json: {failed}") from None
    if given.bank not in {bank.name for bank in contents.names()}:
        banks.made(room, given.bank)
    services.make_source(given.bank, bank=given.bank, kind=kind, config=config, actor=room.actor)
    return Answer({"message": "Created successfully"}, status=201)


def one(_room: Room, _request: Request, name: str) -> Answer:
    source = contents.list_called(name)
    return Answer({**source.config, **_shown(source)})


def switch(room: Room, request: Request, name: str) -> Answer:
    """What it brought stays."""
    given = request.json(SwitchIn)
    contents.list_called(name)
    source = services.change_source(name, enabled=given.enabled, actor=room.actor)
    return Answer({**source.config, **_shown(source)})


def remove(room: Room, _request: Request, name: str) -> Answer:
    """With its bank, as HMA does. Refused where the bank has more in it than this list."""
    source = contents.list_called(name)
    if contents.shares_bank(source):
        raise Refusal(
            409,
            f"Bank {source.bank.name} has entries of its own, or of other lists, which would go as well. Switch the"
            ' list off by PUT {"enabled": false}, or retire the bank. Nothing was changed.',
        )
    services.remove_source(name, typed=name, actor=room.actor)  # first: refused while it is synchronised
    services.retire_bank(source.bank.name, actor=room.actor)
    room.watch.look()
    return Answer({"message": "Exchange deleted"})


def status(_room: Room, _request: Request, name: str) -> Answer:
    source = contents.list_called(name)
    last = contents.last_sync(source)
    running = last.begun_at if last and last.ended_at is None and busy_until(source) else None
    return Answer(
        {
            "last_fetch_complete_ts": _ts(source.last_ok),
            "checkpoint_ts": _ts(source.last_ok),
            "running_fetch_start_ts": _ts(running),
            "last_fetch_succeeded": None if source.last_try is None else not source.error,
            "up_to_date": source.last_ok is not None and not source.error and not sources.is_stale(source),
            "fetched_items": source.entries.filter(withdrawn_at__isnull=True).count(),
        }
    )


def apis(_room: Room, _request: Request) -> Answer:
    return Answer(sorted(APIS))


def api(_room: Room, _request: Request, name: str) -> Answer:
    _kind(name)
    return Answer({"supports_authentification": name != "local_file", "has_set_authentification": False})


def refuse_credentials(_room: Room, _request: Request, name: str) -> Answer:
    """HMA keeps them in plain text."""
    _kind(name)
    raise Refusal(
        400,
        "Secrets are not taken over HTTP, nor kept in the database: put them into an environment variable or a file of"
        " the desk, and name it in api_json (password_env, password_file). Nothing was changed.",
    )


def _kind(api_name: str) -> str:
    kind = APIS.get(api_name)
    if kind is None:
        raise Refusal(400, f"There is no exchange API “{api_name[:40]}”. There are {', '.join(sorted(APIS))}.")
    return kind


def _shown(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "api": _NAMES.get(source.kind, source.kind),
        "bank": source.bank.name,
        "enabled": source.disabled_at is None,
    }


def _ts(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
