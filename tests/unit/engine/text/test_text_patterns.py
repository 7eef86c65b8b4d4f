"""Regular expressions of many lists, in linear time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text import patterns
from evenhand.engine.text.patterns import MOST_SPANS, Patterns, problem


def found(text, *expressions):
    return [(match.pattern, text[match.start : match.end]) for match in Patterns(expressions).find(text)]


def test_every_pattern_that_matches_is_told_with_its_characters():
    text = "é Free  money, call 555-1234"
    assert found(text, r"(?i)free\s+money", r"\d{3}-\d{4}", "nothing") == [(0, "Free  money"), (1, "555-1234")]


def test_places_are_told_up_to_a_limit():
    assert len(found("a " * 50, "a")) == MOST_SPANS


def test_a_surrogate_in_the_text_does_no_harm():
    assert found("\ud800 free", "free") == [(0, "free")]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("(a", r"missing \)"),
        ("(?=a)", "perl operator"),
        (r"(a)\1", "escape"),
        ("a*", "empty text"),
        ("((a{100}){100}){100}", "repetition"),
    ],
)
def test_what_re2_does_not_take_is_refused_with_its_reason(expression, reason):
    assert problem(expression)
    with pytest.raises(ValueError, match=reason):
        Patterns([expression])


def test_a_pattern_that_backtracking_engines_choke_on_takes_linear_time():
    expressions = Patterns([r"(a+)+b", r"(a|aa)+c", r"^(\w+\s?)*\$"])
    started = time.perf_counter()
    assert expressions.find("a" * 100_000) == []
    assert time.perf_counter() - started < 5


def test_patterns_too_big_for_one_set_are_split_and_all_still_found():
    many = Patterns([f"a.{{0,300}}b{index}c.{{0,300}}d" for index in range(200)])
    assert len(many._sets) > 1
    assert [match.pattern for match in many.find("a-b7c-d a-b199c-d")] == [7, 199]


def test_a_set_that_runs_out_of_memory_lets_each_pattern_speak_for_itself(monkeypatch):
    expressions = Patterns(["free", "money"])
    monkeypatch.setattr(expressions._sets[0], "_set", _OutOfMemory())
    assert [match.pattern for match in expressions.find("money")] == [1]


class _OutOfMemory:
    def Match(self, text):  # RE2's own name
        return None


@settings(deadline=None)
@given(st.lists(st.text("abc ", min_size=1, max_size=4), min_size=1, max_size=6), st.text("abc ", max_size=30))
def test_the_set_finds_what_each_pattern_finds(literals, text):
    matching = {match.pattern for match in Patterns(literals).find(text)}
    assert matching == {index for index, literal in enumerate(literals) if literal in text}


def test_the_memory_of_a_set_is_bounded():
    assert patterns._options().max_mem == patterns._MEMORY
