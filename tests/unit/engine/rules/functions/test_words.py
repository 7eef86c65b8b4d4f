"""Functions that look phrases up in word lists."""

import pytest

from evenhand.engine.rules.lists import WordList
from tests.unit.engine.rules.functions.contexts import call, context

LISTS = {"slurs": WordList(["Spam", "bad word"]), "greetings": WordList(["hello"])}


@pytest.mark.parametrize(
    ("name", "phrases", "found"),
    [
        ("ListContains", ["ham", "SPAM", "spam"], "SPAM"),
        ("ListContains", ["sp4m"], None),
        ("ListContains", [], None),
        ("NormalizedListContains", ["spám"], "spám"),
        ("NormalizedListContains", ["sp4m"], None),
        ("CensorizedListContains", ["ham", "5p4m", "spam"], "5p4m"),
        ("CensorizedListContains", ["b a d w o r d", "spams"], None),
    ],
)
def test_the_first_phrase_on_the_list_is_given(name, phrases, found):
    assert call(name, context(lists=LISTS), list="slurs", phrases=phrases) == found


def test_plurals_count_when_they_are_asked_for():
    given = {"list": "slurs", "phrases": ["sp4ms"]}
    assert call("CensorizedListContains", context(lists=LISTS), **given) is None
    assert call("CensorizedListContains", context(lists=LISTS), plurals=True, **given) == "sp4ms"


def test_terms_are_found_in_a_string():
    run = context(lists=LISTS)
    assert call("ListFind", run, list="slurs", s="such a b4d word, SPAM and spam") == ["bad word", "Spam"]
    assert call("ListFind", run, list="slurs", s="sp4m", disguised=False) == []


@pytest.mark.parametrize("padding", ["x ", "é ", "sp4rk ", "a b ", "\u200b", "wordsss "])
@pytest.mark.parametrize("length", [99_000, 100_100, 300_000])
def test_no_padding_hides_a_term(padding, length):
    text = padding * (length // len(padding)) + " b4d word"
    assert call("ListFind", context(lists=LISTS), list="slurs", s=text) == ["bad word"]


@pytest.mark.parametrize(("name", "hidden"), [("NormalizedListContains", "spám"), ("CensorizedListContains", "sp4m")])
def test_no_invisible_padding_hides_a_phrase(name, hidden):
    phrase = "\u200b" * 100_100 + hidden
    assert call(name, context(lists=LISTS), list="slurs", phrases=[phrase]) == phrase


@pytest.mark.parametrize("name", ["ListContains", "NormalizedListContains", "CensorizedListContains"])
def test_a_list_that_is_not_there_is_an_error_with_a_guess(name):
    with pytest.raises(ValueError, match=r"no list 'slur' under lists/\. Did you mean 'slurs'\?"):
        call(name, context(lists=LISTS), list="slur", phrases=["a"])
    with pytest.raises(ValueError, match=r"no list 'xyz' under lists/\.$"):
        call(name, context(lists=LISTS), list="xyz", phrases=["a"])


@pytest.mark.parametrize(("phrases", "found"), [(["x", "b"], "b"), (["x"], None), ([], None), (["A"], "A")])
def test_a_literal_list_is_looked_up_the_same(phrases, found):
    assert call("SimpleListContains", cache_name="any", list=["a", "B"], phrases=phrases) == found


def test_two_lists_of_one_cache_name_are_two_lists():
    assert call("SimpleListContains", cache_name="any", list=["a"], phrases=["b"]) is None
    assert call("SimpleListContains", cache_name="any", list=["b"], phrases=["b"]) == "b"
