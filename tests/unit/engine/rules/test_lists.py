"""Word lists: membership as written, normalised and through disguises, and search in a text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.lists import WordList

LIST = WordList(["Spam", "bad word", "party", "café", "self-harm"])


@pytest.mark.parametrize("phrase", ["spam", "SPAM", " Spam ", "Bad Word", "CAFÉ"])
def test_a_phrase_is_on_the_list_in_any_case(phrase):
    assert LIST.has(phrase)
    assert LIST.has_normal(phrase)
    assert LIST.has_disguised(phrase)


@pytest.mark.parametrize("phrase", ["cafe", "sраm", "ｓｐａｍ", "sp\u200bam", "bad-word", "self harm", "spám"])
def test_a_phrase_that_is_written_otherwise_is_on_it_when_normalised(phrase):
    assert not LIST.has(phrase)
    assert LIST.has_normal(phrase)
    assert LIST.has_disguised(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "sp4m",
        "5pam",
        "s p a m",
        "s.p.a.m",
        "spaaaam",
        "*spam*",
        "spam!!",
        "b4d w0rd",
        "(p4rty)",
        "$p@m",
        "b-a-d word",
        "b4d-word",
        "s3lf_harm",
    ],
)
def test_a_phrase_is_seen_through_its_disguise(phrase):
    assert not LIST.has_normal(phrase)
    assert LIST.has_disguised(phrase)


@pytest.mark.parametrize("phrase", ["spams", "sp4mz", "parties", "cafés", "spam's", "bad words"])
def test_a_plural_counts_when_it_is_asked_for(phrase):
    assert not LIST.has_disguised(phrase)
    assert LIST.has_disguised(phrase, plurals=True)


@pytest.mark.parametrize("phrase", ["spammer", "antispam", "ham", "", " ", "!!!", "word", "5", "spa m"])
def test_what_is_not_on_the_list_is_not_found(phrase):
    assert not LIST.has_disguised(phrase, plurals=True)


def test_the_first_phrase_that_is_on_the_list_is_given():
    phrases = ["ham", "sp4m", "sраm", "spam"]
    assert LIST.first(phrases) == "spam"
    assert LIST.first_normal(phrases) == "sраm"
    assert LIST.first_disguised(phrases) == "sp4m"
    assert LIST.first_disguised(["parties"], plurals=True) == "parties"
    assert LIST.first([]) is None


def test_terms_are_found_in_a_text_in_its_order_and_once():
    assert LIST.find("A b4d word at the PARTY, party: spammer") == ["bad word", "party"]
    assert LIST.find("sp4m, spam", disguised=False) == ["Spam"]
    assert LIST.find("") == []


def test_a_list_may_be_empty():
    empty = WordList([])
    assert len(empty) == 0
    assert not empty.has("")
    assert empty.find("spam") == []


def test_a_term_that_comes_twice_is_one():
    assert WordList(["a", " a ", "b"]).terms == ("a", "b")


@pytest.mark.parametrize("term", ["", "  ", "\u200b"])
def test_a_term_with_nothing_in_it_is_refused(term):
    with pytest.raises(ValueError, match="nothing to look for"):
        WordList(["ok", term])


def test_a_whole_text_as_a_phrase_takes_no_time_to_speak_of():
    began = time.process_time()
    for phrase in ("!" * 90_000 + "a", "s p a m " * 12_000, "a4" * 50_000):
        assert not LIST.has_disguised(phrase, plurals=True)
    assert time.process_time() - began < 5


@given(st.sampled_from(LIST.terms), st.sampled_from(["", "*", "!!", "(", "…"]), st.booleans())
def test_a_term_in_signs_is_always_found(term, sign, upper):
    assert LIST.has_disguised(sign + (term.upper() if upper else term) + sign)


@given(st.text(max_size=20))
def test_each_look_sees_what_the_stricter_one_saw(phrase):
    assert LIST.has(phrase) <= LIST.has_normal(phrase) <= LIST.has_disguised(phrase)
    assert LIST.has_disguised(phrase) <= LIST.has_disguised(phrase, plurals=True)
