"""`evenhand rules`: a rule project on its way to the desk: checked, tried, tested, and held against the past."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "check": "Tell everything that is wrong with the rules, at its place.",
    "test": "Run the tests that stand beside the rules.",
    "run": "Run the rules over events in a file: one result a line.",
    "pull": "Bring the rules that the desk runs back into a folder.",
    "push": "Publish the rules to the desk, after their tests have passed.",
    "move": "Let a rule take a step in its life: draft, shadow, canary, live, retired.",
    "list": "Show the rules of the desk: stage, owner, how often they fired.",
    "backtest": "Replay what the desk has stored, and tell what the rules would have done.",
}


_MODULES = {"list": "listing"}
"""Where a command's name is not that of its file: `list` means something in Python."""


class LazyGroup(click.Group):
    """Imports `evenhand.cli.rules.NAME` when the command is called and not before."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"evenhand.cli.rules.{_MODULES.get(name, name)}")
        command: click.Command = getattr(module, _MODULES.get(name, name))
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup)
def rules() -> None:
    """Rules in SML, in a folder: main.sml and what it imports, config/, lists/, tests/.

    \b
    Is it right, and does it do what its tests say?
        evenhand rules check ./rules
        evenhand rules test ./rules
    What would it make of these events?
        evenhand rules run ./rules --events events.jsonl
    What would it have done in the last 30 days, and how does that compare with the rules that run?
        evenhand rules backtest --rules ./rules --data ./desk --since 30d
    Let the desk run them, and each rule earn its way.
        evenhand rules push ./rules --data ./desk --note "spam links"
        evenhand rules move SpamLink shadow --data ./desk --owner ana --reason "see what it does"
    Take up what was changed at the desk meanwhile.
        evenhand rules pull ./rules --data ./desk
    """
