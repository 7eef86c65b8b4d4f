"""`evenhand media hash`: what files hash to."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from evenhand.cli.rules.folder import printable, progress

FILES = click.Path(path_type=Path)
"""One that is not there is told like one that cannot be read: it keeps no other from its turn."""


@click.command("hash")
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line: file, hashes, quality, notes, error.")
def hashing(files: tuple[Path, ...], *, wants_json: bool) -> None:
    """Hash pictures and films: pdq, md5, sha1, sha256, a film's frames. Decoded in a sandbox, as a person sees them.

    Exit code 1 when a file could not be decoded; its bytes are hashed all the same.

    \b
    evenhand media hash picture.jpg
    evenhand media hash *.png --json
    """
    failed = False
    for told in _hashed(files):
        failed = failed or "error" in told
        click.echo(msgspec.json.encode(told) if wants_json else _as_text(told))
    sys.exit(1 if failed else 0)


def _hashed(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    with progress("Hashing", len(files) if len(files) > 1 else 0) as done:
        for file in files:
            yield hashes_of(file)
            done(1)


def hashes_of(file: Path) -> dict[str, Any]:
    """What a file hashes to; with `error`, why it is not all."""
    from evenhand.runtime import decode

    try:
        found = decode.hash_media(file.read_bytes(), said=file.name)
    except OSError as error:
        return {"file": str(file), "hashes": {}, "error": f"It cannot be read: {error.strerror or error}."}
    if isinstance(found, decode.Refused):
        return {"file": str(file), "hashes": dict(found.hashes), "error": str(found)}
    told = msgspec.to_builtins(found)
    return {"file": str(file), **{name: told[name] for name in _TOLD if told[name] not in ([], ())}}


_TOLD = ("kind", "hashes", "quality", "flat", "width", "height", "size", "whole", "frames", "others", "notes")


def _as_text(told: dict[str, Any]) -> str:
    lines = [printable(told["file"])]
    lines += [f"  {name:<9} {value}" for name, value in told["hashes"].items()]
    if "quality" in told:
        lines.append(f"  quality   {told['quality']} of 100")
    lines += [f"  note      {printable(note)}" for note in told.get("notes", ())]
    if "error" in told:
        lines.append(f"  error     {printable(told['error'])}")
    return "\n".join(lines)
