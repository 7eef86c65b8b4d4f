"""The home page: the queue, in the order in which it should be decided."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from msgspec import structs

from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.enforcement.services import Chosen, decide
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from tests.desk.conftest import appealed, post, reported


def test_a_stranger_goes_to_sign_in(client, db):
    assert client.get("/").headers["Location"].startswith("/login/")


def test_each_row_tells_why_what_who_and_how_many(desk, fold, text):
    fold(reported(post("p1", "Buy my boat")), reported(post("p1", "Buy my boat"), "r2"))
    page = text(desk.get("/"))
    headline = Case.objects.get().why["headline"]
    assert headline in page
    assert "Buy my boat" in page
    assert "2 reports" in page
    assert "1 open case" in page


def test_an_empty_queue_says_so(desk, platform, text):
    assert "Nothing waits" in text(desk.get("/"))


def test_who_holds_a_case_is_shown(desk, case, ben, ana, text):
    cases.take(case.pk, ben)
    assert f"{ben.pseudonym} looks at it" in text(desk.get("/"))
    Case.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert "looks at it" not in text(desk.get("/"))
    cases.take(case.pk, ana)
    assert "yours" in text(desk.get("/"))


def test_fifty_a_page_and_the_next_page_goes_on(desk, fold):
    fold(*(reported(post(f"p{number}", f"text {number}")) for number in range(60)))
    first = desk.get("/").content.decode()
    assert first.count('class="row-link"') == 50
    link = re.search(r'href="(\?after=[^"]+)"', first).group(1)
    second = desk.get(f"/{link}").content.decode()
    assert second.count('class="row-link"') == 10
    shown = re.findall(r"text \d+", first) + re.findall(r"text \d+", second)
    assert len(set(shown)) == 60


def test_the_number_of_queries_does_not_grow_with_the_rows(desk, fold, django_assert_max_num_queries):
    fold(*(reported(post(f"p{number}", author=f"a{number}"), f"r{number}") for number in range(40)))
    desk.get("/")
    with django_assert_max_num_queries(17):
        desk.get("/")


def test_a_mob_of_strangers_stands_behind_what_is_critical_and_the_row_says_why(
    desk, fold, platform, monkeypatch, text
):
    harsh = [
        structs.replace(one, lane="critical") if one.id == "harassment" else one for one in platform.policies.values()
    ]
    snapshot = structs.replace(platform, policies={one.id: one for one in harsh})
    monkeypatch.setattr(policies, "current", lambda **_: snapshot)
    ReporterTally.objects.create(reporter="user account known", policy="harassment", upheld=5)
    fold(*(reported(post("mobbed"), f"fresh{n}", policy="harassment") for n in range(40)))
    fold(reported(post("real"), "known", policy="harassment"))
    fold(reported(post("viral", views=10**7), "known", policy="spam"))
    rows = [case.item_id for case in Case.objects.order_by("lane", "-rank")]
    assert rows == ["real", "mobbed", "viral"]
    page = text(desk.get("/"))
    assert "40 reporters; would be critical if one with a good record said so" in page
    assert "1 critical · 1 unconfirmed" in page


def test_cases_of_a_queue_that_is_not_mine_are_not_there(desk, fold, text):
    fold(reported(post("p1", "harmless words"), policy="minors"))
    assert Case.objects.get().queue == "minors"
    assert "harmless words" not in text(desk.get("/"))
    assert "Nothing waits" in text(desk.get("/?queue=minors"))


def test_markup_in_an_item_stays_text(desk, fold):
    fold(reported(post("p1", "<script>alert(1)</script>")))
    page = desk.get("/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_new_cases_are_announced_and_nothing_moves(desk, case, fold):
    since = now_micros()
    fold(reported(post("p2")), reported(post("p3")))
    answer = desk.get(f"/queue/new/?since={since}")
    assert "2 new" in answer.content.decode()
    again = desk.get(f"/queue/new/?since={since}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_asking_for_news_costs_few_queries(desk, case, django_assert_max_num_queries):
    since = now_micros()
    desk.get(f"/queue/new/?since={since}")
    with django_assert_max_num_queries(5):
        desk.get(f"/queue/new/?since={since}")


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "1e9"])
def test_nonsense_instead_of_a_time_is_no_failure(desk, platform, since):
    assert desk.get(f"/queue/new/?since={since}").status_code == 200


def test_start_takes_the_first_free_case(desk, case, ana):
    answer = desk.post("/queue/start/", {"queue": ""})
    assert answer.headers["Location"] == f"/cases/{case.pk}/"
    case.refresh_from_db()
    assert case.holder == ana


def test_start_in_an_empty_queue_stays_there(desk, platform):
    assert desk.post("/queue/start/", {"queue": "default"}).headers["Location"] == "/?queue=default"


def test_start_says_so_when_all_that_waits_is_held_or_not_mine(desk, case, ben, text):
    cases.take(case.pk, ben)
    assert "Nothing here that is free, and yours to decide." in text(desk.post("/queue/start/", follow=True))


@pytest.fixture
def appeal(case, fold, ana) -> Case:
    """Against what Ana decided."""
    decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    fold(appealed(post("p1"), actions=("remove",)))
    return Case.objects.get(kind="appeal")


def test_an_appeal_against_my_own_decision_is_marked_with_the_reason(desk, appeal, ben, signed_in, text):
    told = "You made the decision that is appealed here: somebody else must hear it."
    assert text(desk.get("/")).count(told) == 1
    assert told in text(desk.get("/search/?q=hello&in=cases"))
    assert told not in text(signed_in(ben).get("/"))


def test_an_appeal_against_my_own_decision_is_never_given_to_me(desk, appeal, fold):
    fold(reported(post("p2")))
    other = Case.objects.get(item_id="p2")
    assert desk.post("/queue/start/").headers["Location"] == f"/cases/{other.pk}/"
    assert desk.post(f"/cases/{other.pk}/skip/").headers["Location"] == "/"
    assert desk.get(f"/cases/{appeal.pk}/").status_code == 200
    appeal.refresh_from_db()
    assert appeal.holder is None


def test_an_auditor_who_sees_no_cases_starts_on_a_page_that_is_theirs(signed_in, person, platform):
    answer = signed_in(person("olga", "auditor")).get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] != "/"
