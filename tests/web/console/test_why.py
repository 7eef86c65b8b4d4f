"""Why a case stands where it stands, in words that its reader knows."""

import pytest
from django.utils import translation

from evenhand.desk.cases.models import Case
from evenhand.desk.web.pages import why
from tests.desk.conftest import appealed, post, reported


@pytest.fixture
def stored(fold) -> dict:
    fold(*(reported(post("p1", "free money", views=500), f"r{number}") for number in range(3)))
    return Case.objects.get().why


def test_in_english_the_engines_own_sentences_are_shown(stored):
    sentences = [line.sentence for line in why.lines(stored)]
    assert sentences == [term["sentence"] for term in stored["terms"] if term["unit"] != "microseconds"]
    assert why.headline(stored, "Spam") == stored["headline"]


def test_in_german_every_figure_is_told_in_german(stored):
    with translation.override("de"):
        lines = why.lines(stored)
        assert why.headline(stored, "Spam").startswith("Spam, ")
    english = {term["sentence"] for term in stored["terms"] if term["name"] != "signal"}
    assert not english & {line.sentence for line in lines}
    told = " ".join(f"{line.sentence} {line.source}" for line in lines)
    for word in ("Wahrscheinlichkeit", "Aufruf", "Meldungen", "angenommen"):
        assert word in told


@pytest.mark.parametrize(("lane", "words"), [(0, "kommt vor allem"), (1, "gleich dahinter")])
def test_each_lane_before_the_normal_one_is_told_in_german(lane, words):
    lanes = {"name": "lane", "value": lane, "unit": "lane", "source": "policy", "sentence": "English"}
    with translation.override("de"):
        [line] = why.lines({"terms": [lanes]})
        head = why.headline({"headline": "English", "terms": [lanes]}, "Drohungen")
    assert words in line.sentence
    assert ("wäre dringend, wenn" in head) == (lane == 1)


def test_an_appeal_says_so_in_both_languages(fold):
    fold(appealed(post("p1"), "ap1"))
    stored = Case.objects.get(kind="appeal").why
    assert why.headline(stored, "") == why.APPEAL
    with translation.override("de"):
        assert why.headline(stored, "") == "Ein Einspruch wartet auf einen zweiten Blick"


def test_a_case_of_which_nothing_is_known_has_no_reason():
    assert why.lines({}) == []
    assert why.headline({}, "Spam") == ""
