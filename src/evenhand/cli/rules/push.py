"""`evenhand rules push`: a rule folder, checked and tested, becomes the project that the desk runs."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

import click

from evenhand.cli.common import fail, make_desk, ready_database
from evenhand.cli.rules import folder as folders

_MOST_NAMES = 8


@click.command()
@click.argument("folder", type=folders.FOLDER)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--note", default="", help="What you did, in a sentence: it stands beside the version.")
@click.option("--expect", type=int, help="The version that you saw; refused when another is in force (0: none).")
def push(folder: Path, *, data: Path | None, note: str, expect: int | None) -> None:
    """Check and test the rules in FOLDER, then publish them to the desk as the next version.

    Nothing is published when there is a mistake or a test fails: the running rules stay. Rules keep the stage that they
    have; a new one is a draft until `evenhand rules move`.

    \b
    evenhand rules push ./rules --data ./desk
    evenhand rules push ./rules --data ./desk --note "links to shops" --expect 4
    """
    tests = _tested(folder)
    make_desk(data)
    ready_database()
    from evenhand.desk.rules import services
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import ruletests
    from evenhand.runtime.rulefolders import read_folder

    found = read_folder(folder)
    texts = {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in ruletests.files(folder)}
    actor = f"system:{getpass.getuser()}"
    try:
        published = services.publish(found.sources, found.config, actor=actor, note=note, expect=expect, tests=texts)
    except RuleError as error:
        folders.refuse(folder, error.problems)
    except services.Conflict as conflict:
        fail(str(conflict))
    if not published.fresh:
        click.echo(f"Version {published.version} is in force already, with the same rules. Nothing was changed.")
        return
    counted = f"{folders.count(len(published.rules), 'rule')}, {folders.count(tests, 'test')} passed"
    click.echo(f"Version {published.version}: {counted}.")
    _tell_drafts(published.rules)


def _tested(folder: Path) -> int:
    """How many tests the rules passed; a mistake or a failing test ends the command."""
    from evenhand.engine.rules import testing
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import ruletests

    rules = folders.read_or_exit(folder, strict=None)
    try:
        cases = ruletests.read_folder(folder)
    except RuleError as error:
        folders.refuse(folder, error.problems)
    if problems := testing.unknown(rules, cases):
        folders.refuse(folder, problems)
    failed = [case.name for case in cases if not testing.run(rules, case).passed]
    if failed:
        names = ", ".join(failed[:_MOST_NAMES])
        fail(f"{len(failed)} of {folders.count(len(cases), 'test')} failed ({names}): evenhand rules test {folder}")
    return len(cases)


def _tell_drafts(names: Sequence[str]) -> None:
    from evenhand.desk.rules import queries

    lives = queries.lives()
    drafts = [name for name in names if name not in lives or lives[name].stage == "draft"]
    if drafts:
        shown = ", ".join(drafts[:_MOST_NAMES]) + (" …" if len(drafts) > _MOST_NAMES else "")
        click.echo(f"Drafts, which do nothing yet: {shown}. Next: evenhand rules move {drafts[0]} shadow …")
