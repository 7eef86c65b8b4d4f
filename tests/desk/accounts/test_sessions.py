"""Sessions are listed, and end when they are told to."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from evenhand.desk.accounts import queries, services

PASSWORD = "four unrelated words here"
pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return services.create_user("kim@example.com", ["moderator"], PASSWORD, by="system:test")


def signed_in(user, agent="Firefox"):
    client = Client(headers={"User-Agent": agent})
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/me/").status_code == 200
    return client


def test_each_session_is_listed_with_its_browser_and_the_one_that_asks_is_marked(kim):
    here, _there = signed_in(kim, "Firefox"), signed_in(kim, "Chromium")
    listed = queries.sessions(kim, here.session.session_key)
    assert {(session.agent, session.is_current) for session in listed} == {("Firefox", True), ("Chromium", False)}


def test_the_list_takes_two_queries_however_many_there_are(kim, django_assert_num_queries):
    for _ in range(4):
        signed_in(kim)
    with django_assert_num_queries(2):
        assert len(queries.sessions(kim)) == 4


def test_a_session_that_is_over_is_not_listed(kim):
    signed_in(kim)
    Session.objects.all().delete()
    assert queries.sessions(kim) == []


def test_one_session_can_be_ended_but_only_by_its_owner(kim, told):
    client = signed_in(kim)
    other = services.create_user("other@example.com", [], by="system:test")
    [session] = queries.sessions(kim)
    assert not services.revoke_session(other, session.id, by="system:test")
    assert client.get("/me/").status_code == 200
    assert services.revoke_session(kim, session.id, by="system:test")
    assert client.get("/me/").status_code == 302
    assert told()[-1] == ("sessions_revoked", "system:test", f"user:{kim.pseudonym}")


def test_all_can_be_ended_but_one(kim):
    here, there = signed_in(kim), signed_in(kim)
    assert services.revoke_sessions(kim, by="system:test", keep=here.session.session_key) == 1
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302
    assert services.revoke_sessions(kim, by="system:test", keep=here.session.session_key) == 0


def test_who_is_deactivated_is_out_with_the_next_click(kim, told):
    client = signed_in(kim)
    services.deactivate(kim, by="system:test")
    assert client.get("/me/").status_code == 302
    assert queries.sessions(kim) == []
    assert [entry[0] for entry in told()[-2:]] == ["sessions_revoked", "user_deactivated"]


def test_a_new_password_ends_every_session(kim):
    client = signed_in(kim)
    services.change_password(kim, "quite another long phrase", by="system:cli")
    assert client.get("/me/").status_code == 302


def test_when_a_session_was_seen_is_noted_at_most_once_a_minute(kim, django_assert_max_num_queries, monkeypatch):
    client = signed_in(kim)
    noted = []
    monkeypatch.setattr(services, "note_activity", lambda key, **_: noted.append(key))
    for _ in range(3):
        client.get("/me/")
    assert len(noted) <= 1
