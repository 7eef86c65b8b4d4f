"""`evenhand media lists`: hash lists of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from evenhand.cli.common import data_option, fail, ready_database

if TYPE_CHECKING:
    from evenhand.desk.media.queries.sources import SourceSeen

_BY = "system:cli"


@click.group()
def lists() -> None:
    """Hash lists of others: connect one to a bank, switch it off and on, see how each does.

    \b
    evenhand media lists connect example-list --bank KNOWN --kind example --set url=https://list.example --data ./desk
    evenhand media lists show --data ./desk
    """


@lists.command()
@click.argument("name")
@click.option("--bank", required=True, help="The bank that it fills.")
@click.option("--kind", required=True, help="Which connector speaks to it.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="For the connector; secrets as NAME_env.")
@click.option("--every", type=click.IntRange(0), default=3600, show_default=True, help="Seconds between two looks.")
@click.option(
    "--stale-after", type=click.IntRange(0), default=86_400, show_default=True, help="Seconds until an alarm."
)
@data_option
def connect(  # noqa: PLR0917 (click gives them by name)
    name: str, bank: str, kind: str, pairs: tuple[str, ...], every: int, stale_after: int
) -> None:
    """Connect a list to a bank.

    \b
    evenhand media lists connect example-list --bank KNOWN --kind example --set password_env=LIST_PASSWORD --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services

    config = dict(pair.partition("=")[::2] for pair in pairs)
    try:
        services.make_source(
            name, bank=bank, kind=kind, config=config, every_seconds=every, stale_after_seconds=stale_after, actor=_BY
        )
    except services.MediaError as error:
        fail(str(error))
    click.echo(f"{name} fills bank {bank}. `evenhand media sync {name}` takes it in now.")


@lists.command()
@click.argument("name")
@click.option("--on/--off", "enabled", required=True)
@data_option
def switch(name: str, *, enabled: bool) -> None:
    """Switch a list off, or on again. What it brought stays.

    \b
    evenhand media lists switch example-list --off --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services

    try:
        services.change_source(name, enabled=enabled, actor=_BY)
    except services.MediaError as error:
        fail(str(error))
    click.echo(f"{name} is {'on' if enabled else 'off'}.")


@lists.command()
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line.")
@data_option
def show(*, wants_json: bool) -> None:
    """Each list: its bank, how much is in it, when it was last taken in whole, how right it was.

    \b
    evenhand media lists show --data ./desk --json
    """
    ready_database()
    from evenhand.desk.media.queries.sources import sources

    for one in sources():
        source = one.source
        told = {
            "list": source.name, "kind": source.kind, "bank": source.bank.name, "entries": one.entries,
            "last_ok": source.last_ok.isoformat() if source.last_ok else None, "stale": one.stale,
            "error": source.error, "on": source.disabled_at is None, "upheld": source.upheld,
            "dismissed": source.dismissed,
        }  # fmt: skip
        if wants_json:
            click.echo(msgspec.json.encode(told))
            continue
        when = f"{source.last_ok:%Y-%m-%d %H:%M} UTC" if source.last_ok else "never"
        state = _state(one)
        click.echo(f"{source.name} → {source.bank.name}: {one.entries:,} entries, last taken in {when} ({state})")
        if source.error:
            click.echo(f"  {source.error}")
        click.echo(f"  right in {source.upheld} of {one.accuracy.decided} decided matches")


def _state(seen: SourceSeen) -> str:
    if seen.source.disabled_at:
        return "off"
    if seen.stale:
        return "stale"
    if seen.source.last_ok is None:
        return "not taken in yet"
    return "fresh, but the last try failed" if seen.source.error else "fresh"
