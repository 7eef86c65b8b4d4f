"""Counters against the definition: how many different events were noted with a time in (t - w, t]."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.rules.state import Limits, MemoryState, TooLate, snapshot
from tests.unit.engine.rules.state.model import DAY, HOUR, MINUTE, SECOND, T0, Everything, asked, late_streams

WINDOW = MINUTE
ANY_STREAM = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4 * WINDOW)), max_size=60).map(
    lambda pairs: [(event, T0 + at) for event, at in dict(pairs).items()]
)


def incremented(state, stream, window=WINDOW):
    return [state.increment("key", event=event, at=at, window=window) for event, at in stream]


WINDOWS = st.sampled_from([1, WINDOW, 10 * MINUTE, HOUR, 3 * HOUR])


@given(st.data(), WINDOWS)
def test_whatever_comes_an_hour_or_a_window_late_is_counted_exactly_and_once(data, window):
    stream = data.draw(late_streams(window=window, lateness=max(window, HOUR)))
    state, model = MemoryState(), Everything()
    assert incremented(state, stream, window) == [model.increment(event, at, window) for event, at in stream]
    assert not state.at_least


@given(st.data(), WINDOWS, st.sampled_from([None, 0, MINUTE, DAY]))
def test_there_is_no_answer_just_when_an_event_is_older_than_the_lateness_that_was_stated(data, window, lateness):
    state, model, newest = MemoryState(limits=Limits(lateness=lateness)), Everything(), 0
    lateness = max(window, HOUR) if lateness is None else lateness
    for event, at in data.draw(late_streams(window=window, lateness=lateness, beyond=5 * HOUR)):
        newest = max(newest, at)
        right = model.increment(event, at, window)
        for found in (
            asked(state.increment, "key", event=event, at=at, window=window),
            asked(state.count, "key", at=at, window=window),
        ):
            assert found == (right if newest - at <= lateness else None)


@given(late_streams(window=WINDOW, beyond=DAY), st.data())
def test_what_was_swept_away_makes_no_count_wrong(stream, data):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        if data.draw(st.booleans()):
            state.sweep(at + data.draw(st.integers(0, 4 * HOUR)))
            state = MemoryState.load(state.dump())
        right = model.increment(event, at, WINDOW)
        assert asked(state.increment, "key", event=event, at=at, window=WINDOW) in (right, None)
        assert asked(state.count, "key", at=at, window=WINDOW) in (right, None)


def test_a_late_event_counts_what_came_in_its_window_long_ago():
    state = MemoryState()
    steps = [(1, T0), (2, T0 + 20 * MINUTE), (3, T0 + 5 * SECOND), (3, T0 + 5 * SECOND), (1, T0)]
    assert incremented(state, steps, 10 * MINUTE) == [1, 1, 2, 2, 1]


@given(late_streams(window=WINDOW), st.sampled_from([SECOND, WINDOW // 2, WINDOW - 1]))
def test_shorter_windows_on_the_same_key_are_exact_too(stream, shorter):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        assert state.increment("key", event=event, at=at, window=WINDOW) == model.increment(event, at, WINDOW)
        assert state.increment("key", event=event, at=at, window=shorter) == model.count(at, shorter)
        assert state.count("key", at=at, window=shorter) == model.count(at, shorter)
    assert not state.at_least


@given(late_streams(window=WINDOW), st.data())
def test_windows_of_any_length_in_any_turn_are_exact_or_have_no_answer(stream, data):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        window = data.draw(st.sampled_from([1, SECOND, WINDOW, 10 * WINDOW]))
        right = model.increment(event, at, window)
        assert asked(state.increment, "key", event=event, at=at, window=window) in (right, None)


@given(ANY_STREAM, st.randoms(use_true_random=False), st.integers(1, 2 * WINDOW))
def test_in_any_order_the_same_events_give_the_same_counts_and_the_same_snapshot(stream, random, window):
    states = [MemoryState(limits=Limits(lateness=DAY)) for _ in range(2)]
    shuffled = stream[:]
    random.shuffle(shuffled)
    for state, order in zip(states, (stream, shuffled), strict=True):
        state.count("key", at=T0, window=WINDOW)
        incremented(state, order)
        assert not state.at_least
    for _, at in stream:
        assert states[0].count("key", at=at, window=window) == states[1].count("key", at=at, window=window)
    values = [[keep.value for keep in state.changed.values()] for state in states]
    assert values[0] == values[1]


@given(ANY_STREAM, st.integers(1, 8))
def test_a_count_below_the_limit_is_exact_and_one_that_is_not_is_a_lower_bound(stream, most):
    state, model, newest = MemoryState(limits=Limits(most=most)), Everything(), 0
    for event, at in stream:
        state.at_least.clear()
        found = asked(state.increment, "key", event=event, at=at, window=WINDOW)
        right = model.increment(event, at, WINDOW)
        assert (
            found == right or (state.at_least == {"key"} and most <= found < right) or (found is None and at < newest)
        )
        newest = max(newest, at)


@given(ANY_STREAM, st.integers(1, 8))
def test_what_is_kept_under_a_key_is_bounded(stream, most):
    state = MemoryState(limits=Limits(most=most))
    for event, at in stream:
        asked(state.increment, "key", event=event, at=at, window=WINDOW)
    for keep in state.changed.values():
        _window, _floor, times, events, stretches = keep.value
        assert len(times) == len(events) <= most
        assert len(stretches) <= 2 * 64 + 1


def test_far_beyond_the_limit_a_count_in_order_is_right_to_a_part_in_thirty_two():
    state = MemoryState(limits=Limits(most=100))
    for event in range(20_000):
        found = state.increment("key", event=event, at=T0 + event * SECOND, window=HOUR)
        right = min(event + 1, 3600)
        assert right - 3600 / 32 - 1 <= found <= right


def test_an_event_that_comes_again_after_it_was_only_counted_is_not_counted_twice():
    state = MemoryState(limits=Limits(most=5))
    stream = [(event, T0 + event) for event in range(20)]
    for event, at in stream * 2:
        asked(state.increment, "key", event=event, at=at, window=WINDOW)
    assert state.count("key", at=T0 + 20, window=HOUR) <= 20


def test_a_window_leaves_out_its_beginning_and_takes_in_its_end():
    state = MemoryState()
    state.increment("key", event=1, at=T0, window=MINUTE)
    assert state.count("key", at=T0 - 1, window=MINUTE) == 0
    assert state.count("key", at=T0, window=MINUTE) == 1
    assert state.count("key", at=T0 + MINUTE - 1, window=MINUTE) == 1
    assert state.count("key", at=T0 + MINUTE, window=MINUTE) == 0


def test_an_event_that_comes_too_late_is_told_by_how_much_and_others_are_counted():
    state = MemoryState()
    state.increment("key", event=1, at=T0, window=MINUTE)
    with pytest.raises(TooLate, match=r"came 3,600\.5 s behind the newest of its key; counts are kept for 3,600 s"):
        state.increment("key", event=2, at=T0 - HOUR - SECOND // 2, window=MINUTE)
    assert state.increment("key", event=3, at=T0 - HOUR, window=MINUTE) == 2
    assert state.increment("key", event=4, at=T0, window=MINUTE) == 2


def test_of_more_than_is_kept_a_late_event_has_no_answer():
    state = MemoryState(limits=Limits(most=5))
    incremented(state, [(event, T0 + event * SECOND) for event in range(20)])
    with pytest.raises(TooLate, match="under one key, the last 5 are"):
        state.increment("key", event=99, at=T0 + 3 * SECOND, window=MINUTE)
    assert state.increment("key", event=100, at=T0 + 20 * SECOND, window=MINUTE) >= 5


def test_an_id_that_comes_again_with_another_time_keeps_its_first():
    state = MemoryState()
    state.increment("key", event=1, at=T0, window=MINUTE)
    assert state.increment("key", event=1, at=T0 + 5 * SECOND, window=MINUTE) == 1
    assert state.count("key", at=T0 + MINUTE, window=MINUTE) == 0


def test_ids_of_any_size_are_told_apart():
    state = MemoryState()
    for number, event in enumerate([0, -1, 2**63 - 1, 2**63, 2**64, 2**127, -(2**80)], 1):
        assert state.increment("key", event=event, at=T0, window=MINUTE) == number
    assert MemoryState.load(state.dump()).count("key", at=T0, window=MINUTE) == 7


def test_looking_at_a_key_that_was_never_noted_keeps_nothing():
    state = MemoryState()
    assert state.count("key", at=T0, window=MINUTE) == 0
    assert state.distinct("key", None, event=1, at=T0, window=MINUTE) == 0
    assert state.first_seen("key", at=T0, note=False) is None
    assert state.changed == {}


@settings(max_examples=30)
@given(ANY_STREAM, st.integers(2, 40), st.integers(1, 5))
def test_a_state_that_is_kept_and_loaded_between_events_answers_as_one_that_never_stopped(stream, most, every):
    limits = Limits(most=most)
    whole, parts = MemoryState(limits=limits), MemoryState(limits=limits)
    for number, (event, at) in enumerate(stream):
        if number % every == 0:
            parts = MemoryState.load(parts.dump())
        for window in (WINDOW, 2 * WINDOW):
            given = {"event": event, "at": at, "window": window}
            assert asked(parts.increment, "key", **given) == asked(whole.increment, "key", **given)
            value = f"v{event % 7}"
            assert asked(parts.distinct, "key", value, **given) == asked(whole.distinct, "key", value, **given)
        assert parts.at_least == whole.at_least
    assert snapshot.read(parts.dump()).values == snapshot.read(whole.dump()).values
