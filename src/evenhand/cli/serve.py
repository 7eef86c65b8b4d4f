"""`evenhand serve`: the web server, with the worker and the deliveries in its process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import click

from evenhand.cli.common import fail, held_by, make_desk, use_data

if TYPE_CHECKING:
    from evenhand.runtime.config import Config

_READY_SECONDS = 60.0
_REFUSED = 2


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--host", help="Address to listen on (default 127.0.0.1, or `host` of evenhand.toml).")
@click.option("--port", type=int, help="Port to listen on; 0 picks a free one (default 8000).")
@click.option("--no-worker", is_flag=True, help="Serve only: `evenhand worker` folds and delivers elsewhere.")
def serve(data: Path | None, host: str | None, port: int | None, *, no_worker: bool) -> None:
    """Start the desk and print one line, `listening on http://H:P`, when it is ready.

    \b
    evenhand serve --data ./desk                      SQLite in ./desk, http://127.0.0.1:8000
    evenhand serve --data ./desk --port 0             any free port
    DATABASE_URL=postgresql://desk:secret@db/desk evenhand serve --data ./desk
    """
    from evenhand.runtime import parents

    parents.end_with_it()
    use_data(data)
    host = host or os.environ.get("EVENHAND_HOST") or configured().host
    port = free_port(host) if port == 0 else (port or configured().port)
    os.environ |= {"EVENHAND_HOST": host, "EVENHAND_PORT": str(port)}
    refuse_taken(host, port)
    make_desk(data)
    migrate()
    _tell_address(host, port)
    parents.name_this_one()
    os.environ["EVENHAND_BACKGROUND"] = "0" if no_worker else "1"
    beside = [partial(_keep_hma, data)] if configured().hma_port else []
    serve_wsgi("evenhand.desk.wsgi:application", host, port, "/ready", beside)


def _keep_hma(data: Path | None) -> None:
    """HMA's API is a process of its own, begun again when it ends; it ends with this one. One that was refused its
    configuration said why, and would be refused again."""
    command = [sys.executable, "-m", "evenhand.cli", "hma", *(("--data", str(data)) if data else ())]
    while subprocess.run(command, check=False).returncode != _REFUSED:  # noqa: S603 (our own command)
        time.sleep(1.0)


def migrate() -> None:
    """Bring the database to this version. Several processes may call it at once."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


def _tell_address(host: str, port: int) -> None:
    """So that other commands on this folder print links that work."""
    from evenhand.runtime import config

    (config.current().data_dir / config.ADDRESS_FILE).write_text(f"http://{host}:{port}", "utf-8")


def configured() -> Config:
    """Raises SystemExit(2), with a sentence, when the configuration is wrong."""
    from evenhand.runtime import config

    try:
        return config.load(os.environ)
    except config.ConfigError as error:
        fail(str(error), code=2)


def free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def refuse_taken(host: str, port: int) -> None:
    """The server shares its port with others of its kind without a word: better to say so."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if own := held_by(configured().data_dir, port):
            fail(own)
        fail(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port, or --port 0 for any.")


def serve_wsgi(application: str, host: str, port: int, ready: str, beside: Sequence[Callable[[], object]] = ()) -> None:
    """Serve it until told to stop; `listening on …` is printed once `ready`, a path, answers. What runs `beside` it
    gets a thread each.

    Threads start after the worker's process was forked: what a thread holds in that moment, as the lock of a module
    that it imports, nobody in the worker would ever release.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    from evenhand.runtime import config

    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=config.current().threads,
        backlog=1024,
        backpressure=512,
        log_enabled=False,
        respawn_failed_workers=True,
    )
    fork = server.startup
    threads: list[Callable[[], object]] = [partial(_announce, f"http://{host}:{port}", ready), *beside]

    def startup(*worker: object) -> None:
        fork(*worker)
        for run in threads:
            threading.Thread(target=run, daemon=True).start()

    server.startup = startup
    server.serve()


def _announce(url: str, ready: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}{ready}", timeout=5):  # noqa: S310 (our own address)
                click.echo(f"listening on {url}")
                return
        except (URLError, OSError):
            time.sleep(0.1)
    click.echo(f"evenhand: {url}{ready} did not answer within {_READY_SECONDS:.0f} s; see the log above.", err=True)
