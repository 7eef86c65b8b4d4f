"""Functions that encode and hash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.values import Expected
from tests.unit.engine.rules.functions.contexts import call


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_encoded_can_be_decoded(s):
    assert call("Base64Decode", input=call("Base64Encode", input=s)) == s


@pytest.mark.parametrize("encoded", ["8J+YgD8/", "8J-YgD8_", "8J+Y gD8/\n"])
def test_both_alphabets_and_white_space_are_read(encoded):
    assert call("Base64Decode", input=encoded) == "😀??"


def test_missing_padding_is_no_matter():
    assert call("Base64Decode", input="c3BhbQ") == "spam"


@pytest.mark.parametrize("encoded", ["a", "!!!!", "/w==", "spam and eggs!"])
def test_what_is_no_text_in_base64_has_no_value(encoded):
    with pytest.raises(Expected):
        call("Base64Decode", input=encoded)


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("HashMd5", "900150983cd24fb0d6963f7d28e17f72"),
        ("HashSha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("HashSha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "HashSha512",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ],
)
def test_hashes_are_those_of_the_standards(name, digest):
    """The test vectors of RFC 1321 and FIPS 180-4 for "abc"."""
    assert call(name, input="abc") == digest


def test_half_a_surrogate_pair_is_hashed_too():
    assert len(call("HashSha256", input="\ud800")) == 64
    assert call("Base64Encode", input="\ud800") == "7aCA"
