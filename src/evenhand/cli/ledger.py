"""`evenhand ledger`: verify, prove, export, erase. A copy is verified without a desk, a database or Django."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import click

from evenhand.cli.common import data_option, fail, open_desk
from evenhand.engine.ledger import checkpoints, copies, packages, prooffiles
from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.notes import VerifierKey, parse_key
from evenhand.engine.ledger.tree import LedgerError
from evenhand.engine.ledger.verify import Summary
from evenhand.engine.ledger.verify import verify as check

_existing = click.Path(exists=True, dir_okay=False, path_type=Path)
_ACTOR = "system:cli"


@click.group()
def ledger() -> None:
    """The record of all that was decided: append-only, hashed, signed.

    \b
    evenhand ledger verify --data ./desk                     is it whole?
    evenhand ledger prove 1234 --data ./desk                 a proof of one entry, for anybody
    evenhand ledger export --data ./desk > ledger.jsonl      a copy for the auditor
    evenhand ledger verify --file ledger.jsonl --vkey KEY    the auditor checks it, without the desk
    """


@ledger.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="The desk's data folder.")
@click.option("--file", "file", type=_existing, help="A copy or a proof, instead of a desk.")
@click.option("--vkey", "vkeys", multiple=True, help="The ledger's public key, as the desk showed it to you.")
@click.option("--checkpoint", "held", type=_existing, multiple=True, help="A checkpoint that you kept earlier.")
def verify(data: Path | None, file: Path | None, vkeys: tuple[str, ...], held: tuple[Path, ...]) -> None:
    """Check every entry, node, payload and checkpoint. Exit code 0, or 1 with the first entry that does not hold.

    \b
    evenhand ledger verify --data ./desk
    evenhand ledger verify --data ./desk --checkpoint kept-in-march.txt
    evenhand ledger verify --file ledger.jsonl --vkey 'desk.example/ledger+1a2b3c4d+AX…'
    evenhand ledger verify --file ledger-1234.tlog-proof --vkey 'desk.example/ledger+1a2b3c4d+AX…'
    evenhand ledger verify --file growth.txt --checkpoint kept-in-march.txt --vkey 'desk.example/ledger+1a2b3c4d+AX…'

    With --file nothing of the desk is needed, nor touched. With a checkpoint that you kept, a cut-off or rewritten
    history shows even when it was signed anew.
    """
    try:
        keys = [parse_key(vkey) for vkey in vkeys]
        if file is None:
            _tell(*_verify_desk(data, keys, held))
        elif (first := _first_line(file)) == prooffiles.FIRST_LINE:
            _verify_proof(file, _given(keys))
        elif first.startswith("old "):
            _verify_growth(file, _given(keys), held)
        else:
            _tell(*_verify_copy(file, keys, held))
    except LedgerError as error:
        fail(str(error))


@ledger.command("verify-package")
@click.argument("file", type=_existing)
@click.option("--vkey", "vkeys", multiple=True, help="The ledger's public key, as the desk gave it to you.")
def verify_package(file: Path, vkeys: tuple[str, ...]) -> None:
    """Check a package that a desk made of a case. Exit code 0, or 1 with what is wrong.

    \b
    evenhand ledger verify-package evenhand-case-17-3fa2b1c0.zip --vkey 'desk.example/ledger+1a2b3c4d+AX…'

    Its files, the hashes of the item's words, the proofs of the ledger. Nothing of the desk is needed, nor touched.
    """
    if file.stat().st_size > packages.MOST_BYTES:
        fail(f"{file} is no package: it has more than {packages.MOST_BYTES:,} bytes")
    try:
        files = packages.unpack(file.read_bytes())
        keys = [parse_key(vkey) for vkey in vkeys] or [packages.key_named(files)]
        found = packages.check(files, keys)
    except LedgerError as error:
        fail(f"{file} does not hold: {error}")
    if not vkeys:
        click.echo("Checked against the key that the package itself names; with --vkey you know whose it is.", err=True)
    manifest = found.manifest
    click.echo(
        f"The package holds: {found.files} files as they were made, {found.texts} texts that hash to what is said of"
        f" them, {found.proofs} entries that are in the ledger under {found.covered} signed ones."
    )
    click.echo(f"case {manifest.case}, made by {manifest.made_by} at {manifest.made_at}")
    click.echo(f"for {manifest.recipient['name']} ({manifest.recipient['kind']}): {manifest.reason}")
    click.echo(f"manifest {found.digest}")


@ledger.command()
@click.argument("seq", type=click.IntRange(min=0))
@click.option("--out", help="Where to write it (default: ledger-SEQ.tlog-proof); - means stdout.")
@data_option
def prove(seq: int, out: str | None) -> None:
    """Write a file that proves one entry to anybody who has the ledger's public key.

    \b
    evenhand ledger prove 1234 --data ./desk
    evenhand ledger prove 1234 --data ./desk --out - | mail -s "your proof" person@example.com

    Where no checkpoint covers the entry yet, one is signed first.
    """
    from evenhand.desk.audit import keys, queries, services

    try:
        queries.entry(seq)
        if seq >= queries.state().signed:
            services.checkpoint(now=True)
        text = str(queries.proof_file(seq))
    except (queries.NoSuchEntryError, LedgerError) as error:
        fail(str(error))
    path = out or f"ledger-{seq}.tlog-proof"
    with click.open_file(path, "w", encoding="utf-8") as file:
        file.write(text)
    if path != "-":
        click.echo(f"{path} is written. Anybody checks it with:")
        click.echo(f"  evenhand ledger verify --file {path} --vkey '{keys.verifier()}'")


@ledger.command()
@click.option("--payloads", is_flag=True, help="With what the entries commit to. The export itself is then recorded.")
@data_option
def export(*, payloads: bool) -> None:
    """Print a copy as JSON lines: entries in order, and each checkpoint after the last entry that it covers.

    \b
    evenhand ledger export --data ./desk > ledger.jsonl
    evenhand ledger export --data ./desk --payloads > for-the-court.jsonl

    Without --payloads the copy holds no personal data. Its first line, and a message on stderr, say up to which entry
    it is signed: what is behind the last checkpoint is only as trustworthy as the operator.
    """
    from django.db import transaction

    from evenhand.desk.audit import queries, services
    from evenhand.desk.audit.acts import Act

    if payloads:
        with transaction.atomic():
            services.record(Act.LEDGER_EXPORTED, actor=_ACTOR, obj="ledger:payloads")
    try:
        lines = queries.exported(payloads=payloads)
        first = next(lines)
        header, _entries = copies.read([first])
        click.echo(_extent(header.size or 0, header.signed or 0), err=True)
        for line in (first, *lines):
            click.echo(line)
    except LedgerError as error:
        fail(str(error))


@ledger.command()
@click.argument("seqs", metavar="[SEQ]...", nargs=-1, type=click.IntRange(min=0))
@click.option("--mentioning", metavar="TEXT", help="All entries whose payload holds this text, such as a user's id.")
@click.option("--reason", required=True, help="Why: the request and its legal basis.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@data_option
def erase(seqs: tuple[int, ...], mentioning: str | None, reason: str, *, yes: bool) -> None:
    """Delete for ever what entries say about a person. The entries stay, and the ledger still verifies.

    \b
    evenhand ledger erase 1234 1240 --reason 'GDPR Art. 17, request 88' --data ./desk
    evenhand ledger erase --mentioning user-4711 --reason 'GDPR Art. 17, request 88' --data ./desk
    """
    from evenhand.desk.audit import queries, services

    try:
        found = sorted({*seqs, *(queries.mentioning(mentioning) if mentioning else ())})
        if not found:
            fail("no entry to erase: give numbers, or a text that some payload holds")
        click.echo(f"{len(found)} payloads, of the entries {', '.join(map(str, found))}", err=True)
        if not yes:
            click.confirm("Erase them for ever?", abort=True, err=True)
        recorded = services.erase(found, actor=_ACTOR, reason=reason)
    except (services.NothingToEraseError, LedgerError) as error:
        fail(str(error))
    click.echo(f"Erased. Entries {recorded[0]} to {recorded[-1]} say so.")


def _verify_desk(
    data: Path | None, keys: list[VerifierKey], held: tuple[Path, ...]
) -> tuple[Summary, list[VerifierKey]]:
    open_desk(data)
    from django.db import DatabaseError

    from evenhand.desk.audit import keys as own
    from evenhand.desk.audit import queries, services

    trusted = keys or [own.verifier()]
    known = _held(held, trusted)
    try:
        return (queries.verify(keys, known) if keys else services.verify(known)), trusted
    except DatabaseError as error:
        fail(f"the desk's database cannot be read: {error}. Is this the folder of a desk that was started?", code=2)


def _verify_copy(file: Path, keys: list[VerifierKey], held: tuple[Path, ...]) -> tuple[Summary, list[VerifierKey]]:
    with file.open("rb") as lines:
        header, found = copies.read(lines)
        trusted = keys or [parse_key(header.vkey)]
        summary = check(found, trusted, payloads=header.payloads, held=_held(held, trusted))
    copies.check_extent(header, summary)
    if not keys:
        click.echo("Checked against the key that the copy itself names; with --vkey you know whose it is.", err=True)
    return summary, trusted


def _held(files: tuple[Path, ...], trusted: list[VerifierKey]) -> list[Checkpoint]:
    return [checkpoints.opened(_text(file), trusted) for file in files]


def _given(keys: list[VerifierKey]) -> list[VerifierKey]:
    if not keys:
        fail("a proof is worth as much as the key that signed it: give it with --vkey", code=2)
    return keys


def _verify_proof(file: Path, keys: list[VerifierKey]) -> None:
    proof = prooffiles.parse(_text(file))
    covered = proof.check(keys)
    click.echo(f"Entry {proof.index} is in the ledger {covered.origin}, signed over {covered.size} entries:")
    click.echo((proof.body or b"").decode(errors="backslashreplace"))


def _verify_growth(file: Path, keys: list[VerifierKey], held: tuple[Path, ...]) -> None:
    if len(held) != 1:
        fail("a proof of growth begins at a checkpoint that you kept: give it with --checkpoint", code=2)
    (kept,) = _held(held, keys)
    covered = prooffiles.parse_growth(_text(file)).check(keys, kept)
    click.echo(f"The ledger {covered.origin} only grew from {kept.size} to {covered.size} entries.")


def _first_line(file: Path) -> str:
    with file.open("rb") as start:
        return start.readline(100).decode(errors="replace").strip()


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError:
        fail(f"{file} is not a text in UTF-8")


def _extent(size: int, signed: int) -> str:
    if signed == size:
        return f"{size} entries, all of them under a signed checkpoint."
    return f"{size} entries, {signed} of them under a signed checkpoint. {_tail(range(signed, size))}"


def _tail(unsigned: range) -> str:
    """What to know of entries that no checkpoint covers."""
    first, last = unsigned.start, unsigned.stop - 1
    entries, are = ("1 entry", "is") if len(unsigned) == 1 else (f"{len(unsigned)} entries", "are")
    which = f"{first}" if first == last else f"{first} to {last}"
    behind = "behind the last checkpoint " if first else ""
    return (
        f"{entries} {behind}{are} not signed yet: {which}. No signature shows that they stay, nor that none was cut off"
        " behind them."
    )


def _tell(summary: Summary, keys: list[VerifierKey]) -> None:
    click.echo(
        f"The ledger is whole: {summary.size} entries, {summary.checkpoints} checkpoints (the last over"
        f" {summary.signed} entries), {summary.payloads} payloads opened, {summary.erased} erased."
    )
    if summary.unsigned:
        click.echo(_tail(summary.unsigned))
    click.echo(f"size {summary.size}, root {b64encode(summary.root).decode()}")
    for key in keys:
        click.echo(f"key {key}")
