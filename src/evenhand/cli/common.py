"""What every command shares: the data folder, and Django set up on it when it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--data DIR`, and sets Django up before the command runs."""

    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for everything the desk keeps (default: $EVENHAND_DATA, or ./data).",
    )
    @wraps(command)
    def wrapped(*args: Any, data: Path | None, **kwargs: Any) -> Any:
        use_data(data)
        setup_django()
        return command(*args, **kwargs)

    return wrapped


def use_data(data: Path | None) -> None:
    if data is not None:
        os.environ["EVENHAND_DATA"] = str(data)


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
