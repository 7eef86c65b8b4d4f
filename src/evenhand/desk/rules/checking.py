"""What is wrong with a project that somebody writes: mistakes, warnings, tests that fail. Nothing is changed by it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from msgspec import Struct

from evenhand.desk.rules import services
from evenhand.engine.rules import Problem, RuleError, RuleSet, testing
from evenhand.runtime import rules as runtime
from evenhand.runtime import ruletexts

SECONDS = 2.0
"""So long tests are run while somebody writes; when publishing, all are."""


class Checked(Struct, frozen=True):
    """`rules` is there when the rules could run, whatever their tests say. `tried`: tests that were run, of `tests`."""

    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    failed: Sequence[testing.Outcome] = ()
    tests: int = 0
    tried: int = 0
    rules: RuleSet | None = None
    project: ruletexts.Project | None = None

    @property
    def fits(self) -> bool:
        return not (self.problems or self.failed)


def checked(texts: Mapping[str, str], *, seconds: float = SECONDS) -> Checked:
    """`texts`: the files by their paths."""
    try:
        read = ruletexts.read(texts)
        rules = services.check(read.sources, read.config)
    except RuleError as error:
        return Checked(error.problems)
    warnings = runtime.warnings(read.sources, read.config)
    try:
        cases = services.read_tests(rules, read.tests)
    except RuleError as error:
        return Checked(error.problems, warnings, rules=rules, project=read)
    failed, tried = _tested(rules, cases, seconds)
    return Checked((), warnings, failed, len(cases), tried, rules, read)


def _tested(rules: RuleSet, cases: Sequence[testing.Case], seconds: float) -> tuple[list[testing.Outcome], int]:
    until = time.monotonic() + seconds
    failed: list[testing.Outcome] = []
    for tried, case in enumerate(cases):
        if time.monotonic() > until:
            return failed, tried
        outcome = testing.run(rules, case)
        if not outcome.passed:
            failed.append(outcome)
    return failed, len(cases)
