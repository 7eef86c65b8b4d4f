"""The registry of hash lists: which connector speaks to which kind of list, and what it wants to be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from evenhand.connectors import hashfiles, ncmec_hashes, stopncii, tech_against_terrorism, threatexchange
from evenhand.desk.media.services import HashList, Invalid, ListFailed
from evenhand.engine.media.listing import Listed, Page, Setting
from evenhand.engine.rules.suggest import closest
from evenhand.runtime import config

PATIENCE: Final = 20.0
"""Seconds for which somebody at a page waits for a list's first answer."""
PREFIX: Final = "EVENHAND_LIST_"
SECRETS: Final = "secrets"
FILES: Final = "lists"
"""Folders in the data folder: what may be named from the console."""
_VARIABLE = re.compile(rf"{PREFIX}[A-Z0-9_]{{1,60}}")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


class Kind(Struct, frozen=True):
    """`make` raises ListFailed."""

    make: Callable[[Mapping[str, Any]], HashList]
    settings: tuple[Setting, ...]
    wants_reason: bool = False
    """Its owner takes no opinion against a medium without one; a setting `reason` stands in where none is given."""

    @property
    def names(self) -> list[str]:
        """Of all that may stand in the configuration."""
        return [name for one in self.settings for name in written_as(one)]


class Tried(Struct, frozen=True):
    """The first page of a list, of which nothing was kept."""

    listed: int
    withdrawn: int
    refused: tuple[str, ...]
    kinds: dict[str, int]
    total: int | None
    is_all: bool


def written_as(one: Setting) -> tuple[str, ...]:
    return (f"{one.name}_env", f"{one.name}_file") if one.secret else (one.name,)


def _demo(given: Mapping[str, Any]) -> HashList:
    from evenhand.connectors.demo.hashlist import ExchangeList  # noqa: PLC0415 (other desks do not load the demo)

    return ExchangeList(given)


def _calling(make: Callable[..., HashList]) -> Callable[[Mapping[str, Any]], HashList]:
    return lambda given: make(given, allow_private=config.current().allow_private)


KINDS: Final[dict[str, Kind]] = {
    "demo": Kind(_demo, (Setting(name="url", needed=True), Setting(name="list", needed=True))),
    "hashfile": Kind(_calling(hashfiles.from_config), hashfiles.SETTINGS),
    "ncmec": Kind(_calling(ncmec_hashes.from_config), ncmec_hashes.SETTINGS, wants_reason=True),
    "stopncii": Kind(_calling(stopncii.from_config), stopncii.SETTINGS),
    "tech-against-terrorism": Kind(_calling(tech_against_terrorism.from_config), tech_against_terrorism.SETTINGS),
    "threatexchange": Kind(_calling(threatexchange.from_config), threatexchange.SETTINGS),
}


def connect(kind: str, given: Mapping[str, Any]) -> HashList:
    """The list of this kind. Raises ListFailed."""
    if kind not in KINDS:
        raise ListFailed(_no_such(kind))
    return KINDS[kind].make(given)


def wants_reason(kind: str, given: Mapping[str, Any]) -> bool:
    """Whether a person has to give one who disagrees with an entry of such a list."""
    return kind in KINDS and KINDS[kind].wants_reason and not given.get("reason")


def check(kind: str, given: Mapping[str, Any]) -> None:
    """Before a list is joined. Raises Invalid, in a sentence: there is no such kind, or setting, or one is missing."""
    if kind not in KINDS:
        raise Invalid(_no_such(kind))
    names = KINDS[kind].names
    for name in given:
        if name in names:
            continue
        secret = next((one.name for one in KINDS[kind].settings if one.secret and one.name == name), "")
        if secret:
            raise Invalid(
                f"The secret {secret} is not kept here. Write it to a file that only the desk may read, and name"
                f" that: {secret}_file=/run/secrets/{secret}; or name an environment variable: {secret}_env."
            )
        meant = closest(name[:60], names)
        hint = f" Did you mean {meant}?" if meant else ""
        raise Invalid(f"A list of kind {kind} has no setting “{name[:60]}”.{hint} There are: {', '.join(names)}.")
    for one in KINDS[kind].settings:
        if one.needed and not any(given.get(name) for name in written_as(one)):
            raise Invalid(f"A list of kind {kind} needs {' or '.join(written_as(one))}.")
        value = given.get(one.name, one.default)
        if one.choices and value not in one.choices:
            raise Invalid(f"{one.name} is one of {', '.join(one.choices)}, not “{str(value)[:60]}”.")


def from_console(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration that a page may make: it reaches no file and no variable of the desk that was not put there
    for lists. Raises Invalid."""
    check(kind, given)
    folder, kept = config.current().data_dir, dict(given)
    for name, value in given.items():
        if name.endswith("_env") and not _VARIABLE.fullmatch(value):
            raise Invalid(f"{name}: from here only variables can be named that begin with {PREFIX}, in capitals.")
        if name.endswith("_file") or name == "path":
            place = folder_of(folder, name)
            if not _FILE_NAME.fullmatch(value):
                raise Invalid(f"{name}: from here only the name of a file in {place} can be given.")
            kept[name] = str(place / value)
    return kept


def try_(kind: str, given: Mapping[str, Any], *, patience: float = PATIENCE) -> Tried:
    """Read one page, and keep nothing of it. Raises ListFailed."""
    list_ = connect(kind, given)
    pool = ThreadPoolExecutor(1, thread_name_prefix="try-list")
    try:
        page: Page | None = pool.submit(lambda: next(iter(list_.pull("")), None)).result(patience)
    except TookTooLong:
        raise ListFailed(f"The list did not answer within {patience:.0f} seconds.") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    if page is None:
        raise ListFailed("The list answered with nothing at all.")
    return _tried(page)


def _tried(page: Page) -> Tried:
    listed = [one for one in page.changes if isinstance(one, Listed)]
    kinds = Counter(kind for one in listed for kind in one.hashes)
    withdrawn = len(page.changes) - len(listed)
    return Tried(len(listed), withdrawn, page.refused, dict(sorted(kinds.items())), page.total, page.complete)


def folder_of(data: Path, name: str) -> Path:
    """Where a file has to lie whose name is given in the console for this setting."""
    return data / (FILES if name == "path" else SECRETS)


def _no_such(kind: str) -> str:
    meant = closest(kind[:60], KINDS)
    hint = f" Did you mean {meant}?" if meant else ""
    return f"There is no connector for lists of kind “{kind[:60]}”.{hint} There are: {', '.join(sorted(KINDS))}."
