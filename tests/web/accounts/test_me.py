"""One's own page: preferences, password, sessions."""

import pytest

from evenhand.desk.accounts import queries
from tests.web.accounts.conftest import PASSWORD


@pytest.fixture
def client(kim, sign_in):
    return sign_in(kim)


def save(client, **preferences):
    return client.post("/me/", {"language": "", "theme": "system", "keys": "", **preferences})


def preferences(client):
    return client.get("/me/").context["request"].user.preferences


def test_the_page_shows_who_one_is(client, kim, page):
    text = page(client.get("/me/"))
    assert kim.pseudonym in text
    assert kim.email in text
    assert "moderator" in text


def test_a_theme_is_kept_and_the_page_wears_it(client):
    save(client, theme="dark")
    assert preferences(client) == {"theme": "dark"}
    assert 'data-theme="dark"' in client.get("/me/").content.decode()


def test_the_language_of_the_person_wins_over_the_browsers(client):
    save(client, language="de")
    answer = client.get("/me/", headers={"Accept-Language": "en"})
    assert '<html lang="de"' in answer.content.decode()
    assert answer["Content-Language"] == "de"


def test_without_a_choice_the_browser_chooses(client):
    assert '<html lang="de"' in client.get("/me/", headers={"Accept-Language": "de"}).content.decode()


def test_letter_keys_can_be_switched_off_and_given_other_keys(client):
    save(client, keys_off="on", keys="u = Z\n j=n\n\n")
    assert preferences(client) == {"keys_off": True, "keys": {"u": "z", "j": "n"}}
    assert "u = z" in client.get("/me/").content.decode()
    save(client)
    assert preferences(client) == {}


@pytest.mark.parametrize("keys", ["u", "u = zz", "= z", "undo = z", "u = z\nj = z"])
def test_keys_that_make_no_sense_are_refused(client, keys):
    answer = save(client, keys=keys)
    assert answer.status_code == 200
    assert answer.context["form"].errors["keys"]
    assert preferences(client) == {}


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"language": "xx"}])
def test_what_is_not_offered_is_refused(client, wrong):
    assert save(client, **wrong).context["form"].errors
    assert preferences(client) == {}


def test_a_password_is_changed_with_the_present_one_and_other_sessions_end(client, kim, sign_in):
    elsewhere = sign_in(kim)
    form = {"current": PASSWORD, "password": "quite another long phrase"}
    assert client.post("/me/password/", form)["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert sign_in(kim, password="quite another long phrase").answer.status_code == 302


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"current": "wrong", "password": "quite another long phrase"}, "current"),
        ({"current": PASSWORD, "password": "short"}, "password"),
        ({"current": PASSWORD, "password": ""}, "password"),
    ],
)
def test_a_password_that_cannot_be_is_refused_at_its_field(client, form, field, kim, sign_in):
    assert list(client.post("/me/password/", form).context["form"].errors) == [field]
    assert sign_in(kim).answer.status_code == 302


def test_another_session_is_seen_and_ended(client, kim, sign_in):
    elsewhere = sign_in(kim, ip="203.0.113.9")
    assert "203.0.113.9" in client.get("/me/sessions/").content.decode()
    [other] = [s for s in queries.sessions(kim, client.session.session_key) if not s.is_current]
    assert client.post("/me/sessions/", {"session": other.id}).status_code == 302
    assert elsewhere.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 200


def test_all_other_sessions_end_at_once(client, kim, sign_in):
    others = [sign_in(kim) for _ in range(3)]
    client.post("/me/sessions/", {"session": "others"})
    assert [other.get("/me/").status_code for other in others] == [302] * 3
    assert client.get("/me/").status_code == 200


def test_ending_the_session_one_is_in_signs_out(client, kim):
    [here] = queries.sessions(kim)
    assert client.post("/me/sessions/", {"session": here.id})["Location"] == "/login/"
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("session", ["", "x", "-1", "99999999", "²"])
def test_a_session_that_is_not_ones_own_stays(client, boss, sign_in, session):
    theirs = sign_in(boss)
    client.post("/me/sessions/", {"session": session})
    client.post("/me/sessions/", {"session": queries.sessions(boss)[0].id})
    assert theirs.get("/me/").status_code == 200
    assert client.get("/me/").status_code == 200


def test_the_list_of_sessions_does_not_ask_more_for_more(client, kim, sign_in, asked):
    before = asked(client, "/me/sessions/")
    for _ in range(5):
        sign_in(kim)
    assert asked(client, "/me/sessions/") == before
    assert len(client.get("/me/sessions/").context["sessions"]) == 6
