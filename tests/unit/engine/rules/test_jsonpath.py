"""Paths into events: how they are written, and what they lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.jsonpath import MISSING, WILDCARD, NotAPath, Step, first, parse, shown

EVENT = {
    "user": {"name": "a", "a key": 1, "$type": "b", "none": None},
    "images": [{"alt": None}, {"alt": "x", "size": [1, 2]}],
    "deep": [{"one": {"id": 1}}, {"id": 2}],
    "id": 3,
    "text": "word",
}


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$", ()),
        ("$.a.b", ("a", "b")),
        ("a.b", ("a", "b")),
        ("$.a[0]", ("a", 0)),
        ("$[0][12]", (0, 12)),
        ("$['a key']", ("a key",)),
        ('$["a"].b', ("a", "b")),
        ("$.'a key'", ("a key",)),
        ("$[a]", ("a",)),
        ("$.record.$type", ("record", "$type")),
        ("$.@context", ("@context",)),
        ("$.a-b_c9", ("a-b_c9",)),
        ("$.straße", ("straße",)),
        ("$.a[*].b", ("a", WILDCARD, "b")),
        ("$.a[ 1 ]", ("a", 1)),
        ("$.*", (Step.VALUES,)),
        ("$..x", (Step.ANYWHERE, "x")),
        ("$.a..b[0]", ("a", Step.ANYWHERE, "b", 0)),
    ],
)
def test_a_path_is_a_row_of_steps(path, steps):
    assert parse(path) == steps


@pytest.mark.parametrize(
    ("path", "at", "words"),
    [
        ("", 0, "the path is empty"),
        ("$.a.", 3, "the path ends with a dot"),
        ("$.a.0", 3, "an index stands in brackets"),
        ("$.a b", 3, "a space in a path"),
        ("$.a[-1]", 3, "indexes count from the start"),
        ("$.a[0:2]", 3, "slices are not part"),
        ("$.a[?b]", 3, "filters are not part"),
        ("$.a[?(@.b == 'x:y')].c", 3, "filters are not part"),
        ("$..[ ?(@.b)]", 3, "filters are not part"),
        ("$.a[]", 3, "the bracket holds no field"),
        ("$.a['b'", 3, "the bracket holds no field"),
        ("$.a|b", 3, "the path cannot be read from here"),
        ("$..", 1, "the path cannot be read from here"),
        ("$..a..b", 4, "a path has `..` once at most"),
        ("$.a'b'", 3, "the path cannot be read from here"),
        ("a" * 1001, 0, "a path has at most 1000 characters"),
    ],
)
def test_what_is_no_path_is_refused_where_it_goes_wrong(path, at, words):
    with pytest.raises(NotAPath) as error:
        parse(path)
    assert error.value.at == at
    assert error.value.message.startswith(words)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", EVENT),
        ("$.user.name", "a"),
        ("$.user['a key']", 1),
        ("$.user.$type", "b"),
        ("$.user.none", None),
        ("$.images[1].size[0]", 1),
        ("$.images[*].alt", None),
        ("$.images[*].size", [1, 2]),
        ("$.user[*].name", "a"),
        ("$.user.*", "a"),
        ("$..id", 3),
        ("$.deep..id", 1),
        ("$.nobody", MISSING),
        ("$.user.name.more", MISSING),
        ("$.user[0]", MISSING),
        ("$.text[0]", MISSING),
        ("$.images[2]", MISSING),
        ("$.images.alt", MISSING),
        ("$.text.*", MISSING),
        ("$..nobody", MISSING),
    ],
)
def test_a_path_leads_to_its_first_match(path, found):
    assert first(path, EVENT) is found or first(path, EVENT) == found


@given(
    st.lists(
        st.text(st.characters(exclude_characters="'\"\\", categories=["L", "N", "Zs", "P"]), min_size=1)
        | st.integers(0, 9)
    )
)
def test_a_path_that_is_shown_can_be_read_again(steps):
    assert parse(shown(tuple(steps))) == tuple(steps)


def unread(path):
    """How far a path could be read."""
    try:
        parse(path)
    except NotAPath as error:
        return error.at
    return len(path)


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_refused_inside_it(text):
    assert 0 <= unread(text) <= len(text)
