"""The rule project in force, compiled, with the life of each rule; and every version before."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from evenhand.desk.rules.models import ProjectVersion
from evenhand.desk.rules.queries.lives import for_engine, latest, lives
from evenhand.engine import rules
from evenhand.engine.detect.rulelife import RuleLife
from evenhand.engine.rules.explain.shorten import clip
from evenhand.engine.rules.tree import Definition
from evenhand.engine.rules.types import RULE
from evenhand.runtime.rules import load_sources

_log = structlog.get_logger("rules")
_MOST_TOLD = 500
STALE_SECONDS = 1.0
"""How old the answer of `current()` may be."""


class Content(Struct, frozen=True, omit_defaults=True):
    """What a version holds: all that the rules need to run, and the tests that they passed.

    `tests`: the text of each file of tests by its path. `files`: the texts that the configuration was read from, by
    their paths; empty where it was published without them.
    """

    sources: dict[str, str]
    config: dict[str, Any] = {}
    tests: dict[str, str] = {}
    files: dict[str, str] = {}


class Running(Struct, frozen=True):
    """`key` is another one whenever anything about it is."""

    key: tuple[int, str, int]
    version: int
    rules: rules.RuleSet | None
    """None when nothing was published yet, and when it cannot run."""
    lives: Mapping[str, RuleLife]
    problem: str = ""
    """Why it cannot run: it was checked by another version of the program, or with other installed functions."""


class Stored(Struct, frozen=True):
    version: int
    published_at: Any
    published_by: str
    note: str
    rules: list[str]
    tests: dict[str, int]
    content: Content


def current(*, fresh: bool = False) -> Running:
    """The project in force, at most 1 s old; with `fresh`, as of now. Any thread may ask."""
    known = _cache.running
    if known and not fresh and time.monotonic() < _cache.until:
        return known
    with _cache.lock:
        return _cache.refresh(fresh=fresh)


def in_force() -> rules.RuleSet | None:
    """The newest version as of now, as this transaction sees it; None when there is none, or it cannot run."""
    return _compiled(*newest())[0]


def newest() -> tuple[int, str]:
    """Number and digest of the newest version; (0, "") when nothing was published yet."""
    return ProjectVersion.objects.order_by("-version").values_list("version", "digest").first() or (0, "")


def stored(version: int) -> Stored | None:
    row = ProjectVersion.objects.filter(version=version).first()
    if row is None:
        return None
    content = msgspec.json.decode(row.content, type=Content)
    return Stored(row.version, row.published_at, row.published_by, row.note, row.rules, row.tests, content)


def versions(limit: int = 50) -> list[ProjectVersion]:
    """The newest versions, without their content."""
    return list(ProjectVersion.objects.defer("content").order_by("-version")[:limit])


def forget() -> None:
    """The next `current()` of this process reads anew."""
    _cache.until, _cache.running = 0.0, None


@lru_cache(maxsize=4)
def _compiled(version: int, digest: str) -> tuple[rules.RuleSet | None, str]:  # noqa: ARG001 (after a rollback one number may mean two projects)
    """The rules, or why they cannot run: then events are folded all the same, and the status page says it."""
    found = stored(version)
    try:
        if found is None:
            return None, ""
        return load_sources(found.content.sources, found.content.config, stored=True), ""
    except rules.RuleError as error:
        told = clip(f"{error}", _MOST_TOLD)
        _log.error("The rules cannot run.", version=version, problem=told)
        return None, told
    except Exception as error:  # noqa: BLE001 (functions of other packages may raise anything)
        _log.exception("The rules cannot run.", version=version)
        return None, clip(f"{error}" or f"{error!r}", _MOST_TOLD)


def defined(found: rules.RuleSet) -> list[Definition]:
    """The rules of a project, in the order of its files."""
    return [one for one in found.program.definitions.values() if one.type == RULE]


class _Cache:
    """The last answer, and until when it may be given out without a look at the database."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.running: Running | None = None
        self.until = 0.0

    def refresh(self, *, fresh: bool) -> Running:
        asked = time.monotonic()
        if self.running is None or fresh or asked >= self.until:
            key = (*newest(), latest())
            if self.running is None or self.running.key != key:
                compiled, problem = _compiled(*key[:2])
                self.running = Running(key, key[0], compiled, for_engine(lives()), problem)
            self.until = asked + STALE_SECONDS
        return self.running


_cache = _Cache()
