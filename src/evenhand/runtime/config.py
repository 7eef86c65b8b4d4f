"""The desk's own configuration: `evenhand.toml`, then `EVENHAND_*` variables, into one frozen value."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

ADDRESS_FILE = "address"


class ConfigError(Exception):
    """What is wrong with the configuration, where, and what to write instead."""


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Each field is a key of `evenhand.toml`, and in capitals with the prefix EVENHAND_ an environment variable."""

    data: str = "data"
    """Folder for everything that the desk keeps."""
    database_url: str = ""
    """postgresql://user:password@host:port/name; empty means SQLite in the data folder. Also read from DATABASE_URL."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    """The address under which people reach the console, https:// behind a proxy. Empty: http://host:port."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names under which the desk answers. The public address and localhost always work."""
    proxies: int = 0
    """How many reverse proxies of yours stand in front: so far back is X-Forwarded-For believed."""
    undo_seconds: float = 10.0
    """How long a webhook waits so that a decision can be undone without a trace outside."""
    allow_private: tuple[str, ...] = ()
    """host or host:port of private addresses that the desk may call (webhooks, media). All others are refused."""
    media_hosts: tuple[str, ...] = ()
    """Hosts from which media are fetched, to match them and to show them in the console. Empty: none is fetched."""
    media_max_bytes: int = 50_000_000
    """A medium that is larger is not matched, and the desk says so."""
    media_kinds: tuple[str, ...] = ()
    """Further kinds of hash, which the platform sends and lists have: pdna, tmk, netclean … They match byte by byte."""
    media_seconds: float = 30.0
    """How long fetching a medium may take."""
    hma_port: int = 0
    """`evenhand serve` answers the API of Meta's HMA on this port as well. 0: it does not."""
    hma_host: str = "127.0.0.1"
    hma_allow: tuple[str, ...] = ()
    """Addresses and networks that may ask over HMA's API. Empty: all that reach it, so only this machine's own."""
    hma_key: str = ""
    """Name of the one API key that opens HMA's API. Empty: none is asked for."""
    hma_policy: str = ""
    """What banks that are made over HMA's API stand for: the id of a policy."""
    mail_host: str = ""
    """The server through which mail leaves. Empty: none leaves, and nobody can be paged by mail."""
    mail_port: int = 587
    mail_user: str = ""
    mail_password: str = ""
    mail_from: str = ""
    """Sender's address. Empty: evenhand@ the host of the public address."""
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    solo: bool = False
    """One person alone: two-person actions leave after `solo_delay_minutes` instead of a second person's consent."""
    solo_delay_minutes: float = 60.0
    partitions: int = 1
    """Shares of the event log, which living workers divide among themselves. Windows are counted in each apart."""
    batch_events: int = 500
    """How many events the worker folds in one transaction."""
    max_body_bytes: int = 10_000_000
    threads: int = 16
    """Request threads of the server. Those that wait for the disk together share one flush, so more than cores help."""
    log_level: str = "INFO"
    ledger_origin: str = "evenhand.example/ledger"
    """The name of the ledger in its checkpoints."""
    checkpoint_dir: str = ""
    """Folder in which the ledger's signed checkpoints are kept as well: one that the operator does not control alone,
    such as a mount of another machine. It has to be there: the desk does not make it."""
    checkpoint_url: str = ""
    """https:// address that is sent the ledger's signed checkpoints, and keeps them."""

    @property
    def data_dir(self) -> Path:
        return Path(self.data).expanduser().resolve()

    @property
    def address(self) -> str:
        """Where the console is reached: as configured, else where it listened last (`serve --port` may have chosen)."""
        if self.public_url:
            return self.public_url.rstrip("/")
        told = self.data_dir / ADDRESS_FILE
        return told.read_text("utf-8") if told.is_file() else f"http://{self.host}:{self.port}"


class Sources(Struct, frozen=True):
    """Where a process took its configuration from, so that it can be told later whether the file says otherwise."""

    files: tuple[str, ...]
    """The first of them that exists counts."""
    digests: dict[str, str]
    """Of each key that the file had: the digest of its value."""
    overridden: tuple[str, ...]
    """Keys that the environment decides, whatever the file says."""


def load(environ: Mapping[str, str], file: Path | None = None) -> Config:
    """Read `file`, or the first of $EVENHAND_CONFIG, ./evenhand.toml and DATA/evenhand.toml that exists; then the
    environment.

    Raises ConfigError: unreadable TOML, an unknown key, a wrong type.
    """
    values = _from_file(file or _first(_places(environ)))
    for name in Config.__struct_fields__:
        raw = _from_environ(environ, f"EVENHAND_{name.upper()}")
        if raw is not None:
            values[name] = [part for part in raw.split(",") if part] if _is_list(name) else raw
    if "DATABASE_URL" in environ and "EVENHAND_DATABASE_URL" not in environ:
        values["database_url"] = environ["DATABASE_URL"]
    try:
        return msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"evenhand.toml or EVENHAND_*: {error}") from None


def sources(environ: Mapping[str, str]) -> Sources:
    """Raises ConfigError."""
    places = _places(environ)
    decided = [
        name for name in Config.__struct_fields__ if _from_environ(environ, f"EVENHAND_{name.upper()}") is not None
    ]
    if "DATABASE_URL" in environ:
        decided.append("database_url")
    return Sources(tuple(str(place.absolute()) for place in places), _digests(places), tuple(decided))


def changed(begun: Sources) -> list[str]:
    """The keys of which the file says something else by now. Raises ConfigError: it cannot be read any more."""
    now = _digests([Path(file) for file in begun.files])
    differing = (name for name in {**begun.digests, **now} if begun.digests.get(name) != now.get(name))
    return sorted(name for name in differing if name not in begun.overridden)


def _digests(places: Sequence[Path]) -> dict[str, str]:
    found = next((place for place in places if place.exists()), None)
    return {name: hashlib.sha256(repr(value).encode()).hexdigest() for name, value in _from_file(found).items()}


def _places(environ: Mapping[str, str]) -> list[Path]:
    if named := environ.get("EVENHAND_CONFIG"):
        return [Path(named)]
    return [Path("evenhand.toml"), Path(environ.get("EVENHAND_DATA", "data")) / "evenhand.toml"]


def _first(places: Sequence[Path]) -> Path | None:
    """The first that is a file; one that was named alone, whether there is such a file or not."""
    return places[0] if len(places) == 1 else next((place for place in places if place.is_file()), None)


def _from_file(file: Path | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file (named by EVENHAND_CONFIG)") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from None


def _from_environ(environ: Mapping[str, str], name: str) -> str | None:
    """The variable, or the content of the file that NAME_FILE points at (for secrets)."""
    if path := environ.get(f"{name}_FILE"):
        return Path(path).read_text("utf-8").strip()
    return environ.get(name)


def _is_list(name: str) -> bool:
    return isinstance(getattr(Config(), name), tuple)


@cache
def current() -> Config:
    """The configuration of this process."""
    begun_with()
    return load(os.environ)


@cache
def begun_with() -> Sources:
    """Where it was read, and what stood there when it was."""
    return sources(os.environ)
