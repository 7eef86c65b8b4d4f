"""Five wrong guesses, then a quarter of an hour of nothing: the same for those who exist and those who do not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from evenhand.desk.audit import queries as audit
from tests.web.accounts.conftest import PASSWORD


def guess(email, times, ip="192.0.2.1", password="wrong", agent="Firefox"):
    client = Client(REMOTE_ADDR=ip, headers={"User-Agent": agent})
    return [client.post("/login/", {"login": email, "password": password}).status_code for _ in range(times)]


def lockouts():
    return [row for row in audit.page().rows if row.act == "locked_out"]


@pytest.mark.parametrize("email", ["kim@example.com", "nobody@example.com"])
def test_the_fifth_wrong_guess_locks_whether_the_account_exists_or_not(email, kim):
    assert guess(email, 6) == [200, 200, 200, 200, 429, 429]


def test_a_locked_page_says_how_long_and_even_the_right_password_waits(kim, page):
    guess(kim.email, 5)
    answer = Client(REMOTE_ADDR="192.0.2.1").post("/login/", {"login": kim.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 880 < int(answer["Retry-After"]) <= 900
    assert "15 minutes" in page(answer)
    assert '<a class="button" href="/login/">' in answer.content.decode()


def test_a_locked_page_tells_the_time_of_day_when_it_ends(kim, page):
    guess(kim.email, 5)
    AccessAttempt.objects.update(attempt_time=datetime.now(UTC) - timedelta(minutes=10))
    answer = Client(REMOTE_ADDR="192.0.2.1").post("/login/", {"login": kim.email, "password": PASSWORD})
    assert 280 < int(answer["Retry-After"]) <= 300
    told = re.search(r"until (\d\d:\d\d) UTC", page(answer)).group(1)
    assert told in {f"{datetime.now(UTC) + timedelta(minutes=left):%H:%M}" for left in (5, 6)}


def test_a_stranger_elsewhere_cannot_lock_somebody_out(kim, sign_in):
    guess(kim.email, 6, ip="203.0.113.9")
    assert sign_in(kim, ip="192.0.2.1").answer.status_code == 302


def test_neither_another_spelling_nor_another_browser_gives_more_guesses(kim):
    for number in range(4):
        guess("KIM@Example.com " if number % 2 else kim.email, 1, agent=f"Browser {number}")
    assert guess(kim.email, 1) == [429]


def test_one_household_with_many_ipv6_addresses_has_five_guesses(kim):
    answers = [guess(kim.email, 1, ip=f"2001:db8:1:2::{n}")[0] for n in range(5)]
    assert answers[-1] == 429


def test_it_ends_after_a_quarter_of_an_hour_however_often_somebody_knocks(kim):
    guess(kim.email, 20)
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=15))
    assert guess(kim.email, 1, password=PASSWORD) == [302]


def test_a_success_clears_what_was_counted(kim):
    assert guess(kim.email, 4) == [200] * 4
    assert guess(kim.email, 1, password=PASSWORD) == [302]
    assert guess(kim.email, 4) == [200] * 4


def test_it_is_counted_in_the_database_and_survives_a_restart(kim):
    guess(kim.email, 5)
    attempt = AccessAttempt.objects.get()
    assert attempt.failures_since_start == 5
    kept = f"{attempt.get_data} {attempt.post_data}"
    assert "wrong" not in kept
    assert kim.email not in kept


def test_the_ledger_learns_of_it_once_for_an_address(kim):
    guess(kim.email, 9)
    [entry] = lockouts()
    assert (entry.actor, entry.obj) == ("system:signin", "system:signin")
    assert kim.email not in entry.body
    for number in range(3):
        for browser in range(6):
            guess(f"name{number}@example.com", 1, agent=f"Browser {browser}")
    assert len(lockouts()) == 1
    guess(kim.email, 5, ip="203.0.113.9")
    assert len(lockouts()) == 2


def test_guessing_the_present_password_from_an_open_session_is_counted_too(kim, sign_in):
    client = sign_in(kim)
    form = {"current": "wrong", "password": "quite another long phrase"}
    assert [client.post("/me/password/", form).status_code for _ in range(5)] == [200] * 4 + [429]
    form["current"] = PASSWORD
    assert client.post("/me/password/", form).status_code == 429
