"""The page of quality, and that nothing in the console tells a second look from any other case before it may."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.cases.models import Case, Note
from evenhand.desk.enforcement.models import SecondLook
from evenhand.desk.enforcement.queries.again_problems import second_looks
from evenhand.desk.enforcement.services import Chosen, again, decide
from tests.desk.conftest import post, reported
from tests.desk.enforcement.looking import apply, later, looked, told
from tests.web.console.conftest import HTMX

WORDS = "Buy my boat, best boat"


@pytest.fixture
def platform(db):
    again.forget_progress()
    apply()


@pytest.fixture
def first(case, ana, ben):
    """Ana removed it two hours ago; Ben gets it again."""
    decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")], reason="an advert")
    later(hours=2)
    case.refresh_from_db()
    return case


@pytest.fixture
def look(first) -> Case:
    return Case.objects.get(kind="second")


@pytest.fixture
def of_ben(signed_in, ben):
    return signed_in(ben)


def main(answer) -> str:
    """What the page says of a case, without its number, the moment and the addresses that carry the number."""
    page = answer.content.decode()
    page = page[page.index("<main") : page.index("</main>")]
    page = re.sub(r"csrfmiddlewaretoken\" value=\"[^\"]+|name=\"shown\" value=\"[^\"]+", "", page)
    return re.sub(r"cases/\d+/|case \d+|\d+ (s|min|h) ago|datetime=\"[^\"]+\"", "…", page)


def test_its_page_is_that_of_the_case_before_anybody_decided_it(case, desk, signed_in, ana, ben):
    before = main(desk.get(f"/cases/{case.pk}/"))
    decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")], reason="an advert")
    later(hours=2)
    look = Case.objects.get(kind="second")
    assert main(signed_in(ben).get(f"/cases/{look.pk}/")) == before


def test_neither_search_nor_history_nor_the_pages_of_item_and_author_tell_of_the_first_decision(
    first, look, of_ben, ana, text
):
    Note.objects.create(item_type="post", item_id="p1", author=ana, at=timezone.now(), text="I took this away")
    for address in (
        f"/cases/{look.pk}/", f"/search/?q={WORDS}", "/search/?q=p1", "/search/?q=ann", "/search/?q=advert",
        f"/search/?q={first.pk}", f"/search/?q={SecondLook.objects.get().first.uid}", "/items/?type=post&id=p1",
        "/items/?type=account&id=ann", "/",
    ):  # fmt: skip
        page = text(of_ben.get(address))
        assert ana.pseudonym not in page, address
        assert "took this away" not in page, address
        assert f"/cases/{first.pk}/" not in of_ben.get(address).content.decode(), address
        assert "second look" not in page.lower(), address
    assert of_ben.get(f"/cases/{first.pk}/").status_code == 404
    assert WORDS in text(of_ben.get("/"))


def test_who_decided_first_meets_it_nowhere(first, look, desk, text):
    for address in ("/", "/search/?q=p1", "/items/?type=post&id=p1", f"/cases/{first.pk}/?look"):
        assert f"/cases/{look.pk}/" not in desk.get(address).content.decode(), address
    assert desk.get(f"/cases/{look.pk}/").status_code == 404


def test_the_list_of_deliveries_does_not_tell_of_it_either(look, of_ben, desk, text):
    assert "p1" in text(desk.get("/deliveries/"))
    assert "p1" not in text(of_ben.get("/deliveries/"))
    assert "p1" in text(desk.get("/deliveries/to/hooks/"))
    assert "p1" not in text(of_ben.get("/deliveries/to/hooks/"))


def test_deciding_it_answers_as_any_case_does_and_is_taken_back_by_the_same_key(look, of_ben, ben, text):
    of_ben.get(f"/cases/{look.pk}/")
    answer = of_ben.post(f"/cases/{look.pk}/decide/", {"version": 1, "do": "dismiss"}, follow=True)
    assert "No violation" in text(answer)
    assert "Undo" in text(answer)
    assert "econd look" not in text(answer)
    shown = text(of_ben.get(f"/cases/{look.pk}/?look"))
    assert ben.pseudonym in shown
    assert "Take it back" in shown
    answer = of_ben.post(f"/decisions/{SecondLook.objects.get().uid}/undo/", **HTMX)
    assert Case.objects.get(pk=look.pk).state == "open"
    assert WORDS in text(answer)


def test_an_old_address_of_a_look_that_is_over_leads_to_the_case(first, look, of_ben, ben):
    looked(first, ben)
    assert of_ben.get(f"/cases/{look.pk}/").headers["Location"].startswith(f"/cases/{first.pk}/")


class TestThePage:
    def test_an_empty_desk_is_told_what_to_do(self, platform, desk, text):
        page = text(desk.get("/quality/"))
        assert "No case was drawn for a second look yet" in page
        assert "Spam 100 %, Harassment 2 %" in page
        assert "Nothing was acted on" in page

    def test_both_are_told_and_see_what_the_other_decided_and_why(  # noqa: PLR0917 (both people and what they see)
        self, first, look, desk, of_ben, ana, ben, text
    ):
        decide(look.pk, version=1, by=ben, kind="dismiss", policy=None, reason="a joke")
        assert "Where one of two decisions" not in text(of_ben.get("/quality/"))
        told()
        assert "1 second look came to something else" in text(desk.get("/"))
        page = text(desk.get("/quality/"))
        assert f"First: you Remove · Spam an advert Second: {ben.pseudonym} No violation a joke" in page
        assert f"First: {ana.pseudonym} Remove · Spam an advert Second: you No violation a joke" in text(
            of_ben.get("/quality/")
        )
        assert "came to something else" not in text(desk.get("/"))

    def test_others_get_figures_and_no_names(  # noqa: PLR0917 (all three people)
        self, first, look, signed_in, person, ana, ben, text
    ):
        looked(first, ben)
        page = text(signed_in(person("cleo")).get("/quality/"))
        assert "Spam 1 0 0 0 of 1: 0 % (90 % interval 0 % to 95 %)" in page
        assert ana.pseudonym not in page
        assert ben.pseudonym not in page

    def test_either_of_the_two_may_take_the_first_decision_back_and_decide_anew(self, first, look, of_ben, ben):
        seen = looked(first, ben)
        assert of_ben.post(f"/decisions/{seen.first.uid}/undo/", {"back": first.pk}).status_code == 302
        first.refresh_from_db()
        assert first.state == "open"
        of_ben.get(f"/cases/{first.pk}/")
        of_ben.post(f"/cases/{first.pk}/decide/", {"version": first.version, "do": "dismiss"})
        first.refresh_from_db()
        assert (first.state, first.outcome) == ("closed", "dismissed")

    def test_what_waits_and_what_was_given_up_is_counted_too(self, first, look, desk, text):
        assert "Spam 1 1 0 –" in text(desk.get("/quality/"))
        again.withdraw(SecondLook.objects.get())
        assert "Spam 1 0 1 –" in text(desk.get("/quality/"))

    def test_what_fell_on_appeal_has_its_denominators(self, first, fold, desk, text):
        assert "Spam 1 0 0 –" in text(desk.get("/quality/"))

    def test_a_desk_of_one_is_told_that_it_repeats(self, case, desk, ana, text):
        decide(case.pk, version=1, by=ana, kind="dismiss", policy=None)
        later(hours=2)
        later(days=14)
        looked(case, ana)
        page = text(desk.get("/quality/"))
        assert "gets a case of their own again after 14 days" in page
        assert "The same person again" in page
        assert "Spam 1 of 1: 100 % (90 % interval 5 % to 100 %)" in page

    def test_figures_of_child_safety_are_for_those_who_see_its_cases(self, first, desk, text):
        SecondLook.objects.update(policy="minors")
        assert "Child safety" not in text(desk.get("/quality/"))


def test_looks_that_wait_long_are_told_with_their_age(first, look):
    assert list(second_looks()) == []
    SecondLook.objects.update(drawn_at=timezone.now() - timedelta(days=4))
    [problem] = second_looks()
    assert (problem.code, problem.severity) == ("second_looks_wait", "warning")
    assert problem.since


def test_a_second_case_of_the_author_that_is_not_looked_at_again_is_told_as_ever(first, look, fold, of_ben, text):
    fold(reported(post("p2", "Another boat")))
    assert "Another boat" in text(of_ben.get("/"))
    assert "1 other case" in text(of_ben.get(f"/cases/{Case.objects.get(item_id='p2').pk}/"))
