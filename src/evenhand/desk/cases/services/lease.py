"""Who looks at which case: two people never hold one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.desk.cases.queries import views
from evenhand.desk.cases.services.errors import Barred, Closed, Held, NoSuchCase
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.lane import CRITICAL, LANES

LEASE = timedelta(minutes=5)


class Passed(Struct, frozen=True):
    """What a person is not handed now, by the policy that a case proposes."""

    closed: frozenset[str] = frozenset()
    """They have seen as much of it as they may: others get it."""
    critical: frozenset[str] = frozenset()
    """Those of `closed` of which critical cases are passed over as well: somebody else is there for them."""
    later: frozenset[str] = frozenset()
    """Not now, if there is anything else that is not critical."""


_spared: list[Callable[[User], Passed]] = []


def spare(passed_over: Callable[[User], Passed]) -> None:
    """A room above knows what a person is to be spared: `next_case` asks it, once."""
    _spared.append(passed_over)


def is_spared(case: Case, user: User) -> bool:
    """Whether a person has seen as much of the case's policy as they may."""
    return any(case.policy in asked(user).closed for asked in _spared)


_brought: list[Callable[[User], Sequence[int]]] = []


def bring(out_of_turn: Callable[[User], Sequence[int]]) -> None:
    """A room above knows cases that a person is to get before their turn: `next_case` asks it, once."""
    _brought.append(out_of_turn)


def open_queues(user: User) -> list[str]:
    """Ids of the queues whose cases this person may decide."""
    roles = accounts.roles(user)
    return [queue.id for queue in policies.current().queues.values() if roles & set(queue.roles)]


def may_decide(case: Case, user: User) -> None:
    """Raises Barred."""
    if case.queue not in open_queues(user):
        raise Barred(f"The queue {case.queue} is not yours: an administrator can grant a role that may decide it.")
    if case.bars.filter(user=user).exists():
        if case.kind == Case.Kind.SECOND:
            raise Barred("This case is for somebody else to decide.")
        raise Barred("You made the decision that is appealed here: somebody else must hear it.")


def lock(case_id: int) -> Case:
    """The case, locked until the end of the transaction. Raises NoSuchCase."""
    cases = Case.objects.filter(pk=case_id)
    if connection.features.has_select_for_update:
        cases = cases.select_for_update(of=("self",))
    found = cases.first()
    if found is None:
        raise NoSuchCase(case_id)
    return found


def take(case_id: int, user: User) -> Case:
    """Take or renew the lease of one case. Raises Held, Barred, Closed, NoSuchCase."""
    with transaction.atomic():
        case = lock(case_id)
        if case.state != Case.State.OPEN:
            raise Closed("This case is decided.")
        may_decide(case, user)
        not_held_by_other(case, user)
        _hold(case, user)
    return case


def not_held_by_other(case: Case, user: User) -> None:
    """Neither it nor another case of its row in the queue. Raises Held."""
    if case.holder and case.holder != user and case.held_until and case.held_until > timezone.now():
        raise Held(case.holder, case.held_until)
    other = _held_beside(case).exclude(holder=user).select_related("holder").first()
    if other and other.holder and other.held_until:
        raise Held(other.holder, other.held_until)


def _held_beside(case: Case) -> QuerySet[Case]:
    if case.cluster_id is None:
        return Case.objects.none()
    return Case.objects.filter(
        cluster=case.cluster_id, cluster__isnull=False, state=Case.State.OPEN, holder__isnull=False,
        queue=case.queue, held_until__gt=timezone.now(), deciding=False,
    ).exclude(pk=case.pk)  # fmt: skip


def next_case(
    user: User, queue: str | None = None, after: int | None = None, *, skipped: Collection[int] = ()
) -> Case | None:
    """The first case in order that this person may decide and nobody holds, and its lease.

    `queue`: the part of the queue that they work through (`queries.views.part`).
    `after` is the case they come from: only those behind it are given. `skipped` cases are not given again.
    """
    wanted = views.part(queue)
    queues = [one for one in open_queues(user) if wanted.queue in ("", one)]
    if not queues:
        return None
    with transaction.atomic():
        cases = _waiting(user, queues).filter(wanted.condition())
        if after is not None:
            cases = _behind(cases, after)
        if skipped:
            cases = cases.exclude(pk__in=skipped)
        if connection.features.has_select_for_update_skip_locked:
            cases = cases.select_for_update(of=("self",), skip_locked=True)
        case = _out_of_turn(cases, user, _first_spared(cases, user))
        if case is not None:
            _hold(case, user)
    return case


def _first_spared(cases: QuerySet[Case], user: User) -> Case | None:
    """The first that this person is not to be spared; what can wait for another kind comes after all others."""
    for passed in (asked(user) for asked in _spared):
        if passed.closed:
            handed = Q(policy__isnull=True) | ~Q(policy__in=passed.closed)
            urgent = Q(lane=CRITICAL) & ~Q(policy__in=passed.critical)
            cases = cases.filter(handed | urgent)
        if passed.later:
            now = cases.filter(Q(policy__isnull=True) | ~Q(policy__in=passed.later) | Q(lane=CRITICAL))
            return _first(now) or _first(cases)
    return _first(cases)


def _out_of_turn(cases: QuerySet[Case], user: User, first: Case | None) -> Case | None:
    """What a room above brings; `first`, where that is critical or nothing is brought."""
    if first is None or first.lane == CRITICAL:
        return first
    for ids in (asked(user) for asked in _brought):
        if ids and (case := _first_spared(cases.filter(pk__in=ids), user)):
            return case
    return first


def _first(cases: QuerySet[Case]) -> Case | None:
    """Asked lane by lane, so that the databases walk the index of the order; over both they would sort all."""
    for lane in LANES:
        if case := cases.filter(lane=lane).order_by(F("rank").desc(), "id").first():
            return case
    return None


def _waiting(user: User, queues: list[str]) -> QuerySet[Case]:
    free = Q(held_until__isnull=True) | Q(held_until__lt=timezone.now()) | Q(holder=user)
    barred = CaseBar.objects.filter(case=OuterRef("pk"), user=user)
    beside = Case.objects.filter(
        cluster=OuterRef("cluster"), cluster__isnull=False, state=Case.State.OPEN, holder__isnull=False,
        queue=OuterRef("queue"), held_until__gt=timezone.now(), deciding=False,
    ).exclude(holder=user)  # fmt: skip
    return Case.objects.filter(
        free, ~Exists(barred), ~Exists(beside), state=Case.State.OPEN, behind=False, queue__in=queues
    )


def _behind(cases: QuerySet[Case], case_id: int) -> QuerySet[Case]:
    """Cases that come later in order than this one, decided or not."""
    here = Case.objects.filter(pk=case_id).values_list("lane", "rank").first()
    if here is None:
        return cases
    lane, rank = here
    later = Q(lane__gt=lane) | Q(lane=lane, rank__lt=rank) | Q(lane=lane, rank=rank, id__gt=case_id)
    return cases.filter(later)


def _hold(case: Case, user: User) -> None:
    case.holder, case.held_until = user, timezone.now() + LEASE
    case.save(update_fields=["holder", "held_until"])


def release(case_id: int, user: User) -> None:
    """Give the lease back, with that of the cases in its row; nothing happens when it is somebody else's by now."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return
    row = Q(pk=case_id)
    if case.cluster_id is not None:
        open_ = Q(cluster=case.cluster_id, cluster__isnull=False, state=Case.State.OPEN)
        row |= open_ & Q(queue=case.queue, deciding=False)
    Case.objects.filter(row, holder__isnull=False, holder=user).update(holder=None, held_until=None)
