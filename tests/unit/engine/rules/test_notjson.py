"""Text that is no JSON is told with its place."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.notjson import NotJson


def told(text: str) -> str:
    body = text.encode()
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        return str(NotJson(error, body))
    return ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": [1,\n  "ö', "the JSON is not complete: it ends in line 2, column 5, and something is still open"),
        ('{"a": 1,\n "ö": x}', "this is no JSON: invalid character, in line 2, column 7"),
        ("{'a': 1}", "this is no JSON: object keys must be strings, in line 1, column 2"),
    ],
)
def test_the_place_is_where_it_shows(text, words):
    assert told(text) == words


@given(
    st.recursive(
        st.none() | st.text() | st.integers(0, 9), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
    ),
    st.data(),
)
def test_whatever_is_cut_short_has_a_place_within_it(value, data):
    text = msgspec.json.format(msgspec.json.encode([value]), indent=1).decode()
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    message = told(cut)
    assert "line " in message
    line, column = (int(word.strip(",")) for word in message.split("line ")[1].replace("column ", "").split(" ")[:2])
    lines = cut.split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1
