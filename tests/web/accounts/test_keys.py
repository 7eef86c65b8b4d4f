"""The page on which admins make and revoke API keys."""

import re

import pytest

from evenhand.desk.accounts import queries
from evenhand.desk.accounts.queries import NoSuchKey


@pytest.fixture
def client(boss, sign_in):
    return sign_in(boss)


def make(client, name="web", scopes=("ingest", "read")):
    return client.post("/keys/", {"name": name, "scopes": scopes})


def test_a_new_key_is_shown_once_and_works(client):
    answer = make(client)
    raw = re.search(r"<code>(evh_[\w-]{43})</code>", answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert queries.key(raw, "ingest").scopes == {"ingest", "read"}
    assert raw not in client.get("/keys/").content.decode()
    assert raw[:12] in client.get("/keys/").content.decode()


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(client, django_capture_on_commit_callbacks):
    raw = re.search(r"evh_[\w-]{43}", make(client).content.decode())[0]
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/keys/web/revoke/")
    with pytest.raises(NoSuchKey):
        queries.key(raw, "ingest")
    assert "revoked" in client.get("/keys/").content.decode()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "two words", "scopes": ["ingest"]}, "name"),
        ({"name": "", "scopes": ["ingest"]}, "name"),
        ({"name": "web", "scopes": ["fly"]}, "scopes"),
        ({"name": "web"}, "scopes"),
    ],
)
def test_what_cannot_be_a_key_is_told_at_its_field(client, form, field):
    answer = client.post("/keys/", form)
    assert list(answer.context["form"].errors) == [field]
    assert queries.api_keys() == []


def test_a_key_that_is_not_there_cannot_be_revoked(client, page):
    assert "no key named" in page(client.post("/keys/ghost/revoke/", follow=True))


def test_the_list_does_not_ask_more_for_more_keys(client, asked):
    before = asked(client, "/keys/")
    for number in range(5):
        make(client, f"k{number}")
    assert asked(client, "/keys/") == before
