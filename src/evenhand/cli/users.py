"""`evenhand users`: people at the desk, from the command line of who runs it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from evenhand.cli.common import data_option, fail, may_make_desk, ready_database

if TYPE_CHECKING:
    from evenhand.desk.accounts.queries import User

_BY = "system:cli"
_ROLES = "moderator, child_safety, legal, auditor, admin"


@click.group()
def users() -> None:
    """People at the desk.

    \b
    The first one, who may do everything but child safety:
        evenhand users create you@example.com --role moderator --role admin --data ./desk
    It prints a link that signs in once. With a password instead, from a file or a password manager:
        evenhand users create you@example.com --role moderator --data ./desk --password-stdin < password.txt
    Who is here, and what they may do:
        evenhand users list --data ./desk
        evenhand users roles you@example.com --grant auditor --revoke moderator --data ./desk
    Somebody leaves, forgot the password, lost the phone:
        evenhand users deactivate you@example.com --data ./desk
        evenhand users login-link you@example.com --data ./desk
        evenhand users second-factor you@example.com --remove --data ./desk
    """


@users.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, help=f"{_ROLES}; may be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input (its first line).")
@may_make_desk
def create(email: str, roles: tuple[str, ...], *, password_stdin: bool) -> None:
    """Add somebody. Without --password-stdin a link is printed that signs them in once, within 15 minutes.

    \b
    evenhand users create kim@example.com --role moderator --data ./desk
    pass show desk | evenhand users create kim@example.com --role admin --role auditor --password-stdin --data ./desk
    """
    ready_database()
    from evenhand.desk.accounts import services

    password = _password() if password_stdin else None
    user = _or_fail(services.create_user, email, roles, password, by=_BY)
    click.echo(f"{user.email} is {user.pseudonym}: {', '.join(dict.fromkeys(roles))}", err=True)
    if not password_stdin:
        _print_link(user)


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on each line.")
@data_option
def list_(*, as_json: bool) -> None:
    """Everybody: pseudonym, address, roles.

    \b
    evenhand users list --data ./desk
    evenhand users list --json --data ./desk | jq -r .email
    """
    ready_database()
    from evenhand.desk.accounts import queries

    for person in queries.people():
        if as_json:
            click.echo(json.dumps(_as_json(person)))
        else:
            state = "" if person.is_active else "  (deactivated)"
            click.echo(f"{person.pseudonym:<24} {person.email:<32} {','.join(person.roles)}{state}")


@users.command()
@click.argument("email")
@click.option("--grant", multiple=True, metavar="ROLE", help=f"{_ROLES}; may be given several times.")
@click.option("--revoke", multiple=True, metavar="ROLE", help="The same.")
@data_option
def roles(email: str, grant: tuple[str, ...], revoke: tuple[str, ...]) -> None:
    """Show, grant and revoke roles. They count from the person's next click on.

    \b
    evenhand users roles kim@example.com --data ./desk
    evenhand users roles kim@example.com --grant legal --revoke moderator --data ./desk
    """
    user = _find(email)
    from evenhand.desk.accounts import queries, services

    _or_fail(services.change_roles, user, grant=grant, revoke=revoke, by=_BY)
    click.echo(",".join(queries.granted_roles(user)))


@users.command()
@click.argument("email")
@data_option
def deactivate(email: str) -> None:
    """Let somebody out at once, on all devices. What they did stays, under their pseudonym.

    \b
    evenhand users deactivate kim@example.com --data ./desk
    """
    user = _find(email)
    from evenhand.desk.accounts import services

    changed = _or_fail(services.deactivate, user, by=_BY)
    click.echo(f"{user.pseudonym} is out" if changed else f"{user.pseudonym} was out already", err=True)


@users.command()
@click.argument("email")
@data_option
def reactivate(email: str) -> None:
    """Let somebody in again, with the roles and the password that they had.

    \b
    evenhand users reactivate kim@example.com --data ./desk
    """
    user = _find(email)
    from evenhand.desk.accounts import services

    changed = services.reactivate(user, by=_BY)
    click.echo(f"{user.pseudonym} may sign in" if changed else f"{user.pseudonym} was not out", err=True)


@users.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read it from standard input (its first line).")
@data_option
def password(email: str, *, password_stdin: bool) -> None:
    """Set somebody's password, and end their sessions.

    \b
    evenhand users password kim@example.com --password-stdin --data ./desk < password.txt
    """
    if not password_stdin:
        fail("Pipe the password in with --password-stdin: an argument could be read by others on this machine.")
    user = _find(email)
    from evenhand.desk.accounts import services

    _or_fail(services.change_password, user, _password(), by=_BY)
    click.echo(f"{user.pseudonym} has a new password", err=True)


@users.command("login-link")
@click.argument("email")
@data_option
def login_link(email: str) -> None:
    """Print a link that signs somebody in once, within 15 minutes; their second factor is asked for all the same.

    \b
    evenhand users login-link kim@example.com --data ./desk
    """
    _print_link(_find(email))


@users.command("second-factor")
@click.argument("email")
@click.option("--remove", is_flag=True, help="Take it away, and end their sessions: the phone is lost.")
@data_option
def second_factor(email: str, *, remove: bool) -> None:
    """Tell whether somebody has a second factor, or take it away.

    \b
    evenhand users second-factor kim@example.com --data ./desk
    evenhand users second-factor kim@example.com --remove --data ./desk
    """
    user = _find(email)
    from evenhand.desk.accounts import queries, services

    if remove:
        services.remove_second_factor(user, by=_BY)
    click.echo("set up" if queries.has_second_factor(user) else "none")


def _find(email: str) -> User:
    ready_database()
    from evenhand.desk.accounts import queries

    user = queries.person(email)
    if user is None:
        fail(f"Nobody here has the address or pseudonym {email}. `evenhand users list` shows everybody.")
    return user


def _or_fail(service: Any, *args: Any, **kwargs: Any) -> Any:
    from evenhand.desk.accounts.services import Refused

    try:
        return service(*args, **kwargs)
    except Refused as refused:
        fail(refused.message)


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        fail("No password came in on standard input: nothing is changed.")
    return password


def _print_link(user: User) -> None:
    from evenhand.desk.accounts import services
    from evenhand.runtime import config

    token = _or_fail(services.one_time_login, user, by=_BY)
    click.echo(f"{config.current().address}/login/once/{token}/")


def _as_json(person: Any) -> dict[str, Any]:
    return {
        "pseudonym": person.pseudonym,
        "email": person.email,
        "roles": person.roles,
        "active": person.is_active,
        "second_factor": person.has_second_factor,
        "last_login": person.last_login and person.last_login.isoformat(),
    }
