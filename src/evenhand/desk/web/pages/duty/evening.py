"""What the night will be, before anybody says good night: what is held, what wakes, what waits, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, urgent
from evenhand.desk.cases.queries import queue as cases
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.duty import clock
from evenhand.desk.duty.queries import Way, rosters, ways
from evenhand.desk.enforcement.queries import licences
from evenhand.desk.enforcement.queries.deliveries import Health
from evenhand.desk.media.queries import sources
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.rules import queries as rules
from evenhand.desk.rules.asks import asks
from evenhand.desk.rules.queries import Life
from evenhand.engine.platform import Policy

MORNING = (7, 0)


class Reached(Struct, frozen=True):
    """One person who may be called, and how."""

    user: User
    ways: tuple[tuple[Way, Health | None], ...]
    on_their_own: bool
    """It is the one who looks at the page."""


class Evening(Struct, frozen=True, kw_only=True):
    holding: list[Policy]
    """Policies whose items rules and banks may hide, up to the action that hides them."""
    rules: list[str]
    """Rules that are live or in canary, and hold."""
    banks: list[str]
    licensed: list[tuple[Policy, float]]
    """Policies whose cases are held by licence, from which score on."""
    stopped: bool
    """Somebody switched all holds by licence off."""
    critical: list[Policy]
    """Policies of which a case wakes somebody."""
    page_rules: tuple[str, ...]
    waiting: list[Case]
    """Critical cases that wait already. They wake nobody."""
    open: int
    called: list[Reached]
    cap: int
    again: float
    until: datetime
    zone: str
    next_duty: datetime | None

    @property
    def reachable(self) -> bool:
        return any(one.ways for one in self.called)

    def kept(self) -> dict[str, Any]:
        """As it is written down with the night, so that it can be held against what came."""
        return {
            "hold_policies": [one.id for one in self.holding],
            "hold_rules": self.rules,
            "hold_banks": self.banks,
            "hold_licences": {} if self.stopped else {one.id: score for one, score in self.licensed},
            "page_policies": [one.id for one in self.critical],
            "page_rules": list(self.page_rules),
            "waiting": [case.pk for case in self.waiting],
            "called": [one.user.pseudonym for one in self.called if one.ways],
        }


def evening(user: User) -> Evening:
    snapshot = policies.current()
    zone = rosters.hours_of(user).zone
    now = timezone.now()
    mine = sight(user)
    holding = [one for one in snapshot.policies.values() if one.hold and not one.retired]
    piles = cases.piles()
    return Evening(
        holding=holding,
        rules=_holding_rules(holding),
        banks=_holding_banks({one.id for one in holding}),
        licensed=_licensed(snapshot),
        stopped=licences.stopped() is not None,
        critical=[one for one in snapshot.policies.values() if one.lane == "critical" and not one.retired],
        page_rules=snapshot.platform.page_rules,
        waiting=[case for case in urgent.critical() if mine.sees(case)],
        open=sum(piles[queue].open for queue in mine.queues if queue in piles),
        called=_called(user),
        cap=int(snapshot.platform.pages_a_night),
        again=snapshot.platform.page_again_minutes,
        until=clock.next_at(*MORNING, zone, now + timedelta(hours=1)),
        zone=zone,
        next_duty=rosters.next_on_duty(now),
    )


def _called(user: User) -> list[Reached]:
    order = [user, *(one for one in rosters.called(None) if one != user)]
    reached, health = ways.of_all(order), ways.health(order)
    return [
        Reached(
            one,
            tuple((way, health.get(ways.name(one.pseudonym, way.kind))) for way in reached[one.pk]),
            on_their_own=one == user,
        )
        for one in order
    ]


def _holding_rules(holding: list[Policy]) -> list[str]:
    """Rules that are in force, and ask for a hold under a policy that has an action for it."""
    running = rules.current().rules
    if running is None or not holding:
        return []
    in_force = {name for name, life in rules.lives().items() if life.stage in (Life.Stage.LIVE, Life.Stage.CANARY)}
    allowed = {one.id for one in holding if one.rules_may != "enqueue"}
    return sorted(
        name
        for name, wanted in asks(running).items()
        if name in in_force and any(one.kind == "hold" and one.policy in allowed for one in wanted)
    )


def _licensed(snapshot: Snapshot) -> list[tuple[Policy, float]]:
    granted = licences.granted(licences.limited(snapshot))
    return [(snapshot.policies[policy], one.score) for policy, one in granted.items() if one.score is not None]


def _holding_banks(allowed: set[str]) -> list[str]:
    """Banks a match in which hides the item."""
    return [
        one.name
        for one in (seen.bank for seen in sources.banks())
        if one.hold != one.Holds.NEVER and one.policy in allowed
    ]
