"""`evenhand media retroscan`: new entries against everything that was seen before, now."""

from __future__ import annotations

import time
from datetime import timedelta

import click
import msgspec

from evenhand.cli.common import data_option, ready_database
from evenhand.cli.rules.folder import progress


@click.command()
@click.option("--json", "wants_json", is_flag=True, help="One JSON object: what was looked at, and the hits.")
@data_option
def retroscan(*, wants_json: bool) -> None:
    """Hold entries that are new since the last time against all media seen before. `evenhand serve` and `evenhand
    worker` do so by themselves; this does it now, and waits. Broken off, it goes on where it was.

    \b
    evenhand media retroscan --data ./desk
    """
    ready_database()
    from evenhand.desk.media.services import retroscan as scans

    scans.begin()
    scan = scans.claim()
    if scan is None:
        told = {"looked": 0, "hits": 0, "entries": 0}
        click.echo(
            msgspec.json.encode(told) if wants_json else "Nothing is new, or another process is at it: see the status."
        )
        return
    scanner = scans.Scanner(scan, grace=timedelta(0))
    began = time.monotonic()
    with progress("Searching", scan.total) as done:
        done(scan.looked)
        ended = False
        while not ended:
            before = scan.looked
            ended = scanner.step()
            done(scan.looked - before)
    told = {"looked": scan.looked, "hits": scan.hits, "entries": scan.entries}
    seconds = time.monotonic() - began
    click.echo(
        msgspec.json.encode({**told, "seconds": round(seconds, 3)})
        if wants_json
        else f"{scan.entries:,} new entries against {scan.looked:,} seen hashes: {scan.hits:,} hits in {seconds:.1f} s."
    )
