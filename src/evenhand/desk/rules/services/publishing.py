"""Publishes a rule project: checked as a whole, or refused with all that is wrong; the running one stays then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.audit import services as audit
from evenhand.desk.audit.acts import Act
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import named, queries
from evenhand.desk.rules.asks import asks
from evenhand.desk.rules.models import ProjectVersion
from evenhand.desk.rules.queries.running import Content, defined, newest
from evenhand.engine import rules
from evenhand.engine.detect.rulelife import LONGEST_NAME
from evenhand.engine.detect.ruleschema import schemas
from evenhand.engine.rules import Problem, testing
from evenhand.runtime import ruletexts
from evenhand.runtime.rules import load_sources

_MOST_NAMES = 8


class Conflict(Exception):
    """Somebody else published `version` since the caller looked. Nothing was changed."""

    def __init__(self, version: int) -> None:
        super().__init__(f"Version {version} is in force by now. Look at it, then publish your change anew.")
        self.version = version


class TestsFailed(Exception):
    """Tests beside the rules failed. Nothing was changed; `outcomes` are those that failed, of `total`."""

    def __init__(self, outcomes: Sequence[testing.Outcome], total: int) -> None:
        told = "; ".join(f"{one.case.name} ({_why(one)})" for one in outcomes[:_MOST_NAMES])
        super().__init__(f"{len(outcomes)} of {total} tests failed: {told}")
        self.outcomes, self.total = list(outcomes), total


def _why(outcome: testing.Outcome) -> str:
    first = outcome.mismatches[0]
    return f"expected: {first.expected}; found: {first.found}"


class Published(Struct, frozen=True):
    """`version` is in force. `fresh` is False where the same project was in force before: nothing was written."""

    version: int
    rules: tuple[str, ...]
    fresh: bool
    warnings: tuple[Problem, ...] = ()


def check(sources: Mapping[str, str], config: Mapping[str, Any]) -> rules.RuleSet:
    """The compiled project. Raises rules.RuleError with every mistake and its place."""
    found = load_sources(sources, config, expected=schemas(policies.current().item_types.values()))
    if problems := [*_names(found), *_nameless(found), *named.unknown(found, policies.current())]:
        raise rules.RuleError(problems)
    return found


def warnings(found: rules.RuleSet) -> tuple[rules.Problem, ...]:
    """What the author of checked rules should look at: in the rules, and in what the platform lets them do."""
    return tuple(sorted([*found.warnings, *named.unheld(found, policies.current())]))


def _names(found: rules.RuleSet) -> Iterator[rules.Problem]:
    """A rule is moved through its life by its name: one for each, and no longer than that of a signal."""
    seen: set[str] = set()
    for one in defined(found):
        hint = ""
        if len(one.name) > LONGEST_NAME:
            hint = f"Give it a name of at most {LONGEST_NAME} characters."
        elif one.name in seen:
            hint = "Another file has a rule of this name: give each its own."
        seen.add(one.name)
        if hint:
            place = one.span
            yield rules.Problem(place.file, place.line, place.column, f"{one.name} cannot be told apart", hint)


def _nameless(found: rules.RuleSet) -> Iterator[rules.Problem]:
    """One that is written within a WhenRules is called by its place: nobody could move it through its life."""
    for name in asks(found):
        file, parted, line = name.rpartition(":")
        if parted:
            message = "a rule without a name stays a draft for ever"
            yield rules.Problem(file, int(line), 1, message, "Give it one: MyRule = Rule(...), then name it here.")


def read_tests(found: rules.RuleSet, tests: Mapping[str, str]) -> list[testing.Case]:
    """The tests, ready to run. Raises rules.RuleError: what is wrong with them, or what they ask of rules that are
    not there."""
    cases = ruletexts.cases(tests)
    if problems := testing.unknown(found, cases):
        raise rules.RuleError(problems)
    return cases


def _passed(found: rules.RuleSet, tests: Mapping[str, str]) -> dict[str, int]:
    """How many tests passed: all, or none is published."""
    cases = read_tests(found, tests)
    failed = [one for one in testing.run_all(found, cases) if not one.passed]
    if failed:
        raise TestsFailed(failed, len(cases))
    return {"passed": len(cases), "failed": 0} if cases else {}


def publish(
    sources: Mapping[str, str],
    config: Mapping[str, Any],
    *,
    actor: str,
    note: str = "",
    expect: int | None = None,
    tests: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
) -> Published:
    """Put the project in force as the next version, with its ledger entry. The same project again is no new version.
    `expect` is the version that the caller saw (0: none). `tests`: texts of the files of tests by their paths; all are
    run. `files`: the texts that `config` was read from, by their paths: kept as they are, for who edits them next.

    Raises rules.RuleError, TestsFailed, Conflict: nothing was changed.
    """
    found = check(sources, config)
    tests = dict(tests or {})
    counted = _passed(found, tests)
    content = msgspec.json.encode(Content(dict(sources), dict(config), tests, dict(files or {})), order="deterministic")
    digest = hashlib.sha256(content).hexdigest()
    names = tuple(one.name for one in defined(found))
    try:
        with transaction.atomic():
            number, known = newest()
            if known == digest:
                return Published(number, names, fresh=False, warnings=warnings(found))
            if expect is not None and expect != number:
                raise Conflict(number)
            ProjectVersion.objects.create(
                version=number + 1,
                published_at=timezone.now(),
                published_by=actor,
                note=note,
                digest=digest,
                content=content.decode(),
                rules=list(names),
                tests=counted,
            )
            payload = {"digest": digest, "rules": len(names), "note": note, "tests": counted}
            audit.record(Act.RULES_PUBLISHED, actor=actor, obj=f"rules:{number + 1}", payload=payload)
            transaction.on_commit(queries.forget)
    except IntegrityError:
        raise Conflict(newest()[0]) from None
    return Published(number + 1, names, fresh=True, warnings=warnings(found))
