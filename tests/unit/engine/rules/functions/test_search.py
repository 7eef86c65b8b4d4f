"""Functions that look for words and patterns."""

import pytest

from tests.unit.engine.rules.functions.contexts import call


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("I sell SPAM.", "spam", True),
        ("spammer", "spam", False),
        ("antispam, spam", "spam", True),
        ("buy  cheap", "buy cheap", False),
        ("Die STRASSE", "straße", True),
        ("costs $5", "$5", True),
        ("我写中文字", "中文", True),
        ("spam", "", False),
        ("", "spam", False),
    ],
)
def test_a_text_contains_whole_words_in_any_case(text, phrase, found):
    assert call("TextContains", text=text, phrase=phrase) is found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"phrase": "SPAM"}, True),
        ({"phrase": "pam"}, False),
        ({"phrase": "PAM", "substrings": True}, True),
        ({"phrase": "SPAM", "case_sensitive": True}, False),
        ({"phrase": "pam", "substrings": True, "case_sensitive": True}, True),
        ({"phrase": "", "substrings": True}, False),
    ],
)
def test_a_string_contains_words_or_substrings(arguments, found):
    assert call("StringContains", s="I sell spam", **arguments) is found


def test_a_pattern_matches_anywhere():
    assert call("RegexMatch", pattern=r"s\w+m\b", target="my spam")
    assert not call("RegexMatch", pattern="SPAM", target="my spam")
    assert call("RegexMatch", pattern="SPAM", target="my spam", case_insensitive=True)


@pytest.mark.parametrize(
    ("target", "any_", "all_"),
    [(["a1", "b"], True, False), (["a1", "b2"], True, True), (["a"], False, False), ([], False, True)],
)
def test_a_pattern_matches_in_any_or_all_strings(target, any_, all_):
    assert call("RegexMatchMap", pattern=r"\d", target=target) is any_
    assert call("RegexMatchMap", pattern=r"\d", target=target, mode="all") is all_


def test_another_mode_is_refused():
    with pytest.raises(ValueError, match='write "any" or "all"'):
        call("RegexMatchMap", pattern="a", target=["a"], mode="some")


def test_matches_are_counted_over_all_patterns():
    assert call("CountRegexMatches", patterns=[r"\d+", "a", "x"], target="a1 a22") == 4
    assert call("CountRegexMatches", patterns=["A"], target="a1 a22", case_insensitive=True) == 2
    assert call("CountRegexMatches", patterns=[], target="a") == 0


def test_what_is_no_pattern_is_refused():
    with pytest.raises(ValueError, match="no regular expression"):
        call("RegexMatch", pattern="(", target="a")
