"""`evenhand rules check`: everything that is wrong with a rule project, each mistake at its place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from evenhand.cli.rules import folder as folders

if TYPE_CHECKING:
    from evenhand.engine.rules.problem import Problem


@click.command()
@click.argument("folder", type=folders.FOLDER)
@folders.mode_options
@click.option("--json", "wants_json", is_flag=True, help="One JSON object: the problems, with file, line and column.")
def check(folder: Path, *, strict: bool | None, wants_json: bool) -> None:
    """Read the rules in FOLDER, their configuration, lists and tests, and tell all problems at once, on stderr.

    Exit code 0: they can run, perhaps with warnings. 1: they cannot. 2: usage.

    \b
    evenhand rules check ./rules
    evenhand rules check ./rules --strict     refuse what fails in silence; warn of what is always so, or never read
    evenhand rules check ./rules --json       for an editor, or a script
    """
    from evenhand.engine.rules import testing
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import ruletests

    problems: list[Problem] = []
    names: tuple[str, ...] = ()
    tests = 0
    try:
        rules = folders.read(folder, strict=strict)
        problems += folders.warnings(folder, strict=strict)
        names = testing.rules_of(rules.program)
        cases = ruletests.read_folder(folder)
        problems += testing.unknown(rules, cases)
        tests = len(cases)
    except RuleError as error:
        problems += error.problems
    mistakes = [one for one in problems if one.severity == "error"]
    if wants_json:
        told = {"ok": not mistakes, "rules": names, "tests": tests, "problems": list(map(folders.as_json, problems))}
        click.echo(msgspec.json.encode(told))
        sys.exit(1 if mistakes else 0)
    if mistakes:
        folders.refuse(folder, problems)
    folders.show(problems)
    found = [folders.count(len(names), "rule"), folders.count(tests, "test")]
    warned = f", {folders.count(len(problems), 'warning')}" if problems else ""
    click.echo(f"{', '.join(found)}: no mistakes{warned}.")
