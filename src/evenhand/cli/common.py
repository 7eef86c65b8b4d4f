"""What every command shares: the data folder, whether there is a desk in it, and Django set up on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from evenhand.runtime.config import Config


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--data DIR`; before the command runs, Django is set up on the desk that has to be there."""
    return _with_data(command, open_desk)


def may_make_desk(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that may be the first on a desk."""
    return _with_data(command, make_desk)


def _with_data(command: Callable[..., Any], ready: Callable[[Path | None], None]) -> Callable[..., Any]:
    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for everything the desk keeps (default: $EVENHAND_DATA, or ./data).",
    )
    @wraps(command)
    def wrapped(*args: Any, data: Path | None, **kwargs: Any) -> Any:
        ready(data)
        return command(*args, **kwargs)

    return wrapped


def open_desk(data: Path | None) -> None:
    """Django, set up on the desk in `data`. Raises SystemExit(2) when there is none: whoever only looks makes none."""
    use_data(data)
    if not is_desk():
        _fail_without_desk()
    setup_django()
    from django.db import DatabaseError, connection
    from django.db.migrations.recorder import MigrationRecorder

    try:
        is_empty = not MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return
    if is_empty:
        _fail_without_desk()


def make_desk(data: Path | None) -> None:
    """Django, set up on the desk in `data`, which is made when it is not there; a line on stderr says so."""
    use_data(data)
    if not is_desk():
        click.echo(f"There was no desk in {_configured().data_dir}: this makes one.", err=True)
    setup_django()


def use_data(data: Path | None) -> None:
    if data is not None:
        os.environ["EVENHAND_DATA"] = str(data)


def is_desk() -> bool:
    """Whether the configuration names a desk that was started: by its keys, or by a database elsewhere."""
    configured = _configured()
    return bool(configured.database_url) or (configured.data_dir / "secret.key").is_file()


def _fail_without_desk() -> NoReturn:
    where = "its database" if _configured().database_url else _configured().data_dir
    fail(
        f"There is no desk in {where}. Is this the folder of a desk that was started? Name it with --data DIR;"
        " `evenhand serve --data DIR` starts one.",
        code=2,
    )


def held_by(folder: Path, port: int) -> str:
    """That this folder's own desk listens on the port already, and how to end it; empty when it is another program."""
    from evenhand.runtime import running

    found = next((one for one in running.processes(folder) if one.port == port), None)
    if found is None:
        return ""
    return (
        f"Port {port} is held by the server of {folder} itself, which runs already (process {found.to_end})."
        f" To end it: kill {found.to_end}"
    )


def _configured() -> Config:
    from evenhand.runtime import config

    try:
        return config.load(os.environ)
    except config.ConfigError as error:
        fail(str(error), code=2)


def setup_django() -> None:
    """Raises SystemExit(2) with a sentence when the configuration is wrong."""
    from evenhand.runtime.config import ConfigError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.desk.settings")
    import django

    try:
        django.setup()
    except ConfigError as error:
        fail(str(error), code=2)


def ready_database() -> None:
    """Bring the database to this version, if it is not: so that a command works on a folder that nobody served yet."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def fail(message: str, *, code: int = 1) -> NoReturn:
    click.echo(f"evenhand: {message}", err=True)
    sys.exit(code)
