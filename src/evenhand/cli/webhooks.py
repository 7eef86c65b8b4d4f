"""`evenhand webhooks`: where webhooks go, what they are signed with, and what to do when they do not arrive."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from evenhand.cli.common import data_option, fail, ready_database

if TYPE_CHECKING:
    from evenhand.connectors.webhooks import Webhooks
    from evenhand.desk.enforcement.queries.deliveries import Delivery, SigningSecret
    from evenhand.engine.platform import Destination

_BY = "system:cli"
_LEASE = timedelta(seconds=60)


@click.group()
def webhooks() -> None:
    """Destinations of webhooks: their secrets, a test, a replay, and whether anything is sent at all.

    \b
    How each destination does:
        evenhand webhooks list --data ./desk
    What the receiver checks signatures with:
        evenhand webhooks secret app --data ./desk
    Does it arrive?
        evenhand webhooks test app --data ./desk
    The receiver was down for days and is mended:
        evenhand webhooks replay --dead app --data ./desk
    It answered 410 once, and wants webhooks again:
        evenhand webhooks enable app --data ./desk
    """


@webhooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on each line.")
@data_option
def list_(*, as_json: bool) -> None:
    """Every destination with its health.

    \b
    evenhand webhooks list --data ./desk
    """
    ready_database()
    import msgspec

    from evenhand.desk.enforcement.queries import deliveries

    for one in deliveries.health():
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
            continue
        waits = f"{one.waiting} waiting" + (f" since {one.oldest:%Y-%m-%d %H:%M} UTC" if one.oldest else "")
        click.echo(f"{one.id:<20} {one.condition:<9} {waits:<40} {one.dead} given up   {one.url}")


@webhooks.command()
@click.argument("destination")
@click.option("--rotate", is_flag=True, help="Make new secrets.")
@click.option("--overlap", type=click.FloatRange(0, 8760), default=24.0, help="Hours in which the old ones sign too.")
@data_option
def secret(destination: str, *, rotate: bool, overlap: float) -> None:
    """What the receiver needs to check signatures; made when there is none yet.

    `partial_items` stands for the partial_items_url of the platform document.
    A public key (v1a: whpk_…, coop: PEM) is shown whenever you ask. A shared secret (v1: whsec_…) is shown once.

    \b
    evenhand webhooks secret app --data ./desk
    evenhand webhooks secret app --rotate --overlap 48 --data ./desk     both sign for two days
    evenhand webhooks secret app --rotate --overlap 0 --data ./desk      the old one leaked
    """
    ready_database()
    from evenhand.desk.enforcement.queries import deliveries
    from evenhand.desk.enforcement.services import secrets

    known, wire = _signed(destination), _wire()
    try:
        if rotate:
            secrets.rotate(known, wire, overlap=timedelta(hours=overlap), actor=_BY)
        else:
            secrets.signers(known, wire)
    except secrets.Unreadable as error:
        fail(str(error))
    newest = {one.scheme: one for one in deliveries.secrets(destination)}
    _show(newest[scheme] for scheme in wire.schemes(known.signature))


@webhooks.command()
@click.argument("message_id", required=False)
@click.option("--dead", metavar="DEST", help="All messages to this destination that were given up.")
@data_option
def replay(message_id: str | None, dead: str | None) -> None:
    """Send again what was given up, under the same id. A running desk delivers it at once.

    \b
    evenhand webhooks replay msg_2f1c… --data ./desk
    evenhand webhooks replay --dead app --data ./desk
    """
    ready_database()
    from evenhand.desk.enforcement import services

    if (message_id is None) == (dead is None):
        fail("Give the id of one message, or --dead DEST for all that were given up.", code=2)
    if dead is not None:
        _destination(dead)
        click.echo(f"{services.replay_all(dead, actor=_BY)} leave again")
        return
    try:
        services.replay(message_id or "", actor=_BY)
    except services.CannotReplay as error:
        fail(str(error))
    click.echo(f"{message_id} leaves again")


@webhooks.command()
@click.argument("destination")
@data_option
def test(destination: str) -> None:
    """Send one message that decides nothing, now, and tell what came of it. Exit code 0 when it arrived.

    It goes past an open breaker; when it arrives, what waits for the destination leaves too.

    \b
    evenhand webhooks test app --data ./desk
    """
    ready_database()
    from evenhand.desk.enforcement import services

    known = _destination(destination)
    message_id = services.enqueue_test(destination)
    _send_now(known, message_id)
    row = _settled(message_id, known.timeout_seconds)
    _tell_outdated()
    if row.state != row.State.DELIVERED:
        fail(f"{destination} did not take it: {row.last_error or 'no attempt was made.'}")
    click.echo(f"{destination} took it ({message_id})")
    _tell_disabled(destination)


@webhooks.command()
@click.argument("destination")
@data_option
def enable(destination: str) -> None:
    """Switch a destination on again: what waits for it leaves at once. It was switched off by a person, or by itself
    when the receiver answered 410.

    \b
    evenhand webhooks enable app --data ./desk
    """
    ready_database()
    from evenhand.desk.enforcement import services

    changed = services.enable(_destination(destination).id, actor=_BY)
    click.echo(f"{destination} is switched on" if changed else f"{destination} was not switched off", err=True)


@webhooks.command()
@click.argument("destination")
@click.option("--reason", required=True, help="Why: whoever finds it switched off will want to know.")
@data_option
def disable(destination: str, *, reason: str) -> None:
    """Switch a destination off: nothing is sent to it, and what is meant for it waits.

    \b
    evenhand webhooks disable app --reason "moving to another host" --data ./desk
    """
    ready_database()
    from evenhand.desk.enforcement import services

    if not reason.strip():
        fail("Say why: whoever finds it switched off will want to know.", code=2)
    changed = services.disable(_destination(destination).id, actor=_BY, reason=reason.strip())
    click.echo(f"{destination} is switched off" if changed else f"{destination} was switched off already", err=True)


def _tell_outdated() -> None:
    """This command reads the configuration anew, and may do what a running desk cannot yet."""
    from evenhand.desk.web.status import configuration

    for problem in configuration():
        click.echo(f"{problem.message} {problem.what_to_do}", err=True)


def _tell_disabled(name: str) -> None:
    """That it takes a test does not switch it on: somebody, or the receiver itself, wanted no more."""
    from evenhand.desk.enforcement.queries import deliveries

    found = next((one for one in deliveries.health() if one.id == name), None)
    if found is not None and found.condition == "disabled":
        click.echo(
            f"But it is switched off, with {found.waiting} waiting: {found.disabled_reason}"
            f" To switch it on: evenhand webhooks enable {name}",
            err=True,
        )


def _destination(name: str) -> Destination:
    from evenhand.desk.enforcement.queries import deliveries

    try:
        return deliveries.destination(name)
    except deliveries.NoSuchDestination as error:
        fail(str(error))


def _signed(name: str) -> Destination:
    from evenhand.desk.enforcement.queries import deliveries

    try:
        return deliveries.signed(name)
    except deliveries.NoSuchDestination as error:
        fail(str(error))


def _wire() -> Webhooks:
    from evenhand.connectors.webhooks import Webhooks
    from evenhand.runtime import config

    return Webhooks(allow_private=config.current().allow_private)


def _show(secrets_: Iterable[SigningSecret]) -> None:
    from evenhand.connectors.webhooks import secret_text
    from evenhand.desk.enforcement.services import secrets

    for one in secrets_:
        if one.public:
            click.echo(one.public.rstrip())
            continue
        signer = secrets.show_once(one)
        if signer is None:
            shown = f"{one.shown_at:%Y-%m-%d %H:%M} UTC"
            fail(f"This secret was shown on {shown}, and only then. Lost? evenhand webhooks secret … --rotate")
        click.echo(secret_text(signer.private))


def _send_now(destination: Destination, message_id: str) -> None:
    """Unless a running desk was faster."""
    from evenhand.desk.enforcement import jobs
    from evenhand.desk.enforcement.services import deliver, retry, secrets, settle

    wire = _wire()
    try:
        signers = secrets.signers(destination, wire)
    except secrets.Unreadable as error:
        fail(str(error))
    message = deliver.claim_one(message_id, lease=_LEASE)
    if message is not None:
        settle.settle([jobs.attempt(wire, destination, message, signers)], retry.Policy())


def _settled(message_id: str, seconds: float) -> Delivery:
    from evenhand.desk.enforcement.queries import deliveries

    until = time.monotonic() + seconds + 2
    while True:
        row = deliveries.delivery(message_id)
        if row.state != row.State.PENDING or time.monotonic() > until:
            return row
        time.sleep(0.1)
