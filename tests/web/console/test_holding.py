"""Holding by hand on the case page: offered where the policy allows it, and the case waits."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services import take
from evenhand.desk.enforcement.models import Delivery, Hold
from evenhand.desk.policies import queries as policies
from tests.desk.conftest import post, reported
from tests.desk.enforcement import licensing
from tests.web.console.conftest import HTMX


@pytest.fixture
def platform(db):
    licensing.apply()
    return policies.current(fresh=True)


def sent(desk, case: Case, **more: str):
    form = {"version": case.version, "policy": "spam", "do": "hold", **more}
    return desk.post(f"/cases/{case.pk}/hold/", form, **HTMX)


def test_it_is_offered_with_the_hours_that_the_policy_allows(desk, case):
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert f'formaction="/cases/{case.pk}/hold/"' in page
    assert 'data-key="H" aria-keyshortcuts="Shift+H"' in page
    assert '<option value="24" selected>24 h</option>' in page
    assert '<option value="72"' not in page


def test_it_is_not_offered_where_the_policy_of_the_case_hides_nothing(desk, fold):
    fold(reported(post("p9"), policy="harassment"))
    case = Case.objects.get()
    assert b"/hold/" not in desk.get(f"/cases/{case.pk}/").content


def test_holding_goes_on_to_the_next_case_and_offers_undo(desk, fold, text):
    fold(reported(post("p1", "first words")), reported(post("p2", "other words")))
    first, second = Case.objects.order_by("pk")
    desk.get(f"/cases/{first.pk}/")
    answer = sent(desk, first, hours="6")
    assert f"/cases/{second.pk}/" in answer.headers["HX-Push-Url"]
    assert str(first.pk) in answer.headers["HX-Push-Url"].partition("skipped=")[2]
    assert "Held for now: Remove" in text(answer)
    hold = Hold.objects.get()
    assert f"/decisions/{hold.decision.uid}/undo/" in answer.content.decode()
    first.refresh_from_db()
    assert (first.state, first.holder) == ("open", None)


def test_what_is_held_says_by_whom_and_the_same_key_shows_it_again(desk, case, ana, text):
    sent(desk, case, hours="6")
    answer = desk.get(f"/cases/{case.pk}/")
    page = answer.content.decode()
    assert f"Held by {ana.pseudonym}" in text(answer)
    assert "/hold/" not in page
    assert page.count('data-key="H"') == 1
    desk.post(f"/cases/{case.pk}/release/", **HTMX)
    assert Hold.objects.get().ended_at is not None
    assert not Delivery.objects.filter(state="pending").exists()


def test_it_holds_one_item_even_where_the_form_is_for_all_that_stand_together(desk, case):
    sent(desk, case, together="yes", upto=str(case.pk))
    assert Hold.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"hours": "soon"}, "Hours must be a number, not “soon”"),
        ({"hours": "inf"}, "Hours must be a number"),
        ({"hours": "200"}, "24 hours at most"),
        ({"policy": ""}, "Choose the policy"),
    ],
)
def test_what_cannot_be_held_is_told_and_the_reason_is_kept(desk, case, text, form, why):
    answer = sent(desk, case, **{"reason": "looks like a raid", **form})
    assert answer.status_code == 422
    assert why in text(answer)
    assert "looks like a raid" in answer.content.decode()
    assert not Hold.objects.exists()


def test_a_case_that_somebody_else_holds_is_not_held(desk, case, ben, text):
    take(case.pk, ben)
    answer = sent(desk, case)
    assert answer.status_code == 409
    assert not Hold.objects.exists()


def test_in_german_everything_about_it_is_german(desk, ana, case, text):
    ana.preferences = {"language": "de"}
    ana.save()
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert "Zurückhalten" in page
    assert "24 Std." in page
