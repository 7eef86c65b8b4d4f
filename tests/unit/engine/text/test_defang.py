"""Addresses that nobody follows by mistake."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.text.defang import defang


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("see https://boats.example/a.png!", "see hxxps://boats[.]example/a[.]png!"),
        ("HTTP://A.EXAMPLE", "hxxp://A[.]EXAMPLE"),
        ("ftp://a.example ftps://b.example", "fxp://a[.]example fxps://b[.]example"),
        ("write to cy@a.example, or www.b.example.", "write to cy@a[.]example, or www[.]b[.]example."),
        ("Boats. Best boats. 7 of them", "Boats. Best boats. 7 of them"),
    ],
)
def test_an_address_is_told_and_not_live(text, harmless):
    assert defang(text) == harmless


@given(st.text(alphabet="htpsf:/.aé1 \n@"))
def test_nothing_that_a_program_would_link_is_left(text):
    told = defang(text)
    assert not re.search(r"\b(?:http|ftp)s?://", told, re.IGNORECASE)
    assert not re.search(r"\w\.\w", told)
    assert defang(told) == told
