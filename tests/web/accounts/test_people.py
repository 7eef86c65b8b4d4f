"""The pages on which admins add people, give roles, and let people out."""

import re

import pytest
from django.test import Client

from evenhand.desk.accounts import queries
from evenhand.desk.audit import queries as audit


@pytest.fixture
def client(boss, sign_in):
    return sign_in(boss)


def link_in(answer):
    return re.search(r"http://testserver(/login/once/[\w-]+/)", answer.content.decode())[1]


def test_somebody_is_added_and_comes_in_by_the_link_that_is_shown_once(client, boss):
    answer = client.post("/people/", {"email": "new@example.com", "roles": ["moderator", "legal"]})
    assert "no-store" in answer["Cache-Control"]
    new = queries.person("new@example.com")
    assert queries.granted_roles(new) == ("moderator", "legal")
    browser = Client()
    browser.post(link_in(answer))
    assert browser.get("/me/").context["request"].user == new
    assert "/login/once/" not in client.get(f"/people/{new.pseudonym}/").content.decode()
    assert [row.actor for row in audit.page(actor=f"user:{boss.pseudonym}").rows] == [f"user:{boss.pseudonym}"] * 2


def test_an_address_that_is_taken_is_told_at_its_field(client, kim):
    answer = client.post("/people/", {"email": kim.email})
    assert "here already" in answer.content.decode()
    assert len(queries.people()) == 2


def test_roles_are_changed_as_ticked(client, kim):
    answer = client.post(f"/people/{kim.pseudonym}/", {"roles": ["legal", "auditor"]}, follow=True)
    assert "The roles are changed." in answer.content.decode()
    assert queries.granted_roles(queries.person(kim.email)) == ("legal", "auditor")


def test_a_role_that_is_not_offered_changes_nothing(client, kim):
    client.post(f"/people/{kim.pseudonym}/", {"roles": ["emperor"]})
    assert queries.granted_roles(queries.person(kim.email)) == ("moderator",)


def test_the_only_admin_is_told_why_they_stay(client, boss):
    for path, form in (("deactivate/", {}), ("", {"roles": []})):
        answer = client.post(f"/people/{boss.pseudonym}/{path}", form, follow=True)
        assert "is the only admin" in answer.content.decode()
    assert client.get("/people/").status_code == 200


def test_who_is_deactivated_is_out_at_once_and_can_be_let_in_again(client, kim, sign_in):
    theirs = sign_in(kim)
    client.post(f"/people/{kim.pseudonym}/deactivate/")
    assert theirs.get("/me/").status_code == 302
    assert "deactivated" in client.get("/people/").content.decode()
    client.post(f"/people/{kim.pseudonym}/reactivate/")
    assert sign_in(kim).answer.status_code == 302


def test_an_admin_cannot_come_in_as_somebody_who_has_signed_in_before(client, person, sign_in):
    new = person("new", password=None)
    answer = client.post(f"/people/{new.pseudonym}/link/")
    Client().post(link_in(answer))
    refused = client.post(f"/people/{new.pseudonym}/link/", follow=True)
    assert "/login/once/" not in refused.content.decode()
    assert "evenhand users login-link" in refused.content.decode()


def test_changes_need_a_post_and_a_person(client, kim):
    for path in ("deactivate", "reactivate", "link"):
        assert client.get(f"/people/{kim.pseudonym}/{path}/").status_code == 405
    assert client.get("/people/nobody-here-00/").status_code == 404
    assert client.get(f"/people/{kim.email}/").status_code == 404


def test_the_list_does_not_ask_more_for_more_people(client, person, asked):
    before = asked(client, "/people/")
    for number in range(5):
        person(f"p{number}", "moderator")
    assert asked(client, "/people/") == before
