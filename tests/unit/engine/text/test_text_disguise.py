"""Disguised words: what they read as, and where they stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text.disguise import readings
from evenhand.engine.text.fold import fold

ODD = st.text("ab1!0@$*-_. é", max_size=40)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("b4dw0rd", "badword"),
        ("b@d", "bad"),
        ("$p4m", "spam"),
        ("k1ll", "kill"),
        ("v1deo", "video"),
        ("p1ease", "please"),
        ("baaaad", "bad"),
        ("booook", "book"),
        ("b*a*d", "bad"),
        ("sp_am", "spam"),
        ("s p a m", "spam"),
        ("s.p.a.m", "spam"),
        ("$ p a m", "spam"),
        ("b a d  w o r d", "bad word"),
        ("as5", "ass"),
    ],
)
def test_a_disguised_word_is_read(written, read):
    assert read in [reading.text for reading in readings(written)]


@pytest.mark.parametrize(
    "plain", ["a plain sentence.", "in 2024, 1 2 3 4", "**bold**", "hm... well", "I am a fan", "£50", "a b", "!!!", ""]
)
def test_ordinary_writing_has_no_other_reading(plain):
    assert readings(fold(plain).text) == ()


@settings(deadline=None)
@given(ODD)
def test_each_character_of_a_reading_stands_somewhere_in_the_text_in_order(text):
    for reading in readings(fold(text).text):
        assert len(reading.starts) == len(reading.text)
        assert list(reading.starts) == sorted(set(reading.starts))


@settings(deadline=None)
@given(ODD)
def test_outside_the_changed_stretches_a_reading_is_the_text(text):
    folded = fold(text).text
    for reading in readings(folded):
        for at, letter in enumerate(reading.text):
            if not reading.changed_by(at, at + 1):
                assert folded[reading.starts[at]] == letter


@settings(deadline=None)
@given(ODD)
def test_there_are_never_more_than_four_readings(text):
    assert len(readings(fold(text).text)) <= 4
