"""Counters against the definition: how many different events were noted with a time in (t - w, t]."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.rules.state import Limits, MemoryState, snapshot
from tests.unit.engine.rules.state.model import DAY, HOUR, MINUTE, SECOND, T0, Everything, late_streams

WINDOW = MINUTE
ANY_STREAM = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4 * WINDOW)), max_size=60).map(
    lambda pairs: [(event, T0 + at) for event, at in dict(pairs).items()]
)


def incremented(state, stream, window=WINDOW):
    return [state.increment("key", event=event, at=at, window=window) for event, at in stream]


@given(late_streams(window=WINDOW))
def test_whatever_comes_late_by_a_window_at_most_is_counted_exactly_and_once(stream):
    state, model = MemoryState(), Everything()
    assert incremented(state, stream) == [model.increment(event, at, WINDOW) for event, at in stream]
    assert not state.at_least


@given(late_streams(window=WINDOW), st.sampled_from([SECOND, WINDOW // 2, WINDOW - 1]))
def test_shorter_windows_on_the_same_key_are_exact_too(stream, shorter):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        assert state.increment("key", event=event, at=at, window=WINDOW) == model.increment(event, at, WINDOW)
        assert state.increment("key", event=event, at=at, window=shorter) == model.count(at, shorter)
        assert state.count("key", at=at, window=shorter) == model.count(at, shorter)
    assert not state.at_least


@given(late_streams(window=WINDOW), st.data())
def test_windows_of_any_length_in_any_turn_are_exact_or_told_to_be_lower_bounds(stream, data):
    state, model = MemoryState(), Everything()
    for event, at in stream:
        window = data.draw(st.sampled_from([1, SECOND, WINDOW, 10 * WINDOW]))
        state.at_least.clear()
        found, right = state.increment("key", event=event, at=at, window=window), model.increment(event, at, window)
        assert 1 <= found <= right
        assert found == right or state.at_least == {"key"}


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
def test_beyond_the_limit_a_count_is_a_lower_bound_and_is_told_to_be_one(stream, most):
    state, model = MemoryState(limits=Limits(most=most)), Everything()
    for event, at in stream:
        state.at_least.clear()
        found, right = state.increment("key", event=event, at=at, window=WINDOW), model.increment(event, at, WINDOW)
        assert 1 <= found <= right
        assert found == right or state.at_least == {"key"}


@given(ANY_STREAM, st.integers(1, 8))
def test_what_is_kept_under_a_key_is_bounded(stream, most):
    state = MemoryState(limits=Limits(most=most))
    incremented(state, stream)
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
    incremented(state, stream)
    incremented(state, stream)
    assert state.count("key", at=T0 + 20, window=HOUR) <= 20


def test_a_window_leaves_out_its_beginning_and_takes_in_its_end():
    state = MemoryState()
    state.increment("key", event=1, at=T0, window=MINUTE)
    assert state.count("key", at=T0 - 1, window=MINUTE) == 0
    assert state.count("key", at=T0, window=MINUTE) == 1
    assert state.count("key", at=T0 + MINUTE - 1, window=MINUTE) == 1
    assert state.count("key", at=T0 + MINUTE, window=MINUTE) == 0


def test_an_event_that_comes_far_too_late_counts_itself_and_says_that_there_may_be_more():
    state = MemoryState()
    state.increment("key", event=1, at=T0 - DAY, window=MINUTE)
    state.increment("key", event=2, at=T0, window=MINUTE)
    assert state.increment("key", event=3, at=T0 - DAY, window=MINUTE) == 1
    assert state.at_least == {"key"}
    assert state.increment("key", event=4, at=T0, window=MINUTE) == 2


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
            asked = {"event": event, "at": at, "window": window}
            assert parts.increment("key", **asked) == whole.increment("key", **asked)
            value = f"v{event % 7}"
            assert parts.distinct("key", value, **asked) == whole.distinct("key", value, **asked)
        assert parts.at_least == whole.at_least
    assert snapshot.read(parts.dump()).values == snapshot.read(whole.dump()).values
