"""The command `evenhand`. Each subcommand is a file of its own, imported only when it is called."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import version

import click

COMMANDS = {
    "demo": "Start a desk on a made-up platform, with one-time login.",
    "serve": "Start the desk: web server, worker and deliveries in one.",
    "worker": "Fold events and deliver webhooks in a process of its own.",
    "rules": "Check, test and try rules; hold them against the past.",
    "hma": "Answer clients of Meta's HMA from the banks of known media.",
    "media": "Hash media; banks and lists of known media; match and search.",
    "apply": "Read platform.toml: show what would change, then apply it.",
    "keys": "API keys of the platform: create, list, revoke.",
    "users": "People at the desk: create, roles, password, login link.",
    "webhooks": "Where webhooks go: secrets, tests, replays, on and off.",
    "export": "Print cases, decisions, reports or webhooks as JSON lines.",
    "check": "Tell what is misconfigured, stale, behind or failing.",
    "ledger": "Verify, prove and export the record of all decisions.",
}


class LazyGroup(click.Group):
    """Imports `evenhand.cli.NAME` and takes NAME from it, when the command is called and not before."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"evenhand.cli.{name}"), name)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def main() -> None:
    """What the desk keeps is for its own user's eyes: reports, addresses, hashes of passwords."""
    os.umask(0o077)
    evenhand()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("evenhand"), prog_name="evenhand")
def evenhand() -> None:
    """A self-hosted trust-and-safety desk for one overworked person.

    \b
    Try it on a made-up platform:
        evenhand demo
    Set one up:
        evenhand apply platform.toml --data ./desk
        evenhand users create you@example.com --role moderator --role admin --data ./desk --password-stdin
        evenhand keys create my-platform --scope ingest,report --data ./desk
        evenhand serve --data ./desk --port 8000
    """
