"""`evenhand media sync`: what is new at hash lists, now."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec

from evenhand.cli.common import data_option, fail, ready_database
from evenhand.cli.rules.folder import printable

_BY = "system:cli"


@click.command()
@click.argument("names", nargs=-1)
@click.option("--consent", is_flag=True, help="Agree to the mass withdrawal that the list asks for, and to no more.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line, for each list.")
@data_option
def sync(names: tuple[str, ...], *, consent: bool, wants_json: bool) -> None:
    """Synchronise these lists, or all that are on. Exit code 1 when one fails, asks for consent, or has a record that
    could not be taken; the others are.

    \b
    evenhand media sync --data ./desk
    evenhand media sync example-list --consent --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries.sources import sources

    wanted = names or tuple(one.source.name for one in sources() if one.source.every_seconds)
    if consent and len(names) != 1:
        raise click.UsageError("--consent is for one list, which you name.")
    if consent:
        try:
            services.consent(names[0], actor=_BY)
        except services.MediaError as error:
            fail(str(error))
    if not wanted:
        click.echo("No list is connected: `evenhand media lists connect NAME --bank BANK --kind KIND`.", err=True)
    told = [_synced(name) for name in wanted]
    for one in told:
        click.echo(msgspec.json.encode(one) if wants_json else _as_text(one))
    sys.exit(1 if any("error" in one or one["refused"] for one in told) else 0)


def _synced(name: str) -> dict[str, Any]:
    from evenhand.desk.media import services
    from evenhand.desk.media.queries.sources import called
    from evenhand.desk.web.hashlists import connect

    try:
        source = called(name)
        synced = services.sync(name, connect(source.kind, source.config), actor=_BY)
    except (services.MediaError, services.ListFailed) as error:
        return {"list": name, "error": str(error)}
    counts = synced.counts
    return {
        "list": name, "added": counts.added, "withdrawn": counts.withdrawn, "unchanged": counts.unchanged,
        "refused": list(counts.refused),
    }  # fmt: skip


def _as_text(told: dict[str, Any]) -> str:
    if "error" in told:
        return f"{printable(told['list'])}: {printable(told['error'])}"
    lines = [
        f"{told['list']}: {told['added']:,} added, {told['withdrawn']:,} withdrawn, {told['unchanged']:,} as before"
    ]
    lines += [f"  not taken: {printable(one)}" for one in told["refused"][:20]]
    return "\n".join(lines)
