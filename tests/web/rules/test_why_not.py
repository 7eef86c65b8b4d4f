"""Why a rule did not fire, asked from the case and from the rule's own page."""

import pytest

from evenhand.desk.cases.models import Case
from tests.desk.conftest import post, sent


@pytest.fixture
def case(to_stage, fold) -> Case:
    to_stage("Pills", "live")
    fold(sent(post("p1", "cheap pills")), sent(post("p2", "good morning")))
    return Case.objects.get(item_id="p1")


def test_a_case_says_why_a_rule_in_force_did_not_fire(desk, case, text):
    page = text(desk.get(f"/cases/{case.pk}/?look&why_not=Flood"))
    assert "Flood does not fire." in page
    assert "Recent is 1; the rule asks for at least 3" in page


def test_a_counter_is_told_without_counting_the_item_again(desk, to_stage, fold, text):
    to_stage("Pills", "live")
    fold(*(sent(post(f"p{number}", "cheap pills")) for number in (1, 2)))
    case = Case.objects.get(item_id="p2")
    assert "Recent is 2;" in text(desk.get(f"/cases/{case.pk}/?look&why_not=Flood"))


def test_every_rule_in_force_can_be_asked_about_from_the_case(desk, case):
    page = desk.get(f"/cases/{case.pk}/").context["page"]
    assert page.rules_in_force == ["Flood", "Known", "Pills"]
    assert page.why_not is None


def test_a_rule_that_fired_says_so_and_one_that_is_none_too(desk, case, text):
    assert "Pills fires." in text(desk.get(f"/cases/{case.pk}/?look&why_not=Pills"))
    assert "No rule in force has this name." in text(desk.get(f"/cases/{case.pk}/?look&why_not=Nobody"))


def test_the_page_of_a_rule_answers_for_an_item_by_its_id(desk, case, text):
    page = text(desk.get("/rules/Pills/?type=post&id=p2"))
    assert "Pills does not fire." in page
    assert "does not hold" in page
    assert "The desk knows no such item." in text(desk.get("/rules/Pills/?type=post&id=nothing"))


def test_who_sees_no_content_is_not_told_of_an_item(auditor, case, text):
    page = text(auditor.get("/rules/Pills/?type=post&id=p2"))
    assert "does not fire" not in page
    assert "Why not on this item?" not in page
