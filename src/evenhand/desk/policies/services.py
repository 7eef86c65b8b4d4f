"""What can be done with the platform document: read it, see what it would change, apply it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from msgspec import Struct

from evenhand.data import dsa
from evenhand.desk.audit import services as audit
from evenhand.desk.audit.acts import Act
from evenhand.desk.policies import queries
from evenhand.desk.policies.models import PlatformVersion
from evenhand.engine import platform as engine
from evenhand.engine.platform import Change, Invalid, Platform, Policy, Problem

Guard = Callable[[Platform, Platform], list[str]]
__all__ = [
    "Applied",
    "Conflict",
    "Guard",
    "Invalid",
    "Preview",
    "Refused",
    "apply",
    "encode",
    "guard",
    "preview",
    "problems",
    "read",
]
_guards: list[Guard] = []


class Refused(Exception):
    """The document was not applied, and nothing was changed. `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class Conflict(Refused):
    """Somebody else applied `version` since the caller looked."""

    def __init__(self, version: int, by: str = "") -> None:
        who = f", applied by {by}" if by else ""
        super().__init__([f"Version {version} is in force by now{who}. Look at it, then apply your change anew."])
        self.version = version
        self.by = by


class Applied(Struct, frozen=True):
    """`version` is in force. Without `changes` it was so before: nothing was written."""

    version: int
    changes: tuple[Change, ...] = ()


class Preview(Struct, frozen=True):
    """What would follow from a document, against `version`, which is in force. Any of `refusals` refuses it."""

    version: int
    changes: tuple[Change, ...]
    refusals: tuple[str, ...]


def guard(check: Guard) -> Guard:
    """Register what else must hold before a document is replaced (in AppConfig.ready()).

    `check(old, new)` returns sentences; any of them refuses the new document. It runs in the transaction that applies.
    """
    if check not in _guards:
        _guards.append(check)
    return check


def read(source: str) -> Platform:
    """The document that TOML describes. Raises engine.platform.Invalid with all problems and their lines."""
    return engine.parse(source, categories=dsa.categories())


def problems(document: Platform) -> list[Problem]:
    """What is wrong with a document that did not come from text."""
    return list(engine.check(document, dsa.categories()))


def preview(document: Platform) -> Preview:
    """What `document` would change about the version in force now, and why it would be refused."""
    now = queries.current(fresh=True)
    changes = tuple(engine.diff(now.platform, document))
    return Preview(now.version, changes, tuple(_refusals(now.platform, document)))


def apply(document: Platform, *, actor: str, expect: int | None = None, source: str = "") -> Applied:
    """Put `document` in force as the next version, with its ledger entry. Idempotent: the same document again is no
    new version. `expect` is the version that the caller saw (0: none).

    Raises Refused: the document has mistakes, or would orphan open cases. Raises Conflict: another version is in force.
    """
    if found := problems(document):
        raise Refused([str(problem) for problem in found])
    try:
        with transaction.atomic():
            applied = _apply(document, actor=actor, expect=expect, source=source)
            transaction.on_commit(queries.forget)
    except _Overtaken:
        raise Conflict(*_in_force()) from None
    queries.forget()
    return applied


class _Overtaken(Exception):
    """The number of the next version was taken between looking and writing."""


def _apply(document: Platform, *, actor: str, expect: int | None, source: str) -> Applied:
    now = queries.current(fresh=True)
    canonical = encode(document)
    digest = hashlib.sha256(canonical).hexdigest()
    if (now.version, digest) == queries.latest():
        return Applied(now.version)
    if expect is not None and expect != now.version:
        raise Conflict(*_in_force())
    if refusals := _refusals(now.platform, document):
        raise Refused(refusals)
    changes = engine.diff(now.platform, document)
    version = now.version + 1
    _insert(
        version=version,
        applied_at=timezone.now(),
        applied_by=actor,
        digest=digest,
        document=canonical.decode(),
        source=source,
        summary=[str(change) for change in changes],
        policy_versions=_policy_versions(now, document, version),
    )
    payload = {"digest": digest, "changes": _counts(changes)}
    audit.record(Act.PLATFORM_APPLIED, actor=actor, obj=f"platform:{version}", payload=payload, policy_version=version)
    return Applied(version, tuple(changes))


def _refusals(old: Platform, new: Platform) -> list[str]:
    return [sentence for check in _guards for sentence in check(old, new)]


def _insert(**values: object) -> None:
    try:
        with transaction.atomic():
            PlatformVersion.objects.create(**values)
    except IntegrityError:
        raise _Overtaken from None


def encode(document: Platform) -> bytes:
    """Canonical JSON: equal documents give equal bytes. Keys of tables are sorted, what is default is left out."""
    return msgspec.json.encode(document, order="deterministic")


def _in_force() -> tuple[int, str]:
    newest, _ = queries.latest()
    return newest, queries.stored(newest).applied_by if newest else ""


def _policy_versions(now: queries.Snapshot, document: Platform, version: int) -> dict[str, int]:
    def of(policy: Policy) -> int:
        before = now.policies.get(policy.id)
        return now.policy_versions[policy.id] if before and _words(before) == _words(policy) else version

    return {policy.id: of(policy) for policy in document.policies}


def _words(policy: Policy) -> tuple[str, str, str]:
    return policy.name, policy.text, policy.guidance


def _counts(changes: Sequence[Change]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    return counts
