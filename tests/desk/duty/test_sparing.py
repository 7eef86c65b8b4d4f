"""What somebody saw is counted, and more than they ought to see goes to others; a critical case never to nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case, MediaView
from evenhand.desk.cases.services import next_case
from evenhand.desk.duty import services
from evenhand.desk.duty.models import ClearLook
from evenhand.desk.duty.queries import sparing
from evenhand.desk.enforcement.services import decide
from evenhand.desk.policies import queries as policies
from tests.desk.conftest import post, reported
from tests.desk.duty.conftest import ALWAYS


@pytest.fixture
def opened(ana):
    """Ana opened so many media of a case, each for so long; `heard`: by a page with script."""

    def opened(case, count=1, seconds=10, *, heard=True, user=ana, days=0):
        now = timezone.now() - timedelta(days=days)
        begin = now - timedelta(seconds=seconds)
        return [
            MediaView.objects.create(
                case=case, viewer=user, item_type="post", item_id=case.item_id, field="images", url=f"u{number}",
                filter="grey+blur", opened_at=begin, heard_at=now if heard else None, closed_at=now, ending="closed",
            )
            for number in range(count)
        ]  # fmt: skip

    return opened


@pytest.fixture
def two(fold):
    """An open case of threats, in the second lane, and one of spam."""
    fold(reported(post("t1"), "r1", "threat"), reported(post("s1"), "r2", "spam"))
    return Case.objects.get(item_id="t1"), Case.objects.get(item_id="s1")


def test_media_opened_are_counted_by_kind_of_harm_with_their_seconds(two, opened, ana):
    threat, spam = two
    [view] = opened(threat, seconds=60)
    opened(spam, count=3, seconds=5)
    ClearLook.objects.create(view=view, begun_at=view.opened_at, ended_at=view.opened_at + timedelta(seconds=7))
    found = {
        one.kind: (one.items, one.seconds, one.clear) for one in sparing.seen(ana, timezone.now() - timedelta(days=1))
    }
    assert found == {"threat": (1, 60, 7), "spam": (3, 15, 0)}


def test_a_look_whose_end_was_not_told_lasts_until_its_view_ends(two, opened, ana):
    [view] = opened(two[0], seconds=40)
    ClearLook.objects.create(view=view, begun_at=view.opened_at + timedelta(seconds=10))
    assert sparing.seen(ana, timezone.now() - timedelta(days=1))[0].clear == 30


def test_without_script_all_of_it_may_have_been_without_a_filter(two, opened, ana):
    opened(two[0], seconds=25, heard=False)
    assert sparing.seen(ana, timezone.now() - timedelta(days=1))[0].clear == 25


def test_at_the_cap_others_get_the_cases_and_the_next_kind_comes(two, opened, ana, ben):
    threat, spam = two
    assert next_case(ana) == threat
    opened(threat, count=2)
    Case.objects.update(holder=None, held_until=None)
    assert next_case(ana) == spam
    assert sparing.waiting_for_others(ana) == 1
    assert next_case(ben) == threat


def test_yesterday_does_not_count(two, opened, ana):
    opened(two[0], count=5, days=2)
    assert sparing.closed(ana) == []


def test_seconds_without_a_filter_have_a_cap_of_their_own(two, opened, ana):
    [view] = opened(two[0], seconds=60)
    ClearLook.objects.create(view=view, begun_at=view.opened_at, ended_at=view.opened_at + timedelta(seconds=31))
    [shut] = sparing.closed(ana)
    assert (shut.kind, shut.why) == ("threat", "clear")


@pytest.fixture
def critical(two):
    """The threat is critical."""
    Case.objects.filter(pk=two[0].pk).update(lane=0)
    return Case.objects.get(pk=two[0].pk)


def test_a_critical_case_comes_all_the_same_where_nobody_else_is_there(critical, opened, ana):
    opened(critical, count=2)
    assert next_case(ana) == critical
    assert not sparing.others_there(ana)


def test_a_critical_case_goes_to_who_is_on_duty_and_may_see_more(critical, opened, ana, ben, reachable):
    reachable(ben, shifts=ALWAYS)
    opened(critical, count=2)
    assert sparing.others_there(ana)
    assert next_case(ana).policy == "spam"
    opened(critical, count=2, user=ben)
    assert next_case(ana) == critical


def test_more_than_the_cap_takes_a_reason_that_the_ledger_keeps(two, opened, ana):
    opened(two[0], count=2)
    with pytest.raises(services.NeedsReason):
        services.allow_more(ana, "threat", "  ", by=ana)
    services.allow_more(ana, "threat", "the only one who reads Sorbian", by=ana)
    assert sparing.closed(ana) == []
    assert Entry.objects.filter(act="cap_raised").count() == 1
    assert next_case(ana) == two[0]


@pytest.mark.parametrize("document", ["in_a_row = 2"])
def test_after_so_many_of_a_kind_another_kind_comes_if_there_is_any(fold, ana, platform):
    fold(*(reported(post(f"h{number}"), f"r{number}", "harassment") for number in range(4)))
    fold(reported(post("s1"), "r9", "spam"))
    kinds = []
    for _ in range(5):
        case = next_case(ana)
        kinds.append(case.policy)
        decide(case.pk, version=case.version, by=ana, kind="dismiss", policy=None)
    assert kinds == ["harassment", "harassment", "spam", "harassment", "harassment"]


def test_where_the_platform_sets_no_limits_nothing_is_asked(ana, db, django_assert_num_queries):
    policies.current()
    with django_assert_num_queries(0):
        assert sparing.passed_over(ana) == sparing.Passed()


def test_sums_are_told_of_three_people_and_of_no_fewer(two, opened, ana, ben, person):
    day = timezone.now() - timedelta(days=1)
    opened(two[0])
    opened(two[0], user=ben)
    assert sparing.crowd(day) is None
    opened(two[1], user=person("cleo"))
    crowd = sparing.crowd(day)
    assert (crowd.people, crowd.seen) == (3, ())  # each kind was seen by two at most
    opened(two[0], user=person("dora"))
    assert [(one.kind, one.items) for one in sparing.crowd(day).seen] == [("threat", 3)]


def test_a_clear_look_is_the_viewers_own_and_ends_once(two, opened, ana, ben):
    [view] = opened(two[0])
    MediaView.objects.update(closed_at=None, ending="")
    assert services.clear(view.pk, ben) is None
    look = services.clear(view.pk, ana)
    services.unclear(look, ben)
    assert ClearLook.objects.get().ended_at is None
    services.unclear(look, ana)
    ended = ClearLook.objects.get().ended_at
    services.unclear(look, ana)
    assert ClearLook.objects.get().ended_at == ended
