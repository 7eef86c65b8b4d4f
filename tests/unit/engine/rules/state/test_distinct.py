"""Distinct counters against the definition: how many different values were noted with a time in (t - w, t]."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.state import Limits, MemoryState
from tests.unit.engine.rules.state.model import DAY, MINUTE, SECOND, T0, Everything, late_streams

WINDOW = MINUTE
VALUES = st.sampled_from("abcdef")


def noted(state, value, event, at, window):
    return state.distinct("key", value, event=event, at=at, window=window)


@given(late_streams(window=WINDOW), st.data())
def test_whatever_comes_late_by_a_window_at_most_is_told_apart_exactly(stream, data):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        value = data.draw(VALUES)
        assert noted(state, value, event, at, WINDOW) == model.distinct(value, at, WINDOW)
    assert not state.at_least


@given(late_streams(window=WINDOW), st.sampled_from([SECOND, WINDOW // 2, WINDOW - 1]), st.data())
def test_shorter_windows_on_the_same_key_are_exact_too(stream, shorter, data):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        value = data.draw(VALUES)
        right = model.distinct(value, at, WINDOW)
        assert noted(state, value, event, at, WINDOW) == right
        assert noted(state, None, event, at, shorter) == model.distinct(None, at, shorter)
    assert not state.at_least


@given(late_streams(window=WINDOW), st.data())
def test_windows_of_any_length_in_any_turn_are_exact_or_told_to_be_lower_bounds(stream, data):
    state, model = MemoryState(limits=Limits(most=data.draw(st.integers(1, 6)))), Everything()
    for event, at in stream:
        window = data.draw(st.sampled_from([1, SECOND, WINDOW, 10 * WINDOW]))
        value = data.draw(VALUES)
        state.at_least.clear()
        found, right = noted(state, value, event, at, window), model.distinct(value, at, window)
        assert 1 <= found <= right
        assert found == right or state.at_least == {"key"}


@given(st.lists(st.tuples(VALUES, st.integers(0, 4 * WINDOW)), max_size=30), st.randoms(use_true_random=False))
def test_in_any_order_the_same_values_give_the_same_counts(stream, random):
    shuffled = stream[:]
    random.shuffle(shuffled)
    states = []
    for order in (stream, shuffled):
        state = MemoryState(limits=Limits(lateness=DAY))
        for value, at in order:
            noted(state, value, 0, T0 + at, WINDOW)
        states.append(state)
    for at in range(T0, T0 + 5 * WINDOW, WINDOW // 7):
        assert noted(states[0], None, 0, at, WINDOW) == noted(states[1], None, 0, at, WINDOW)
    assert not states[0].at_least


def test_one_value_that_comes_all_the_time_takes_little_room():
    state = MemoryState()
    for event in range(10_000):
        assert noted(state, "same", event, T0 + event * SECOND, WINDOW) == 1
    (keep,) = state.changed.values()
    assert [len(times) for times in keep.value[-1]] <= [5]


def test_the_values_themselves_are_not_kept():
    state = MemoryState()
    noted(state, "203.0.113.77", 1, T0, WINDOW)
    assert b"203.0.113.77" not in state.dump()


def test_a_value_that_comes_far_too_late_counts_itself_and_says_that_there_may_be_more():
    state = MemoryState()
    noted(state, "a", 1, T0, WINDOW)
    assert noted(state, "b", 2, T0 - DAY, WINDOW) == 1
    assert state.at_least == {"key"}
