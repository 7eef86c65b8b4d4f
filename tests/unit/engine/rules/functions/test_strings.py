"""Functions on strings, cleaning and casts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.functions.strings import LONGEST
from evenhand.engine.rules.values import Expected
from tests.unit.engine.rules.functions.contexts import call


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("StringLength", {"s": "naïve 😀"}, 7),
        ("StringToLower", {"s": "ÀB"}, "àb"),
        ("StringToUpper", {"s": "straße"}, "STRASSE"),
        ("StringStartsWith", {"s": "spam", "start": "sp"}, True),
        ("StringStartsWith", {"s": "Spam", "start": "sp"}, False),
        ("StringEndsWith", {"s": "spam", "end": "am"}, True),
        ("StringStrip", {"s": " \t spam\n"}, "spam"),
        ("StringStrip", {"s": "--spam-", "chars": "-"}, "spam"),
        ("StringRStrip", {"s": " spam "}, " spam"),
        ("StringLStrip", {"s": " spam "}, "spam "),
        ("StringReplace", {"s": "aXbX", "old": "X", "new": "--"}, "a--b--"),
        ("StringReplace", {"s": "ab", "old": "", "new": "-"}, "-a-b-"),
        ("StringJoin", {"s": ", ", "iterable": ["a", "b"]}, "a, b"),
        ("StringJoin", {"s": ", ", "iterable": []}, ""),
        ("StringSplit", {"s": " a  b "}, ["a", "b"]),
        ("StringSplit", {"s": "a,b,c", "sep": ",", "maxsplit": 1}, ["a", "b,c"]),
        ("StringSlice", {"s": "spam", "start": 1, "end": 3}, "pa"),
        ("StringSlice", {"s": "spam", "start": -2, "end": 99}, "am"),
        ("ForceString", {"s": None}, ""),
        ("ForceString", {"s": "a"}, "a"),
        ("ParseInt", {"s": " -12 "}, -12),
        ("ListLength", {"list": [1, 2]}, 2),
        ("ListRead", {"list": ["a", "b"]}, "a"),
        ("ListRead", {"list": ["a", "b"], "index": -1}, "b"),
        ("ListSort", {"list": ["b", "B", "a"]}, ["B", "a", "b"]),
        ("ListSort", {"list": ["b", "a"], "reverse": True}, ["b", "a"]),
        ("ConcatStringLists", {"lists": [["a"], [], ["b", "a"]]}, ["a", "b", "a"]),
    ],
)
def test_strings_and_lists_do_as_python_does(name, arguments, value):
    assert call(name, **arguments) == value


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ParseInt", {"s": "1.5"}),
        ("ParseInt", {"s": ""}),
        ("ParseInt", {"s": "9" * 5_000}),
        ("ListRead", {"list": []}),
        ("ListRead", {"list": ["a"], "index": 1}),
    ],
)
def test_what_is_not_there_has_no_value(name, arguments):
    with pytest.raises(Expected):
        call(name, **arguments)


def test_an_empty_separator_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="Leave it out"):
        call("StringSplit", s="ab", sep="")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("StringReplace", {"s": "a" * 2_000, "old": "a", "new": "a" * 2_000}),
        ("StringJoin", {"s": "-" * 2_000, "iterable": ["a"] * 2_000}),
    ],
)
def test_no_function_makes_a_string_without_bounds(name, arguments):
    with pytest.raises(ValueError, match="1,000,000 is the most"):
        call(name, **arguments)


@given(st.text(max_size=20), st.text(max_size=3), st.text(max_size=3))
def test_the_length_is_told_before_the_string_is_made(s, old, new):
    assert len(call("StringReplace", s=s, old=old, new=new)) <= LONGEST


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ({"s": "  a \n b "}, "a b"),
        ({"s": " a  b ", "space": False}, " a  b "),
        ({"s": "ﬁne ①"}, "fine 1"),
        ({"s": "ﬁne", "unicode_normalize": False}, "ﬁne"),
        ({"s": "e\u0301", "form": "NFC", "homoglyph": False}, "é"),
        ({"s": "é", "form": "NFD", "homoglyph": False}, "e\u0301"),
        ({"s": "Sраm"}, "Spam"),
        ({"s": "SРАM"}, "SPAM"),
        ({"s": "Sраm", "homoglyph": False}, "Sраm"),
        ({"s": "Привет"}, "Привет"),
        ({"s": "Sp4m", "l33t": True}, "spam"),
        ({"s": "room 404", "l33t": True}, "room 404"),
        ({"s": "Привет, café", "unidecode": True, "homoglyph": False}, "Privet, cafe"),
        ({"s": "a😀b", "remove_emoji": True}, "ab"),
        ({"s": "aB", "lower": True}, "ab"),
        ({"s": "aB", "upper": True}, "AB"),
        ({"s": "a b\tc", "remove_space": True}, "abc"),
        ({"s": "a-b! c$", "remove_punctuation": True}, "ab c"),
        ({"s": ""}, ""),
    ],
)
def test_cleaning_does_what_it_is_asked_to_and_no_more(arguments, value):
    assert call("StringClean", **arguments) == value


def test_an_unknown_form_is_refused():
    with pytest.raises(ValueError, match="use one of NFC, NFD"):
        call("StringClean", s="a", form="NFX")


@given(
    st.text(max_size=40), st.sets(st.sampled_from(["remove_emoji", "l33t", "unidecode", "lower", "remove_punctuation"]))
)
def test_any_string_can_be_cleaned(s, flags):
    cleaned = call("StringClean", s=s, **dict.fromkeys(flags, True))
    assert cleaned == cleaned.strip()
    assert "unidecode" not in flags or cleaned.isascii()


@pytest.mark.parametrize(
    ("s", "value"), [("  Café\n NOIR ", "cafe noir"), ("Ｓｐａｍ", "spam"), ("sp\u200bam", "spam"), ("", "")]
)
def test_a_clean_string_is_lower_case_and_plain(s, value):
    assert call("CleanString", s=s) == value


@pytest.mark.parametrize(
    ("s", "words"),
    [
        ("Hello, WORLD!", ["hello", "world"]),
        ("don't 'quote'", ["don't", "quote"]),
        ("well-known snake_case", ["well", "known", "snake", "case"]),
        ("Café № 7", ["café", "7"]),
        ("", []),
        ("...", []),
    ],
)
def test_tokens_are_words_in_lower_case(s, words):
    assert call("Tokenize", s=s) == words


@pytest.mark.parametrize(
    ("s", "emoji"),
    [
        ("hi 😀😀", ["😀", "😀"]),
        ("👍🏽!", ["👍🏽"]),
        ("👩‍👩‍👧 family", ["👩‍👩‍👧"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", ["🏴󠁧󠁢󠁳󠁣󠁴󠁿"]),
        ("1️⃣ 1", ["1️⃣"]),
        ("❤️ but ❤", ["❤️"]),
        ("© ® 5 #", []),
        ("plain", []),
    ],
)
def test_emoji_come_as_they_are_seen(s, emoji):
    assert call("ExtractEmoji", s=s) == emoji
