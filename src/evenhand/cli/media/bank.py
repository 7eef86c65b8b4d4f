"""`evenhand media bank`: banks of known media, filled from files."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from evenhand.cli.common import data_option, fail, may_make_desk, ready_database
from evenhand.cli.rules.folder import printable, progress
from evenhand.engine.media.listing import Listed, ListFailed, Page, Withdrawn

_BY = "system:cli"
_PAGE = 1_000
_MOST_TOLD = 20


@click.group()
def bank() -> None:
    """Banks: entries that stand for one policy, from lists, from files, or added here.

    \b
    evenhand media bank create KNOWN --policy spam --data ./desk
    evenhand media bank import KNOWN hashes.csv --data ./desk
    evenhand media bank list --data ./desk
    """


@bank.command("create")
@click.argument("name")
@click.option("--policy", required=True, help="Id of the policy that a match speaks for.")
@click.option("--title", default="", help="What people read.")
@click.option("--hold", type=click.Choice(["never", "confirmed", "always"]), default="never", show_default=True)
@click.option("--radius", type=click.IntRange(0, 31), default=31, show_default=True, help="Largest distance.")
@may_make_desk
def create(name: str, **more: Any) -> None:
    """Make a bank. Its name is in capitals, as HMA's are.

    \b
    evenhand media bank create KNOWN --policy spam --hold confirmed --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services

    try:
        services.make_bank(name, actor=_BY, **more)
    except services.MediaError as error:
        fail(str(error))
    click.echo(f"Bank {name} was made.")


@bank.command("add")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="Why it is there.")
@data_option
def add(name: str, files: tuple[Path, ...], note: str) -> None:
    """Add pictures by what they hash to, with their usual crops and turns. Only hashes are kept.

    \b
    evenhand media bank add KNOWN picture.jpg --note "sent by the platform" --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.runtime import decode

    for file in files:
        found = decode.hash_media(file.read_bytes(), said=file.name, keep=True)
        if isinstance(found, decode.Refused):
            fail(f"{file}: {found}")
        hashes = {kind: bytes.fromhex(value) for kind, value in found.hashes.items()}
        if "pdq" in hashes:
            hashes["pdq"] += b"".join(bytes.fromhex(one.pdq) for one in found.kept)
        elif found.frames:
            hashes["vpdq"] = b"".join(bytes.fromhex(frame.pdq) for frame in found.frames)
        try:
            rows = services.add_entry(name, hashes, actor=_BY, note=note)
        except services.MediaError as error:
            fail(str(error))
        click.echo(f"{file}: entry {rows[0].pk} of bank {name}.")


@bank.command("list")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line.")
@data_option
def list_(*, wants_json: bool) -> None:
    """Each bank: its policy, how much is in it, how its matches turned out.

    \b
    evenhand media bank list --data ./desk --json
    """
    ready_database()
    from evenhand.desk.media.queries.sources import banks

    for one in banks():
        told = {
            "bank": one.bank.name, "policy": one.bank.policy, "entries": one.entries, "hashes": one.hashes,
            "enabled_share": one.bank.enabled_share, "radius": one.bank.radius, "hold": one.bank.hold,
            "matches": one.matches, "decided": one.accuracy.decided,
        }  # fmt: skip
        click.echo(
            msgspec.json.encode(told)
            if wants_json
            else f"{one.bank.name} ({one.bank.policy}): {one.entries:,} entries, {one.matches:,} matches,"
            f" {one.accuracy.decided:,} decided; hold {one.bank.hold}, radius {one.bank.radius}"
        )


@bank.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "list_name", help="Name of the list that they come from (default: the file's name).")
@click.option("--kind", default="", help="Kind of the hashes that do not say theirs: pdq, md5, sha1, sha256 …")
@click.option("--replace", is_flag=True, help="The file is the whole list: what is not in it is withdrawn.")
@click.option("--consent", is_flag=True, help="Agree to the mass withdrawal that the last import stopped at.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object: what was added, withdrawn, refused.")
@data_option
def import_(
    name: str, file: Path, list_name: str | None, kind: str, *, replace: bool, consent: bool, wants_json: bool
) -> None:
    """Take a CSV file of hashes into a bank: type,value,label,source,source_id,added_at,deleted, in any order when the
    first line names them; or one hash a line. Taken in twice, it changes nothing.

    \b
    evenhand media bank import KNOWN hashes.csv --data ./desk
    evenhand media bank import KNOWN sha256.txt --kind sha256 --list example-list --replace --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries import sources

    source = list_name or re.sub(r"[^A-Za-z0-9._-]+", "-", file.name).strip("-.")[:64]
    try:
        sources.bank(name)
        _source(source, name)
        if consent:
            services.consent(source, actor=_BY)
        with progress("Importing", file.stat().st_size) as done:
            synced = services.sync(source, File(file, kind, whole=replace, done=done), actor=_BY)
    except (services.MediaError, ListFailed) as error:
        fail(str(error))
    counts = synced.counts
    told = {"bank": name, "list": source, "added": counts.added, "withdrawn": counts.withdrawn,
            "unchanged": counts.unchanged, "refused": len(counts.refused)}  # fmt: skip
    for one in counts.refused[:_MOST_TOLD]:
        click.echo(f"{file}: {printable(one)}", err=True)
    if len(counts.refused) > _MOST_TOLD:
        click.echo(f"{file}: and {len(counts.refused) - _MOST_TOLD:,} more.", err=True)
    text = f"Bank {name}: {counts.added:,} added, {counts.withdrawn:,} withdrawn, {counts.unchanged:,} as before"
    click.echo(msgspec.json.encode(told) if wants_json else f"{text}, {len(counts.refused):,} refused.")
    sys.exit(1 if counts.refused else 0)


def _source(source: str, bank_name: str) -> None:
    """The list that stands for the file, made at the first import. Raises MediaError: it fills another bank."""
    from evenhand.desk.media import services
    from evenhand.desk.media.queries.sources import called

    try:
        known = called(source)
    except services.NoSuch:
        services.make_source(source, bank=bank_name, kind="file", actor=_BY)
        return
    if known.bank.name != bank_name:
        raise services.Invalid(f"List {source} fills bank {known.bank.name}: name another by --list.")


class File:
    """A CSV file as a list (port: media.services.HashList)."""

    def __init__(self, file: Path, kind: str, *, whole: bool, done: Callable[[int], None]) -> None:
        self._file, self._kind, self._whole, self._done = file, kind, whole, done
        self._refused: list[str] = []

    def pull(self, cursor: str) -> Iterator[Page]:  # noqa: ARG002 (a file is read from its beginning)
        from evenhand.engine.media.hashcsv import joined

        gathered: list[Listed | Withdrawn] = []
        try:
            for change in joined(self._rows()):
                gathered.append(change)
                if len(gathered) == _PAGE:
                    yield self._page(gathered, complete=False)
                    gathered = []
        except (ValueError, OSError) as error:
            raise ListFailed(f"{self._file}: {error}") from error
        yield self._page(gathered, complete=True)

    def feedback(self, entry: Listed, opinion: str, reason: str) -> None:  # noqa: ARG002 (the port's words)
        raise ListFailed("A file takes no feedback.")

    def _rows(self) -> Iterator[Listed | Withdrawn]:
        from evenhand.engine.media.hashcsv import read

        with self._file.open(encoding="utf-8", errors="replace") as lines:
            for number, found in read(self._told(lines), kind=self._kind):
                if isinstance(found, str):
                    self._refused.append(f"line {number}: {found}")
                else:
                    yield found

    def _told(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._done(len(line))
            yield line

    def _page(self, changes: list[Listed | Withdrawn], *, complete: bool) -> Page:
        refused, self._refused = tuple(self._refused), []
        return Page(changes=tuple(changes), complete=complete, whole=self._whole, refused=refused)


@bank.command("export")
@click.argument("name")
@data_option
def export(name: str) -> None:
    """Print what matches in a bank, as the CSV that `import` takes. Handle it as the secret that it is: a PDQ hash
    tells roughly what its picture shows.

    \b
    evenhand media bank export KNOWN --data ./desk > known.csv
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries import exporting

    try:
        rows = services.exported(name, actor=_BY)
    except services.MediaError as error:
        fail(str(error))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(exporting.COLUMNS)
    for row in rows:
        out.writerow(row)
