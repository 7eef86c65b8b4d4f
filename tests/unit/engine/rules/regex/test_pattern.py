"""Patterns answer as `re` does, in linear time or under the limit."""

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evenhand.engine.rules.regex import TooSlow, compile_pattern
from evenhand.engine.rules.regex.emit import Unfit
from evenhand.engine.rules.regex.pattern import Limited, Linear, Source
from evenhand.engine.rules.regex.shape import shape
from tests.unit.engine.rules.regex.patterns import LINEAR, LOOKING, TEXTS

BOMBS = [r"(a+)+$", r"^(a|a)*$", r"(a|aa)+$", r"(?:\w+\s?)+$", r"([a-z]+)*\d"]


def read(pattern, *, case_insensitive):
    try:
        Source(pattern, case_insensitive, shape(pattern, case_insensitive=case_insensitive)).exact()
    except ValueError:
        assume(False)
    return Source(pattern, case_insensitive, shape(pattern, case_insensitive=case_insensitive))


def engines(source):
    """Every engine that takes a pattern, also where another one would be quicker."""
    yield compile_pattern(source.pattern, case_insensitive=source.case_insensitive)
    yield Limited(source)
    try:
        yield Linear(source)
    except Unfit:
        return


@settings(deadline=None, max_examples=300)
@given(LINEAR | LOOKING, TEXTS, st.booleans())
def test_a_pattern_matches_what_it_matches_in_python(pattern, text, case_insensitive):
    source = read(pattern, case_insensitive=case_insensitive)
    expected = source.exact().search(text) is not None
    assert {engine.way: engine.search(text) for engine in engines(source)} == dict.fromkeys(
        (engine.way for engine in engines(source)), expected
    )


@settings(deadline=None, max_examples=200)
@given(st.data(), LINEAR, st.booleans())
def test_a_text_made_for_the_pattern_is_matched(data, pattern, case_insensitive):
    source = read(pattern, case_insensitive=case_insensitive)
    text = data.draw(st.from_regex(source.exact()))
    assert all(engine.search(text) for engine in engines(source))
    expected = sum(1 for _ in source.exact().finditer(text))
    assert all(engine.count(text) == expected for engine in engines(source))


@settings(deadline=None, max_examples=300)
@given(LINEAR | LOOKING, TEXTS, st.booleans())
def test_a_pattern_is_counted_as_python_counts_it(pattern, text, case_insensitive):
    source = read(pattern, case_insensitive=case_insensitive)
    expected = sum(1 for _ in source.exact().finditer(text))
    assert {engine.way: engine.count(text) for engine in engines(source)} == dict.fromkeys(
        (engine.way for engine in engines(source)), expected
    )


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        ("spam", "literal"),
        (r"\$9\.99", "literal"),
        ("", "literal"),
        (r"\b(?:foo|bar)s?\b", "re"),
        (r"colou?r", "re"),
        (r"\d+", "re2"),
        (r"buy.*now", "re2"),
        (r"(?i)\bfree\w*", "re2"),
        (r"(?=.*a)(?=.*b)", "regex"),
        (r"(\w+) \1", "regex"),
        (r"(?>a+)b", "regex"),
        (r"a++b", "regex"),
        (r"\d{2000,}", "regex"),
        (r"(?:a$)+\n", "regex"),
    ],
)
def test_each_pattern_is_searched_by_the_quickest_engine_that_can(pattern, way):
    assert compile_pattern(pattern).way == way


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\bcafé\b", "un café noir", True),
        (r"\bcaf\b", "un café noir", False),
        (r"\w+ing\b", "naïving éing", True),
        (r"^\w+$", "Привет", True),
        (r"^\w+$", "При вет", False),
        (r"^\d+$", "١٢٣", True),
        (r"(?a)^\d+$", "١٢٣", False),
        (r"a\s+b", "a\u00a0\u2003b", True),
        (r"a\s+b", "a\x1cb", True),
        (r"x+$", "xx\n", True),
        (r"x+\Z", "xx\n", False),
        (r"^x+$", "a\nxx\nb", False),
        (r"(?m)^x+$", "a\nxx\nb", True),
        (r"(?i)kelvin+", "\u212aelvin", True),
        (r"(?i)straße+", "STRASSE", False),
        (r"(?i)s+t", "ſt", True),
        (r"a.+b", "a\nb", False),
        (r"(?s)a.+b", "a\nb", True),
        (r"\ud800+", "\ud800", True),
        (r"x+", "\ud800x", True),
        (r"\B", "", False),
        (r"(?:)*", "", True),
        (r"(\w)\1+", "hello", True),
        (r"(\w)\1+", "helo", False),
        (r"foo(?!bar).*", "foobar", False),
    ],
)
def test_the_oddities_of_python_stay(pattern, text, found):
    assert (re.search(pattern, text) is not None) == found
    assert compile_pattern(pattern).search(text) == found


@pytest.mark.parametrize("pattern", BOMBS)
def test_no_pattern_of_the_usual_kind_can_be_made_to_hang(pattern):
    compiled = compile_pattern(pattern)
    assert compiled.way == "re2"
    for text in ("a" * 5_000 + "!", "é" + "a" * 5_000 + "!"):
        began = time.process_time()
        assert compiled.search(text) is False
        assert time.process_time() - began < 0.5


@pytest.mark.parametrize("pattern", [r"(a+)+(?=!!)", r"(\w+)+\1$", r"(?!x)(?:a|a)*$"])
@pytest.mark.parametrize("before", ["", "é"])
def test_what_only_backtracking_can_search_is_stopped(pattern, before):
    compiled = compile_pattern(pattern)
    text = before + "a" * 3_000 + "!"
    began = time.process_time()
    with pytest.raises(TooSlow, match="stopped after 5 ms"):
        compiled.search(text)
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"a(?=b)", "look-around"),
        (r"(?<!a)b", "look-around"),
        (r"(a)\1", "back-references"),
        (r"(a)?(?(1)b|c)", "conditions"),
        (r"(?>a)", "atomic"),
        (r"a++", "atomic"),
        (r"(a)\1(?!b)", "look-around and back-references"),
    ],
)
def test_strict_rules_have_linear_patterns_only(pattern, needed):
    compile_pattern(pattern)
    with pytest.raises(ValueError, match=f"{needed}.*Write what stands around"):
        compile_pattern(pattern, strict=True)


@pytest.mark.parametrize("pattern", [r"\w+", r"a|b", r"(?i)spam", r"(?P<name>a)+"])
def test_strict_rules_have_all_other_patterns(pattern):
    assert compile_pattern(pattern, strict=True).way != "regex"


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(", "missing \\), unterminated subpattern, at character 1"),
        ("[z-a]", "bad character range"),
        ("*", "nothing to repeat"),
        ("(?<=a+)b", "look-behind requires fixed-width"),
        ("(" * 2_000 + ")" * 2_000, "too big"),
        ("a{99999999999999999999}", "too big"),
    ],
)
def test_what_is_no_pattern_is_refused_in_words(pattern, told):
    with pytest.raises(ValueError, match=told):
        compile_pattern(pattern)


def test_more_kinds_of_letters_than_the_alphabet_has_are_searched_all_the_same():
    letters = [chr(0x4E00 + index) for index in range(100)]
    compiled = compile_pattern(r"\b(?:" + "|".join(f"{one}+x" for one in letters) + r")\b")
    assert compiled.search(f"x {letters[70] * 3}x y")
    assert not compiled.search(f"x {letters[70] * 3}xy")
    without_edges = compile_pattern("(?:" + "|".join(f"{one}+x" for one in letters) + ")")
    assert without_edges.way == "re2"
    assert without_edges.search(f"{letters[70] * 3}xy")
    assert not without_edges.search(f"{letters[70] * 3}y")


def test_rare_characters_do_not_fill_the_memory():
    compiled = compile_pattern(r"[^ab]+x")
    assert not compiled.search("".join(map(chr, range(0x3400, 0x9F00))))
    letters, _ = compiled._engine._wide
    assert len(letters._table) <= 4096
