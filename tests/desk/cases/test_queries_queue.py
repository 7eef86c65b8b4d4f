"""The queue in order: what stands where, how much there is, and for whom."""

from datetime import timedelta
from random import Random

import pytest
from django.core.cache import cache
from django.utils import timezone

from evenhand.desk.cases.models import Case, CaseReport
from evenhand.desk.cases.queries import queue
from evenhand.desk.cases.queries.queue import Place
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.engine.triage.lane import CRITICAL, LANES, UNCONFIRMED

ALL = Sight(("default", "minors"), frozenset())
NO_MINORS = Sight(("default",), frozenset({"minors"}))


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


@pytest.fixture
def case(db):
    def case(id_: str, **more) -> Case:
        now = timezone.now()
        values = {"item_type": "post", "item_id": id_, "opened_at": now, "changed_at": now, "policy": "spam", **more}
        return Case.objects.create(**values)

    return case


def ids(cases):
    return [case.item_id for case in cases]


def test_critical_cases_stand_first_then_the_unconfirmed_then_the_higher_rank_then_the_older(case):
    case("low", rank=1.0)
    case("high", rank=9.0)
    case("tie", rank=9.0)
    case("critical", lane=CRITICAL, rank=-3.0)
    case("unconfirmed", lane=UNCONFIRMED, rank=-9.0)
    assert ids(queue.page(ALL, queue=None, after=None, limit=10)) == ["critical", "unconfirmed", "high", "tie", "low"]


def test_pages_follow_each_other_without_gap_or_repeat(case):
    random = Random(7)
    for number in range(60):
        case(f"p{number}", lane=random.choice(LANES), rank=random.choice((1.0, 2.5, -4.0, 1 / 3)))
    whole = ids(queue.page(ALL, queue=None, after=None, limit=100))
    walked, place = [], None
    while page := queue.page(ALL, queue=None, after=place, limit=7):
        walked += ids(page)
        place = Place.read(str(Place.of(page[-1])))
    assert walked == whole
    assert len(set(walked)) == 60


@pytest.mark.parametrize(
    "text",
    ["", "1", "1~x~3", "1~2.0", "1~2.0~3~4", "~~", "1~nan~3", "0~inf~3", "7~1.0~3", f"1~1.0~{2**63}", "1~1.0~-3"],
)
def test_a_place_that_nobody_wrote_is_no_place(text):
    assert Place.read(text) is None


def test_only_open_cases_of_the_queue_are_listed(case):
    case("here")
    case("decided", state="closed")
    case("elsewhere", queue="minors")
    assert ids(queue.page(ALL, queue="default", after=None, limit=10)) == ["here"]
    assert ids(queue.page(ALL, queue="no such queue", after=None, limit=10)) == []


def test_cases_of_a_hidden_policy_are_not_listed_but_those_without_a_policy_are(case):
    case("hidden", policy="minors")
    case("unnamed", policy=None)
    case("shown")
    assert set(ids(queue.page(NO_MINORS, queue=None, after=None, limit=10))) == {"unnamed", "shown"}


def test_piles_tell_how_many_how_critical_and_since_when(case):
    old = timezone.now() - timedelta(days=2)
    case("a", opened_at=old)
    case("b", lane=0)
    case("c", queue="minors")
    case("d", state="closed")
    case("e", lane=UNCONFIRMED)
    default, minors = (queue.piles()[name] for name in ("default", "minors"))
    assert (default.open, default.critical, default.unconfirmed, default.oldest) == (3, 1, 1, old)
    assert minors.open == 1


def test_counting_is_shared_for_a_few_seconds(case, django_assert_num_queries):
    case("a")
    queue.piles()
    with django_assert_num_queries(0):
        assert queue.piles()["default"].open == 1


def test_what_came_since_a_moment_is_counted_up_to_a_hundred(case):
    before = timezone.now() - timedelta(seconds=1)
    for number in range(103):
        case(f"p{number}")
    assert queue.opened_since(ALL, None, before) == queue.MOST_NEW + 1
    assert queue.opened_since(ALL, "minors", before) == 0
    assert queue.opened_since(ALL, None, timezone.now()) == 0


def test_reports_and_different_reporters_are_counted_for_many_cases_at_once(case, django_assert_num_queries):
    first, second = case("a"), case("b")
    for number, reporter in enumerate(("r1", "r1", "r2")):
        CaseReport.objects.create(
            case=first, report_id=f"x{number}", reporter=f"user account {reporter}", received_at=timezone.now()
        )
    with django_assert_num_queries(1):
        counts = queue.report_counts([first.pk, second.pk])
    assert (counts[first.pk].reports, counts[first.pk].reporters) == (3, 2)
    assert second.pk not in counts


def test_the_oldest_critical_case_is_found(case):
    assert queue.oldest(CRITICAL) is None
    old = timezone.now() - timedelta(hours=3)
    case("a", lane=0, opened_at=old)
    case("b", lane=0)
    case("c", opened_at=old - timedelta(days=1))
    assert queue.oldest(CRITICAL) == old
    assert queue.oldest(UNCONFIRMED) is None


def test_a_moderator_sees_no_child_safety_and_a_named_person_only_with_a_second_factor(platform, person):
    moderator, named = person("mo"), person("cleo", "moderator", "child_safety")
    assert "minors" not in sight(moderator).queues
    assert sight(moderator).hidden == {"minors"}
    assert sight(named).hidden == {"minors"}
    named.second_factor = True
    assert sight(named) == Sight(sight(named).queues, frozenset())
    assert "minors" in sight(named).queues
