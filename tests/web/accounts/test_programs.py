"""The page on which people make keys that decide in their own name, and end them."""

import re

import pytest

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.queries import NoSuchKey
from evenhand.desk.audit.models import Entry


@pytest.fixture
def kims(kim, app, sign_in):
    """A session in which Kim gave a second factor."""
    phone = app(kim)
    client = sign_in(kim)
    client.post("/login/code/", {"code": phone.code()})
    return client


def make(client, name="terminal"):
    return client.post("/me/programs/", {"name": name})


def test_a_program_is_shown_once_and_decides_as_who_made_it(kims, kim):
    answer = make(kims)
    raw = re.search(r"<code>(evh_[\w-]{43})</code>", answer.content.decode())[1]
    info = queries.key(raw, "moderate")
    assert (info.scopes, queries.behind(info)) == ({"moderate"}, kim)
    assert "no-store" in answer["Cache-Control"]
    assert raw not in kims.get("/me/programs/").content.decode()
    assert Entry.objects.get(act="key_created").actor == f"user:{kim.pseudonym}"


@pytest.mark.parametrize("set_up", [False, True], ids=["has none", "did not give it"])
def test_without_a_second_factor_in_the_session_there_is_no_program(kim, app, sign_in, page, set_up):
    client = sign_in(kim)
    if set_up:
        app(kim)
    assert "only after your second factor" in page(client.get("/me/programs/"))
    assert "only after your second factor" in page(make(client))
    assert queries.api_keys() == []


def test_ones_own_program_is_ended_and_nobody_elses(kims, kim, person, django_capture_on_commit_callbacks, page):
    other = person("ben", "moderator")
    services.create_key("bens", ["moderate"], by="system:test", acts_as=other)
    raw = re.search(r"evh_[\w-]{43}", make(kims).content.decode())[0]
    assert "bens" not in page(kims.get("/me/programs/"))
    assert "no key named “bens”" in page(kims.post("/me/programs/bens/end/", follow=True))
    with django_capture_on_commit_callbacks(execute=True):
        kims.post("/me/programs/terminal/end/")
    with pytest.raises(NoSuchKey):
        queries.key(raw, "moderate")
    assert [key.name for key in queries.api_keys() if key.revoked_at] == ["terminal"]


def test_a_name_that_is_taken_is_told_at_its_field(kims):
    make(kims)
    assert list(make(kims).context["form"].errors) == ["name"]


@pytest.mark.parametrize("role", ["legal", "auditor", "admin"])
def test_who_decides_nothing_has_no_programs(role, person, sign_in):
    client = sign_in(person("eve", role))
    assert client.get("/me/programs/").status_code == 403
    assert client.post("/me/programs/x/end/").status_code == 403


def test_admins_see_for_whom_a_key_decides(kims, kim, boss, sign_in, page):
    make(kims)
    assert f"moderate as {kim.pseudonym}" in page(sign_in(boss).get("/keys/"))
