"""`evenhand rules list`: where each rule of the desk stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from evenhand.cli.common import open_desk, ready_database


@click.command("list")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line.")
def listing(*, data: Path | None, wants_json: bool) -> None:
    """Show each rule: stage, owner, fires in the last 24 hours and 7 days.

    \b
    evenhand rules list --data ./desk
    evenhand rules list --data ./desk --json
    """
    open_desk(data)
    ready_database()
    found = _rules()
    if wants_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    if not found:
        click.echo("There are no rules yet: evenhand rules push FOLDER")
        return
    width = max(len(one["rule"]) for one in found)
    click.echo(f"{'rule':{width}}  stage    24 h   7 days  owner")
    for one in found:
        click.echo(f"{one['rule']:{width}}  {one['stage']:7}  {one['day']:>4,}  {one['week']:>7,}  {one['owner']}")


def _rules() -> list[dict[str, Any]]:
    from evenhand.desk.fields import now_micros
    from evenhand.desk.rules import queries
    from evenhand.desk.rules.queries.hits import HOUR

    running = queries.current(fresh=True)
    project = queries.stored(running.version)
    lives, hour = queries.lives(), now_micros() // HOUR
    day, week = queries.totals(since_hour=hour - 23), queries.totals(since_hour=hour - 167)
    names = [*(project.rules if project else []), *(name for name in lives if not project or name not in project.rules)]
    return [
        {
            "rule": name,
            "stage": lives[name].stage if name in lives else "draft",
            "owner": lives[name].owner if name in lives else "",
            "day": day.get(name, 0),
            "week": week.get(name, 0),
        }
        for name in names
    ]
