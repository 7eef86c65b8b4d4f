"""A console to click through: a small platform in force, events folded at once, people signed in."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from evenhand.desk.cases.models import Case
from tests.desk.conftest import ana, ben, fold, log, person, platform, post, reported  # noqa: F401 (fixtures)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def signed_in():
    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def desk(signed_in, ana) -> Client:  # noqa: F811 (a fixture asks for a fixture)
    """What Ana sees."""
    return signed_in(ana)


@pytest.fixture
def case(fold) -> Case:  # noqa: F811 (a fixture asks for a fixture)
    """A reported post."""
    fold(reported(post("p1", "Buy my boat, best boat"), reason="always the same"))
    return Case.objects.get()


@pytest.fixture
def text():
    """What a person reads of an answer: without tags, white space as single spaces."""

    def text(answer) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    return text
