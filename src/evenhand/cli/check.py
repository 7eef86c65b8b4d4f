"""`evenhand check`: what is misconfigured, stale, behind or failing."""

from __future__ import annotations

import sys
from datetime import timedelta

import click
import msgspec

from evenhand.cli.common import data_option


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the configuration in force, and the problems.")
@data_option
def check(*, as_json: bool) -> None:
    """List what needs somebody, with its age and what to do; exit code 0 when nothing does, 1 otherwise, 2 when the
    configuration cannot be read.

    \b
    evenhand check --data ./desk
    evenhand check --data ./desk --json
    """
    from evenhand.desk.fields import now_micros
    from evenhand.desk.web.status import problems

    found = problems()
    if as_json:
        click.echo(msgspec.json.encode({"config": _config(), "problems": found}))
    else:
        for problem in found:
            age = timedelta(microseconds=max(0, now_micros() - problem.since)) if problem.since else None
            click.echo(f"{problem.severity}: {problem.message}{_age(age)}")
            click.echo(f"  → {problem.what_to_do}")
        if not found:
            click.echo("Nothing is misconfigured, stale, behind or failing.")
    sys.exit(1 if found else 0)


def _config() -> dict[str, object]:
    """The configuration in force, without the password in the database's address."""
    from evenhand.runtime import config

    values: dict[str, object] = msgspec.to_builtins(config.current())
    url = config.current().database_url
    if "@" in url:
        scheme, _, rest = url.partition("://")
        values["database_url"] = f"{scheme}://…@{rest.rpartition('@')[2]}"
    return values


def _age(age: timedelta | None) -> str:
    return f" (for {timedelta(seconds=int(age.total_seconds()))})" if age else ""
