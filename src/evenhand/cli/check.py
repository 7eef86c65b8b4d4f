"""`evenhand check`: what is misconfigured, stale, behind or failing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import msgspec

from evenhand.cli.common import data_option

if TYPE_CHECKING:
    from evenhand.desk.audit.services import Checked
    from evenhand.engine.model import Micros


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the configuration in force, and the problems.")
@data_option
def check(*, as_json: bool) -> None:
    """List what needs somebody, with its age and what to do; exit code 0 when nothing does, 1 otherwise, 2 when there
    is no desk there or its configuration cannot be read. The
    ledger is recomputed: a long one from a signed checkpoint on, and it says so. The events of the log are counted:
    each that the worker has left behind was folded, or parked.

    \b
    evenhand check --data ./desk
    evenhand check --data ./desk --json
    """
    from evenhand.desk.web.status import problems, problems_found_by_counting

    checked = _ledger()
    found = [*problems(), *problems_found_by_counting()]
    if as_json:
        click.echo(msgspec.json.encode({"config": _config(), "ledger": checked, "problems": found}))
    else:
        for problem in found:
            click.echo(f"{problem.severity}: {problem.message}{_age(problem.since)}")
            click.echo(f"  → {problem.what_to_do}")
        if not found:
            click.echo("Nothing is misconfigured, stale, behind or failing.")
        if checked is not None:
            click.echo(_told(checked))
            _tell_published()
    sys.exit(1 if found else 0)


def _ledger() -> Checked | None:
    """The ledger recomputed; None when the database cannot be read, which is among the problems then."""
    from django.db import DatabaseError

    from evenhand.desk.audit import services

    try:
        return services.recheck()
    except DatabaseError:
        return None


def _told(checked: Checked) -> str:
    if checked.broken:
        return f"The ledger does not hold: {checked.broken}."
    if not checked.start:
        return f"The ledger was recomputed: all {checked.size:,} entries hold."
    when = f"last recomputed on {checked.whole_at:%Y-%m-%d}" if checked.whole_at else "never recomputed here"
    return (
        f"Of the ledger, entries {checked.start:,} to {checked.size - 1:,} were recomputed, and hold. Those before were"
        f" left out, but for their signed root; they were {when}. `evenhand ledger verify` recomputes all."
    )


def _tell_published() -> None:
    from evenhand.desk.audit.queries.publications import published

    for one in published():
        what = f"checkpoint over {one.size:,} entries, {one.at:%Y-%m-%d %H:%M} UTC" if one.at else "nothing yet"
        click.echo(f"Published to {one.place}: {what}.")


def _config() -> dict[str, object]:
    """The configuration in force, without passwords, and without what follows a host in an address."""
    from evenhand.desk.audit.queries import publications
    from evenhand.runtime import config

    values: dict[str, object] = msgspec.to_builtins(config.current())
    url = config.current().database_url
    if "@" in url:
        scheme, _, rest = url.partition("://")
        values["database_url"] = f"{scheme}://…@{rest.rpartition('@')[2]}"
    if config.current().mail_password:
        values["mail_password"] = "…"  # noqa: S105 (in the place of it)
    if config.current().checkpoint_url:
        values["checkpoint_url"] = f"{publications.address()}/…"
    return values


def _age(since: Micros | None) -> str:
    """As the status page tells it."""
    from evenhand.desk.fields import now_micros
    from evenhand.desk.web.figures import span

    return f" (for {span((now_micros() - since) / 1_000_000)})" if since else ""
