"""Signing in and out; no answer tells who has an account here."""

import re
import statistics
import time

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from evenhand.desk.accounts import services
from tests.web.accounts.conftest import PASSWORD


def attempt(email, password, ip="192.0.2.1"):
    return Client(REMOTE_ADDR=ip).post("/login/", {"login": email, "password": password})


def without_what_differs(answer, email):
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return text.replace(email, "EMAIL")


def test_the_right_password_opens_the_desk(kim, sign_in):
    client = sign_in(kim)
    assert client.answer.status_code == 302
    assert client.answer["Location"] == "/"
    assert client.get("/me/").context["request"].user == kim


def test_sign_in_goes_back_to_where_somebody_came_from_and_nowhere_else(kim):
    assert Client().get("/me/?a=1")["Location"] == "/login/?next=/me/%3Fa%3D1"
    given = {"login": kim.email, "password": PASSWORD}
    assert Client().post("/login/", {**given, "next": "/me/"})["Location"] == "/me/"
    assert Client().post("/login/", {**given, "next": "https://elsewhere.example/"})["Location"] == "/"


def test_unknown_address_wrong_password_and_deactivated_account_look_the_same(kim, person):
    gone = person("gone")
    services.deactivate(gone, by="system:test")
    tried = [("kim@example.com", "wrong"), ("nobody@example.com", "wrong"), (gone.email, PASSWORD)]
    answers = [attempt(email, password, ip=f"192.0.2.{n}") for n, (email, password) in enumerate(tried)]
    assert {answer.status_code for answer in answers} == {200}
    texts = {without_what_differs(answer, email) for answer, (email, _) in zip(answers, tried, strict=True)}
    assert len(texts) == 1
    assert "do not open the desk" in texts.pop()


def test_unknown_address_and_wrong_password_take_about_as_long(settings, db):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    services.create_user("kim@example.com", [], PASSWORD, by="system:test")

    def took(email, number):
        began = time.perf_counter()
        attempt(email, "wrong", ip=f"192.0.2.{number}")
        return time.perf_counter() - began

    attempt("warm@example.com", "wrong")
    known, unknown = zip(
        *((took("kim@example.com", n), took("nobody@example.com", n)) for n in range(1, 10)), strict=True
    )
    assert 0.6 < statistics.median(known) / statistics.median(unknown) < 1.6


def test_the_session_gets_a_new_key_when_somebody_signs_in(kim, sign_in):
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["evenhand_session"] = before = session.session_key
    sign_in(kim, client=client)
    assert client.session.session_key != before


def test_signing_out_takes_a_button_and_ends_the_session(kim, sign_in):
    client = sign_in(kim)
    assert client.get("/logout/").status_code == 200
    assert client.get("/me/").status_code == 200
    assert client.post("/logout/").status_code == 302
    assert client.get("/me/").status_code == 302


def test_signing_in_needs_the_token_of_the_form(kim):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", {"login": kim.email, "password": PASSWORD}).status_code == 403


def test_nobody_can_sign_up_or_ask_for_mail():
    for name in ("account_signup", "account_reset_password", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert 'href="/signup' not in Client().get("/login/").content.decode()


def test_the_pages_carry_no_inline_code_or_style(kim, sign_in):
    client = sign_in(kim)
    for path in ("/login/", "/me/", "/me/sessions/", "/me/second-factor/", "/me/password/", "/people/"):
        for who in (client, Client()):
            html = who.get(path).content.decode()
            assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", html), path


def test_an_answer_to_no_sign_in_is_kept_by_no_cache(kim):
    assert "no-store" in Client().get("/login/")["Cache-Control"]
