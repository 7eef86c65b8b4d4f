"""`evenhand hma`: the API of Meta's HMA over the desk's banks, for clients that know no other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evenhand.cli.common import fail, open_desk, use_data
from evenhand.cli.serve import configured, free_port, migrate, refuse_taken, serve_wsgi

if TYPE_CHECKING:
    from evenhand.runtime.config import Config

PORT = 5100


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
    open_desk(data)
    migrate()
    _refuse_to_open(config.current())
    refuse_taken(host, port)
    parents.name_this_one()
    serve_wsgi("evenhand.desk.web.hma:application", host, port, "/status/live")


def _refuse_to_open(settings: Config) -> None:
    """To everybody; and for a key or a policy that there is not."""
    from evenhand.desk.accounts.queries import api_keys
    from evenhand.desk.media.hma import gate
    from evenhand.desk.policies import queries as policies

    if problem := gate.problem(settings):
        fail(problem, code=2)
    known = policies.current().policies
    if settings.hma_policy and settings.hma_policy not in known:
        fail(f"There is no policy {settings.hma_policy}. There are: {', '.join(known) or 'none yet'}.", code=2)
    keys = [one.name for one in api_keys() if one.revoked_at is None]
    if settings.hma_key and settings.hma_key not in keys:
        known_keys = ", ".join(keys) or "none yet; `evenhand keys create NAME` makes one"
        fail(f"There is no key {settings.hma_key}. There are: {known_keys}.", code=2)
