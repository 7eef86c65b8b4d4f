"""Why a case stands where it stands, in words that its reader knows."""

import re

import msgspec
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from evenhand.desk.cases.models import Case
from evenhand.desk.web.pages import why
from evenhand.engine.triage.belief import Belief
from evenhand.engine.triage.facts import CaseFacts
from evenhand.engine.triage.lane import LANES
from evenhand.engine.triage.model import MINUTE
from evenhand.engine.triage.reach import Reach
from evenhand.engine.triage.telling import Standing, terms
from tests.desk.conftest import appealed, post, reported

NOW = 1_800_000_000_000_000


@pytest.fixture
def stored(fold) -> dict:
    fold(*(reported(post("p1", "free money", views=500), f"r{number}") for number in range(3)))
    return Case.objects.get().why


def test_in_english_the_engines_own_sentences_are_shown(stored):
    sentences = [line.sentence for line in why.lines(stored, "Spam")]
    assert sentences == [term["sentence"] for term in stored["terms"] if term["unit"] != "microseconds"]
    assert why.headline(stored, "Spam") == stored["headline"]


def test_in_german_every_figure_is_told_in_german(stored):
    with translation.override("de"):
        lines = why.lines(stored, "Spam")
        assert re.fullmatch(r"Spam, \d+%: 3 Meldende", why.headline(stored, "Spam"))
    english = {term["sentence"] for term in stored["terms"] if term["name"] != "signal"}
    assert not english & {line.sentence for line in lines}
    told = " ".join(f"{line.sentence} {line.source}" for line in lines)
    for word in ("Wahrscheinlichkeit", "Aufruf", "Meldende", "angenommen"):
        assert word in told


def figures(sentence: str) -> set[str]:
    """Those that a sentence tells, as English writes them."""
    return set(re.findall(r"\d+(?:\.\d+)?", sentence.replace(",", ".")))


counts = some.integers(0, 40)
beliefs = some.builds(
    lambda proven, others, voices, share: Belief("spam", share, (), proven + others, proven, voices, share),
    counts, counts, some.floats(0, 3), some.floats(0, 1),
)  # fmt: skip
standings = some.builds(
    Standing,
    belief=beliefs,
    probability=some.floats(0, 1),
    policy_name=some.just("Spam"),
    weight=some.floats(0.1, 100),
    reach=some.builds(Reach, some.floats(0.1, 90_000), some.just(NOW - MINUTE), some.just("assumed")),
    half_life=some.sampled_from([80 * MINUTE, 95 * MINUTE, 150 * MINUTE, 1440 * MINUTE, 2880 * MINUTE]),
    seconds=some.floats(1, 4_000),
    lane=some.sampled_from(LANES),
    why_lane=some.just("It comes before others."),
    flagged=some.booleans(),
)


@given(standings, counts, counts)
def test_each_term_tells_the_same_figures_in_both_languages(standing, upheld, dismissed):
    case = CaseFacts(kind="content", seen_at=NOW, author_upheld=upheld, author_dismissed=dismissed)
    stored = {"terms": msgspec.to_builtins(list(terms(case, standing, NOW)))}
    with translation.override("en"):
        english = why.lines(stored, "Spam")
    with translation.override("de"):
        german = why.lines(stored, "Spam")
    assert [line.sentence for line in english if line in german] == []
    assert [figures(line.sentence) for line in english] == [figures(line.sentence) for line in german]


def test_a_case_that_was_ordered_before_its_figures_were_kept_tells_them_in_the_engines_words():
    kept = {"name": "reach", "value": 517, "unit": "views", "source": "assumed", "sentence": "About 258 views."}
    with translation.override("de"):
        [line] = why.lines({"terms": [kept]}, "Spam")
    assert (line.sentence, line.source) == ("About 258 views.", "angenommen")


def test_a_term_of_a_rule_names_the_rule_and_its_version():
    found = {"name": "signal", "value": 0.9, "unit": "share", "source": "rule:Threat 1.1-4364", "sentence": "Said so."}
    [line] = why.lines({"terms": [found]}, "Threats")
    assert (line.rule, line.version) == ("Threat", "1.1-4364")


@pytest.mark.parametrize(("lane", "words"), [(0, "kommt vor allem"), (1, "gleich dahinter")])
def test_each_lane_before_the_normal_one_is_told_in_german(lane, words):
    lanes = {"name": "lane", "value": lane, "unit": "lane", "source": "policy", "sentence": "English"}
    with translation.override("de"):
        [line] = why.lines({"terms": [lanes]}, "Drohungen")
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
    assert why.lines({}, "Spam") == []
    assert why.headline({}, "Spam") == ""
