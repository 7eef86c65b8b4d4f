"""Every page asks who one is, and tells who may not whom to ask."""

import pytest
from django.test import Client

from evenhand.desk.accounts import services

GUARDED = (
    "/me/",
    "/me/password/",
    "/me/sessions/",
    "/me/programs/",
    "/me/programs/some/end/",
    "/me/second-factor/",
    "/me/second-factor/add/",
    "/me/second-factor/remove/",
    "/me/second-factor/codes/",
    "/me/second-factor/codes/new/",
    "/people/",
    "/people/somebody/",
    "/people/somebody/deactivate/",
    "/people/somebody/reactivate/",
    "/people/somebody/link/",
    "/keys/",
    "/keys/some/revoke/",
)


@pytest.mark.parametrize("path", GUARDED)
def test_strangers_go_to_sign_in(path, db):
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("path", [path for path in GUARDED if not path.startswith("/me/")])
@pytest.mark.parametrize("role", ["moderator", "child_safety", "legal", "auditor"])
def test_only_admins_manage_people_and_keys(path, role, person, sign_in):
    client = sign_in(person("kim", role))
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 403


def test_who_may_not_is_told_which_role_it_takes_and_whom_to_ask(kim, boss, person, sign_in, page):
    gone = person("gone", "admin")
    services.deactivate(gone, by="system:test")
    answer = sign_in(kim).get("/keys/")
    assert answer.status_code == 403
    text = page(answer)
    assert "for these roles: admin" in text
    assert "You are: moderator" in text
    assert boss.pseudonym in text
    assert gone.pseudonym not in text


def test_without_an_admin_the_command_is_named(kim, sign_in, page):
    assert "evenhand users roles EMAIL --grant admin" in page(sign_in(kim).get("/keys/"))


def test_a_role_that_is_revoked_counts_with_the_next_click(boss, person, sign_in):
    person("other", "admin")
    client = sign_in(boss)
    assert client.get("/keys/").status_code == 200
    services.revoke_role(boss, "admin", by="system:test")
    assert client.get("/keys/").status_code == 403
