"""`evenhand media`: hashing, banks of known media, lists that fill them, and what was seen before."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "hash": "Hash pictures and films, in the sandbox; no desk is needed.",
    "match": "Tell which banks files or hashes are in.",
    "bank": "Banks: list, create, change, import, export.",
    "lists": "Hash lists of others: connect, switch, rename, remove one.",
    "sync": "Take in what is new at hash lists, now.",
    "retroscan": "Hold new entries against everything that was seen before.",
}
_MODULES = {"hash": "hashing"}
"""Where a command's name means something in Python."""


class LazyGroup(click.Group):
    """Imports `evenhand.cli.media.NAME` when the command is called and not before."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = _MODULES.get(name, name)
        command: click.Command = getattr(import_module(f"evenhand.cli.media.{module}"), module)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup)
def media() -> None:
    """Known media: hash, match exactly, with every list's provenance and age.

    \b
    What does a picture hash to?
        evenhand media hash picture.jpg --json
    A bank, filled from a file, and asked:
        evenhand media bank create KNOWN --policy spam --data ./desk
        evenhand media bank import KNOWN hashes.csv --data ./desk
        evenhand media match picture.jpg --data ./desk --json
    A list of somebody else, and what is new there:
        evenhand media lists connect example-list --bank KNOWN --kind hashfile --set path=/srv/list.csv --data ./desk
        evenhand media sync example-list --data ./desk
    """
