"""Folding: what is compared, and the way back to the original."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text.fold import fold, unmask

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.text("aB é\u0301\u200bß  ﬁЖо\n", max_size=40)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HELLO World", "hello world"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("r\u00e9sum\u00e9 re\u0301sume\u0301", "resume resume"),
        ("Straße ﬁne œuvre Ørsted", "strasse fine oeuvre orsted"),
        ("İstanbul ısı", "istanbul isi"),
        ("zero\u200bwidth so\u00adft \u202ebidi", "zerowidth soft bidi"),
        ("a \t\n b", "a b"),
        ("ёлка", "елка"),
        ("مُحَمَّد", "محمد"),
        ("it’s “so” — no", 'it\'s "so" - no'),
        ("🅱🅰🅳 🇧🇦🇩 𝓫𝓪𝓭", "bad bad bad"),
        ("कुल", "कुल"),
        ("ガ", "ガ"),
        ("\ud800x", "\ufffdx"),
    ],
)
def test_case_accents_compatibility_forms_and_invisible_characters_make_no_difference(written, read):
    assert fold(written).text == read


def test_vowel_signs_that_tell_words_apart_stay():
    assert fold("कुल").text != fold("कल").text


@settings(deadline=None)
@given(TEXTS)
def test_each_character_of_the_folded_text_leads_back_into_the_original(text):
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@settings(deadline=None)
@given(TEXTS)
def test_the_stretches_of_the_original_come_in_its_order_and_cover_what_shows(text):
    folded = fold(text)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert spans == sorted(spans)
    if spans:
        assert folded.span(0, len(folded.text))[1] == len(text)


@settings(deadline=None)
@given(TEXTS)
def test_folding_the_stretch_of_a_character_gives_that_character(text):
    folded = fold(text)
    for at, letter in enumerate(folded.text):
        start, end = folded.span(at, at + 1)
        assert letter in fold(text[start:end]).text


@settings(deadline=None)
@given(TEXTS)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text).text).text == fold(text).text


@pytest.mark.parametrize(
    ("folded", "read"),
    [
        ("рaypal", "paypal"),
        ("frее mоnеy", "free money"),
        ("buy рот here", "buy pot here"),
        ("рот и дом", "рот и дом"),
        ("сор", "сор"),
        ("ѕраm", "spam"),
        ("ᴠɪᴀɢʀᴀ now", "viagra now"),
        ("αβγ", "αβγ"),
    ],
)
def test_letters_of_another_script_are_read_as_latin_only_where_they_hide_among_latin_ones(folded, read):
    assert unmask(folded) == read


@settings(deadline=None)
@given(TEXTS)
def test_unmasking_keeps_every_place(text):
    folded = fold(text).text
    assert len(unmask(folded)) == len(folded)
