"""My hours: a week as people write it, days that are another, how one is reached; and what the hours lose."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.duty import clock
from evenhand.desk.duty.models import Change, Hours, Way
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.intake.models import ViewFit
from evenhand.desk.web.pages.duty import written
from evenhand.desk.web.pages.duty.outlook import FEWEST, WEEKS


def week(**more):
    return {"zone": "Europe/Berlin", "place": "", **{f"day{day}": "" for day in range(7)}, **more}


def test_a_week_is_kept_as_it_was_written(desk, platform, ana):
    assert desk.post("/hours/", week(day0="9-12, 13:30–17", day5="22-6", place="1", digest="on")).status_code == 302
    hours = Hours.objects.get(user=ana)
    assert hours.shifts == [[0, 540, 720], [0, 810, 1020], [5, 1320, 1800]]
    assert (hours.zone, hours.place, hours.digest) == ("Europe/Berlin", 1, True)
    page = desk.get("/hours/").content.decode()
    assert 'value="09:00–12:00, 13:30–17:00"' in page
    assert 'value="22:00–06:00"' in page


@pytest.mark.parametrize("text", ["9 to 12", "25-26", "9:75-10", "x" * 300, "-", "9-12-15"])
def test_what_is_no_time_is_told_and_stays_in_its_line(desk, platform, text):
    answer = desk.post("/hours/", week(day2=text))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert f'value="{text}"' in answer.content.decode()
    assert not Hours.objects.exists()


@pytest.mark.parametrize("more", [{"zone": "Berlin"}, {"place": "0"}, {"place": "first"}])
def test_a_place_that_is_none_is_told(desk, platform, more):
    assert desk.post("/hours/", week(**more)).status_code == 422


def test_what_is_written_is_what_is_read():
    for text in ("9-12", "00:00-24:00", "22-6", "8:15 – 9:45; 10-11"):
        shifts = written.read_day(3, text)
        assert written.read_day(3, written.write_day(shifts, 3)) == shifts


def test_a_day_off_is_added_and_removed(desk, platform, ana):
    begins = timezone.now() + timedelta(days=1)
    form = {"begins": f"{begins:%Y-%m-%dT08:00}", "ends": f"{begins:%Y-%m-%dT20:00}", "on": "off", "note": "dentist"}
    assert desk.post("/hours/once/", form).status_code == 302
    assert "dentist" in desk.get("/hours/").content.decode()
    desk.post(f"/hours/once/{Change.objects.get().pk}/")
    assert not Change.objects.exists()
    assert desk.post("/hours/once/", {**form, "ends": form["begins"]}).status_code == 422


def test_ways_are_kept_tested_and_ended(desk, platform, ana, text):
    desk.post("/hours/ways/", {"push": "https://ntfy.example/x", "mail": "", "webhook": ""})
    assert "never tried" in text(desk.get("/hours/"))
    desk.post("/hours/ways/test/")
    assert Delivery.objects.get().destination == f"page:{ana.pseudonym}:push"
    desk.post("/hours/ways/", {"push": "", "mail": "", "webhook": ""})
    assert not Way.objects.exists()
    assert desk.post("/hours/ways/", {"push": "nonsense", "mail": "", "webhook": ""}).status_code == 422


def test_without_two_weeks_there_is_no_forecast_and_it_says_so(desk, platform, text):
    assert "There is no forecast yet" in text(desk.get("/hours/"))


def test_the_sentence_and_the_ways_are_computed_from_what_came(desk, platform, text):
    """Twenty cases an hour by day, for four weeks, and 30 office hours."""
    begin = clock.monday(timezone.now(), "UTC") - timedelta(weeks=4)
    Case.objects.bulk_create(
        [
            Case(
                item_type="post", item_id=f"p{hour}-{number}", lane=2, rank=number, state="closed", policy="spam",
                changed_at=begin, opened_at=begin + timedelta(hours=hour, minutes=2 * number),
                why={"policies": [{"id": "spam", "probability": 0.9 if number < 2 else 0.2, "harm": 1}]},
            )
            for hour in range(4 * 168)
            if 8 <= hour % 24 < 22
            for number in range(20)
        ]
    )  # fmt: skip
    desk.post("/hours/", week(zone="UTC", **{f"day{day}": "9-15" for day in range(5)}))
    page = text(desk.get("/hours/"))
    assert "From 7,840 cases of the last 4 whole weeks (UTC)" in page
    assert "As the rosters are now" in page
    assert "in the same hours" in page
    assert "sittings a day" in page
    assert "To lose less than 10% you need 1 person at any hour of the week." in page
    assert "Sun 23 (UTC)" in page
    assert "holds on" in page
    assert "Tried on the past: of 336 hours" in page
    assert WEEKS >= 4
    assert "One person decides 42 an hour: assumed, until this desk has timed 200 decisions." in page
    assert "a half-life of 80 min: assumed" in page


def test_the_hours_reckon_with_what_this_desk_measured_once_it_has(desk, platform, text, ana):
    """Half a minute for each decision, and views that halve in 4 hours."""
    begin = clock.monday(timezone.now(), "UTC") - timedelta(weeks=2)
    Case.objects.bulk_create(
        Case(
            item_type="post",
            item_id=f"p{at}",
            state="closed",
            opened_at=begin + timedelta(minutes=at),
            changed_at=begin,
        )
        for at in range(0, 14 * 24 * 60, 60)
    )
    now = timezone.now()

    def decided(count):
        at = {"decided_at": now, "effective_at": now, "decided_by": ana, "seconds": 30.0, "kind": "dismiss"}
        Decision.objects.bulk_create(
            Decision(uid=uuid4().hex, item_type="post", item_id=f"p{at_}", policy_version=1, **at)
            for at_ in range(count)
        )

    decided(FEWEST - 1)
    assert "assumed, until this desk has timed 200 decisions" in text(desk.get("/hours/"))
    cache.clear()
    decided(1)
    hours = 4 * 3600 * 1_000_000
    ViewFit.objects.create(fitted_at=now, half_life=hours, low=hours, high=hours, items=321, in_force=True)
    page = text(desk.get("/hours/"))
    assert "One person decides 120 an hour: measured on 200 decisions of this desk." in page
    assert "a half-life of 240 min: fitted to the views of 321 items of this platform." in page


def test_a_way_has_its_page_among_the_deliveries_without_the_address(desk, platform, ana, text):
    desk.post("/hours/ways/", {"push": "https://ntfy.example/secret-topic", "mail": "", "webhook": ""})
    desk.post("/hours/ways/test/")
    overview = desk.get("/deliveries/").content.decode()
    assert f"page:{ana.pseudonym}:push" in overview
    assert "secret-topic" not in overview
    page = desk.get(f"/deliveries/to/page:{ana.pseudonym}:push/")
    assert page.status_code == 200
    assert "push · ntfy.example" in page.content.decode()
    assert "secret-topic" not in page.content.decode()


SUBSCRIPTION = (
    "https://push.example/x#BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ".BTBZMqHH6r4Tts7J_aSIgg"
)
"""Key and secret of the example of RFC 8291."""


def test_a_browser_is_reached_until_its_person_says_no_longer(desk, platform, ana):
    page = desk.get("/hours/").content.decode()
    assert "Reach me in this browser" in page
    assert len(re.search(r'data-sender="([^"]+)"', page).group(1)) == 87
    desk.post("/hours/browser/", {"subscription": SUBSCRIPTION})
    assert Way.objects.get(user=ana).address == SUBSCRIPTION
    page = desk.get("/hours/").content.decode()
    assert "A browser of yours is reached" in page
    assert SUBSCRIPTION not in page
    desk.post("/hours/ways/", {"push": "https://ntfy.example/t"})
    assert Way.objects.filter(user=ana, kind="browser").exists()
    desk.post("/hours/browser/", {"subscription": ""})
    assert not Way.objects.filter(user=ana, kind="browser").exists()


@pytest.mark.parametrize(
    "line", ["https://push.example/x", f"https://push.example/x#{'B' + 'A' * 86}.{'A' * 22}", SUBSCRIPTION + "A"]
)
def test_what_no_message_could_be_sealed_for_is_refused(desk, platform, line, text):
    answer = desk.post("/hours/browser/", {"subscription": line}, follow=True)
    assert "gave no subscription that can be used" in text(answer)
    assert not Way.objects.exists()


def test_the_script_that_shows_what_comes_stands_at_the_root_for_everybody(platform):
    answer = Client().get("/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content
    assert b"fetch" not in answer.content
