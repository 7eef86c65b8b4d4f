"""What came in the night, in the order of harm: each hold for a yes or no, each page, and the counts."""

from __future__ import annotations

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import queue as cases
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.duty.queries import Alarm, Night, alarms, mornings
from evenhand.desk.enforcement.queries import nights
from evenhand.desk.enforcement.queries.holds import Hold
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages import queue
from evenhand.desk.web.pages.queue import Row

MOST_CASES = 10
MOST_HOLDS = 50


class HeldRow(Struct, frozen=True):
    """One item that is hidden, with its case as the queue shows it. `action`: what a yes takes."""

    hold: Hold
    row: Row
    action: str
    mine: bool
    """This person may decide it now."""


class Morning(Struct, frozen=True, kw_only=True):
    night: Night | None
    counts: dict[str, int]
    ended: dict[str, int]
    """How holds of this night have ended by now."""
    held: list[HeldRow]
    others: int
    """Holds of cases that are not for this person."""
    rows: list[Row]
    alarms: list[Alarm]


def morning(user: User) -> Morning:
    night = mornings.last_night()
    mine, snapshot = sight(user), policies.current()
    holds = [hold for hold in nights.open_holds() if hold.decision.case is not None]
    seen = [hold for hold in holds if hold.decision.case and mine.sees(hold.decision.case)][:MOST_HOLDS]
    found = queue.rows([hold.decision.case for hold in seen if hold.decision.case], user, snapshot)
    waiting = cases.page(mine, queue=None, after=None, limit=MOST_CASES)
    begin, end = (night.begun_at, mornings.ends(night)) if night else (timezone.now(), timezone.now())
    return Morning(
        night=night,
        counts=mornings.counts(night) if night else {},
        ended=nights.ended(begin, end),
        held=[
            HeldRow(
                hold,
                row,
                ", ".join(snapshot.action_name(taken.action) for taken in hold.decision.actions.all()),
                mine=not row.barred and (row.mine or not row.holder),
            )
            for hold, row in zip(seen, found, strict=True)
        ],
        others=len(holds) - len(seen),
        rows=queue.rows(waiting, user, snapshot),
        alarms=[one for one in alarms.since(begin) if mine.sees(one.case) or one.case.state != "open"] if night else [],
    )
