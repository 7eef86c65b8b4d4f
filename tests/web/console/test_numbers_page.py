"""The page of numbers: what waits, how fast harm was contained, what fell on appeal, whose reports were right."""

import re

from django.core.cache import cache

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.services import Chosen, decide
from tests.desk.conftest import post, reported


def test_an_empty_desk_has_a_page_without_figures(desk, text):
    page = text(desk.get("/numbers/"))
    assert "Nothing waits" in page
    assert "No appeal was heard." in page
    assert "No report was decided." in page


def test_what_waits_is_shared_out_by_what_waiting_costs(desk, fold, text):
    fold(*(reported(post(f"s{number}"), f"r{number}", "spam") for number in range(3)))
    fold(reported(post("h1"), "r9", "harassment"))
    cache.clear()
    page = text(desk.get("/numbers/"))
    assert "4 cases wait now" in page
    harsh, mild = (float(re.search(rf"{name} \d+ 0 .*? ([\d.]+) %", page).group(1)) for name in ("Harassment", "Spam"))
    assert harsh > mild
    assert 99 < harsh + mild < 101


def test_what_was_decided_is_counted_with_its_denominators(desk, fold, ana, text):
    fold(
        reported(post("p1"), "r1", "spam"), reported(post("p1"), "r2", "harassment"), reported(post("p2"), "r1", "spam")
    )
    first, second = Case.objects.order_by("item_id")
    decide(first.pk, version=first.version, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    decide(second.pk, version=second.version, by=ana, kind="dismiss", policy=None)
    page = text(desk.get("/numbers/"))
    assert "Spam 1 0 of 1 0 s 0 s 0 of 1: 0 %" in page
    assert "Spam 1 of 2: 50 % (90 % interval" in page
    assert "Harassment 1 of 1: 100 %" in page


def test_figures_of_child_safety_are_for_those_who_see_its_cases(desk, fold, text):
    fold(reported(post("p1"), "r1", "minors"))
    cache.clear()
    page = text(desk.get("/numbers/"))
    assert "Child safety" not in page
    assert "Nothing waits" in page
