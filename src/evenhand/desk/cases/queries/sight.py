"""Which cases a person may see: those of the queues of their roles, without child-safety cases unless they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries import views
from evenhand.desk.cases.queries.again import blind
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref

_AT_ONCE = 400


class Sight(Struct, frozen=True):
    queues: tuple[str, ...]
    """Ids of the queues, in the document's order."""
    hidden: frozenset[str]
    """Ids of the policies whose cases are not for this person."""
    blind: frozenset[int] = frozenset()
    """Numbers of cases that they are not shown now (`again.blind`)."""

    def sees(self, case: Case) -> bool:
        return case.queue in self.queues and self.knows(case)

    def knows(self, case: Case) -> bool:
        """Whether they may be told that it is there, in whatever queue."""
        return self.knows_of(case.policy, case.pk)

    def knows_of(self, policy: str | None, case: int | None) -> bool:
        """The same of a decision: under which policy, on which case."""
        return policy not in self.hidden and case not in self.blind

    def condition(self, part: str | None = None) -> Q:
        """Open cases, of a part of the queue (`views.part`) or of all."""
        wanted = views.part(part)
        queues = [one for one in self.queues if wanted.queue in ("", one)]
        condition = Q(state=Case.State.OPEN, queue__in=queues) & wanted.condition()
        if self.hidden:
            condition &= Q(policy__isnull=True) | ~Q(policy__in=sorted(self.hidden))
        if self.blind:
            condition &= ~Q(pk__in=sorted(self.blind))
        return condition


def sight(user: User) -> Sight:
    snapshot = policies.current()
    roles = accounts.roles(user)
    queues = tuple(queue.id for queue in snapshot.queues.values() if roles & set(queue.roles))
    unseen = blind(user)
    if allowed(user, Permission.SEE_CHILD_SAFETY):
        return Sight(queues, frozenset(), unseen)
    return Sight(queues, frozenset(one.id for one in snapshot.policies.values() if one.child_safety), unseen)


def hidden_among(refs: Sequence[Ref], mine: Sight) -> set[Ref]:
    """Those of these items that are in a case which is not for this person."""
    found: set[Ref] = set()
    if not mine.hidden:
        return found
    policy, names = sql.within(sorted(mine.hidden))
    for some in sql.batched(refs, _AT_ONCE):
        values, parameters = sql.among(some)
        rows = sql.rows(
            f"SELECT item_type, item_id FROM cases_case WHERE (item_type, item_id) IN {values} AND policy {policy}",  # noqa: S608 (marks only)
            [*parameters, *names],
        )
        found |= {Ref(type_, id_) for type_, id_ in rows}
    return found
