"""What the commands on a rule folder share: reading it, telling what is wrong with it, showing how far they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from evenhand.cli.common import fail

if TYPE_CHECKING:
    from evenhand.engine.rules.problem import Problem
    from evenhand.engine.rules.ruleset import RuleSet
    from evenhand.engine.rules.testing import Outcome
    from evenhand.runtime.rulefolders import Sources

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
COLOURS = {"error": "red", "warning": "yellow"}


def mode_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --strict and --compat; the command takes `strict`: None where neither was said."""

    @click.option("--strict", "wants_strict", is_flag=True, help="Refuse what is allowed only for old rules' sake.")
    @click.option(
        "--compat",
        "wants_compat",
        is_flag=True,
        help="Allow it, whatever the configuration says. The default, unless the configuration or a file says strict.",
    )
    @wraps(command)
    def wrapped(*args: Any, wants_strict: bool, wants_compat: bool, **kwargs: Any) -> Any:
        if wants_strict and wants_compat:
            raise click.UsageError("--strict and --compat exclude each other.")
        strict = True if wants_strict else False if wants_compat else None
        return command(*args, strict=strict, **kwargs)

    return wrapped


def read(folder: Path, *, strict: bool | None) -> RuleSet:
    """The rules of the folder.

    Raises RuleError, with every problem.
    """
    from evenhand.engine.rules.problem import RuleError
    from evenhand.runtime.rules import load_sources

    found = _sources(folder, strict=strict)
    try:
        return load_sources(found.sources, found.config)
    except RuleError as error:
        raise RuleError(placed(error.problems, found.files)) from error


def _sources(folder: Path, *, strict: bool | None) -> Sources:
    from evenhand.runtime.rulefolders import read_folder

    return as_strict(read_folder(folder), strict=strict)


def as_strict(found: Sources, *, strict: bool | None) -> Sources:
    """The same, with what --strict or --compat say in place of the configuration."""
    return found if strict is None else msgspec.structs.replace(found, config=found.config | {"strict": strict})


def placed(problems: Iterable[Problem], files: Mapping[str, str]) -> list[Problem]:
    """Mistakes in the configuration at their line in one of these files."""
    from evenhand.runtime import ruleconfig

    return [ruleconfig.placed(one, files) for one in problems]


def read_or_exit(folder: Path, *, strict: bool | None) -> RuleSet:
    """The rules; what is wrong with them goes to stderr, and ends the command with exit code 1."""
    from evenhand.engine.rules.problem import RuleError

    try:
        return read(folder, strict=strict)
    except RuleError as error:
        refuse(folder, error.problems)


def refuse(folder: Path, problems: Iterable[Problem], files: Mapping[str, str] | None = None) -> NoReturn:
    """`files`: the texts of the configuration, where its mistakes have no place yet."""
    found = placed(problems, files or {})
    show(found)
    mistakes = sum(one.severity == "error" for one in found)
    fail(f"{folder} has {count(mistakes, 'mistake')}.")


def show(problems: Iterable[Problem]) -> None:
    """Each problem with its line and a caret, on stderr."""
    for problem in problems:
        place, _, rest = printable(str(problem)).partition("\n")
        click.secho(place, fg=COLOURS.get(problem.severity), err=True)
        if rest:
            click.echo(rest, err=True)


def show_failed(outcome: Outcome, *, err: bool = False) -> None:
    """A test that failed: what was expected, what was found instead, and why."""
    case = outcome.case
    click.secho(f"{case.file}:{case.line}: {printable(case.name)}", fg="red", err=err)
    for one in outcome.mismatches:
        click.echo(f"    expected  {printable(one.expected)}", err=err)
        click.echo(f"    found     {printable(one.found)}", err=err)
        for number, line in enumerate(one.why):
            click.echo(f"    {'' if number else 'because':<9} {printable(line)}", err=err)
    click.echo(err=err)


def as_json(problem: Problem) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(problem)
    return told


def printable(text: str) -> str:
    """Without what would steer a terminal: files are other people's."""
    return "".join(one if one.isprintable() or one == "\n" else "�" for one in text)


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for whoever sits before a terminal; nothing for a script."""
    if not sys.stderr.isatty() or not length:
        yield lambda _done: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
