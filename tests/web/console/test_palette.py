"""Ctrl K: any id, any address, any page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.cases.models import Case
from evenhand.desk.web.pages.pasted import LONGEST, MOST, case_number, ids
from tests.desk.conftest import post, reported


@pytest.fixture
def case(fold) -> Case:
    fold(reported(post("17", "a lantern in the window", author="ann")))
    return Case.objects.get()


@pytest.mark.parametrize("query", ["17", "https://social.example/@ann/posts/17", "https://social.example/p?id=17&x=1"])
def test_an_id_or_an_address_leads_to_the_case_and_the_item(desk, case, query):
    page = desk.get("/search/-/palette/", {"q": query}).content.decode()
    assert f'href="/cases/{case.pk}/?look"' in page
    assert 'href="/items/?type=post&amp;id=17"' in page


def test_the_address_of_a_case_here_leads_to_it(desk, case):
    page = desk.get("/search/-/palette/", {"q": f"http://desk.example:8000/cases/{case.pk}/?queue=default"})
    assert f'href="/cases/{case.pk}/?look"' in page.content.decode()


def test_pages_are_found_by_their_names(desk, text):
    assert "Status" in text(desk.get("/search/-/palette/", {"q": "stat"}))
    assert "Ledger" not in text(desk.get("/search/-/palette/", {"q": "ledger"}))


def test_the_same_addresses_are_understood_by_the_search_page(desk, case, text):
    assert "Exactly this id" in text(desk.get("/search/", {"q": "https://social.example/@ann/posts/17"}))


def test_what_stands_in_an_address_is_looked_for_from_its_end():
    address = "https://social.example/@ann/posts/17?lang=de"
    assert ids(address) == [address, "@ann/posts/17", "17", "posts", "@ann", "de"]
    assert ids("two words") == ["two words"]


@pytest.mark.parametrize("query", ["", "x", "-1", "²", "9" * 40, "https://a.example/cases/x/"])
def test_what_is_no_case_number_is_none(query):
    assert case_number(query) is None


@given(st.text() | st.text().map(lambda tail: f"https://{tail}"))
def test_any_text_is_read(query):
    found = ids(query)
    assert len(found) <= MOST
    assert all(0 < len(one) <= LONGEST for one in found)
    case_number(query)
