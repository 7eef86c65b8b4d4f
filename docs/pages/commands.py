"""The command line, as `evenhand --help` tells it."""

from collections.abc import Iterator
from copy import copy

import click

from docs.pages import markdown
from evenhand.cli.main import evenhand

WIDTH = 100


def page() -> str:
    helps = [f"## `{path}`\n\n```text\n{text}\n```" for path, text in walk(evenhand, "evenhand")]
    return markdown.page("Commands", "What each command says when it is asked with `--help`.", *helps)


def walk(command: click.Command, path: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """Each command with its help, parents first."""
    command = copy(command)
    command._help_option = None  # noqa: SLF001 - click keeps the one that it made first, whoever asked, and how
    settings = {**command.context_settings, "max_content_width": WIDTH}
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent, **settings)
    context.terminal_width = WIDTH
    yield path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from walk(child, f"{path} {name}", context)
