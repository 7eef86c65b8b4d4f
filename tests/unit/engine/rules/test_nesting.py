"""Events nested in themselves: up to a stated depth they are run, beyond it they are refused, whatever is in them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules import load_sources
from evenhand.engine.rules.nesting import DEEPEST, TooDeep

RULES = load_sources({"main.sml": "Name: str = JsonData(path='$.name')\nLast: int = JsonData(path='$..z[0]')"})


def body(inner):
    return f'{{"action_name":"x","timestamp":"2026-03-01T12:00:00Z","data":{{"a":{inner},"name":"kim"}}}}'


def nested(kinds):
    opening = "".join('{"k":' if kind == "{" else "[" for kind in kinds)
    return opening + "1" + "".join("}" if kind == "{" else "]" for kind in reversed(kinds))


@given(st.lists(st.sampled_from("[{"), min_size=DEEPEST - 5, max_size=DEEPEST + 5), st.integers(0, 200))
def test_what_is_nested_as_deep_as_it_may_be_is_run_and_deeper_is_refused(kinds, beside):
    inner = f'[{nested(kinds)}, {", ".join(["[]"] * beside) or 0}, "[[[{{"]'
    depth = 2 + len(kinds)
    if depth <= DEEPEST:
        assert b'"Name":"kim"' in RULES.run_json(body(inner).encode())
    else:
        with pytest.raises(TooDeep, match=f"nested deeper than {DEEPEST}"):
            RULES.run_json(body(inner).encode())


@pytest.mark.parametrize("depth", [900, 1_100, 100_000])
@pytest.mark.parametrize("kind", ["[", "{"])
def test_no_depth_is_more_than_a_refusal(depth, kind):
    with pytest.raises(TooDeep):
        RULES.run_json(body(nested(kind * depth)).encode())
    with pytest.raises(msgspec.DecodeError):
        RULES.run_json(body(kind * depth).encode())


def test_signs_of_brackets_in_texts_nest_nothing():
    assert b'"Name":"kim"' in RULES.run_json(body('"%s"' % ("[" * 1000)).encode())
