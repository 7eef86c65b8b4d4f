"""Good night says beforehand what the night will be; a page's link needs no sign-in and tells next to nothing."""

import re
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.duty import services
from evenhand.desk.duty.models import Alarm, Night
from evenhand.desk.enforcement.models import Decision, Delivery, Hold
from evenhand.desk.enforcement.services.holds import absorb
from evenhand.desk.fields import now_micros
from evenhand.engine.model import Ref, Signal
from tests.desk.conftest import post, reported


def tomorrow():
    return f"{timezone.now() + timedelta(hours=8):%Y-%m-%dT%H:%M}"


@pytest.fixture
def critical(fold):
    def critical(item="t1"):
        fold(reported(post(item, "unspeakable words"), "r1", "threat"))
        Case.objects.filter(item_id=item).update(lane=0)
        return Case.objects.get(item_id=item)

    return critical


@pytest.fixture
def both(ana, ben, reachable):
    """Ana has a topic, Ben is called by mail."""
    reachable(ana)
    return reachable(ben, place=1, kind="mail", address="ben@example.com")


def test_before_it_begins_it_says_what_is_held_what_pages_and_what_waits(desk, critical, text, both):
    critical()
    page = text(desk.get("/night/"))
    for words in (
        "Will be held", "Spam", "Will page", "Threats", "You Push · never tried", f"{both.pseudonym} Mail",
        "1 critical case waits now", "10 min without an answer",
    ):  # fmt: skip
        assert words in page, words
    assert "ben@example.com" not in page
    assert not Night.objects.exists()


def test_without_any_way_to_page_it_says_so_first(desk, platform, text):
    assert "Nobody can be paged" in text(desk.get("/night/"))


def test_it_begins_with_what_it_showed_and_ends_in_the_morning(desk, critical, text, ana, reachable):
    reachable(ana)
    case = critical()
    assert desk.post("/night/", {"until": tomorrow(), "cap": "2"}).status_code == 302
    night = Night.objects.get()
    assert (night.cap, night.begun_by) == (2, ana)
    assert night.shown["waiting"] == [case.pk]
    assert night.shown["page_policies"] == ["minors", "threat"]
    assert "said good night; it ends on" in text(desk.get("/night/"))
    assert desk.post("/night/end/").headers["Location"] == "/morning/"
    assert Night.objects.get().ended_by == ana


@pytest.mark.parametrize(
    "form", [{"until": "soon", "cap": "2"}, {"until": "2020-01-01T07:00", "cap": "2"}, {"cap": "-1"}]
)
def test_a_night_that_is_none_is_refused_with_a_sentence(desk, platform, form):
    answer = desk.post("/night/", {"until": tomorrow(), "cap": "2", **form})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Night.objects.exists()


@pytest.fixture
def word(critical, ana, reachable, good_night):
    """That of the link of a page which Ana was sent."""
    good_night(reachable(ana))
    critical()
    services.ring()
    return msgspec.json.decode(bytes(Delivery.objects.get(kind="page").body))["link"].rstrip("/").rpartition("/")[2]


def test_the_link_needs_no_sign_in_and_only_its_button_acknowledges(word, text, ana):
    stranger = Client()
    page = stranger.get(f"/page/{word}/")
    assert "Threats" in text(page)
    assert "unspeakable" not in page.content.decode()
    assert Alarm.objects.get().state == "ringing"
    assert stranger.post(f"/page/{word}/").status_code == 302
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.acknowledged_by) == ("acknowledged", ana)
    assert f"{ana.pseudonym} is on it" in text(stranger.get(f"/page/{word}/"))


@pytest.mark.parametrize("guess", ["x", "a" * 32, "a" * 500])
def test_a_guessed_link_leads_nowhere(word, guess):
    assert Client().get(f"/page/{guess}/").status_code == 404


def test_the_link_of_somebody_who_left_leads_nowhere(word, ana):
    ana.is_active = False
    ana.save()
    assert Client().post(f"/page/{word}/").status_code == 404
    assert Alarm.objects.get().state == "ringing"


def test_who_is_signed_in_acknowledges_on_the_page(word, desk, text):
    assert "paged you" in text(desk.get("/night/"))
    desk.post(f"/night/alarms/{Alarm.objects.get().pk}/")
    assert Alarm.objects.get().state == "acknowledged"


@pytest.fixture
def held(fold, ana, good_night):
    """Two posts that a rule hid in the night, the second with more reports."""
    good_night(ana)
    fold(reported(post("p1", "Buy my boat")), *(reported(post("p2", "Buy my house"), f"r{n}") for n in range(5)))
    for item in ("p1", "p2"):
        absorb([], [_hold(item)])
    return Hold.objects.order_by("pk")


def _hold(item):
    return Signal(
        detector="rule:Flood", version="1", subject=Ref("post", item), event_id="e" * 32, at=now_micros(),
        summary="Rule Flood: many links", policy="spam", probability=0.9, effect="hold", evidence={"hours": 24.0},
    )  # fmt: skip


def keyed(answer, key):
    """Where the form of the first button with this key leads, and its version."""
    page = answer.content.decode()
    form = next(part for part in page.split("<form")[1:] if f'data-key="{key}"' in part)
    return re.search(r'action="([^"]+)"', form)[1], {"version": re.search(r'name="version" value="(\d+)"', form)[1]}


def test_the_morning_shows_holds_by_harm_and_the_first_has_the_keys(held, desk, text):
    page = desk.get("/morning/")
    told = text(page)
    assert told.index("Buy my house") < told.index("Buy my boat")
    assert page.content.decode().count('data-key="c"') == 1
    assert "Rule Flood: many links" in told
    assert re.search(r"held 2|2 held", told)


def test_one_key_confirms_a_hold_and_the_next_has_it_then(held, desk, text):
    where, form = keyed(desk.get("/morning/"), "c")
    answer = desk.post(where, form, headers={"HX-Request": "true"})
    assert "Confirmed." in text(answer)
    decision = Decision.objects.get(kind="act")
    assert (decision.item_id, decision.policy, [one.action for one in decision.actions.all()]) == (
        "p2",
        "spam",
        ["remove"],
    )
    assert Hold.objects.get(item_id="p2").end == "decided"
    following, form = keyed(answer, "l")
    assert following != where
    assert "Released" in text(desk.post(following, form, headers={"HX-Request": "true"}))
    assert Hold.objects.get(item_id="p1").end == "released"
    assert Case.objects.filter(state="open").count() == 0


def test_a_hold_that_somebody_else_decided_meanwhile_is_not_decided_twice(held, desk, text, ben, signed_in):
    where, form = keyed(desk.get("/morning/"), "c")
    signed_in(ben).post(where, form)
    answer = desk.post(where, form, headers={"HX-Request": "true"})
    assert answer.status_code in {404, 409}
    assert Decision.objects.filter(kind="act").count() == 1


def test_the_morning_counts_what_did_not_page(critical, desk, both, good_night, text):
    services.set_hours(both, zone="UTC", shifts=[], place=None, digest=True, by=both)
    good_night(both, cap=1)
    critical("t1")
    services.ring()
    critical("t2")
    critical("t3")
    services.ring()
    assert "2 more did not page: cap of 1 a night." in text(desk.get("/morning/"))


def test_who_decides_nothing_has_no_night(signed_in, person, platform):
    auditor = signed_in(person("eve", "auditor"))
    for path in ("/night/", "/morning/", "/hours/"):
        assert auditor.get(path).status_code == 403
