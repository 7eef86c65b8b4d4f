"""Whether two texts say the same: copies stay alike through edits, and any doubt parts them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text.alike import alike, similarity
from evenhand.engine.text.wording import MOST_NAMES, MOST_WORDS, read

SENTENCES = (
    "The council met last night behind closed doors and sold our park to Brindok.",
    "Share this before they delete it and tell your neighbours that 40 trees will fall.",
)
TEXT = " ".join(SENTENCES)
LOWER = "they met last night behind closed doors and sold our park to brindok, tell everybody before it is gone"
CHINESE = "昨晚市议会闭门开会把我们的公园卖给了开发商。请在他们删除之前分享给大家看看。"
WORDS = ("sold", "our", "Brindok", "Malvek", "park", "not", "40", "@ann", "the", "trees", "night.", "Share")
SHORT = "Brindok sells our park"


def same(one, other):
    found = alike(read(one), read(other))
    assert found == alike(read(other), read(one))
    return found


@pytest.mark.parametrize(
    "copy",
    [
        TEXT,
        TEXT.upper(),
        TEXT.lower(),
        TEXT.replace("o", "о").replace("a", "а"),
        TEXT.replace(" ", " \u200b"),
        f"🔥🔥 {TEXT} 😱",
        TEXT.replace(". ", "!!\n"),
        TEXT.replace("night", "n1ght").replace("closed", "clo$ed"),
        f"{TEXT} Please, please do it now, before all is gone.",
        " ".join(reversed(SENTENCES)),
        TEXT.replace("Brindok", "Бриндок"),
        TEXT.replace("Brindok", "Brindock"),
        TEXT.replace("neighbours", "friends"),
    ],
)
def test_a_copy_with_real_edits_says_the_same(copy):
    assert same(TEXT, copy)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("will fall", "will not fall"),
        TEXT.replace("Brindok", "Malvek"),
        TEXT.replace("to Brindok", "to Brindok and Malvek"),
        TEXT.replace("40", "400"),
        TEXT.replace("doors and sold", "doors with @malvek and sold"),
        f"{TEXT} https://x.example/more",
        f"They sent me “{TEXT}”",
        f"🚫 {TEXT}",
        TEXT.replace("sold our park to", "gave their words about"),
    ],
)
def test_a_doubt_parts_what_looks_alike(other):
    assert not same(TEXT, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LOWER, LOWER.replace("brindok", "malvek")),
        (LOWER.upper(), LOWER.upper().replace("BRINDOK", "MALVEK")),
        (CHINESE, CHINESE.replace("公园", "学校")),
    ],
)
def test_where_capitals_tell_no_names_a_swapped_word_is_a_doubt(one, other):
    assert not same(one, other)


def test_names_that_change_places_change_what_is_said():
    one = "Yesterday evening at the market Brindok hit Malvek in front of all the people who stood there"
    assert not same(one, one.replace("Brindok hit Malvek", "Malvek hit Brindok"))
    lower = one.lower()
    assert not same(lower, lower.replace("brindok hit malvek", "malvek hit brindok"))


def test_an_opposite_is_no_synonym():
    assert same(TEXT.replace("closed", "heavy"), TEXT)
    assert not same(TEXT.replace("closed", "known"), TEXT.replace("closed", "unknown"))


def test_links_are_the_same_without_what_tracks_their_reader():
    plain = f"{TEXT} https://www.x.example/page?id=7"
    assert same(plain, f"{TEXT} http://x.example/page?id=7&utm_source=friend")
    assert not same(plain, plain.replace("id=7", "id=8"))
    assert not same(plain, plain.replace("x.example", "y.example"))


def test_scripts_without_spaces_are_compared_by_their_signs():
    assert same(CHINESE, f"{CHINESE}谢谢大家🙏")
    assert same(CHINESE, "请在他们删除之前分享给大家看看。昨晚市议会闭门开会把我们的公园卖给了开发商。")
    assert not same(CHINESE, CHINESE.replace("卖给了", "没卖给"))


def test_a_short_text_is_alike_only_word_by_word():
    assert same(SHORT, f"{SHORT.upper()}!!! 🔥")
    assert same(SHORT, SHORT.replace("Brindok", "Бриндок"))
    assert not same(SHORT, SHORT.replace("park", "trees"))
    assert not same(SHORT, f"{SHORT} today")


def test_two_words_say_too_little():
    assert not same("kill yourself", "kill yourself")
    assert not same("", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I am at home now", "I am not at home now"),
        ("Ich bin jetzt zu Hause und warte auf euch alle", "Ich bin jetzt nicht zu Hause und warte auf euch alle"),
        ("он сейчас дома и ждёт вас всех сегодня вечером", "он сейчас не дома и ждёт вас всех сегодня вечером"),
        ("ผมอยู่บ้านตอนนี้และรอทุกคนอยู่ที่นี่", "ผมไม่อยู่บ้านตอนนี้และรอทุกคนอยู่ที่นี่"),
        (
            "il est chez lui maintenant et il vous attend tous",
            "il n'est pas chez lui maintenant et il vous attend tous",
        ),
    ],
)
def test_a_negation_parts_texts_in_many_languages(one, other):
    assert same(one, one)
    assert not same(one, other)


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_are_compared_the_same_both_ways(one, other):
    left, right = read(one), read(other)
    assert alike(left, right) == alike(right, left)
    assert 0 <= similarity(left, right) == similarity(right, left) <= 1
    assert alike(left, left) == bool(left.bands)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=9))
def test_the_same_words_are_the_same_through_marks_and_case(words):
    text = " ".join(words)
    assert alike(read(text), read(f"{text} 🔥!"))


@pytest.mark.parametrize("piece", ["a.b ", "a@", "$", "http://", "不", "Яa ", "1a", "\n>", "un"])
def test_of_a_long_text_little_is_kept(piece):
    found = read((piece * 40_000)[:80_000])
    assert len(found.words) + len(found.pairs) <= 2 * 4 * MOST_WORDS
    assert len(found.names) <= MOST_NAMES
