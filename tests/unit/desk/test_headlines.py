"""Headlines that hold words of an item stay one short line that reads as it stands."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.web.pages.why import LONGEST, headline, short


def test_a_long_sentence_of_a_rule_is_cut_in_a_headline():
    told = headline({"headline": "rule Soup: " + "soup " * 100}, "Spam")
    assert len(told) <= LONGEST
    assert told.endswith("…")


def test_characters_that_turn_the_line_do_nothing():
    assert short("a \u202egnp.\u202c b\u2066c\u2069\x07\nd") == "a gnp. b c d"


@given(st.text(max_size=400))
def test_a_headline_is_one_line_and_never_longer_than_its_place(text):
    assert len(short(text)) <= LONGEST
    assert "\n" not in short(text)
    assert short(short(text)) == short(text)
