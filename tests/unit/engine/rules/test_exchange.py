"""Words exchanged for one another, so that both sides can be tried."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.exchange import changed, swapped

PAIRS = {"ferry": "bridge", "pepper_tern": "salt_ox"}
VALUES = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from(["ferry", "the bridge", "Ferry!", "@salt_ox"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_both_words_of_a_pair_change_places():
    assert swapped("a ferry is no bridge", PAIRS) == "a bridge is no ferry"


def test_capital_letters_are_kept():
    assert swapped("Ferry! Bridge!", PAIRS) == "Bridge! Ferry!"


def test_as_they_are_written_comes_before_as_they_might_be():
    assert swapped("The Ferrymen and the bridge", {"Ferrymen": "bridge"}) == "The bridge and the Ferrymen"


def test_only_whole_words_are_exchanged():
    assert swapped("ferryman, footbridge, ferry-lovers", PAIRS) == "ferryman, footbridge, bridge-lovers"


def test_names_of_fields_stay():
    assert swapped({"ferry": ["ferry", {"to": "@pepper_tern"}]}, PAIRS) == {"ferry": ["bridge", {"to": "@salt_ox"}]}


@given(VALUES)
def test_exchanged_twice_is_as_it_was(value):
    assert swapped(swapped(value, PAIRS), PAIRS) == value


@given(VALUES)
def test_nothing_but_texts_is_changed(value):
    assert changed(value, lambda text: text) == value
