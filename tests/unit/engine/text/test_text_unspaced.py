"""Runs of scripts without spaces, as pairs of characters."""

import re

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.text.unspaced import MOST, folded, is_single, pairs, split

runs = st.text("港口封鎖きょうカタท่าเรือ", min_size=1, max_size=12)
texts = st.text("港口封ท่ าab 1.。ｶﾞ한\U00020000", max_size=40)


def test_a_run_becomes_its_overlapping_pairs():
    assert pairs("港口封") == ["g06e2fg053e3", "g053e3g05c01"]
    assert pairs("港") == ["g06e2f"]


def test_a_text_without_such_runs_is_good_as_it_is():
    for text in ("", "the harbour", "Grüße, фарватер", "한국어 문장", "مرحبا", "🚢 12.5 %"):
        assert folded(text) == ""


def test_what_stands_between_runs_stays_in_its_place():
    assert folded("AI港口 ok").split() == [*pairs("港"), *pairs("口"), "AI", *pairs("港口"), "ok"]


def test_signs_of_half_width_and_signs_in_parts_are_the_usual_ones():
    assert pairs("ｶﾞｲﾄﾞ") == pairs("ガイド")
    assert is_single("ｶﾞ")
    assert not is_single("ガイ")


def test_vowel_signs_belong_to_the_run():
    assert list(split("ท่าเรือ")) == [("ท่าเรือ", True)]


@given(texts)
def test_the_pieces_are_the_text(text):
    assert "".join(piece for piece, _ in split(text)) == text


@given(runs, runs, runs)
def test_a_part_of_a_run_is_a_phrase_of_the_whole(before, part, after):
    whole = f" {folded(before + part + after)} "
    assert f" {' '.join(pairs(part))} " in whole


@given(texts)
def test_what_is_indexed_is_ascii_where_the_script_has_no_spaces(text):
    for piece, unspaced in split(text):
        if unspaced:
            assert all(re.fullmatch("(g[0-9a-f]{5}){1,2}", word) for word in pairs(piece))
    assert not any(unspaced for _, unspaced in split(folded(text)))


def test_of_a_very_long_run_the_beginning_is_folded_and_the_rest_is_left_as_it_is():
    text = "港口" * MOST
    found = folded(text)
    assert found.endswith(f" {'港口' * (MOST // 2)}")
    assert len(found) < 20 * MOST + len(text)
