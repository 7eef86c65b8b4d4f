"""The demo's desk, prepared: configuration, platform document, people, the platform's key, the webhook's key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from evenhand.cli.common import ready_database, setup_django
from evenhand.cli.demo.folder import Folder
from evenhand.connectors.demo import script
from evenhand.runtime import ruletestfiles
from evenhand.runtime.rulefolders import read_folder

if TYPE_CHECKING:
    from evenhand.desk.accounts.models import User

ACTOR = "system:demo"
KEY_NAME = "harbourlight"
DESTINATION = "harbourlight"
YOU = "you@harbourlight.example"
COLLEAGUE = "colleague@harbourlight.example"
_CONFIG = """\
# Written by `evenhand demo` at each start: the made-up platform is on this machine, so its address is a private one.
allow_private = ["127.0.0.1:{port}"]
media_hosts = ["127.0.0.1"]
"""
_STAGES = {"LureWithLink": "canary", "RepeatedText": "shadow"}
"""Where a rule of the demo stands, when it is not live."""
_LISTS = {
    "example-hash-exchange": ("EMBLEMS", "Emblems of violent groups", "extremism", "emblems"),
    "example-hash-exchange-minors": ("CHILD_SAFETY", "Known abuse of children", "child-safety", "minors"),
}
"""Name of the list → the bank that it fills, its title and policy, and what the exchange calls it."""
_MADE_UP = "A demonstration: the list and its owner are made up, the pictures are drawings of a harbour."
_NOT_OURS = ("DATABASE_URL", "EVENHAND_DATABASE_URL", "EVENHAND_DATABASE_URL_FILE")


class Prepared(Struct, frozen=True):
    key: str
    """The platform's API key."""
    verify: Callable[[bytes, Mapping[str, str]], str]
    """The id of a genuine webhook; raises ValueError."""


def configure(folder: Folder, platform_port: int) -> None:
    """Point this process, and those it starts, at the folder: its own SQLite, whatever database the shell names."""
    for name in _NOT_OURS:
        os.environ.pop(name, None)
    folder.config.write_text(_CONFIG.format(port=platform_port), "utf-8")
    os.environ |= {"EVENHAND_DATA": str(folder.path), "EVENHAND_CONFIG": str(folder.config)}


def prepare(folder: Folder, platform_port: int) -> Prepared:
    """Everything that a desk needs before it serves; what is there already stays as it is."""
    setup_django()
    ready_database()
    _apply_platform(platform_port)
    _publish_rules()
    _know_media(platform_port)
    _person(YOU, "moderator", "admin", "auditor")
    _person(COLLEAGUE, "moderator")
    prepared = Prepared(_key(folder), _verifier())
    _close()
    return prepared


def login_path() -> str:
    """A path that signs the demo's person in, once."""
    from evenhand.desk.accounts import services

    token = services.one_time_login(_person(YOU), by=ACTOR)
    _close()
    return f"/login/once/{token}/"


def _apply_platform(platform_port: int) -> None:
    """Once. What is edited in the console afterwards stays; only the platform's port may move."""
    from evenhand.desk.policies import queries, services

    now = queries.current(fresh=True)
    document = now.platform if now.version else services.read(script.text("platform.toml"))
    url = f"http://127.0.0.1:{platform_port}/webhooks"
    moved = tuple(
        msgspec.structs.replace(one, url=url) if one.id == DESTINATION else one for one in document.destinations
    )
    services.apply(msgspec.structs.replace(document, destinations=moved), actor=ACTOR)


def _publish_rules() -> None:
    """Once. What is done with rules in the console afterwards stays."""
    from evenhand.desk.rules import queries, services

    if queries.current(fresh=True).version:
        return
    folder = script.folder("rules")
    found = read_folder(folder)
    tests, _unread = ruletestfiles.read(folder)
    note = "The rules that the town agreed on"
    published = services.publish(found.sources, found.config, actor=ACTOR, note=note, tests=tests, files=found.files)
    for rule in published.rules:
        stage = _STAGES.get(rule, "live")
        services.move(rule, "shadow", actor=ACTOR, owner="you", reason="To see what it would do")
        if stage != "shadow":
            services.move(rule, stage, actor=ACTOR, owner="you", reason="It was right for a week in shadow", share=0.5)


def _know_media(platform_port: int) -> None:
    """Two banks, each filled by a list of Example Hash Exchange. Only the exchange's port may move later."""
    from evenhand.desk.media import services
    from evenhand.desk.media.queries.sources import sources

    there = {one.source.name for one in sources()}
    for name, (bank, title, policy, list_) in _LISTS.items():
        config = {"url": f"http://127.0.0.1:{platform_port}", "list": list_}
        if name in there:
            services.change_source(name, actor=ACTOR, config=config)
            continue
        services.make_bank(bank, title=title, policy=policy, note=_MADE_UP, actor=ACTOR)
        services.make_source(name, bank=bank, kind="demo", config=config, every_seconds=60, actor=ACTOR)


def _person(email: str, *roles: str) -> User:
    from evenhand.desk.accounts import queries, services

    return queries.person(email) or services.create_user(email, roles, by=ACTOR)


def _key(folder: Folder) -> str:
    from evenhand.desk.accounts import services

    if key := folder.key():
        return key
    key = services.create_key(KEY_NAME, ["ingest", "report", "read"], by=ACTOR)
    folder.keep_key(key)
    return key


def _verifier() -> Callable[[bytes, Mapping[str, str]], str]:
    """Checks webhooks with the public keys that sign now; asks for them anew when none fits (they were rotated)."""
    from evenhand.connectors.webhooks.standard import NotGenuine, verify

    keys = _public_keys()

    def checked(body: bytes, headers: Mapping[str, str]) -> str:
        try:
            return verify(body, headers, keys)
        except NotGenuine:
            keys[:] = _public_keys()
            _close()
        try:
            return verify(body, headers, keys)
        except NotGenuine as error:
            raise ValueError(str(error)) from None

    return checked


def _public_keys() -> list[str]:
    from evenhand.connectors.webhooks.keys import public_text
    from evenhand.connectors.webhooks.sender import Webhooks
    from evenhand.desk.enforcement.services import secrets
    from evenhand.desk.policies import queries

    destination = queries.current(fresh=True).destinations[DESTINATION]
    signers = secrets.signers(destination, Webhooks(allow_private=()))
    return [public_text(signer.private) for signer in signers if signer.scheme == "v1a"]


def _close() -> None:
    """Each thread of this process that asked the database lets go of it."""
    from django.db import connections

    connections.close_all()
