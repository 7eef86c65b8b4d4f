"""One box finds items, users, cases and decisions."""

import re

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.services import Chosen, decide
from evenhand.engine.model import Item, Ref
from tests.desk.conftest import post, reported, sent


def user(id_: str, name: str) -> Item:
    return Item(ref=Ref("account", id_), kind="user", data={"handle": name}, name=name, text=name)


@pytest.fixture
def town(fold):
    fold(
        sent(user("ann", "Ann Lantern")),
        sent(post("p1", "the lantern song")),
        reported(post("p2", "a lantern in the window")),
        sent(post("p3", "nothing of the kind")),
    )
    return Case.objects.get()


def test_words_find_items_users_and_cases(desk, town, text):
    page = text(desk.get("/search/?q=lantern"))
    assert "Ann Lantern" in page
    assert "song" in page
    assert town.why["headline"] in page
    assert "nothing of the kind" not in page


def test_the_words_are_marked(desk, town):
    assert "<mark>lantern</mark>" in desk.get("/search/?q=lantern").content.decode()


def test_an_exact_id_comes_first_with_what_the_user_made(desk, town, text):
    page = text(desk.get("/search/?q=ann"))
    assert "Exactly this id" in page
    assert "By this user" in page
    assert "nothing of the kind" in page


def test_the_number_of_a_case_finds_it(desk, town):
    for query in (str(town.pk), f"%23{town.pk}"):
        assert f"/cases/{town.pk}/" in desk.get(f"/search/?q={query}").content.decode()


def test_decisions_are_found_by_id_by_reason_and_by_the_words_of_their_item(desk, town, ana, text):
    decision = decide(
        town.pk, version=town.version, by=ana, kind="act", policy="spam",
        actions=[Chosen("remove")], reason="Sold by doorbell",
    )  # fmt: skip
    for query in (decision.uid, "doorbell", "window"):
        assert "Remove · Spam" in text(desk.get(f"/search/?q={query}")), query


def test_what_is_in_a_case_that_is_not_mine_is_counted_but_not_shown(desk, fold, text):
    fold(reported(post("p1", "secret lantern"), policy="minors"), sent(post("p2", "open lantern")))
    page = text(desk.get("/search/?q=lantern"))
    assert "open" in page
    assert "secret" not in page
    assert "1 match is in a case that is not yours" in page
    assert "secret" not in text(desk.get("/search/?q=p1"))
    assert desk.get("/items/?type=post&id=p1").status_code == 404


def test_one_section_is_shown_in_pages(desk, fold):
    fold(*(sent(post(f"p{number}", f"lantern {number}")) for number in range(60)))
    first = desk.get("/search/?q=lantern&in=items").content.decode()
    assert first.count("data-row ") == 50
    older = re.search(r'href="(\?q=lantern&amp;in=items&amp;before=\d+)"', first).group(1).replace("&amp;", "&")
    assert desk.get(f"/search/{older}").content.decode().count("data-row ") == 10


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%22", "q=lantern&in=nowhere", "q=x&before=y", "q=9" + "9" * 40, "q=%00"]
)
def test_odd_questions_are_answered(desk, town, query):
    assert desk.get(f"/search/?{query}").status_code == 200


def test_nothing_found_says_how_it_looked(desk, town, text):
    assert "Whole words are looked for" in text(desk.get("/search/?q=zeppelin"))


def test_an_item_without_a_case_has_a_page(desk, town, text):
    page = text(desk.get("/items/?type=post&id=p1"))
    assert "the lantern song" in page
    assert "Ann Lantern" in page
    assert "None. A report or a signal opens one." in page


def test_a_users_page_shows_what_they_made(desk, town, text):
    page = text(desk.get("/items/?type=account&id=ann"))
    assert "Made by them" in page
    assert "the lantern song" in page


def test_an_item_with_a_case_leads_to_it(desk, town):
    assert f"/cases/{town.pk}/?look" in desk.get("/items/?type=post&id=p2").content.decode()


def test_searching_needs_few_queries_however_much_is_found(desk, fold, django_assert_max_num_queries):
    fold(*(reported(post(f"p{number}", f"lantern {number}"), f"r{number}") for number in range(40)))
    desk.get("/search/?q=lantern")
    with django_assert_max_num_queries(24):
        desk.get("/search/?q=lantern")
