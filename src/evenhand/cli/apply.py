"""`evenhand apply`: the platform as code. Shows what would change, then puts it in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from evenhand.cli import moves
from evenhand.cli.common import fail, is_desk, make_desk, open_desk, ready_database, setup_django, use_data

if TYPE_CHECKING:
    from evenhand.engine.platform import Change, Platform, Problem

ACTOR = "system:cli"
"""Whom the ledger names: the operator of the machine, at the command line."""
COLOURS = {"added": "green", "removed": "red", "changed": "yellow", "ordered": "yellow"}
_REFUSED = "Refused. Nothing was changed."
SIGNS = {"added": "+", "removed": "-", "changed": "~", "ordered": "~"}


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--export", "wants_export", is_flag=True, help="Print the document in force as TOML, and change nothing.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for everything the desk keeps (default: $EVENHAND_DATA, or ./data).",
)
def apply(file: TextIO | None, *, yes: bool, dry_run: bool, wants_export: bool, data: Path | None) -> None:
    """Read the platform document FILE (- for standard input), show what it would change, and apply it.

    Exit code 0: applied, or nothing to do. 1: refused, with each problem and its line, or (with --dry-run) it would be;
    nothing was changed. 2: usage.

    \b
    See what would change:
        evenhand apply platform.toml --dry-run
    Apply it, and say yes when asked:
        evenhand apply platform.toml --data ./desk
    In a script:
        evenhand apply platform.toml --data ./desk --yes
    Fetch what was edited in the console:
        evenhand apply --export --data ./desk > platform.toml
    """
    if wants_export == (file is not None):
        raise click.UsageError("Name a FILE to apply, or say --export.")
    with _desk(data, shows=dry_run, prints=wants_export):
        if file is None:
            _print()
            return
        source = _text(file)
        _put_in_force(_read(source, file.name), source, ask=not yes, dry_run=dry_run)


@contextmanager
def _desk(data: Path | None, *, shows: bool, prints: bool) -> Iterator[None]:
    """The desk, made if need be; who only looks at a difference gets an empty one, which is gone afterwards."""
    use_data(data)
    with ExitStack() as things:
        if shows and not is_desk():
            click.echo("There is no desk there yet: this is what a new one would begin with.", err=True)
            use_data(Path(things.enter_context(TemporaryDirectory(prefix="evenhand-"))))
            setup_django()
        elif shows or prints:
            open_desk(data)
        else:
            make_desk(data)
        ready_database()
        yield


def _print() -> None:
    from evenhand.desk.policies import queries
    from evenhand.engine.platform import export

    click.echo(export(queries.current(fresh=True).platform), nl=False)


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        fail(f"{file.name}: not UTF-8 at byte {error.start}. Save it as UTF-8 and try again.")


def _read(source: str, name: str) -> Platform:
    from evenhand.desk.policies import services

    try:
        return services.read(source)
    except services.Invalid as invalid:
        for problem in invalid.problems:
            _show_problem(problem, name, source.splitlines())
        fail(f"{name} has {_count(len(invalid.problems), 'mistake')}. Nothing was changed.")


def _put_in_force(document: Platform, source: str, *, ask: bool, dry_run: bool) -> None:
    from evenhand.desk.policies import services

    found = services.preview(document)
    if not found.changes and found.version:
        click.echo(f"Nothing to do: version {found.version} says the same.")
        return
    _show_changes(found.changes, found.version)
    if found.version:
        moves.show(document)
    if found.refusals:
        _refuse(found.refusals, "It would be refused. Nothing was changed." if dry_run else _REFUSED)
    if dry_run:
        return
    if ask and not _agreed(found.version + 1):
        fail("Nothing was changed.")
    try:
        applied = services.apply(document, actor=ACTOR, expect=found.version, source=source)
    except services.Refused as refused:
        _refuse(refused.problems, _REFUSED)
    click.echo(f"Version {applied.version} is in force.")


def _refuse(sentences: Sequence[str], outcome: str) -> NoReturn:
    for sentence in sentences:
        click.echo(f"  {sentence}", err=True)
    fail(outcome)


def _agreed(version: int) -> bool:
    try:
        return click.confirm(f"Apply this as version {version}?")
    except click.Abort:
        click.echo(err=True)
        return False


def _show_changes(changes: Sequence[Change], version: int) -> None:
    click.echo(f"Against version {version}:" if version else "Against an empty platform:")
    for change in changes:
        click.secho(f"  {SIGNS[change.kind]} {change.title}", fg=COLOURS[change.kind])
        for edit in change.edits:
            click.echo(f"      {edit}")
    click.echo(_summary(changes))


def _summary(changes: Sequence[Change]) -> str:
    kinds = [change.kind for change in changes]
    counts = {
        "new": kinds.count("added"),
        "changed": kinds.count("changed") + kinds.count("ordered"),
        "removed": kinds.count("removed"),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _show_problem(problem: Problem, name: str, lines: Sequence[str]) -> None:
    place = f"{name}:{problem.line}" if problem.line else name
    click.secho(f"{place}: {problem.path}", fg="red", err=True)
    if problem.line and problem.line <= len(lines):
        click.echo(f"    | {_printable(lines[problem.line - 1].strip())}", err=True)
    for word, text in _details(problem):
        click.echo(f"    {word:<9} {text}", err=True)


def _details(problem: Problem) -> Iterable[tuple[str, str]]:
    details = {
        "expected": problem.expected,
        "found": problem.found,
        "perhaps": problem.meant,
        "example": problem.example,
    }
    return ((word, text) for word, text in details.items() if text)


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in line)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
