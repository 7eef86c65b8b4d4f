"""`evenhand rules test`: the tests beside the rules, and why one fails."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from evenhand.cli.common import fail
from evenhand.cli.rules import folder as folders

if TYPE_CHECKING:
    from evenhand.engine.rules.ruleset import RuleSet
    from evenhand.engine.rules.testing import Case, Outcome

_EXAMPLE = """\
A test stands in tests/NAME.yaml in the folder, and reads like this:

    An offer with a link from a new account is caught:
      given:
        action_name: post
        data: {text: "Claim yours at https://prize.example"}
      then:
        fired: [NameOfYourRule]
"""


@click.command()
@click.argument("folder", type=folders.FOLDER)
@folders.mode_options
@click.option("--json", "wants_json", is_flag=True, help="One JSON object: each test, what was expected and found.")
def test(folder: Path, *, strict: bool | None, wants_json: bool) -> None:
    """Run the tests in FOLDER/tests/*.yaml and *_test.yaml, and tell why one fails.

    A test has what is given (an event, earlier ones, labels) and what must follow (rules that fire or do not, labels,
    verdicts, features). The rules are checked first.

    Exit code 0: all tests pass. 1: one fails, there is none, or the rules have mistakes. 2: usage.

    \b
    evenhand rules test ./rules
    evenhand rules test ./rules --json
    """
    from evenhand.engine.rules import testing
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import ruletests

    rules = folders.read_or_exit(folder, strict=strict)
    try:
        cases = ruletests.read_folder(folder)
    except RuleError as error:
        folders.refuse(folder, error.problems)
    if problems := testing.unknown(rules, cases):
        folders.refuse(folder, problems)
    if not cases:
        click.echo(_EXAMPLE, err=True)
        fail(f"{folder} has no tests.")
    outcomes = _run(rules, cases)
    failed = [one for one in outcomes if not one.passed]
    if wants_json:
        tests = list(map(_as_json, outcomes))
        click.echo(msgspec.json.encode({"passed": len(cases) - len(failed), "failed": len(failed), "tests": tests}))
    else:
        for outcome in failed:
            folders.show_failed(outcome)
        _tell_untested(rules, cases)
        click.echo(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


def _run(rules: RuleSet, cases: Sequence[Case]) -> list[Outcome]:
    from evenhand.engine.rules import testing

    outcomes = []
    with folders.progress("Testing", len(cases)) as done:
        for outcome in testing.run_all(rules, cases):
            outcomes.append(outcome)
            done(1)
    return outcomes


def _tell_untested(rules: RuleSet, cases: Sequence[Case]) -> None:
    from evenhand.engine.rules import testing

    tested = {name for case in cases for name in case.then.fired or ()}
    untested = [name for name in testing.rules_of(rules.program) if name not in tested]
    if untested:
        click.echo(f"No test makes these rules fire: {', '.join(untested)}")


def _as_json(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "name": case.name,
        "file": case.file,
        "line": case.line,
        "passed": outcome.passed,
        "mismatches": msgspec.to_builtins(outcome.mismatches),
    }
