"""`evenhand rules push`: a rule folder, checked and tested, becomes the project that the desk runs."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

import click

from evenhand.cli.common import fail, make_desk, ready_database
from evenhand.cli.rules import folder as folders
from evenhand.cli.rules import memory

_MOST_NAMES = 8
_MOST_FAILED = 10


@click.command()
@click.argument("folder", type=folders.FOLDER)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--note", default="", help="What you did, in a sentence: it stands beside the version.")
@click.option("--expect", type=int, help="The version that you saw; refused when another is in force (0: none).")
@click.option("--over", type=int, help="The version of others that yours is to replace, after you looked at it.")
def push(folder: Path, *, data: Path | None, note: str, expect: int | None, over: int | None) -> None:
    """Check and test the rules in FOLDER, then publish them to the desk as the next version.

    Nothing is published when there is a mistake or a test fails: the running rules stay. Rules keep the stage that they
    have; a new one is a draft until `evenhand rules move`.

    The folder remembers, in .evenhand-rules.json, with which version of the desk it began. When somebody has published
    since, at the desk or from another folder, the push is refused: take up theirs with `evenhand rules pull`, or
    replace them with --over and the number of their version.

    \b
    evenhand rules push ./rules --data ./desk
    evenhand rules push ./rules --data ./desk --note "links to shops" --expect 4
    evenhand rules push ./rules --data ./desk --over 7
    """
    if expect is not None and over is not None:
        raise click.UsageError("--expect and --over exclude each other.")
    tests = _tested(folder)
    make_desk(data)
    ready_database()
    from evenhand.desk.rules import services
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import ruletestfiles
    from evenhand.runtime.rulefolders import read_folder

    found = read_folder(folder)
    texts, _unread = ruletestfiles.read(folder)
    seen = expect if over is None else over
    begun = memory.recall(folder) if seen is None else None
    try:
        published = services.publish(
            found.sources,
            found.config,
            actor=f"system:{getpass.getuser()}",
            note=note,
            expect=begun if seen is None else seen,
            tests=texts,
            files=found.files,
        )
    except RuleError as error:
        folders.refuse(folder, error.problems, found.files)
    except services.Conflict as conflict:
        fail(str(conflict) if begun is None else _since(folder, conflict.version, begun))
    memory.remember(folder, published.version)
    folders.show(folders.placed(published.warnings, found.files))
    if not published.fresh:
        click.echo(f"Version {published.version} is in force already, with the same rules. Nothing was changed.")
        return
    counted = f"{folders.count(len(published.rules), 'rule')}, {folders.count(tests, 'test')} passed"
    click.echo(f"Version {published.version}: {counted}.")
    _tell_drafts(published.rules)


def _since(folder: Path, now: int, begun: int) -> str:
    """Why the folder is not published over what others did, and the ways on."""
    from evenhand.desk.rules import queries

    kept = queries.stored(now)
    if kept is None or now < begun:
        told = f"this folder began with version {begun}, and the desk has only {now}: it was set back"
        return f"{told}. Look at it with evenhand rules pull into another folder, or push --over {now}."
    told = f"version {now} was published by {kept.published_by} since your version {begun}"
    note = f" (“{folders.printable(kept.note)}”)" if kept.note else ""
    return f"{told}{note}: run evenhand rules pull {folder}, or push --over {now}."


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
    failed = [one for one in testing.run_all(rules, cases) if not one.passed]
    for outcome in failed[:_MOST_FAILED]:
        folders.show_failed(outcome, err=True)
    if len(failed) > _MOST_FAILED:
        click.echo(f"… and {len(failed) - _MOST_FAILED:,} more: evenhand rules test {folder}", err=True)
    if failed:
        fail(f"{len(failed)} of {folders.count(len(cases), 'test')} failed: nothing was published.")
    return len(cases)


def _tell_drafts(names: Sequence[str]) -> None:
    from evenhand.desk.rules import queries

    lives = queries.lives()
    drafts = [name for name in names if name not in lives or lives[name].stage == "draft"]
    if drafts:
        shown = ", ".join(drafts[:_MOST_NAMES]) + (" …" if len(drafts) > _MOST_NAMES else "")
        click.echo(f"Drafts, which do nothing yet: {shown}. Next: evenhand rules move {drafts[0]} shadow …")
