"""What holds by licence came to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Hold
from evenhand.desk.enforcement.queries.held import numbers
from evenhand.engine.triage.alternatives import HOLD_KEEPS

HALF_LIFE = timedelta(minutes=80)


def hold(number: int, outcome: str, *, hours: float = 80 / 60, views: float = 100, ended: bool = True, days: int = 1):
    now = timezone.now()
    began = now - timedelta(days=days)
    case = Case.objects.create(
        item_type="post", item_id=f"p{number}", state="closed" if outcome else "open", outcome=outcome,
        opened_at=began, changed_at=now,
    )  # fmt: skip
    decision = Decision.objects.create(
        uid=f"{number:032x}", case=case, kind="hold", item_type="post", item_id=f"p{number}", decided_at=began,
        effective_at=began,
    )  # fmt: skip
    return Hold.objects.create(
        decision=decision, item_type="post", item_id=f"p{number}", cause="licence", name="spam", reason="", score=0.9,
        views=views, placed_at=began, until=began, ended_at=began + timedelta(hours=hours) if ended else None,
        end="decided" if ended else "",
    )  # fmt: skip


def test_nothing_held_is_nothing_told(db):
    assert numbers() == {}


def test_holds_are_counted_with_what_their_cases_came_to(db):
    for number, outcome in enumerate(["upheld"] * 7 + ["dismissed"] * 2 + [""]):
        hold(number, outcome, ended=bool(outcome))
    found = numbers()["spam"]
    assert (found.placed, found.open, found.upheld, found.wrong, found.decided) == (10, 1, 7, 2, 9)
    assert found.low < 2 / 9 < found.high
    assert found.minutes == pytest.approx(80)


def test_a_wrong_hold_of_one_half_life_costs_half_of_the_views_that_it_keeps_back(db):
    hold(1, "dismissed", views=1000)
    hold(2, "upheld", views=9000)
    assert numbers()["spam"].lost_views == pytest.approx(500 * HOLD_KEEPS)


def test_while_nothing_is_decided_the_interval_is_everything(db):
    hold(1, "", ended=False)
    found = numbers()["spam"]
    assert (found.low, found.high, found.minutes, found.lost_views) == (0, 1, None, 0)


def test_only_the_last_days_count(db):
    hold(1, "upheld", days=40)
    assert numbers() == {}
