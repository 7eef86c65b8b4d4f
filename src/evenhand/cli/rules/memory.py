"""What a rule folder remembers: with which version of which desk's rules it began. Written by pull and push."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click
import msgspec
from msgspec import Struct

from evenhand.cli.common import fail

NAME: Final = ".evenhand-rules.json"
MOST_DESKS: Final = 100


class _Memory(Struct, frozen=True, forbid_unknown_fields=True):
    """`versions`: by desk. A folder may go to several: one to try things on, and one for people."""

    versions: dict[str, int]


def recall(folder: Path) -> int | None:
    """The version of this desk that the folder began with, None where it does not know; what cannot be read ends the
    command."""
    return _read(folder).versions.get(_desk())


def remember(folder: Path, version: int) -> None:
    """From now on the folder begins with this version. A folder that cannot be written to is told, and is no error:
    what was asked for is done."""
    others = {desk: kept for desk, kept in _read(folder).versions.items() if desk != _desk()}
    newest = dict(list(others.items())[-MOST_DESKS + 1 :]) | {_desk(): version}
    text = msgspec.json.format(msgspec.json.encode(_Memory(newest)), indent=2) + b"\n"
    try:
        write(folder / NAME, text)
    except OSError as error:
        told = f"The folder does not remember version {version}: {NAME} cannot be written ({error.strerror})."
        click.echo(told, err=True)


def write(file: Path, content: bytes) -> None:
    """The file as a whole, or as it was before. Raises OSError."""
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    os.replace(new, file)  # noqa: PTH105 (Path.replace gives a path that nobody needs)


def _read(folder: Path) -> _Memory:
    file = folder / NAME
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Memory)
    except FileNotFoundError:
        return _Memory({})
    except (OSError, ValueError) as error:
        fail(f"{file} cannot be read: {error}. Mend it, or delete it to have the folder forget where it began.")


def _desk() -> str:
    """The desk by its ledger's name and key: "evenhand.example/ledger+1f2e3d4c"."""
    from evenhand.desk.audit import keys

    key = keys.verifier()
    return f"{key.name}+{key.key_id.hex()}"
