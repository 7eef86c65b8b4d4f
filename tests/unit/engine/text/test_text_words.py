"""Words and phrases of many lists: whole words, through disguises, with the very characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text.words import Words

TERMS = ["spam", "bad word", "kill yourself", "self-harm", "ass", "привет", "сор", "中文", "💩", "$$$", "viagra"]


def found(text, terms=TERMS):
    return [(terms[hit.term], text[hit.start : hit.end]) for hit in Words(terms).find(text)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Spam!", [("spam", "Spam")]),
        ("BAD\n  Word", [("bad word", "BAD\n  Word")]),
        ("a bad-word, self harm", [("bad word", "bad-word"), ("self-harm", "self harm")]),
        ("k1ll y0urself", [("kill yourself", "k1ll y0urself")]),
        ("buy V\u200biagr\u00e1!", [("viagra", "V\u200biagr\u00e1")]),
        ("v i a g r a now", [("viagra", "v i a g r a")]),
        ("this is sраm", [("spam", "sраm")]),
        ("Привет, мир", [("привет", "Привет")]),
        ("это сор", [("сор", "сор")]),
        ("我写中文字", [("中文", "中文")]),
        ("x💩y", [("💩", "💩")]),
        ("win $$$ now", [("$$$", "$$$")]),
        ("spam spam", [("spam", "spam"), ("spam", "spam")]),
    ],
)
def test_a_term_is_found_and_its_characters_told(text, hits):
    assert found(text) == hits


@pytest.mark.parametrize("text", ["spammer", "class", "classes", "antispam", "badword", "skill yourself", "сорока", ""])
def test_a_term_inside_another_word_is_not_found(text):
    assert found(text) == []


def test_a_hit_tells_whether_the_term_is_written_so_or_disguised():
    hits = Words(["spam"]).find("spam sp4m")
    assert [hit.disguised for hit in hits] == [False, True]


def test_a_term_on_two_lists_is_found_for_both():
    assert [hit.term for hit in Words(["spam", "Spam"]).find("spam")] == [0, 1]


def test_a_russian_text_is_not_searched_for_latin_words_that_look_alike():
    assert found("рот открой", ["pot"]) == []


def test_a_term_of_which_nothing_is_left_is_refused_by_name():
    with pytest.raises(ValueError, match="nothing to look for"):
        Words(["ok", "\u200b"])


@settings(deadline=None)
@given(
    st.sampled_from(["spam", "viagra", "kill yourself"]), st.text(" .,xyz\n", max_size=20), st.text(" .,\n", max_size=9)
)
def test_a_term_between_blanks_or_points_is_always_found(term, before, after):
    text = f"{before} {term}{after}"
    assert (term, term) in found(text)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=80) | st.text("spam sp4m.-\u0301\u200bа$", max_size=60))
def test_every_hit_lies_in_the_text(text):
    for hit in Words(TERMS).find(text):
        assert 0 <= hit.start < hit.end <= len(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["kat", "hond", "vis", "maan"]), max_size=12), st.lists(st.integers(0, 3), min_size=12))
def test_the_words_found_are_those_that_a_simple_search_finds(words, order):
    terms = ["kat", "hond", "vis"]
    expected = sorted((index, terms.index(word)) for index, word in enumerate(words) if word in terms)
    starts = [sum(len(word) + 1 for word in words[:index]) for index in range(len(words))]
    hits = [(starts.index(hit.start), hit.term) for hit in Words(terms).find(" ".join(words))]
    assert hits == expected
