"""The kinds of hash that this desk knows: its own, those of installed packages, and those that its configuration names.

Of any other nothing is taken from people, programs and files: it could match nothing, and nobody would be told.
"""

from __future__ import annotations

from functools import cache

from evenhand.engine.media import hashkinds
from evenhand.engine.rules.suggest import closest
from evenhand.runtime import config


def known() -> frozenset[str]:
    return frozenset(hashkinds.LENGTHS) | _installed()[0] | frozenset(config.current().media_kinds)


def problem(kind: str) -> str:
    """Why hashes of this kind are not taken, in a sentence; empty when they are."""
    names = known()
    if kind in names:
        return ""
    meant = closest(kind[:32], names)
    told = f"“{kind[:32]}” is no kind of hash that this desk knows"
    if meant:
        return f"{told}: did you mean {meant}?"
    return f"{told}. There are: {', '.join(sorted(names))}; media_kinds in evenhand.toml names others."


def written_problem(kind: str, written: str) -> str:
    """The same, and why this is no single hash of it, in hex."""
    return problem(kind) or hashkinds.written_problem(kind, written)


def trouble() -> str:
    """What of the configuration, or of a package, names no kind; empty when all do."""
    wrong = [one for one in config.current().media_kinds if not hashkinds.is_name(one)]
    if wrong:
        return f"media_kinds in evenhand.toml: “{wrong[0][:32]}” is no name of a kind: {hashkinds.NAMES}"
    return _installed()[1]


@cache
def _installed() -> tuple[frozenset[str], str]:
    """Kinds of packages, and what is wrong with one: it takes its own kinds with it, and no other."""
    from evenhand.engine.media.registry import NotAKind, kinds  # noqa: PLC0415 (it brings numpy with it)

    try:
        names = frozenset(kinds())
    except NotAKind as why:
        return frozenset(), f"A package adds a kind of hash that cannot be used: {why}"
    wrong = [name for name in sorted(names) if not hashkinds.is_name(name)]
    told = f"A package adds the kind of hash {wrong[0]}, which cannot be used: {hashkinds.NAMES}" if wrong else ""
    return names - set(wrong), told
