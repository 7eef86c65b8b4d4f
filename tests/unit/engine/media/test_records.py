"""Fields of lists' records: values, or a sentence why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.media.listing import Withdrawn
from evenhand.engine.media.records import hash_bytes, moment, said, text, truth

AT = 1_769_860_800_000_000


@pytest.mark.parametrize(
    "written",
    ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00", "2026-01-31T13:00:00.0000000+01:00", "/Date(1769860800000)/",
     "/Date(1769860800000+0100)/", 1_769_860_800],
)  # fmt: skip
def test_the_same_moment_is_understood_however_it_is_written(written):
    assert moment(written) == AT


@pytest.mark.parametrize("written", ["yesterday", [], True, -1, float("nan"), float("inf"), 10**30, "9" * 1_000_000])
def test_what_is_no_moment_is_told(written):
    with pytest.raises(ValueError, match="no date"):
        moment(written)


def test_kinds_that_nobody_knows_here_are_kept_as_bytes():
    assert hash_bytes("tmk", "00ff") == b"\x00\xff"
    assert hash_bytes("pdna", "AAAA/w==") == b"\x00\x00\x00\xff"
    assert hash_bytes("netclean", "it's text") == b"it's text"


def test_a_medium_that_lost_its_hashes_takes_the_earlier_ones_with_it():
    assert isinstance(said("k", {}, at=7), Withdrawn)


@given(st.text() | st.integers() | st.none())
def test_text_can_be_kept_by_every_database(given):
    kept = text(given)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.from_regex(r"/Date\(-?\d{1,20}\)/"),
    lambda inner: st.lists(inner, max_size=2),
)


@given(VALUES, st.sampled_from(["pdq", "md5", "tmk", "No kind", ""]))
def test_nothing_raises_anything_but_a_sentence(value, kind):
    for read in (moment, truth, lambda it: hash_bytes(kind, it)):
        try:
            read(value)
        except ValueError as why:
            told = str(why)
            assert told.endswith(".")
