"""The command line, as `evenhand --help` tells it."""

from collections.abc import Iterator

import click

from docs.pages import markdown
from evenhand.cli.main import evenhand

WIDTH = 100


def page() -> str:
    helps = [f"## `{path}`\n\n```text\n{text}\n```" for path, text in walk(evenhand, "evenhand")]
    return markdown.page("Commands", "What each command says when it is asked with `--help`.", *helps)


def walk(command: click.Command, path: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """Each command with its help, parents first."""
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent, max_content_width=WIDTH)
    context.terminal_width = WIDTH
    yield path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from walk(child, f"{path} {name}", context)
