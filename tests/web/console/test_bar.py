"""The decision bar's buttons: what is red, and what is chosen."""

import re

import msgspec
import pytest
from django.template.loader import render_to_string

from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages import choices
from evenhand.engine.platform import Action


class Page(msgspec.Struct):
    policies: list[choices.PolicyChoice]
    other_policies: list[choices.PolicyChoice]


@pytest.mark.parametrize(
    ("two_person", "undo", "look", "words"),
    [(True, None, "button-harsh", "two people"), (False, None, "button-final", "no way back"), (False, "b", "", "")],
)
def test_red_is_what_needs_two_people_and_what_has_no_way_back_says_so_calmly(two_person, undo, look, words):
    action = Action(id="a", name="Offer help", destination="town", two_person=two_person, undo=undo)
    choice = choices.ActionChoice(action, danger=undo is None, asks=False, hint="")
    told = render_to_string("web/case/action.html", {"choice": choice})
    classes = set(re.search(r'<button class="([^"]*)"', told).group(1).split())
    assert classes - {"button"} == ({look} if look else set())
    assert [one for one in ("two people", "no way back") if one in told] == ([words] if words else [])


@pytest.mark.parametrize("chosen", [False, True])
def test_the_list_of_other_policies_shows_one_as_chosen_only_when_it_is(platform, chosen):
    spam = policies.current().policies["spam"]
    page = Page([], [choices.PolicyChoice(spam, 0, chosen)])
    told = render_to_string("web/case/policies.html", {"page": page})
    assert re.search(r'<select [^>]*><option value="">Another policy</option>', told)
    assert (f'<option value="{spam.id}" selected>' in told) == chosen


def offered(**actions: Action) -> list[choices.ActionChoice]:
    return [
        choices.ActionChoice(action, danger=action.undo is None, asks=False, hint="") for action in actions.values()
    ]


def test_what_people_usually_do_is_proposed_to_the_thumb():
    mild = Action(id="mild", name="Mild", destination="town", undo="back")
    usual = Action(id="usual", name="Usual", destination="town", undo="back")
    assert choices.proposed(offered(a=mild, b=usual), "usual").action.id == "usual"
    assert choices.proposed(offered(a=mild, b=usual), None).action.id == "mild"


@pytest.mark.parametrize("grave", [{"two_person": True, "undo": "back"}, {"undo": None}])
def test_what_is_grave_is_never_proposed_to_the_thumb(grave):
    bad = Action(id="bad", name="Bad", destination="town", **grave)
    assert choices.proposed(offered(a=bad), "bad") is None
