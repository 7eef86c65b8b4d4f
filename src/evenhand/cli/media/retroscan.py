"""`evenhand media retroscan`: new entries against everything that was seen before, now."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import click
import msgspec

from evenhand.cli.common import data_option, ready_database

_PAUSE = 0.5
"""Seconds, while others write, or the archive cannot be written."""


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
    began, looked = time.monotonic(), scan.looked
    try:
        while not scanner.step():
            _tell_progress(scan.looked, scan.total, (scan.looked - looked) / (time.monotonic() - began))
            if scanner.waits:
                time.sleep(_PAUSE)
    finally:
        scanner.close()
        scans.give_back(scan)
    seconds = time.monotonic() - began
    told = {"looked": scan.looked, "hits": scan.hits, "entries": scan.entries}
    _tell_progress(0, 0, 0)
    click.echo(
        msgspec.json.encode({**told, "seconds": round(seconds, 3)})
        if wants_json
        else f"{scan.entries:,} new entries against {scan.looked:,} seen hashes: {scan.hits:,} hits in {seconds:.1f} s."
    )


def _tell_progress(looked: int, total: int, rate: float) -> None:
    """One line on stderr, again and again, for whoever sits before a terminal; nothing for a script."""
    if not sys.stderr.isatty():
        return
    told = f"{looked:,} of {total:,} seen hashes ({looked / total:.0%}), {rate:,.0f} a second" if total else ""
    click.echo(f"\r\x1b[K{told}", err=True, nl=False)
