"""A running desk for black-box tests: `evenhand serve` on a free port, and the other commands on its data folder."""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support import inside
from tests.support.ports import HOST, wait_until_closed
from tests.support.processes import Child

EVENHAND = Path(sys.executable).with_name("evenhand")
READY = "listening on "
TABLES = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0, interactive=False)
connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
"""


class Desk(NamedTuple):
    data: Path
    url: str
    process: Child


@contextmanager
def serving(data: Path, *arguments: str, env: Mapping[str, str] | None = None, port: int = 0) -> Iterator[Desk]:
    """A desk on `data`, ready. Stopped with its whole process group; its port is free afterwards."""
    _begin(data, env)
    command: list[str | Path] = [EVENHAND, "serve", "--data", data, "--host", HOST, "--port", str(port), *arguments]
    with Child(command, env=_of_its_own(data, env)) as process:
        url = process.wait_for(READY).partition(READY)[2].strip()
        yield Desk(data, url, process)
    wait_until_closed(int(url.rpartition(":")[2]))


def evenhand(*arguments: str | Path, data: Path, given: str = "", env: Mapping[str, str] | None = None) -> str:
    """What a command printed on stdout. Raises subprocess.CalledProcessError with its stderr."""
    if "--yes" in arguments:  # the first command on most desks
        _begin(data, env)
    done = subprocess.run(
        [EVENHAND, *arguments, "--data", data],
        input=given,
        env={**os.environ, **_of_its_own(data, env)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return done.stdout


def _begin(data: Path, env: Mapping[str, str] | None) -> None:
    """A new desk on SQLite begins with tables that are there: to make them costs three seconds of a core."""
    place = data / "desk.sqlite3"
    if "DATABASE_URL" in {**os.environ, **(env or {})} or place.exists():
        return
    data.mkdir(exist_ok=True)
    place.write_bytes(_tables())


@functools.cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        inside.run(TABLES, Path(folder))
        return (Path(folder) / "desk.sqlite3").read_bytes()


def _of_its_own(data: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    """Not this test process's folder and configuration, but the desk's."""
    return {"EVENHAND_DATA": str(data), "EVENHAND_CONFIG": "", **(env or {})}
