"""How often people agreed with rules: of the cases that a rule helped open, how many a person upheld."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import to_micros

MOST_DECISIONS = 20_000
"""Of so many of the newest decisions since then."""


class Agreement(Struct, frozen=True):
    """`upheld` of `decided` cases: a person acted under a policy, and no appeal overturned the decision."""

    decided: int
    upheld: int


def agreement(since: datetime) -> dict[str, Agreement]:
    """By rule. A rule helped open a case when it asked for a person, a hold or an action before the case was decided.

    The last decision on a case counts: one that was taken back is no agreement, and neither is it a decision.
    One that was overturned on appeal is a decision without agreement.
    """
    found = sql.rows(
        "SELECT detector, count(*), sum(upheld) FROM ("
        " SELECT DISTINCT s.detector, d.case_id,"
        "  CASE WHEN d.kind = 'act' AND d.overturned_by_id IS NULL THEN 1 ELSE 0 END AS upheld FROM ("
        "  SELECT max(id) AS id FROM (SELECT id, case_id FROM enforcement_decision"
        "   WHERE decided_at >= %s AND decided_by_id IS NOT NULL AND undone_at IS NULL AND case_id IS NOT NULL"
        "   AND kind IN ('act', 'dismiss') AND NOT EXISTS (SELECT 1 FROM enforcement_decision r"
        "    WHERE r.reverses_id = enforcement_decision.id AND r.undone_at IS NULL)"
        "   ORDER BY decided_at DESC LIMIT %s) AS newest GROUP BY case_id"
        " ) AS last JOIN enforcement_decision d ON d.id = last.id JOIN cases_case c ON c.id = d.case_id"
        " JOIN signals_signal s ON s.item_type = c.item_type AND s.item_id = c.item_id AND s.at <= d.decided_at"
        " WHERE s.effect IN ('enqueue', 'hold', 'act') AND s.detector LIKE 'rule:%%'"
        ") AS judged GROUP BY detector",
        (to_micros(since), MOST_DECISIONS),
    )
    return {detector.partition(":")[2]: Agreement(decided, int(upheld)) for detector, decided, upheld in found}
