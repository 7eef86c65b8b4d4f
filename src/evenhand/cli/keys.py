"""`evenhand keys`: the API keys with which the platform talks to the desk."""

from __future__ import annotations

import json

import click

from evenhand.cli.common import data_option, fail, may_make_desk, ready_database

_BY = "system:cli"
_SCOPES = "ingest, report, act, read, moderate"


@click.group()
def keys() -> None:
    """API keys of the platform.

    \b
    A key that may send items, events and reports; it is printed alone, and only now:
        evenhand keys create web-frontend --scope ingest,report --data ./desk
    Straight into a secret file:
        (umask 077; evenhand keys create web-frontend --scope ingest --data ./desk > desk.key)
    Which there are, when each was last used; and one that leaked:
        evenhand keys list --data ./desk
        evenhand keys revoke web-frontend --data ./desk
    """


@keys.command()
@click.argument("name")
@click.option("--scope", required=True, help=f"Comma-separated: {_SCOPES}.")
@click.option("--as", "email", metavar="EMAIL", help="With scope moderate: the person whose decisions it makes.")
@may_make_desk
def create(name: str, scope: str, email: str | None) -> None:
    """Make a key and print it, alone, on standard output. The desk keeps only its hash.

    \b
    ingest   send items and events
    report   send reports and appeals
    act      ask for actions
    read     read policies, actions, scores, decisions
    moderate take and decide cases as one person, with their roles, less what needs a second factor

    \b
    evenhand keys create web-frontend --scope ingest,report --data ./desk
    evenhand keys create clearing --scope moderate --as ana@example.com --data ./desk
    """
    ready_database()
    from evenhand.desk.accounts import queries, services

    person = queries.person(email) if email else None
    if email and person is None:
        fail(f"There is nobody with the address {email}.")
    try:
        raw = services.create_key(name, services.parse_scopes(scope), by=_BY, acts_as=person)
    except services.Refused as refused:
        fail(refused.message)
    click.echo(raw)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on each line.")
@data_option
def list_(*, as_json: bool) -> None:
    """All keys, never the keys themselves.

    \b
    evenhand keys list --data ./desk
    """
    ready_database()
    from evenhand.desk.accounts import queries

    for key in queries.api_keys():
        used = key.last_used_at.isoformat(timespec="seconds") if key.last_used_at else None
        if as_json:
            revoked = key.revoked_at is not None
            click.echo(json.dumps({"name": key.name, "scopes": key.scopes, "last_used": used, "revoked": revoked}))
        else:
            state = "revoked" if key.revoked_at else f"last used {used or 'never'}"
            click.echo(f"{key.name:<24} {key.prefix}…  {','.join(key.scopes):<24} {state}")


@keys.command()
@click.argument("name")
@data_option
def revoke(name: str) -> None:
    """A key opens nothing from now on (a running desk notices within 2 seconds).

    \b
    evenhand keys revoke web-frontend --data ./desk
    """
    ready_database()
    from evenhand.desk.accounts import services

    try:
        changed = services.revoke_key(name, by=_BY)
    except services.Refused as refused:
        fail(refused.message)
    click.echo(f"{name} is revoked" if changed else f"{name} was revoked already", err=True)
