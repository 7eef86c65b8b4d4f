"""What must stand in a text for a pattern to match, and the index that looks for it."""

import re
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evenhand.engine.rules.regex import TextIndex, fold_case, literal_only, required_literals
from tests.unit.engine.rules.regex.patterns import LETTERS, LINEAR, TEXTS


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("spam", {"spam"}),
        (r"\bSpam\b", {"spam"}),
        (r"(?:foo|bar)s?\b", {"foo", "bar"}),
        (r"colou?r", {"color", "colour"}),
        (r"k[i1]ll", {"kill", "k1ll"}),
        (r"(?:foo|bar)baz", {"foobaz", "barbaz"}),
        (r"\d+ dollars? in \w+", {" dollar in ", " dollars in "}),
        (r"buy.{1,9}cheap(?:er)? pills", {"cheap pills", "cheaper pills"}),
        (r"(?:ab){2}", {"abab"}),
        (r"(?:spam)+", {"spam"}),
        (r"(?=x)spam(?!y)", {"spam"}),
        (r"(?:(?:very|so) )+cheap", {"cheap"}),
        (r"(?i)straße", {"strasse"}),
        (r"(?:foo\d|bar\d)", {"foo", "bar"}),
        (r"(spam)\1", {"spam"}),
    ],
)
def test_a_pattern_tells_what_must_stand_in_a_text(pattern, literals):
    assert required_literals(pattern) == literals


@pytest.mark.parametrize(
    "pattern", [r"\w+", "a", "", r"(?:spam)?", r"(?:spam|\d+)", r"(?:spam)*", "[a-z]x", "(?!spam)", r"(?:ab|c)"]
)
def test_a_pattern_that_can_do_without_tells_nothing(pattern):
    assert required_literals(pattern) is None


@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.data(), LINEAR, st.booleans())
def test_what_matches_has_one_of_them(data, pattern, case_insensitive):
    literals = required_literals(pattern, case_insensitive=case_insensitive)
    compiled = re.compile(pattern, re.IGNORECASE if case_insensitive else 0)
    assume(literals)
    text = data.draw(st.from_regex(compiled) | TEXTS)
    if compiled.search(text):
        assert any(one in fold_case(text) for one in literals)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.text(LETTERS, min_size=1, max_size=3), min_size=1, max_size=5),
    st.text(LETTERS, max_size=5),
    st.text(LETTERS, max_size=5),
)
def test_a_word_in_any_case_has_its_literal(parts, before, after):
    pattern = "".join(map(re.escape, parts))
    literals = required_literals(pattern, case_insensitive=True)
    for text in ("".join(parts), "".join(parts).upper(), "".join(parts).swapcase()):
        if literals and re.search(pattern, before + text + after, re.IGNORECASE):
            assert any(one in fold_case(before + text + after) for one in literals)


EVERYTHING = list(map(chr, range(sys.maxunicode + 1)))
CASED = "".join(letter for letter in EVERYTHING if not letter == letter.lower() == letter.upper())


def test_letters_that_are_one_to_python_fold_to_one():
    for letter in CASED:
        alike = re.findall(re.escape(letter), CASED, re.IGNORECASE)
        assert {fold_case(other) for other in alike} == {fold_case(letter)}, alike


def test_what_has_no_case_stays_as_it_is():
    uncased = "".join(sorted(set(EVERYTHING[:0x3000]) - set(CASED)))
    assert fold_case(uncased) == uncased


def test_what_is_one_without_case_is_one_when_folded():
    """But for İ, which folds to i and becomes i with a dot above it: words found without case have their literals."""
    folded = [letter for letter in EVERYTHING if fold_case(letter) != fold_case(letter.casefold())]
    assert folded == ["İ"]


def test_ascii_folds_the_same_among_other_letters():
    ascii_ = "".join(map(chr, range(128)))
    assert fold_case(ascii_ + "é") == fold_case(ascii_) + "é"


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        ("spam", "spam"),
        (r"a\.b", "a.b"),
        ("(?:ab)c", "abc"),
        ("(ab)c", None),
        ("", ""),
        ("x", "x"),
        ("a|b", None),
        ("a+", None),
        ("(?i)a", None),
        (r"\bspam", None),
        ("[^a]", None),
        (".", None),
    ],
)
def test_a_pattern_that_is_a_plain_string_tells_it(pattern, literal):
    assert literal_only(pattern) == literal


def test_ignoring_case_is_more_than_a_string():
    assert literal_only("spam", case_insensitive=True) is None


def test_the_index_finds_overlapping_literals_in_any_case():
    index = TextIndex(["she", "he", "hers", "Spam", "spam", "σας"])
    assert index.find("uSHErs") == {0, 1, 2}
    assert index.find("SPAM ΣΑΣ") == {3, 4, 5}
    assert index.find("") == set()


def test_an_index_of_nothing_finds_nothing():
    assert TextIndex([]).find("spam") == set()


def test_an_empty_literal_is_refused():
    with pytest.raises(ValueError, match="empty literal"):
        TextIndex(["a", ""])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=3), max_size=8), st.text(LETTERS, max_size=30))
def test_the_index_finds_what_a_simple_search_finds(literals, text):
    folded = fold_case(text)
    assert TextIndex(literals).find(text) == {at for at, one in enumerate(literals) if fold_case(one) in folded}
