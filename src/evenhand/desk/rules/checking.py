"""What is wrong with a project that somebody writes: mistakes in any of its files, warnings, tests that fail.

Nothing is changed by it. One kind of mistake hides no other: what cannot be read of one file is left out, and the rest
is checked all the same.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from msgspec import Struct

from evenhand.desk.rules import services
from evenhand.engine.rules import Problem, RuleError, RuleSet, project, testing
from evenhand.runtime import ruleconfig, ruletests, ruletexts

SECONDS = 2.0
"""So long tests are run while somebody writes; when publishing, all are."""


class Checked(Struct, frozen=True):
    """`rules` is there when the rules could run, whatever their tests say. `tried`: tests that were run, of `tests`:
    none while there are mistakes."""

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

    @property
    def files(self) -> list[str]:
        """Those with mistakes, each once; none where a single place has them all."""
        found = list(dict.fromkeys(one.file for one in self.problems if one.file))
        return found if len(self.problems) > 1 else []


def checked(texts: Mapping[str, str], *, seconds: float = SECONDS) -> Checked:
    """`texts`: the files by their paths."""
    try:
        read, problems = ruletexts.readable(texts)
    except RuleError as error:
        return Checked(error.problems)
    rules, wrong = _rules(read, problems)
    cases, odd = _cases(read, rules)
    told = sorted(ruletexts.placed(one, texts) for one in [*problems, *wrong, *odd])
    errors = [one for one in told if one.severity == "error"]
    if rules is None or errors:
        warnings = [one for one in told if one.severity != "error"]
        return Checked(errors, warnings, tests=len(cases), rules=None if problems else rules)
    warnings = [ruletexts.placed(one, texts) for one in services.warnings(rules)]
    failed, tried = _tested(rules, cases, seconds)
    return Checked((), warnings, failed, len(cases), tried, rules, read)


def _rules(read: ruletexts.Project, problems: Sequence[Problem]) -> tuple[RuleSet | None, Sequence[Problem]]:
    """The rules, or what is wrong with them. Where a file of the configuration cannot be read, nothing is said of what
    it may declare."""
    config = ruleconfig.checkable(ruleconfig.merged(read.files)) if problems else read.config
    if problems and str(config.get("entry") or project.ENTRY) not in read.sources:
        return None, ()
    try:
        return services.check(read.sources, config), ()
    except RuleError as error:
        return None, error.problems


def _cases(read: ruletexts.Project, rules: RuleSet | None) -> tuple[list[testing.Case], list[Problem]]:
    """The tests, and what is wrong with them; whether the rules have what they ask for is known only of rules that
    run."""
    cases, problems = ruletests.look(read.tests)
    return cases, [*problems, *(testing.unknown(rules, cases) if rules else ())]


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
