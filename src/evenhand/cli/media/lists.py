"""`evenhand media lists`: hash lists of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import msgspec

from evenhand.cli.common import data_option, fail, ready_database
from evenhand.cli.rules.folder import printable

if TYPE_CHECKING:
    from evenhand.desk.media.queries import Entry, Source
    from evenhand.desk.media.queries.sources import SourceSeen

_BY = "system:cli"
_PAGE = 50


@click.group()
def lists() -> None:
    """Hash lists of others: connect one to a bank, switch it off and on, see how each does.

    \b
    evenhand media lists connect nightly --bank KNOWN --kind hashfile --set path=/srv/lists/nightly.csv --data ./desk
    evenhand media lists show --data ./desk
    """


@lists.command()
@click.argument("name")
@click.option("--bank", required=True, help="The bank that it fills.")
@click.option("--kind", required=True, help="Which connector speaks to it.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="For the connector; secrets as NAME_env.")
@click.option(
    "--every",
    type=int,
    default=3600,
    show_default=True,
    metavar="SECONDS",
    help="Between two looks: 60 or more; 0 is only when somebody says so.",
)
@click.option(
    "--stale-after", type=click.IntRange(0), default=86_400, show_default=True, help="Seconds until an alarm."
)
@data_option
def connect(  # noqa: PLR0917 (click gives them by name)
    name: str, bank: str, kind: str, pairs: tuple[str, ...], every: int, stale_after: int
) -> None:
    """Connect a list to a bank. A kind or setting that does not exist is refused with those that do.

    \b
    evenhand media lists connect tx --bank KNOWN --kind threatexchange --set group=1 --set token_env=TOKEN --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.web import hashlists

    if odd := next((pair for pair in pairs if "=" not in pair), None):
        fail(f"--set {odd[:60]}: it is written as KEY=VALUE.", code=2)
    config = dict(pair.partition("=")[::2] for pair in pairs)
    try:
        hashlists.check(kind, config)
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
@click.argument("name")
@click.argument("new")
@data_option
def rename(name: str, new: str) -> None:
    """Give a list another name. Its entries, matches and record stay with it.

    \b
    evenhand media lists rename example-list better-name --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services

    try:
        services.rename_source(name, new, actor=_BY)
    except services.MediaError as error:
        fail(str(error))
    click.echo(f"{name} is called {new} now.")


@lists.command()
@click.argument("name")
@click.option("--confirm", metavar="NAME", help="Its name once more, instead of being asked for it.")
@data_option
def remove(name: str, *, confirm: str | None) -> None:
    """Remove a list for good, once you typed its name: says first how much rests on it. What rested on its entries
    alone is withdrawn; the entries are kept, as withdrawn, to be looked up.

    \b
    evenhand media lists remove example-list --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries.sources import called

    try:
        rests = services.rests_on(called(name))
        click.echo(
            f"Of {name} match now: {rests.media:,} media. Matches that stand on them: {rests.matches:,}. Items on which"
            f" nothing else of its bank stands beside them, so that what they say is withdrawn: {rests.alone:,}."
        )
        typed = confirm if confirm is not None else _typed(name)
        services.remove_source(name, actor=_BY, typed=typed)
        gone = services.finish_removals()
    except services.MediaError as error:
        fail(str(error))
    click.echo(f"{name} is removed; {gone:,} of its hashes were withdrawn.")


def _typed(name: str) -> str:
    try:
        return str(click.prompt(f"Type {name} to remove it", default="", show_default=False))
    except click.Abort:
        return ""


@lists.command()
@click.argument("name")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line, for each listed medium.")
@data_option
def going(name: str, *, wants_json: bool) -> None:
    """Show which entries a list would withdraw, when it asks for consent: all as JSON, else the first fifty.

    \b
    evenhand media lists going example-list --data ./desk
    evenhand media lists going example-list --json --data ./desk
    """
    ready_database()
    from evenhand.desk.media import services
    from evenhand.desk.media.queries import sources

    try:
        source = sources.called(name)
    except services.MediaError as error:
        fail(str(error))
    if source.asks is None:
        click.echo(f"{name} asks for nothing.", err=True)
        return
    shown, after = 0, ""
    while keys := sources.going(source, _PAGE, after):
        after = keys[-1]
        for told in _going(source, keys):
            click.echo(msgspec.json.encode(told) if wants_json else _as_text(told))
        shown += len(keys)
        if not wants_json:
            break
    if source.asks["withdraw"] > shown:
        click.echo(f"… and {source.asks['withdraw'] - shown:,} more: --json shows all.")


def _going(source: Source, keys: list[str]) -> Iterator[dict[str, Any]]:
    from evenhand.desk.media.queries import sources

    rows: dict[str, list[Entry]] = {}
    for one in sources.entries_called(source, keys):
        rows.setdefault(one.key, []).append(one)
    for key in keys:
        hashes = rows.get(key, [])
        yield {
            "key": key, "hashes": {one.kind: bytes(one.value).hex() for one in hashes},
            "classification": hashes[0].classification if hashes else "",
            "first_seen": hashes[0].first_seen.isoformat() if hashes else None,
            "entries": [one.pk for one in hashes],
        }  # fmt: skip


def _as_text(told: dict[str, Any]) -> str:
    kinds = ", ".join(told["hashes"])
    return f"{printable(told['key'])}  {kinds}  {printable(told['classification'])}".rstrip()


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
    from evenhand.desk.web.pages.banks import words

    for one in sources():
        source = one.source
        told = {
            "list": source.name, "kind": source.kind, "bank": source.bank.name, "entries": one.entries,
            "last_ok": source.last_ok.isoformat() if source.last_ok else None, "stale": one.stale,
            "error": source.error, "on": source.disabled_at is None, "upheld": source.upheld,
            "dismissed": source.dismissed, "unused": one.unused,
        }  # fmt: skip
        if wants_json:
            click.echo(msgspec.json.encode(told))
            continue
        when = f"last taken in {source.last_ok:%Y-%m-%d %H:%M} UTC, " if source.last_ok else ""
        much = f"{one.entries:,} {'medium' if one.entries == 1 else 'media'}"
        click.echo(f"{source.name} → {source.bank.name}: {much}, {when}{_state(one)}")
        if source.error:
            click.echo(f"  {source.error}")
        for kind, count in one.unused.items():
            unused = f"{count:,} hashes of the kind {kind} are" if count > 1 else f"1 hash of the kind {kind} is"
            click.echo(f"  {unused} not used: media_kinds in evenhand.toml can name it")
        click.echo(f"  {words.record_told(one.accuracy)}")


def _state(seen: SourceSeen) -> str:
    if seen.source.disabled_at:
        return "off"
    if seen.stale:
        return "stale"
    if seen.source.last_ok is None:
        return "not taken in yet"
    return "fresh, but the last try failed" if seen.source.error else "fresh"
