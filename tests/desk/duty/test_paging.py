"""A critical case that nobody is there for wakes one person after another, and never more often than they allowed."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.duty import services
from evenhand.desk.duty.clock import Shift
from evenhand.desk.duty.models import Alarm, Night, Page
from evenhand.desk.duty.queries import alarms
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import decide
from evenhand.desk.signals.models import Signal
from tests.desk.conftest import post, reported
from tests.desk.duty.conftest import ALWAYS, left


@pytest.fixture
def threat(fold):
    """A critical case on a threat."""

    def threat(item="t1", reporter="vouched"):
        fold(reported(post(item, "a text that nobody may be told of"), reporter, "threat"))
        Case.objects.filter(item_id=item).update(lane=0)
        return Case.objects.get(item_id=item)

    return threat


def later(minutes):
    """As if so much time had passed since the last page."""
    for alarm in Alarm.objects.filter(state="ringing"):
        alarm.due_at -= timedelta(minutes=minutes)
        alarm.save()


def acts(act):
    return Entry.objects.filter(act=act).count()


def test_in_a_night_it_pages_who_said_good_night(threat, ana, reachable, good_night):
    good_night(reachable(ana))
    case = threat()
    services.ring()
    assert left() == [f"page:{ana.pseudonym}:push"]
    alarm = Alarm.objects.get()
    assert (alarm.case, alarm.state, alarm.cause, alarm.policy) == (case, "ringing", "critical", "threat")
    assert acts("paged") == 1


def test_a_page_tells_a_number_a_policy_and_a_link_and_nothing_of_the_content(threat, ana, reachable, good_night):
    good_night(reachable(ana))
    case = threat()
    services.ring()
    said = msgspec.json.decode(bytes(Delivery.objects.get(kind="page").body))
    assert said["title"] == f"Evenhand: case {case.pk}"
    assert "Threats" in said["text"]
    assert "/page/" in said["link"]
    assert "nobody may be told" not in str(said)
    assert "vouched" not in str(said)
    assert "t1" not in said["text"]


def test_one_round_more_does_nothing_until_it_is_time(threat, ana, reachable, good_night):
    good_night(reachable(ana))
    threat()
    for _ in range(3):
        services.ring()
    assert len(left()) == 1


def test_what_nobody_acknowledges_goes_to_the_next_and_at_last_says_that_nobody_answered(
    threat, ana, ben, reachable, good_night
):
    good_night(reachable(ana))
    reachable(ben, place=1)
    threat()
    for _ in range(5):
        services.ring()
        later(11)
    names = [one.rpartition(":")[0].removeprefix("page:") for one in left()]
    assert names == [ana.pseudonym, ben.pseudonym, ana.pseudonym, ben.pseudonym]
    assert Alarm.objects.get().state == "unheard"
    assert acts("page_silent") == 1


def test_who_acknowledges_stops_it(threat, ana, ben, reachable, good_night):
    good_night(reachable(ana))
    reachable(ben, place=1)
    threat()
    services.ring()
    word = msgspec.json.decode(bytes(Delivery.objects.get(kind="page").body))["link"].rstrip("/").rpartition("/")[2]
    page = alarms.of_link(word)
    assert page.user == ana
    assert services.acknowledge(page.alarm_id, ana, how="link")
    assert not services.acknowledge(page.alarm_id, ben, how="console")
    later(11)
    services.ring()
    assert len(left()) == 1
    assert (Alarm.objects.get().state, acts("page_acknowledged")) == ("acknowledged", 1)


def test_nobody_is_woken_more_often_than_the_cap_and_the_rest_is_counted(threat, ana, reachable, good_night):
    night = good_night(reachable(ana), cap=1)
    threat()
    services.ring()
    threat("t2", "other")
    services.ring()
    assert len(left()) == 1
    assert [one.state for one in Alarm.objects.order_by("pk")] == ["ringing", "capped"]
    assert alarms.paged(ana, night) == 1
    said = msgspec.json.decode(bytes(Delivery.objects.get(kind="page").body))["text"]
    assert "the last one" in said


def test_what_waits_when_the_night_begins_wakes_nobody(threat, ana, reachable, good_night):
    threat()
    good_night(reachable(ana))
    services.ring()
    assert left() == []
    assert Alarm.objects.get().state == "known"


def test_a_case_that_was_decided_rings_no_more(threat, ana, ben, reachable, good_night):
    good_night(reachable(ana))
    case = threat()
    services.ring()
    decide(case.pk, version=case.version, by=ben, kind="dismiss", policy=None)
    later(11)
    services.ring()
    assert (len(left()), Alarm.objects.get().state) == (1, "settled")


def test_outside_of_all_rosters_it_pages_by_their_order(threat, ana, ben, reachable):
    now = timezone.now()
    reachable(ana, place=2, shifts=ALWAYS)
    reachable(ben, place=1)
    threat()
    services.ring()
    assert left() == []  # Ana's hours are all hours
    services.add_change(ana, begins=now - timedelta(hours=1), ends=now + timedelta(hours=3), on=False, by=ana)
    services.ring()
    assert left() == [f"page:{ben.pseudonym}:push"]


def test_without_hours_and_without_a_night_nothing_pages(threat, ana, reachable):
    reachable(ana, place=1)
    threat()
    services.ring()
    assert (left(), Alarm.objects.count()) == ([], 0)


def test_who_may_not_decide_the_case_is_not_woken_by_it(fold, ana, person, reachable, good_night):
    """Child safety is for who has that role."""
    good_night(reachable(ana))
    guardian = reachable(person("gia", "child_safety"), place=1)
    fold(reported(post("c1"), "somebody", "minors"))
    services.ring()
    assert left() == [f"page:{guardian.pseudonym}:push"]


def test_a_night_in_which_nobody_can_be_reached_says_that_nobody_answered(threat, ana, good_night):
    good_night(ana)
    threat()
    services.ring()
    assert (left(), Alarm.objects.get().state) == ([], "unheard")


@pytest.fixture
def night(ana, reachable, good_night):
    return good_night(reachable(ana))


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("document", ['page_rules = ["Raid"]'])
@pytest.mark.parametrize(("effect", "pages"), [("note", 1), ("shadow", 0)])
def test_a_live_rule_that_the_document_names_pages_as_a_critical_case_does(fold, effect, pages):
    fold(reported(post("p1"), "r1", "spam"))
    Signal.objects.create(
        event_id="e" * 32, detector="rule:Raid", version="1", item_type="post", item_id="p1",
        at=timezone.now(), effect=effect, summary="a raid",
    )  # fmt: skip
    services.ring()
    assert [one.cause for one in Alarm.objects.all()] == ["rule:Raid"] * pages
    assert len(left()) == pages


def test_a_round_with_nothing_to_do_costs_a_handful_of_queries(
    ana, reachable, good_night, django_assert_max_num_queries
):
    good_night(reachable(ana))
    services.ring()
    with django_assert_max_num_queries(6):
        services.ring()


def test_the_morning_ends_what_rings_and_sends_one_digest(threat, ana, reachable, good_night):
    services.set_way(reachable(ana), "mail", "ana@example.com", by=ana)
    night = good_night(ana)
    threat()
    services.ring()
    services.end(night.pk, ana)
    services.end(night.pk, ana)
    assert Alarm.objects.get().state == "settled"
    assert left("digest") == [f"page:{ana.pseudonym}:mail"]
    said = msgspec.json.decode(bytes(Delivery.objects.get(kind="digest").body))
    assert "of them critical: 1" in said["text"]
    assert "nobody may be told" not in said["text"]
    assert (acts("night_begun"), acts("night_ended")) == (1, 1)


def test_a_night_ends_by_itself(ana, good_night):
    good_night(ana)
    Night.objects.update(until=timezone.now() - timedelta(seconds=1))
    services.end_over()
    night = Night.objects.get()
    assert night.ended_by is None
    assert night.ended_at is not None


def test_there_is_one_night_at_a_time(ana, ben, good_night):
    night = good_night(ana)
    with pytest.raises(services.NightOpen):
        good_night(ben)
    services.end(night.pk, ben)
    good_night(ben)


@pytest.mark.parametrize(("hours", "cap"), [(-1, 3), (100, 3), (8, -1), (8, 51)])
def test_nights_that_are_none_are_refused(ana, hours, cap, good_night):
    with pytest.raises(services.DutyError):
        good_night(ana, hours=hours, cap=cap)


def test_each_page_has_a_link_of_its_own_of_which_only_the_digest_is_kept(threat, ana, reachable, good_night):
    good_night(reachable(ana))
    threat()
    services.ring()
    later(11)
    services.ring()
    words = [msgspec.json.decode(bytes(row.body))["link"] for row in Delivery.objects.filter(kind="page")]
    assert len(set(words)) == Page.objects.count() == 2
    assert not {page.digest for page in Page.objects.all()} & {word.rstrip("/").rpartition("/")[2] for word in words}


def test_what_was_acknowledged_calls_off_pages_that_have_not_left(threat, ana, ben, reachable, good_night):
    good_night(reachable(ana))
    threat()
    services.ring()
    services.acknowledge(Alarm.objects.get().pk, ana, how="console")
    assert [row.state for row in Delivery.objects.filter(kind="page")] == ["cancelled"]


def test_who_ended_the_night_is_up_before_their_hours_begin(threat, ana, reachable, good_night):
    reachable(ana, place=1, shifts=[Shift((timezone.now().weekday() + 3) % 7, 0, 60)])
    threat()
    services.end(good_night(ana).pk, ana)
    Alarm.objects.all().delete()
    services.ring()
    assert left() == []
    Night.objects.update(ended_at=timezone.now() - timedelta(hours=4))
    services.ring()
    assert len(left()) == 1


def test_a_case_that_stayed_open_while_somebody_was_there_rings_anew_when_nobody_is(threat, ana, ben, reachable):
    now = timezone.now()
    reachable(ben, place=1)
    services.set_hours(ana, zone="UTC", shifts=ALWAYS, place=None, digest=True, by=ana)
    off = services.add_change(ana, begins=now - timedelta(hours=1), ends=now + timedelta(hours=3), on=False, by=ana)
    threat()
    services.ring()
    services.drop_change(off.pk, ana, by=ana)
    services.ring()
    assert (len(left()), Alarm.objects.get().state) == (1, "settled")
    services.add_change(ana, begins=now - timedelta(hours=1), ends=now + timedelta(hours=3), on=False, by=ana)
    services.ring()
    assert (len(left()), Alarm.objects.get().state) == (2, "ringing")


def test_a_new_case_is_found_behind_hundreds_that_rang_before(threat, ana, reachable, good_night):
    good_night(reachable(ana), cap=1)
    first = threat()
    Case.objects.bulk_create(
        [
            Case(item_type="post", item_id=f"x{n}", lane=0, rank=first.rank + 9, opened_at=first.opened_at,
                 changed_at=first.opened_at, queue="default", policy="threat")
            for n in range(220)
        ]
    )  # fmt: skip
    services.ring()
    services.ring()
    assert Alarm.objects.count() == 221
