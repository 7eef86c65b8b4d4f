"""`evenhand rules pull`: the rules that the desk runs come back into a folder, letter for letter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from evenhand.cli.common import fail, open_desk, ready_database
from evenhand.cli.rules import folder as folders
from evenhand.cli.rules import memory

if TYPE_CHECKING:
    from evenhand.desk.rules.queries import Stored

_MARKS = {"gone": ("-", "red"), "new": ("+", "green"), "same": (" ", None), "place": ("", "cyan")}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--version", type=click.IntRange(min=1), help="An older version, in place of the one in force.")
@click.option("--force", is_flag=True, help="Replace what was changed in FOLDER and never published. It is lost.")
def pull(folder: Path, *, data: Path | None, version: int | None, force: bool) -> None:
    """Write the rules that the desk runs into FOLDER, as they were published: rules, configuration, lists and tests.

    Files of the project that the desk's version does not have are removed; all others in FOLDER are left alone. What
    you changed there since your last pull or push is not overwritten: the difference is shown, and nothing is done.

    Exit code 0: FOLDER has the desk's version. 1: it has changes of its own, or there are no rules. 2: usage.

    \b
    evenhand rules pull ./rules --data ./desk
    evenhand rules pull ./before --data ./desk --version 3
    evenhand rules pull ./rules --data ./desk --force
    """
    open_desk(data)
    ready_database()
    kept = _stored(version)
    change = _change(folder, kept)
    _show(change)
    if change.mine and not force:
        told = f"{folder} has changes of its own in {', '.join(change.mine)}: nothing was pulled"
        ways = "Publish them, pull into another folder and put them together, or lose them with --force"
        fail(f"{folders.printable(told)}. {ways}.")
    _write(folder, change)
    memory.remember(folder, kept.version)
    _tell(folder, kept, change)


class _Change(Struct, frozen=True):
    """From what the folder has to what the desk has, by path. `mine`: what would be lost of the folder's own."""

    before: dict[str, bytes]
    after: dict[str, bytes]
    mine: list[str]

    @property
    def written(self) -> list[str]:
        return [path for path, content in self.after.items() if self.before.get(path) != content]

    @property
    def removed(self) -> list[str]:
        return [path for path in self.before if path not in self.after]


def _stored(version: int | None) -> Stored:
    from evenhand.desk.rules import queries

    kept = queries.stored(version or queries.current(fresh=True).version)
    if kept is None:
        none = "no rules yet: evenhand rules push FOLDER" if version is None else f"no version {version}."
        fail(f"The desk has {none}")
    return kept


def _change(folder: Path, kept: Stored) -> _Change:
    after = _contents(kept.version)
    for path in after:
        _inside(folder, path)
    before = _here(folder)
    begun = memory.recall(folder) if folder.is_dir() else None
    known = _contents(begun) if begun else {}
    mine = [
        path
        for path in sorted({*before, *known})
        if before.get(path) not in (known.get(path), after.get(path)) or (path in known and path not in before)
    ]
    return _Change(before, after, [path for path in mine if before.get(path) != after.get(path)])


def _contents(version: int) -> dict[str, bytes]:
    from evenhand.desk.rules import editing

    return {path: text.encode() for path, text in editing.texts_of(version).items()}


def _here(folder: Path) -> dict[str, bytes]:
    """The files of the project in the folder; none where there is no folder yet."""
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime import rulefolders

    if not folder.is_dir():
        return {}
    try:
        return {path: (folder / path).read_bytes() for path in rulefolders.paths(folder)}
    except RuleError as error:
        folders.refuse(folder, error.problems)
    except OSError as error:
        fail(f"{error.filename} cannot be read: {error.strerror}. Nothing was pulled.")


def _inside(folder: Path, path: str) -> None:
    """Ends the command at a path that leads out of the folder: a database may be somebody else's."""
    parts = PurePosixPath(path).parts
    leads_away = not parts or path.startswith("/") or "\\" in path or any(one.startswith(".") for one in parts)
    if leads_away or not (folder / path).parent.resolve().is_relative_to(folder.resolve()):
        fail(f"The desk has a file {folders.printable(path)!r}, which leads out of {folder}. Nothing was pulled.")


def _show(change: _Change) -> None:
    """What would change about the files of the folder, on stderr; new ones are only named, later on."""
    from evenhand.desk.rules.difference import difference

    shown = {path for path in change.before if change.before[path] != change.after.get(path)}
    before, after = (
        {path: text for path, text in _texts(some).items() if path in shown} for some in (change.before, change.after)
    )
    for one in difference(before, after):
        click.secho(f"{folders.printable(one.path)}: here (-), at the desk (+)", bold=True, err=True)
        for line in one.lines:
            mark, colour = _MARKS[line.kind]
            click.secho(f"{mark}{folders.printable(line.text)}", fg=colour, err=True)
        if one.more:
            click.echo(f"… {folders.count(one.more, 'line')} more", err=True)


def _texts(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {path: content.decode(errors="replace") for path, content in contents.items()}


def _write(folder: Path, change: _Change) -> None:
    """Every file as a whole. What fails halfway is mended by the same command again."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in change.written:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            memory.write(file, change.after[path])
        for path in change.removed:
            (folder / path).unlink()
    except OSError as error:
        fail(f"{error.filename} cannot be written: {error.strerror}. The folder may have files of both; pull again.")


def _tell(folder: Path, kept: Stored, change: _Change) -> None:
    for path in change.written:
        click.echo(f"{'changed' if path in change.before else 'new':8} {folders.printable(path)}")
    for path in change.removed:
        click.echo(f"{'removed':8} {folders.printable(path)}")
    note = f", “{folders.printable(kept.note)}”" if kept.note else ""
    same = "" if change.written or change.removed else " It had it already."
    when = f"{kept.published_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{folder} has version {kept.version} ({kept.published_by}, {when}{note}).{same}")
    if kept.content.config and not kept.content.files:
        told = "was published before the desk kept the texts of configuration: it is written anew, without comments"
        click.echo(f"Version {kept.version} {told}.", err=True)
