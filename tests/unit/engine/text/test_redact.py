"""Names taken out of texts."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.text.redact import MARK, redact

NAMES = st.text(alphabet="abcäß ._-", min_size=2, max_size=8).filter(lambda name: len(name.strip()) >= 2)


def test_a_name_goes_in_any_case_and_with_its_at():
    assert redact("Ask @Walrus, WALRUS or walrus!", {"walrus"}) == f"Ask {MARK}, {MARK} or {MARK}!"


def test_a_name_inside_another_word_stays():
    assert redact("A walruslike voice, walrus_2", {"walrus"}) == "A walruslike voice, walrus_2"


def test_the_longer_name_goes_whole():
    assert redact("by Ann Lantern today", {"Ann", "Ann Lantern"}) == f"by {MARK} today"


def test_what_looks_like_a_pattern_is_taken_for_what_it_is():
    assert redact("a.b said axb", {"a.b", "(", ".*"}) == f"{MARK} said axb"


def test_no_names_change_nothing():
    assert redact("words", set()) == "words"
    assert redact("a b c", {"a", " ", ""}) == "a b c"


@given(NAMES, st.lists(st.sampled_from(["went", "home", ",", "and"]), max_size=6))
def test_a_name_between_other_words_is_gone(name, words):
    text = " ".join([*words, name.strip(), *words])
    assert f" {name.strip()} ".casefold() not in f" {redact(text, {name})} ".casefold()
