"""`evenhand hma`: the API of Meta's HMA over the desk's banks, for clients that know no other."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import click

from evenhand.cli.common import fail, make_desk, use_data
from evenhand.cli.serve import configured, free_port, migrate, refuse_taken

if TYPE_CHECKING:
    from evenhand.runtime.config import Config

PORT = 5100
_READY_SECONDS = 60.0


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--host", help="Address to listen on (default 127.0.0.1, or `hma_host` of evenhand.toml).")
@click.option("--port", type=int, help="Port to listen on; 0 picks a free one (default 5100, or `hma_port`).")
@click.option("--allow", multiple=True, metavar="ADDRESS", help="Address or network that may ask; several times.")
@click.option("--key", help="Name of the one API key that clients send, in X-API-KEY.")
@click.option("--policy", help="Policy that banks made over this API stand for.")
def hma(data: Path | None, port: int | None, **given: Any) -> None:
    """Answer HMA's clients from the desk's banks, and print `listening on http://H:P` when ready.

    HMA's clients send no credentials: on any address but this machine's own, --allow or --key is needed.

    \b
    evenhand hma --data ./desk                                             this machine only, port 5100
    evenhand hma --data ./desk --host 0.0.0.0 --allow 10.0.0.0/8           clients of one network
    evenhand hma --data ./desk --host 0.0.0.0 --key scanner --policy csam  whoever has the key "scanner"
    """
    from evenhand.runtime import config, parents

    parents.end_with_it()
    use_data(data)
    told = {**given, "allow": ",".join(given["allow"])}
    os.environ |= {f"EVENHAND_HMA_{name.upper()}": value for name, value in told.items() if value}
    settings = configured()
    host, port = settings.hma_host, (settings.hma_port or PORT) if port is None else port
    port = free_port(host) if port == 0 else port
    os.environ["EVENHAND_HMA_PORT"] = str(port)
    make_desk(data)
    _refuse_to_open(config.current())
    refuse_taken(host, port)
    migrate()
    parents.name_this_one()
    threading.Thread(target=_announce, args=(host, port), daemon=True).start()
    _run(host, port)


def _refuse_to_open(settings: Config) -> None:
    """To everybody; and for a policy that there is not."""
    from evenhand.desk.media.hma import gate
    from evenhand.desk.policies import queries as policies

    if problem := gate.problem(settings):
        fail(problem, code=2)
    known = policies.current().policies
    if settings.hma_policy and settings.hma_policy not in known:
        fail(f"There is no policy {settings.hma_policy}. There are: {', '.join(known) or 'none yet'}.", code=2)


def _announce(host: str, port: int) -> None:
    url = f"http://{host}:{port}"
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/status/live", timeout=5):  # noqa: S310 (our own address)
                click.echo(f"listening on {url}")
                return
        except (URLError, OSError):
            time.sleep(0.1)
    click.echo(
        f"evenhand: {url}/status/live did not answer within {_READY_SECONDS:.0f} s; see the log above.", err=True
    )


def _run(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    from evenhand.runtime import config

    Server(
        "evenhand.desk.web.hma:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=config.current().threads,
        backlog=1024,
        backpressure=512,
        log_enabled=False,
        respawn_failed_workers=True,
    ).serve()
