"""`evenhand rules move`: a rule takes a step in its life."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path

import click

from evenhand.cli.common import fail, open_desk, ready_database

_STAGES = ("draft", "shadow", "canary", "live", "retired")
_AT_WORK = ("canary", "live")


@click.command()
@click.argument("rule")
@click.argument("stage", type=click.Choice(_STAGES))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything the desk keeps.")
@click.option("--owner", required=True, help="Who answers for the rule.")
@click.option("--reason", required=True, help="Why it takes this step.")
@click.option("--share", type=float, default=0.1, show_default=True, help="Of a canary: for how many authors, 0 to 1.")
@click.option("--cap", type=int, default=100, show_default=True, help="How often in an hour it may hold or act.")
@click.option("--low", type=float, help="Fires a day below which it steps back to shadow.")
@click.option("--high", type=float, help="Fires a day above which it steps back to shadow.")
@click.option("--yes", is_flag=True, help="Do not ask: see below.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) on which it retires by itself.")
def move(
    rule: str,
    stage: str,
    *,
    data: Path | None,
    owner: str,
    reason: str,
    share: float,
    cap: int,
    low: float | None,
    high: float | None,
    expires: datetime | None,
    yes: bool,
) -> None:
    """Move RULE to STAGE. Before a rule is live it runs in shadow: it is counted, and nothing follows.

    \b
    evenhand rules move SpamLink shadow --data ./desk --owner ana --reason "see what it does"
    evenhand rules move SpamLink canary --data ./desk --owner ana --reason "12 of 12 right" --share 0.2
    evenhand rules move SpamLink live --data ./desk --owner ana --reason "40 of 41 right" --high 200

    Two steps are taken only after a question, or with --yes: a rule goes live that ran in shadow for less than an
    hour, did not fire there, or has no test; a live rule whose policy is in the critical lane stops.
    """
    open_desk(data)
    ready_database()
    from datetime import UTC

    from evenhand.desk.rules import services

    if not yes:
        _ask_before_it_stops(rule, stage)
        _ask_before_it_is_live(rule, stage)
    try:
        life = services.move(
            rule,
            stage,
            actor=f"system:{getpass.getuser()}",
            owner=owner,
            reason=reason,
            share=share,
            cap_per_hour=cap,
            low_per_day=low,
            high_per_day=high,
            expires_at=expires.replace(tzinfo=UTC) if expires else None,
        )
    except services.Refused as refused:
        fail(str(refused))
    click.echo(f"{life.rule} is {life.stage}.")


def _ask_before_it_stops(rule: str, stage: str) -> None:
    """Nothing follows from the rule any more: where lives are at risk, that is no slip of the hand."""
    from evenhand.desk.rules import queries

    life = queries.lives().get(rule)
    critical = _critical_policies(rule)
    if life is None or life.stage not in _AT_WORK or stage in _AT_WORK or not critical:
        return
    click.echo(
        f"{rule} is {life.stage}, and opens cases of the critical lane ({', '.join(critical)})."
        f" As {stage} it opens none, and the way back to live goes through shadow.",
        err=True,
    )
    _agree(stage)


def _ask_before_it_is_live(rule: str, stage: str) -> None:
    """What nobody has watched is told before something follows from it, as the console does."""
    from evenhand.desk.web.pages.rules.watched import unwatched

    told = unwatched(rule) if stage == "live" else []
    if told:
        click.echo(" ".join(told), err=True)
        _agree(stage)


def _agree(stage: str) -> None:
    """Ends the command unless somebody says yes."""
    try:
        agreed = click.confirm(f"Move it to {stage}?", err=True)
    except click.Abort:
        agreed = False
        click.echo(err=True)
    if not agreed:
        fail("Nothing was changed. In a script, say --yes.")


def _critical_policies(rule: str) -> list[str]:
    """Those in the critical lane that the rule asks for, in the project that runs."""
    from evenhand.desk.policies import queries as policies
    from evenhand.desk.rules import queries
    from evenhand.desk.rules.asks import asks

    running, known = queries.current(fresh=True).rules, policies.current().policies
    named = dict.fromkeys(ask.policy for ask in (asks(running).get(rule, ()) if running else ()))
    return [name for name in named if name in known and known[name].lane == "critical"]
