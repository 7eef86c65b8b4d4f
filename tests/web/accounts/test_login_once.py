"""The page behind a link that signs in once."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from evenhand.desk.accounts import services

OneTimeLogin = apps.get_model("accounts", "OneTimeLogin")


@pytest.fixture
def path(kim):
    return f"/login/once/{services.one_time_login(kim, by='system:cli')}/"


def test_a_preview_of_the_link_does_not_use_it_up(path, kim):
    for _ in range(3):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
    client = Client()
    assert client.post(path).status_code == 302
    assert client.get("/me/").context["request"].user == kim


def test_after_use_it_says_that_it_was_used(path, page):
    Client().post(path)
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 410
        assert "used already" in page(answer)


def test_a_link_that_is_too_old_or_never_was_says_so(path, page, db):
    OneTimeLogin.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "too old" in page(Client().post(path))
    assert "not one of this desk" in page(Client().get("/login/once/abc/"))


def test_it_does_not_replace_the_second_factor(path, kim, app):
    phone = app(kim)
    client = Client()
    assert client.post(path)["Location"] == "/login/code/"
    assert client.get("/me/").status_code == 302
    assert client.post("/login/code/", {"code": phone.code()}).status_code == 302
    assert client.get("/me/").status_code == 200


def test_the_button_needs_the_token_of_its_page(path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert OneTimeLogin.objects.get().used_at is None


def test_who_came_in_by_link_sets_a_first_password_without_an_old_one(person):
    new = person("new", "moderator", password=None)
    client = Client()
    client.post(f"/login/once/{services.one_time_login(new, by='system:cli')}/")
    assert client.post("/me/password/", {"password": "quite another long phrase"})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    given = {"login": new.email, "password": "quite another long phrase"}
    assert Client().post("/login/", given).status_code == 302
