"""Distinct counters against the definition: how many different values were noted with a time in (t - w, t]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.state import Limits, MemoryState, TooLate
from tests.unit.engine.rules.state.model import DAY, HOUR, MINUTE, SECOND, T0, Everything, asked, late_streams

WINDOW = MINUTE
VALUES = st.sampled_from("abcdef")


def noted(state, value, event, at, window):
    return state.distinct("key", value, event=event, at=at, window=window)


WINDOWS = st.sampled_from([1, WINDOW, 2 * MINUTE, HOUR, 3 * HOUR])


@given(st.data(), WINDOWS)
def test_whatever_comes_an_hour_or_a_window_late_is_told_apart_exactly(data, window):
    state, model, values = MemoryState(), Everything(), {}
    for event, at in data.draw(late_streams(window=window, lateness=max(window, HOUR))):
        value = values.setdefault(event, data.draw(VALUES))
        assert noted(state, value, event, at, window) == model.distinct(value, at, window)
    assert not state.at_least


@given(st.data(), WINDOWS, st.sampled_from([None, 0, MINUTE, DAY]))
def test_there_is_no_answer_just_when_an_event_is_older_than_the_lateness_that_was_stated(data, window, lateness):
    state, model, newest = MemoryState(limits=Limits(lateness=lateness)), Everything(), 0
    lateness = max(window, HOUR) if lateness is None else lateness
    for event, at in data.draw(late_streams(window=window, lateness=lateness, beyond=5 * HOUR)):
        newest = max(newest, at)
        value = data.draw(VALUES)
        right = model.distinct(value, at, window)
        for found in (asked(noted, state, value, event, at, window), asked(noted, state, None, event, at, window)):
            assert found == (right if newest - at <= lateness else None)


@given(late_streams(window=WINDOW, beyond=DAY), st.data())
def test_what_was_swept_away_makes_no_count_wrong(stream, data):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        if data.draw(st.booleans()):
            state.sweep(at + data.draw(st.integers(0, 4 * HOUR)))
            state = MemoryState.load(state.dump())
        value = data.draw(VALUES)
        assert asked(noted, state, value, event, at, WINDOW) in (model.distinct(value, at, WINDOW), None)


@given(late_streams(window=WINDOW, most=60), st.integers(1, 4), st.data())
def test_a_count_below_the_limit_is_exact_and_one_that_is_not_is_a_lower_bound(stream, most, data):
    state, model, newest = MemoryState(limits=Limits(most=most)), Everything(), 0
    for event, at in stream:
        state.at_least.clear()
        value = data.draw(VALUES)
        found, right = asked(noted, state, value, event, at, WINDOW), model.distinct(value, at, WINDOW)
        assert (
            found == right or (state.at_least == {"key"} and most <= found < right) or (found is None and at < newest)
        )
        newest = max(newest, at)


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
def test_windows_of_any_length_in_any_turn_are_exact_or_lower_bounds_or_have_no_answer(stream, data):
    most = data.draw(st.integers(1, 6))
    state, model = MemoryState(limits=Limits(most=most)), Everything()
    for event, at in stream:
        window = data.draw(st.sampled_from([1, SECOND, WINDOW, 10 * WINDOW]))
        value = data.draw(VALUES)
        state.at_least.clear()
        found, right = asked(noted, state, value, event, at, window), model.distinct(value, at, window)
        assert found in (right, None) or (state.at_least == {"key"} and most <= found < right)


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
    ((_value, *times),) = keep.value[4]
    assert len(times) <= 2 * (HOUR + WINDOW) // WINDOW + 2


def test_the_values_themselves_are_not_kept():
    state = MemoryState()
    noted(state, "203.0.113.77", 1, T0, WINDOW)
    assert b"203.0.113.77" not in state.dump()


def test_a_value_that_comes_too_late_is_told_by_how_much():
    state = MemoryState()
    noted(state, "a", 1, T0, WINDOW)
    with pytest.raises(TooLate, match="came 86,400 s behind the newest of its key; counts are kept for 3,600 s"):
        noted(state, "b", 2, T0 - DAY, WINDOW)
    assert noted(state, None, 2, T0, WINDOW) == 1
