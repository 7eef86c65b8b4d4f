"""The second factor: set up with a QR code, asked for at sign-in, confirmed again before it is taken away."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from evenhand.desk.accounts import queries, services
from evenhand.desk.audit import queries as audit
from tests.web.accounts.conftest import PASSWORD, App


def acts():
    return [row.act for row in reversed(audit.page().rows)]


def confirmed(client, next_="/me/second-factor/add/"):
    client.post(f"/me/confirm/?next={next_}", {"password": PASSWORD, "next": next_})
    return client


def set_up(client):
    answer = client.get("/me/second-factor/add/")
    app = App(re.search(r"<code>([A-Z2-7]{32})</code>", answer.content.decode())[1])
    return app, client.post("/me/second-factor/add/", {"code": app.code()})


def test_setting_up_asks_for_the_password_again(kim, sign_in):
    client = sign_in(kim)
    assert client.get("/me/second-factor/add/")["Location"].startswith("/me/confirm/?next=")
    assert confirmed(client).get("/me/second-factor/add/").status_code == 200


def test_the_qr_code_stands_in_the_page_and_obeys_its_policy(kim, sign_in):
    html = confirmed(sign_in(kim)).get("/me/second-factor/add/").content.decode()
    svg = re.search(r"<svg (?!viewBox=\"0 0 (?:16|24) ).*?</svg>", html, re.DOTALL)[0]
    assert "style" not in svg
    assert "<?xml" not in html
    assert '<rect fill="white"' in svg
    assert 'role="img"' in html


def test_setting_up_gives_recovery_codes_once_and_is_in_the_ledger(kim, sign_in, page):
    client = confirmed(sign_in(kim))
    _, answer = set_up(client)
    assert answer["Location"] == "/me/second-factor/codes/"
    assert len(re.findall(r"\b\d{8}\b", page(client.get("/me/second-factor/codes/")))) == 10
    again = client.get("/me/second-factor/codes/")
    assert not re.findall(r"\b\d{8}\b", page(again))
    assert "10 recovery codes are left" in page(again)
    assert acts()[-1] == "mfa_changed"


def test_a_wrong_code_sets_nothing_up(kim, sign_in):
    client = confirmed(sign_in(kim))
    client.get("/me/second-factor/add/")
    assert client.post("/me/second-factor/add/", {"code": "000000"}).status_code == 200
    assert not queries.has_second_factor(kim)
    assert acts() == ["user_created"]


def test_signing_in_asks_for_a_code_and_the_desk_is_closed_until_then(kim, app, sign_in):
    phone = app(kim)
    client = sign_in(kim)
    assert client.answer["Location"] == "/login/code/"
    assert client.get("/me/").status_code == 302
    assert client.post("/login/code/", {"code": phone.code()}).status_code == 302
    assert client.get("/me/").context["request"].user.second_factor


def test_a_code_opens_one_door_only(kim, app, sign_in):
    code = app(kim).code()
    first, second = sign_in(kim), sign_in(kim)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    cache.clear()  # as in another process
    assert second.post("/login/code/", {"code": code}).status_code == 200
    assert second.get("/me/").status_code == 302


def test_a_recovery_code_opens_once(kim, sign_in, page):
    client = confirmed(sign_in(kim))
    set_up(client)
    code = re.search(r"\b\d{8}\b", page(client.get("/me/second-factor/codes/")))[0]
    assert sign_in(kim).post("/login/code/", {"code": code}).status_code == 302
    assert sign_in(kim).post("/login/code/", {"code": code}).status_code == 200


def test_wrong_codes_are_counted_across_all_addresses(kim, app, sign_in):
    phone = app(kim)
    for number in range(5):
        answer = sign_in(kim, ip=f"198.51.100.{number}").post("/login/code/", {"code": "000000"})
    assert answer.status_code == 429
    assert sign_in(kim, ip="192.0.2.77").post("/login/code/", {"code": phone.code()}).status_code == 429
    assert acts()[-1] == "locked_out"


def test_wrong_passwords_do_not_use_up_the_guesses_of_codes(kim, app, sign_in):
    phone = app(kim)
    for _ in range(5):
        sign_in(kim, password="wrong", ip="203.0.113.9")
    assert sign_in(kim).post("/login/code/", {"code": phone.code()}).status_code == 302


def test_removing_takes_a_code_and_not_just_the_password_and_ends_all_sessions(kim, app, sign_in):
    phone = app(kim)
    client = sign_in(kim)
    client.post("/login/code/", {"code": phone.code()})
    path = "/me/second-factor/remove/"
    assert client.get(path)["Location"].startswith("/me/confirm/code/")
    assert client.post(f"/me/confirm/?next={path}", {"password": PASSWORD})["Location"].startswith("/me/confirm/code/")
    client.post(f"/me/confirm/code/?next={path}", {"code": phone.code(), "next": path})
    assert client.get(path).status_code == 200
    assert client.post(path)["Location"] == "/login/"
    assert client.get("/me/").status_code == 302
    assert not queries.has_second_factor(kim)
    assert acts()[-2:] == ["mfa_changed", "sessions_revoked"]


def test_new_recovery_codes_replace_the_old_and_are_in_the_ledger(kim, sign_in, page):
    client = confirmed(sign_in(kim))
    set_up(client)
    old = set(re.findall(r"\b\d{8}\b", page(client.get("/me/second-factor/codes/"))))
    assert client.get("/me/second-factor/codes/new/").status_code == 200
    client.post("/me/second-factor/codes/new/")
    new = set(re.findall(r"\b\d{8}\b", page(client.get("/me/second-factor/codes/"))))
    assert len(new) == 10
    assert not new & old
    assert acts()[-1] == "mfa_changed"


def test_who_just_set_it_up_has_shown_it_in_this_session(person, sign_in):
    keeper = person("keeper", "child_safety")
    client = confirmed(sign_in(keeper))
    assert queries.roles(client.get("/me/").context["request"].user) == frozenset()
    set_up(client)
    assert queries.roles(client.get("/me/").context["request"].user) == {"child_safety"}


def test_a_second_factor_given_for_one_account_does_not_count_for_another(kim, person, app, sign_in):
    phone = app(kim)
    client = sign_in(kim)
    client.post("/login/code/", {"code": phone.code()})
    client.post("/logout/")
    keeper = person("keeper", "child_safety")
    sign_in(keeper, client=client)
    assert not client.get("/me/").context["request"].user.second_factor


@pytest.mark.parametrize("path", ["/login/code/", "/me/confirm/code/"])
def test_the_code_page_is_for_who_gave_a_password(path, db):
    assert Client().get(path)["Location"].startswith("/login/")


def test_losing_the_phone_is_mended_by_who_runs_the_desk(kim, app, sign_in):
    app(kim)
    services.remove_second_factor(kim, by="system:cli")
    assert not Authenticator.objects.exists()
    assert sign_in(kim).answer["Location"] == "/"
