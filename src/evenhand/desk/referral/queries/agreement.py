"""How often a peer's opinion was what the case was decided as: by policy, never by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.fields import to_micros

MOST = 20_000


class Agreement(Struct):
    """Of one policy. `compared` counts answers of yes or no on cases that somebody else decided since."""

    asked: int = 0
    answered: int = 0
    unsure: int = 0
    compared: int = 0
    agreed: int = 0

    @property
    def disagreed(self) -> int:
        return self.compared - self.agreed


_FINAL = (
    "SELECT max(x.id) FROM enforcement_decision x WHERE x.case_id = o.case_id AND x.decided_by_id IS NOT NULL"
    " AND x.undone_at IS NULL AND x.kind IN ('act', 'dismiss', 'uphold', 'overturn') AND NOT EXISTS"
    " (SELECT 1 FROM enforcement_decision r WHERE r.reverses_id = x.id AND r.undone_at IS NULL)"
)
"""The decision that stands on the case."""


def agreement(since: datetime, mine: Sight) -> dict[str | None, Agreement]:
    """By the policy of the decision, or of the case while none is compared; questions asked since then that were not
    taken back, of the queues that are theirs. A decision that an appeal overturned counts as what the appeal found."""
    found: dict[str | None, Agreement] = defaultdict(Agreement)
    for opinion in _rows(since):
        if opinion.queue not in mine.queues or mine.hidden & {opinion.case_policy, opinion.decided_policy}:
            continue
        final = opinion.final
        acted = final == "yes" and opinion.kind == "act"
        one = found[opinion.decided_policy if acted else opinion.case_policy]
        one.asked += 1
        one.answered += opinion.answer != ""
        one.unsure += opinion.answer == "unsure"
        if final and opinion.answer in {"yes", "no"}:
            one.compared += 1
            one.agreed += opinion.answer == final and (not acted or opinion.policy == opinion.decided_policy)
    return dict(found)


class _Row(Struct, frozen=True):
    answer: str
    policy: str | None
    queue: str
    case_policy: str | None
    kind: str | None
    decided_policy: str | None
    overturned: int | None

    @property
    def final(self) -> str:
        """Whether it was found to break a policy; "" while nobody else decided."""
        if self.kind is None:
            return ""
        breaks = self.kind in {"act", "uphold"} and self.overturned is None
        return "yes" if breaks else "no"


def _rows(since: datetime) -> Iterator[_Row]:
    rows = sql.rows(
        "SELECT o.answer, o.policy, c.queue, c.policy, d.kind, d.policy, d.overturned_by_id"  # noqa: S608 (constant text)
        " FROM referral_opinion o JOIN cases_case c ON c.id = o.case_id LEFT JOIN enforcement_decision d"
        f" ON d.id = ({_FINAL}) AND d.decided_at >= o.answered_at AND d.decided_by_id <> o.peer_id"
        " WHERE o.asked_at >= %s AND o.withdrawn_at IS NULL ORDER BY o.id DESC LIMIT %s",
        (to_micros(since), MOST),
    )
    return (_Row(*row) for row in rows)
