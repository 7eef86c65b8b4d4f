"""A condition of the rule language, asked of stored items."""

import pytest

from evenhand.desk.intake.queries import matching
from evenhand.desk.rules import queries
from tests.desk.conftest import post, reported, sent

PILLS = {"q": "TextContains(text=Text, phrase='cheap pills')", "days": "7"}


@pytest.fixture
def posts(fold, project):
    fold(
        *(sent(post(f"p{number}", "cheap pills", author=f"a{number % 2}")) for number in range(5)),
        sent(post("q1", "a fine morning", author="zoe")),
    )


def test_matches_are_counted_over_time_and_the_newest_lead_to_their_items(desk, posts, text):
    answer = desk.get("/rules/-/query/", PILLS)
    assert answer.context["answer"].matches == 5
    assert answer.context["answer"].chart.total == 5
    assert "All 6 items of this time were looked at." in text(answer)
    assert "id=p4" in answer.content.decode()


def test_frequent_values_at_a_path_name_how_many_there_are(desk, posts, text):
    answer = desk.get("/rules/-/query/", PILLS | {"path": "$.evenhand.author.id"})
    assert [(one.value, one.count) for one in answer.context["answer"].top] == [("a0", 3), ("a1", 2)]
    assert "2 different ones among 5 matches" in text(answer)


def test_names_of_the_project_can_be_said(desk, posts):
    assert desk.get("/rules/-/query/", {"q": "AuthorId == 'zoe'"}).context["answer"].matches == 1


def test_an_item_type_narrows_it(desk, posts):
    assert desk.get("/rules/-/query/", PILLS | {"type": "account"}).context["answer"].matches == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"q": "Txet == 'x'"}, "unknown name"),
        ({"q": "Enqueue(policy='spam')"}, "brings something about"),
        ({"q": "("}, "query:1:"),
        ({"q": "Text == 'x'", "path": "$.a["}, "path:1:"),
    ],
)
def test_a_mistake_is_told_at_its_place(desk, project, text, asked, told):
    answer = desk.get("/rules/-/query/", asked)
    assert answer.status_code == 422
    assert told in text(answer)


def test_a_search_that_had_to_stop_says_how_far_it_came(desk, posts, text, monkeypatch):
    monkeypatch.setattr(matching, "BLOCK", 2)
    monkeypatch.setattr(matching, "MOST_LOOKED_AT", 2)
    answer = desk.get("/rules/-/query/", PILLS)
    assert "Looked at the newest 2 of 6 items of this time, then stopped" in text(answer)
    assert answer.context["answer"].matches == 1


def test_more_matches_than_are_kept_end_the_search(desk, posts, text, monkeypatch):
    monkeypatch.setattr(matching, "MOST_MATCHES", 3)
    answer = desk.get("/rules/-/query/", PILLS)
    assert "Looked at the newest 4 of 6 items" in text(answer)
    assert answer.context["answer"].matches == 3


def test_items_of_child_safety_cases_are_neither_shown_nor_counted_for_others(desk, posts, fold, text):
    fold(reported(post("p0", "cheap pills", author="a0"), policy="minors"))
    answer = desk.get("/rules/-/query/", PILLS)
    assert answer.context["answer"].matches == 4
    assert "id=p0" not in answer.content.decode()
    assert "not for your role" in text(answer)


def test_a_query_is_kept_for_the_desk_and_dropped(desk, posts, text, signed_in, ben):
    assert desk.post("/rules/-/query/save/", PILLS | {"name": "Pills", "path": "$.text"}).status_code == 302
    page = signed_in(ben).get("/rules/-/query/")
    [(saved, address)] = page.context["saved"]
    assert "Pills" in text(page)
    assert signed_in(ben).get(address).context["answer"].matches == 5
    desk.post(f"/rules/-/query/{saved.pk}/forget/")
    assert queries.saved_queries() == []


def test_a_query_without_a_name_or_with_a_mistake_is_not_kept(desk, posts):
    assert desk.post("/rules/-/query/save/", PILLS | {"name": " "}).status_code == 422
    assert desk.post("/rules/-/query/save/", {"q": "(", "name": "x"}).status_code == 422
    assert queries.saved_queries() == []


def test_who_does_not_see_content_does_not_ask(auditor, posts):
    assert auditor.get("/rules/-/query/", PILLS).status_code == 403
    assert "Query" not in [link for link in auditor.get("/rules/").content.decode().split(">") if "href" in link]


def test_the_page_asks_as_often_for_many_matches_as_for_few(desk, fold, project, django_assert_max_num_queries):
    fold(*(sent(post(f"p{number}", "cheap pills", author=f"a{number}")) for number in range(40)))
    desk.get("/rules/-/query/", PILLS)
    with django_assert_max_num_queries(30):
        desk.get("/rules/-/query/", PILLS)
