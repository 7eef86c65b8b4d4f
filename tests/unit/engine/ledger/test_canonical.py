import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.ledger.canonical import MAX_INTEGER, NotCanonicalError, encode

numbers = st.integers(-MAX_INTEGER, MAX_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_reading_it_back_gives_the_value_and_its_bytes_are_fixed(value):
    encoded = encode(value)
    read = json.loads(encoded, parse_int=float)
    assert read == value
    assert encode(read) == encoded


@given(st.dictionaries(texts, values, max_size=5), st.randoms())
def test_the_order_in_which_keys_came_does_not_matter(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert encode({key: value[key] for key in keys}) == encode(value)


def test_the_example_of_rfc_8785_comes_out_as_printed_there():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert encode(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf_16_units_as_in_rfc_8785():
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    in_order = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(encode(dict.fromkeys(keys, 0)))) == in_order


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_in_the_table_of_rfc_8785(bits, expected):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert encode(number).decode() == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [1, math.nan]}, r"\$\.a\[1\]: nan has no JSON form"),
        (math.inf, "inf has no JSON form"),
        ({"n": 2**53}, r"\$\.n: 9007199254740992 is beyond"),
        ({1: 2}, "the key 1 is not a text"),
        ({"o": object()}, r"\$\.o: object has no JSON form"),
        (b"raw", "bytes has no JSON form"),
        ("\ud800", "half a surrogate pair"),
    ],
)
def test_what_has_no_single_form_is_refused_with_its_place(value, message):
    with pytest.raises(NotCanonicalError, match=message):
        encode(value)


def test_endless_nesting_is_refused():
    value = []
    for _ in range(100):
        value = [value]
    with pytest.raises(NotCanonicalError, match="more than 64 deep"):
        encode(value)
