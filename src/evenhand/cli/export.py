"""`evenhand export`: what the desk keeps, as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import click
import msgspec

from evenhand.cli.common import data_option


def _source(what: str) -> Callable[[], Iterator[dict[str, Any]]]:
    from evenhand.desk.cases.queries import export as cases
    from evenhand.desk.enforcement.queries import export as enforcement
    from evenhand.desk.enforcement.queries import export_quality as quality
    from evenhand.desk.intake.queries import export as intake

    return {
        "cases": cases.rows,
        "decisions": enforcement.decisions,
        "quality": quality.rows,
        "reports": intake.rows,
        "webhooks": enforcement.webhooks,
    }[what]


@click.command()
@click.argument("what", type=click.Choice(["cases", "decisions", "quality", "reports", "webhooks"]))
@data_option
def export(what: str) -> None:
    """Print all cases, decisions, second looks, reports or webhooks: one JSON object a line, oldest first.

    \b
    evenhand export decisions --data ./desk > decisions.jsonl
    evenhand export webhooks --data ./desk | grep '"state":"dead"'
    """
    out = sys.stdout.buffer
    for row in _source(what)():
        out.write(msgspec.json.encode(row) + b"\n")
