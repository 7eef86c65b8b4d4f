"""Asking a peer in the console: one key, a page without names, an answer on the case."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.referral.models import Opinion
from evenhand.engine.model import Item, Media, Ref
from tests.desk.conftest import post, reported, sent


@pytest.fixture
def named(fold) -> Case:
    """A post that names its author and one of its reporters."""
    account = Item(ref=Ref("account", "user-77"), kind="user", data={"handle": "Wanda Walrus"}, name="Wanda Walrus")
    words = "I am Wanda Walrus, ask @user-77 or @snitch for boats"
    picture = Media(kind="image", url="https://pictures.example/1.png", field="images")
    fold(
        sent(account),
        reported(
            post("p9", words, author="user-77", media=(picture,), links=("https://boats.example/wanda",)),
            reporter="snitch", reason="this one is surely spam",
        ),
    )  # fmt: skip
    return Case.objects.get()


@pytest.fixture
def asked(desk, named, ben) -> Opinion:
    desk.post(f"/cases/{named.pk}/opinion/")
    return Opinion.objects.get()


def test_one_press_asks_and_the_case_tells_who_is_asked(desk, named, ben, text):
    page = desk.get(f"/cases/{named.pk}/")
    assert 'data-key="P"' in page.content.decode()
    assert 'aria-keyshortcuts="Shift+P"' in page.content.decode()
    answer = desk.post(f"/cases/{named.pk}/opinion/", follow=True)
    assert ben.pseudonym in text(answer)
    assert "Ask a peer" not in text(answer)


def test_the_peer_finds_it_in_their_queue_without_a_first_view_on_it(asked, signed_in, ben, text):
    shown = text(signed_in(ben).get("/"))
    listed = shown[shown.index("Asked of you") :].split("Policy")[0]
    assert f"Second opinion {asked.pk}" in listed
    assert "Spam" not in listed


def test_the_peers_page_has_no_names_and_nobodys_view(asked, signed_in, ana, ben, text):
    page = signed_in(ben).get(f"/opinions/{asked.pk}/")
    shown = text(page)
    assert "I am [name], ask [name] or [name] for boats" in shown
    for hidden in ("Wanda", "user-77", "snitch", "surely", ana.pseudonym, "boats.example/wanda"):
        assert hidden not in shown
    assert "boats.example" in shown
    assert "<img" not in page.content.decode()
    assert " checked" not in page.content.decode()


def test_the_answer_is_on_the_case_and_nothing_else_happened(asked, named, desk, *, signed_in, ben, text):
    given = {"answer": "yes", "policy": "spam", "text": "It sells boats."}
    assert signed_in(ben).post(f"/opinions/{asked.pk}/", given)["Location"] == "/"
    shown = text(desk.get(f"/cases/{named.pk}/"))
    assert "Breaks Spam" in shown
    assert "It sells boats." in shown
    named.refresh_from_db()
    assert (named.state, named.version) == ("open", 1)
    assert "You have answered." in text(signed_in(ben).get(f"/opinions/{asked.pk}/"))


def test_an_answer_that_is_not_complete_is_kept_on_the_page(asked, signed_in, ben, text):
    answer = signed_in(ben).post(f"/opinions/{asked.pk}/", {"answer": "yes", "policy": "", "text": "It sells boats."})
    assert answer.status_code == 422
    assert "Say which policy it breaks." in text(answer)
    assert "It sells boats." in text(answer)


def test_nobody_else_sees_the_question(asked, desk, signed_in, person):
    assert desk.get(f"/opinions/{asked.pk}/").status_code == 404
    assert signed_in(person("lee", "legal")).get(f"/opinions/{asked.pk}/").status_code == 403
    assert signed_in(person("ada", "admin")).post(f"/cases/{asked.case_id}/opinion/").status_code == 403


def test_it_is_taken_back_by_who_asked(asked, named, desk, *, signed_in, ben, text):
    page = desk.post(f"/cases/{named.pk}/opinion/{asked.pk}/withdraw/", follow=True)
    assert "Ask a peer" in text(page)
    assert signed_in(ben).get(f"/opinions/{asked.pk}/").status_code == 404
    again = desk.post(f"/cases/{named.pk}/opinion/{asked.pk}/withdraw/")
    assert again.status_code == 409


def test_alone_there_is_nobody_to_ask(desk, case, text):
    answer = desk.post(f"/cases/{case.pk}/opinion/")
    assert answer.status_code == 409
    assert "nobody to ask" in text(answer)


def test_where_they_differed_is_counted_by_policy_and_not_by_person(asked, named, desk, *, signed_in, ben, text):
    signed_in(ben).post(f"/opinions/{asked.pk}/", {"answer": "no", "text": "It is a joke."})
    desk.post(f"/cases/{named.pk}/decide/", {"version": named.version, "do": "act:remove", "policy": "spam"})
    shown = text(desk.get("/numbers/"))
    told = shown[shown.index("Second opinions that agreed") :]
    assert "Spam 1 1 0 0 of 1: 0 %" in told
    assert ben.pseudonym not in told.split("More")[0]


def test_a_person_may_give_the_capital_another_key(desk, ana, named, ben):
    kept = {"language": "", "theme": "system", "keys": "P = q\nU = Z", "break_minutes": "55"}
    desk.post("/me/", kept)
    ana.refresh_from_db()
    assert ana.preferences["keys"] == {"P": "q", "u": "z"}
    assert 'data-key="q" aria-keyshortcuts="q"' in desk.get(f"/cases/{named.pk}/").content.decode()
