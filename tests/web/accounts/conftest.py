"""People who sign in with a browser, some with an authenticator app."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenhand.desk.accounts import services
from evenhand.desk.accounts.key_cache import CACHE

PASSWORD = "four unrelated words here"


@pytest.fixture(autouse=True)
def _quick_and_forgetful(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CACHE.clear()
    cache.clear()


@pytest.fixture
def person(db):
    def make(name, *roles, password=PASSWORD):
        return services.create_user(f"{name}@example.com", roles, password, by="system:test")

    return make


@pytest.fixture
def kim(person):
    return person("kim", "moderator")


@pytest.fixture
def boss(person):
    return person("boss", "admin")


@pytest.fixture
def sign_in():
    def sign_in(user, password=PASSWORD, ip="192.0.2.1", client=None):
        client = client or Client(REMOTE_ADDR=ip)
        client.answer = client.post("/login/", {"login": user.email, "password": password})
        return client

    return sign_in


class App:
    """An authenticator app; it shows each code once."""

    def __init__(self, secret):
        self.secret = secret
        self._steps = iter((0, 1, -1))

    def code(self):
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + next(self._steps)))


@pytest.fixture
def app():
    """Set one up for somebody, without the pages."""

    def set_up(user):
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        return App(secret)

    return set_up


@pytest.fixture
def asked():
    """How many queries an address takes, after a first time."""

    def count(client, path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries_:
            assert client.get(path).status_code == 200
        return len(queries_)

    return count


@pytest.fixture
def page():
    """The text of an answer, without its tags."""

    def read(answer):
        text = re.sub(r"<[^>]+>", " ", answer.content.decode())
        return re.sub(r"\s+", " ", text)

    return read
