"""Lists with their age and errors; media that wait; searches of what was seen before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.fields import now_micros
from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Look, RetroScan, Source
from evenhand.engine.media.listing import ListFailed, Withdrawn
from tests.desk.media.conftest import Shelf, listed, page, take_in


def test_a_desk_without_lists_says_so(desk, platform, text):
    assert "There is no list yet" in text(desk.get("/banks/-/lists/"))


def test_a_list_tells_its_age_next_run_cursor_and_what_changed(desk, source, text):
    services.sync(source.name, Shelf(page(listed("a"), listed("b"), cursor="from-here", version="v7")))
    told = text(desk.get("/banks/-/lists/"))
    for words in ("fresh", "from-here", "v7", "stale after 24 h", "every 1 h", "no match decided yet", "whole"):
        assert words in told


def test_a_list_that_fails_says_why_and_what_to_do(desk, source, text):
    with pytest.raises(ListFailed):
        services.sync(source.name, Shelf(ListFailed("example-list answered 503.")))
    told = text(desk.get("/banks/-/lists/"))
    assert "failed last time" in told
    assert "example-list answered 503. Mend what it says." in told
    assert "example-list" in text(desk.get("/banks/")).partition("not as they should be")[2]


def test_a_stale_list_is_an_alarm_on_both_pages(desk, source, text):
    take_in(source, listed("a"))
    Source.objects.update(last_ok=timezone.now() - timedelta(days=2))
    assert "stale" in text(desk.get("/banks/-/lists/"))
    assert "not as they should be" in text(desk.get("/banks/"))


def test_a_list_is_taken_in_when_somebody_says_so(desk, source):
    Source.objects.update(next_at=timezone.now() + timedelta(hours=1))
    desk.post("/banks/-/lists/example-list/", {"do": "sync"})
    source.refresh_from_db()
    assert source.next_at <= timezone.now()


def test_a_list_is_switched_off_and_on(desk, source, text):
    desk.post("/banks/-/lists/example-list/", {"do": "off"})
    assert "Switch on example-list" in text(desk.get("/banks/-/lists/"))
    desk.post("/banks/-/lists/example-list/", {"do": "on"})
    assert "Take in now example-list" in text(desk.get("/banks/-/lists/"))


def test_a_mass_withdrawal_waits_for_a_person_who_sees_how_much_it_is(desk, source, text):
    keys = take_in(source, *(listed(f"k{number}") for number in range(150)))
    gone = Shelf(page(*(Withdrawn(key=key) for key in keys[:120])))
    with pytest.raises(services.NeedsConsent):
        services.sync(source.name, gone)
    told = text(desk.get("/banks/-/lists/"))
    assert "It would withdraw 120 of its 150 entries (80%)." in told
    assert Entry.objects.filter(withdrawn_at__isnull=True).count() == 150
    desk.post("/banks/-/lists/example-list/", {"do": "consent"})
    assert "Agreed: it is done at the next turn." in text(desk.get("/banks/-/lists/"))
    services.sync(source.name, gone)
    assert Entry.objects.filter(withdrawn_at__isnull=True).count() == 30


def test_consent_that_nothing_asks_for_is_refused_in_words(desk, source, text):
    answer = desk.post("/banks/-/lists/example-list/", {"do": "consent"}, follow=True)
    assert "asks for nothing" in text(answer)


def test_a_medium_that_did_not_come_tells_its_age_and_reason_and_is_tried_again(desk, matched, text):
    Look.objects.filter(item_id="p0").update(state="unreachable", error="m.example answered 404.", tries=2, due_at=None)
    told = text(desk.get("/banks/-/waiting/?state=unreachable"))
    for words in ("p0", "m.example answered 404.", "did not come", "2 tries"):
        assert words in told
    look = Look.objects.get(item_id="p0")
    desk.post(f"/banks/-/waiting/{look.pk}/retry/")
    look.refresh_from_db()
    assert (look.state, look.tries) == ("waiting", 0)


def test_all_are_tried_again_at_once(desk, matched, text):
    Look.objects.update(state="unreachable", due_at=None)
    assert "Tried again at the next turns: 2." in text(desk.post("/banks/-/waiting/retry/", follow=True))
    assert Look.objects.filter(state="waiting").count() == 2


def test_a_look_that_is_done_is_not_tried_again(desk, matched, text):
    Look.objects.update(state="hashed")
    answer = desk.post(f"/banks/-/waiting/{Look.objects.first().pk}/retry/", follow=True)
    assert "is hashed already" in text(answer)
    assert "Nothing waits" in text(answer)


def test_a_search_of_what_was_seen_shows_how_far_it_is(desk, source):
    now = now_micros()
    RetroScan.objects.create(
        since=0, until=5, entries=5, total=200, looked=50, done={"pdq": 50}, hits=3,
        begun_at=now - 2_000_000, changed_at=now,
    )  # fmt: skip
    html = desk.get("/banks/").content.decode()
    assert 'max="1" value="0.250"' in html
    assert "50 of 200 seen hashes" in html
    assert "25 a second" in html


@pytest.mark.parametrize(
    "path", ["/banks/", "/banks/-/lists/", "/banks/-/waiting/", "/banks/KNOWN/", "/banks/-/lists/example-list/going/"]
)
def test_pages_speak_german(desk, ana, matched, text, path):
    ana.preferences = {"language": "de"}
    ana.save()
    told = text(desk.get(path))
    assert "Alle Banken" in told
    assert not [word for word in ("Which, and why", "Take in now", "Try again", "Last matches") if word in told]


def test_each_medium_that_is_not_matched_is_in_the_count_of_all_and_in_one_of_the_others(desk, matched, text):
    Look.objects.filter(item_id="p0").update(state="gone", error="m.example answered 404.", due_at=None)
    assert "all 2 waits 1 did not come 0 is gone 1 cannot be decoded 0" in text(desk.get("/banks/-/waiting/"))
    html = desk.get("/banks/-/waiting/?state=gone").content.decode()
    assert html.count("data-row ") == 1
    assert "is gone" in html


def test_a_search_that_has_asked_all_says_what_it_waits_for_and_one_that_is_done_how_much_it_asked(desk, source, text):
    now = now_micros()
    scan = RetroScan.objects.create(
        since=0, until=5, entries=5, total=200, looked=200, hits=3, begun_at=now - 2_000_000, changed_at=now
    )
    told = text(desk.get("/banks/"))
    assert "all asked; the newest are asked once more" in told
    assert "a second" not in told
    RetroScan.objects.filter(pk=scan.pk).update(looked=199, ended_at=now)
    told = text(desk.get("/banks/"))
    assert "199 seen hashes" in told
    assert "199 of 200" not in told
