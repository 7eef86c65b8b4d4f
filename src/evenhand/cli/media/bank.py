"""`evenhand media bank`: banks of known media, filled from files."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from evenhand.cli.common import data_option, fail, may_make_desk, ready_database
from evenhand.cli.media.hashfile import File
from evenhand.cli.media.hashing import FILES
from evenhand.cli.rules.folder import printable, progress
from evenhand.engine.media.listing import Listed, ListFailed

_BY = "system:cli"
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
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--note", default="", help="Why it is there.")
@data_option
def add(name: str, files: tuple[Path, ...], note: str) -> None:
    """Add pictures by what they hash to, with their usual crops and turns. Only hashes are kept. One that cannot be
    read keeps none of the others out; exit code 1 tells that there was one.

    \b
    evenhand media bank add KNOWN picture.jpg --note "sent by the platform" --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries import sources
    from evenhand.desk.media.services import adding

    failed = False
    try:
        sources.bank(name)
    except services.MediaError as error:
        fail(str(error))
    for file in files:
        try:
            rows = adding.add_file(name, file.read_bytes(), actor=_BY, note=note)
        except OSError as error:
            failed = True
            click.echo(f"{file}: It cannot be read: {error.strerror or error}.", err=True)
        except services.MediaError as error:
            failed = True
            click.echo(f"{file}: {printable(str(error))}", err=True)
        else:
            click.echo(f"{file}: entry {rows[0].pk} of bank {name}.")
            if not adding.has_look(rows):
                click.echo(
                    f"{file}: Its look cannot be matched, there is too little in it: only the same file is.", err=True
                )
    sys.exit(1 if failed else 0)


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
            else f"{one.bank.name} ({one.bank.policy}): {one.entries:,} {'medium' if one.entries == 1 else 'media'},"
            f" {one.matches:,} match{'' if one.matches == 1 else 'es'},"
            f" {one.accuracy.decided:,} decided; hold {one.bank.hold}, radius {one.bank.radius}"
        )


@bank.command("import")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--list", "list_name", help="Name of the list that they come from (default: each file's name).")
@click.option("--kind", default="", help="Kind of the hashes that do not say theirs: pdq, md5, sha1, sha256 …")
@click.option("--replace", is_flag=True, help="The file is the whole list: what is not in it is withdrawn.")
@click.option("--consent", is_flag=True, help="Agree to the mass withdrawal that the last import stopped at.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line: what was added, withdrawn, refused.")
@data_option
def import_(
    name: str,
    files: tuple[Path, ...],
    list_name: str | None,
    kind: str,
    *,
    replace: bool,
    consent: bool,
    wants_json: bool,
) -> None:
    """Take files of hashes into a bank. CSV: type,value,label,source,source_id,added_at,deleted, in any order when the
    first line names them; or one hash a line. JSON: a list or a line for each, of bare hashes, of objects that have
    these names, or of contents of HMA with their signals; Project VIC's JSON; vPDQ's text. What a file is shows in
    it. Taken in twice, it changes nothing. Exit code 1 when a line or a file could not be taken; the others are.

    With --replace, a file that would withdraw much of its list stops and asks, as a list does.

    \b
    evenhand media bank import KNOWN hashes.csv --data ./desk
    evenhand media bank import KNOWN contents.json --list hma --data ./desk
    evenhand media bank import KNOWN sha256.txt --kind sha256 --list example-list --replace --data ./desk
    """
    if len(files) > 1 and (list_name or replace or consent):
        raise click.UsageError("--list, --replace and --consent are for one file.")
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries import sources
    from evenhand.runtime import mediakinds

    if kind and (told := mediakinds.problem(kind)):
        fail(f"--kind: {told}", code=2)
    try:
        sources.bank(name)
    except services.MediaError as error:
        fail(str(error))
    whole = [
        _imported(name, file, list_name, kind, replace=replace, consent=consent, wants_json=wants_json)
        for file in files
    ]
    sys.exit(0 if all(whole) else 1)


def _imported(
    bank_name: str, file: Path, list_name: str | None, kind: str, *, replace: bool, consent: bool, wants_json: bool
) -> bool:
    """Whether all of it was taken; the rest is told."""
    from evenhand.desk.media import services

    source = list_name or re.sub(r"[^A-Za-z0-9._-]+", "-", file.name).strip("-.")[:64]
    try:
        size, list_ = file.stat().st_size, File(file, kind, whole=replace)
        if not _is_known(source) and not _has_any(list_, file):
            return False
        _source(source, bank_name)
        if consent:
            services.consent(source, actor=_BY)
        with progress("Importing", size) as done:
            synced = services.sync(source, File(file, kind, whole=replace, done=done), actor=_BY)
    except OSError as error:
        click.echo(f"evenhand: {file}: It cannot be read: {error.strerror or error}.", err=True)
        return False
    except (services.MediaError, ListFailed) as error:
        click.echo(f"evenhand: {error}", err=True)
        return False
    counts = synced.counts
    told = {"bank": bank_name, "list": source, "added": counts.added, "withdrawn": counts.withdrawn,
            "unchanged": counts.unchanged, "refused": len(counts.refused)}  # fmt: skip
    _tell_refused(file, counts.refused)
    if others := list_.left_out():
        click.echo(f"{file}: nothing is read from {', '.join(others)}: no column of ours is called so.", err=True)
    text = f"Bank {bank_name}: {counts.added:,} added, {counts.withdrawn:,} withdrawn, {counts.unchanged:,} as before"
    click.echo(msgspec.json.encode(told) if wants_json else f"{text}, {len(counts.refused):,} refused.")
    return not counts.refused


def _is_known(source: str) -> bool:
    from evenhand.desk.media import services
    from evenhand.desk.media.queries.sources import called

    try:
        called(source)
    except services.NoSuch:
        return False
    return True


def _has_any(list_: File, file: Path) -> bool:
    """Whether anything can be taken from it: a file of which nothing is taken leaves no list. Raises ListFailed."""
    refused: list[str] = []
    for page in list_.pull(""):
        refused += page.refused
        if any(isinstance(one, Listed) for one in page.changes):
            return True
    _tell_refused(file, refused)
    click.echo(f"evenhand: {file}: Nothing in it can be taken, and no list was made.", err=True)
    return False


def _tell_refused(file: Path, refused: Sequence[str]) -> None:
    for one in refused[:_MOST_TOLD]:
        click.echo(f"{file}: {printable(one)}", err=True)
    if len(refused) > _MOST_TOLD:
        click.echo(f"{file}: and {len(refused) - _MOST_TOLD:,} more.", err=True)


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


@bank.command("recount")
@data_option
def recount() -> None:
    """Count anew how much of each bank matches. `evenhand check` says when that is needed, which would be our fault.

    \b
    evenhand media bank recount --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services

    wrong = services.recount()
    click.echo(f"{wrong:,} numbers were wrong, and are right now." if wrong else "All numbers were right.")
