"""What a trace is made from: shares, rates and shapes, each published (specs/triage.md §4.2) or ASSUMED.

Frozen before any order was tried on it. A change here is a new benchmark: the digests of its test change with it.
"""

from __future__ import annotations

from msgspec import Struct

REASONS = ("spam", "misleading", "antisocial", "sexual", "urgent", "critical", "other")
"""What people report for; each is a policy of the made-up platform."""
CRITICAL = REASONS.index("critical")
MIX = (0.25, 0.19, 0.20, 0.135, 0.14, 0.01, 0.075)
"""Share of reports. A large platform in 2025: spam 2.49M of 9.97M, other misleading 19 %, harassment 20 %, sexual
13.5 %; illegal and urgent 14 % as in 2024. The critical share (life, children, addresses, threats) is ASSUMED."""
VIOLATING = (0.60, 0.20, 0.25, 0.60, 0.15, 0.30, 0.10)
"""Share of what is reported so that does break a policy. ASSUMED."""
IN_CAMPAIGNS = (0.45, 0.25, 0.20, 0.10, 0.02, 0.0, 0.05)
"""Share of items that are one of many near-identical ones. ASSUMED."""
SEVERITY = (1.0, 3.0, 5.0, 4.0, 20.0, 100.0, 2.0)
"""Harm of one view of a violating item. ASSUMED; the platform's document says the same."""
MILD = (1.0, 1.5, 2.0, 2.0, 4.0, 10.0, 1.5)
FLAT = (1.0,) * 7
MINUTES_OF_AN_ITEM = 86 / 60
"""Mean handling: 200 items a day and person, from published figures."""
ITEMS_A_DAY = 30 * 60 / MINUTES_OF_AN_ITEM / 7
"""What one person with 30 hours a week handles in a calendar day: 179."""


class World(Struct, frozen=True, kw_only=True):
    """One set of assumptions."""

    name: str
    severity: tuple[float, ...] = SEVERITY
    half_lives: tuple[float, ...] = (80.0,)
    """Minutes; each item's is near one of these. Pfeffer et al., ICWSM 2023: 80 is the median of tweets."""
    half_life_spread: float = 0.7
    """Sigma of its logarithm over items. ASSUMED."""
    views: float = 150.0
    """Median of all views of an item. ASSUMED."""
    views_spread: float = 1.8
    """Sigma of their logarithm. ASSUMED."""
    auc: tuple[float, ...] = (0.86,) * 7
    """How well the platform's classifier tells violating items from others, for each reason. ASSUMED."""
    score_names: float = 0.9
    """How often the classifier names the right policy; else one by the mix. ASSUMED."""
    wrong_reasons: float = 0.2
    """Share of reports whose reason is drawn from the mix, whatever the item is. ASSUMED."""
    mobs: float = 0.02
    """Share of innocent items on which a crowd turns, with 30 to 300 reports for something severe. ASSUMED."""
    mobs_move_score: float = 0.0
    """How far a mob raises the classifier's score, in logits."""
    impurity: float = 0.03
    """Share of a campaign's items that are not what the others are: they quote it. ASSUMED."""
    report_rate: tuple[float, float] = (0.001, 0.003)
    """Reports for each view of an innocent and of a violating item, after the first one. ASSUMED."""
    most_reports: int = 60
    """Of one item, without a mob."""
    days: int = 9
    """The first fills the desk, seven are counted, and in the last what came before can still be decided."""


MAIN = World(name="main")
SECOND = World(
    name="second: half-lives of 8 and 24 h, weak and strong scores, flat severities",
    severity=FLAT,
    half_lives=(480.0, 1440.0),
    auc=(0.96, 0.71, 0.71, 0.96, 0.71, 0.96, 0.71),
)
SENSITIVITY = (
    World(name="weak score (AUC .71)", auc=(0.71,) * 7),
    World(name="strong score (AUC .96)", auc=(0.96,) * 7),
    World(name="flat severities", severity=FLAT),
    World(name="mild severities", severity=MILD),
    World(name="half-life 8 h", half_lives=(480.0,)),
    World(name="half-life 24 h", half_lives=(1440.0,)),
    World(name="no mobs", mobs=0.0),
    World(name="no mobs, no wrong reasons", mobs=0.0, wrong_reasons=0.0),
    World(name="mobs on 10 %", mobs=0.1),
    World(name="a score that mobs move (+1.5 logits)", mobs_move_score=1.5),
)
