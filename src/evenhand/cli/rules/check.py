"""`evenhand rules check`: everything that is wrong with a rule project, each mistake at its place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

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

    Functions of installed packages that rules may call are listed; one that cannot be had is a warning.
    """
    found = _found(folder, strict=strict)
    mistakes = any(one.severity == "error" for one in found.problems)
    if wants_json:
        click.echo(msgspec.json.encode({"ok": not mistakes} | msgspec.structs.asdict(found)))
        sys.exit(1 if mistakes else 0)
    if mistakes:
        folders.refuse(folder, found.problems)
    folders.show(found.problems)
    counted = f"{folders.count(len(found.rules), 'rule')}, {folders.count(found.tests, 'test')}"
    warned = f", {folders.count(len(found.problems), 'warning')}" if found.problems else ""
    click.echo(f"{counted}: no mistakes{warned}.")
    if found.idle:
        told = folders.count(len(found.idle), "rule")
        click.echo(f"Nothing acts on {told}, which no WhenRules names: {', '.join(found.idle)}")
    for one in found.functions:
        click.echo(f"From an installed package: {folders.printable(one)}")


class _Found(Struct, frozen=True):
    """`rules`: the names of all, in their order; `idle`: of those that no WhenRules asks for. `tests`: how many.
    `functions`: those of installed packages, as rules call them."""

    rules: list[str]
    idle: list[str]
    tests: int
    functions: list[str]
    problems: list[Problem]


def _found(folder: Path, *, strict: bool | None) -> _Found:
    """All that is wrong, in the configuration, in the rules and in the tests: one does not hide the other."""
    from evenhand.engine.rules import testing
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import rulefolders, ruletestfiles, ruletests, udfs
    from evenhand.runtime import rules as runtime

    seen = rulefolders.look(folder)
    problems = seen.problems
    texts, unread = ruletestfiles.read(folder)
    cases, wrong = ruletests.look(texts)
    problems += [*unread, *wrong]
    rules = None
    if seen.checkable is not None:
        sources = folders.as_strict(seen.checkable, strict=strict)
        try:
            rules = runtime.load_sources(sources.sources, sources.config)
            problems += rules.warnings
            problems += testing.unknown(rules, cases)
        except RuleError as error:
            problems += error.problems
    names = testing.all_rules(rules.program) if rules else ()
    asked = testing.rules_of(rules.program) if rules else ()
    idle = [one for one in names if one not in asked]
    others = udfs.installed()
    problems += udfs.problems(others)
    signatures = list(others.signatures)
    return _Found(list(names), idle, len(cases), signatures, sorted(folders.placed(problems, seen.found.files)))
