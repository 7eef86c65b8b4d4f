"""How much of what harms somebody saw today, and what they are not handed for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.accounts.permissions import GRANTS, Permission
from evenhand.desk.accounts.queries import User, granted_roles
from evenhand.desk.cases.queries import exposure
from evenhand.desk.cases.queries.exposure import Looked
from evenhand.desk.cases.services import Passed
from evenhand.desk.duty import clock
from evenhand.desk.duty.models import Allowance, ClearLook
from evenhand.desk.duty.queries import rosters
from evenhand.desk.enforcement.queries import own
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.platform import Policy
from evenhand.engine.platform.snapshot import line

NONE = ""
"""The kind of what proposes no policy."""
FEWEST_PEOPLE = 3
"""Sums over fewer would tell of one of them."""


class Seen(Struct, frozen=True, kw_only=True):
    """What was seen of one kind of harm. `items`: media opened, each time counted; `seconds`: open, mostly veiled;
    `clear`: seconds without a filter, at most."""

    kind: str
    items: int = 0
    seconds: int = 0
    clear: int = 0
    last: datetime | None = None


class Closed(Struct, frozen=True, kw_only=True):
    """A kind of which a person is handed no more."""

    kind: str
    why: Literal["looks", "clear", "pause"]
    until: datetime
    seen: Seen


class Crowd(Struct, frozen=True, kw_only=True):
    """Sums over all, of at least three people who opened anything."""

    people: int
    seen: tuple[Seen, ...]


def kind_of(policy: str | None, snapshot: Snapshot) -> str:
    """The policy that sets a limit for this one: itself or the nearest above; where none does, the root."""
    above = [snapshot.policies[one] for one in line(policy, snapshot.policies)]
    limiting = next((one for one in above if limits(one)), above[-1] if above else None)
    return limiting.id if limiting else NONE


def limits(policy: Policy) -> bool:
    return bool(policy.looks_a_day or policy.clear_seconds_a_day or policy.pause_minutes)


def today(user: User) -> datetime:
    """When the person's day began, on their clock."""
    return clock.midnight(timezone.now(), rosters.hours_of(user).zone)


def seen(user: User, since: datetime, until: datetime | None = None) -> list[Seen]:
    """What this person opened, by kind, the most first."""
    found = exposure.looked(since, until or timezone.now(), user=user)
    return _by_kind(found, policies.current())


def by_day(user: User, days: int) -> list[tuple[datetime, list[Seen]]]:
    """The same for each of the last days, today first."""
    zone, snapshot = rosters.hours_of(user).zone, policies.current()
    begins = [clock.midnight(timezone.now() - timedelta(days=back), zone) for back in range(days)]
    found = exposure.looked(begins[-1], timezone.now(), user=user)
    ends = [timezone.now(), *begins[:-1]]
    return [
        (begin, _by_kind([one for one in found if begin <= one.opened < end], snapshot))
        for begin, end in zip(begins, ends, strict=True)
    ]


def crowd(since: datetime) -> Crowd | None:
    """None where fewer than three people opened anything: nobody's page shows what one other person saw."""
    found = exposure.looked(since, timezone.now())
    people: dict[str, set[int]] = defaultdict(set)
    snapshot = policies.current()
    for one in found:
        people[kind_of(one.policy, snapshot)].add(one.viewer)
    everybody = {one.viewer for one in found}
    if len(everybody) < FEWEST_PEOPLE:
        return None
    told = [one for one in _by_kind(found, snapshot) if len(people[one.kind]) >= FEWEST_PEOPLE]
    return Crowd(people=len(everybody), seen=tuple(told))


def _by_kind(found: Sequence[Looked], snapshot: Snapshot) -> list[Seen]:
    clear = _clear(found)
    groups: dict[str, list[Looked]] = defaultdict(list)
    for one in found:
        groups[kind_of(one.policy, snapshot)].append(one)
    made = [
        Seen(
            kind=kind,
            items=len(some),
            seconds=round(sum((one.ended - one.opened).total_seconds() for one in some)),
            clear=round(sum(clear[one.view] for one in some)),
            last=max(one.opened for one in some),
        )
        for kind, some in groups.items()
    ]
    return sorted(made, key=lambda one: (-one.items, one.kind))


def _clear(found: Sequence[Looked]) -> Mapping[int, float]:
    """Seconds without a filter, by view. Where no script could say so: as long as it was open, at most."""
    views = {one.view: one for one in found}
    seconds = {one.view: 0.0 if one.heard else (one.ended - one.opened).total_seconds() for one in found}
    ids = [one.view for one in found if one.heard]
    for some in sql.batched(ids, 500):
        for look in ClearLook.objects.filter(view__in=some):
            end = min(look.ended_at or views[look.view_id].ended, views[look.view_id].ended)
            seconds[look.view_id] += max(0.0, (end - look.begun_at).total_seconds())
    return seconds


def closed(user: User) -> list[Closed]:
    """The kinds of which this person has had enough for now. Costs nothing where the platform sets no limits."""
    snapshot = policies.current()
    limiting = {one.id: one for one in snapshot.policies.values() if limits(one)}
    if not limiting:
        return []
    now = timezone.now()
    begin = today(user)
    tomorrow = clock.midnight(now + timedelta(days=1), rosters.hours_of(user).zone)
    more = set(Allowance.objects.filter(user=user, until__gt=now).values_list("policy", flat=True))
    had = [one for one in seen(user, begin) if one.kind in limiting and one.kind not in more]
    return [found for one in had if (found := _closing(limiting[one.kind], one, now, tomorrow))]


def _closing(policy: Policy, had: Seen, now: datetime, tomorrow: datetime) -> Closed | None:
    if policy.looks_a_day and had.items >= policy.looks_a_day:
        return Closed(kind=policy.id, why="looks", until=tomorrow, seen=had)
    if policy.clear_seconds_a_day and had.clear >= policy.clear_seconds_a_day:
        return Closed(kind=policy.id, why="clear", until=tomorrow, seen=had)
    rested = (had.last or now) + timedelta(minutes=policy.pause_minutes)
    if policy.pause_minutes and now < rested:
        return Closed(kind=policy.id, why="pause", until=rested, seen=had)
    return None


def passed_over(user: User) -> Passed:
    """For `cases.services.next_case`. A critical case is passed over only where somebody else is there for it."""
    snapshot = policies.current()
    shut = closed(user)
    all_closed = _below({one.kind for one in shut}, snapshot)
    others = all_closed if shut and others_there(user) else frozenset[str]()
    return Passed(closed=all_closed, critical=others, later=_monotonous(user, snapshot))


def others_there(user: User) -> bool:
    """Whether somebody else who decides cases, and may still see more, is on duty now."""
    return any(
        other != user and any(Permission.DECIDE in GRANTS[role] for role in granted_roles(other)) and not closed(other)
        for other in rosters.on_duty(timezone.now())
    )


def _monotonous(user: User, snapshot: Snapshot) -> frozenset[str]:
    """The policies of the kind of which the person has had so many in a row."""
    most = int(snapshot.platform.in_a_row)
    if not most:
        return frozenset()
    had = own.last_policies(user, most)
    last = {kind_of(policy, snapshot) for policy in had}
    return _below(last, snapshot) if len(had) == most and len(last) == 1 else frozenset()


def _below(kinds: Iterable[str], snapshot: Snapshot) -> frozenset[str]:
    wanted = set(kinds)
    return frozenset(policy for policy in snapshot.policies if kind_of(policy, snapshot) in wanted)


def waiting_for_others(user: User) -> int:
    """Open cases of the kinds that are closed to this person."""
    shut = closed(user)
    return exposure.waiting(_below({one.kind for one in shut}, policies.current())) if shut else 0


def closed_for(user: User, policy: str | None) -> Closed | None:
    """Why a case that proposes this policy is more than the person ought to see."""
    kind = kind_of(policy, policies.current())
    return next((one for one in closed(user) if one.kind == kind), None)
