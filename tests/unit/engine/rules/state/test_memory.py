"""State in memory: snapshots, what a broken one says, and what is forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.run import State
from evenhand.engine.rules.state import BadSnapshot, Limits, MemoryState, TooLate
from evenhand.engine.rules.values import Effect, Entity
from tests.unit.engine.rules.state.model import DAY, HOUR, MINUTE, SECOND, T0

KIM = Entity("User", "kim")


def filled():
    state = MemoryState(limits=Limits(most=7))
    for number in range(30):
        at = T0 + number * SECOND
        state.increment(f"k{number % 3}", event=number, at=at, window=HOUR)
        state.distinct(f"k{number % 3}", f"v{number}", event=number, at=at, window=HOUR)
        state.first_seen("k", at=at, note=True)
    arguments = {"label": "new", "delay_action_by": None, "expires_after": None}
    state.apply_label(Effect(kind="label_add", entity=KIM, arguments=arguments), at=T0, reason="rule New")
    return state


def answers(state: State):
    at = T0 + MINUTE
    return (
        [state.count(f"k{number}", at=at, window=HOUR) for number in range(3)],
        [state.distinct(f"k{number}", None, event=0, at=at, window=HOUR) for number in range(3)],
        state.first_seen("k", at=at, note=False),
        state.labels(KIM, at=at),
    )


def test_a_snapshot_gives_back_the_state_and_its_limits():
    state = filled()
    loaded = MemoryState.load(state.dump())
    assert loaded.limits == state.limits
    assert loaded.at_least == state.at_least
    assert answers(loaded) == answers(state)


def test_the_same_events_in_the_same_order_give_the_same_snapshot():
    assert filled().dump() == filled().dump()


def test_a_snapshot_of_a_snapshot_is_the_same():
    data = filled().dump()
    assert MemoryState.load(data).dump() == data


@given(st.data())
def test_a_snapshot_that_was_cut_off_says_how_much_is_there(data):
    whole = filled().dump()
    length = data.draw(st.integers(16, len(whole) - 1))
    with pytest.raises(BadSnapshot, match=f"cut off: {length:,} of "):
        MemoryState.load(whole[:length])


@given(st.data())
def test_a_snapshot_that_was_altered_anywhere_is_refused(data):
    whole = bytearray(filled().dump())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BadSnapshot):
        MemoryState.load(bytes(whole))


def test_each_way_of_being_broken_has_its_words():
    whole = filled().dump()
    for broken, words in [
        (b"", "no snapshot of rule state"),
        (b"{}", "no snapshot of rule state"),
        (whole + b"more", "4 bytes follow the snapshot"),
        (whole[:-1] + b"?", "altered: its checksum"),
    ]:
        with pytest.raises(BadSnapshot, match=words):
            MemoryState.load(broken)


def test_keys_that_nobody_asks_for_any_more_are_forgotten():
    state = MemoryState()
    for number in range(20_000):
        at = T0 + number * MINUTE
        assert state.increment(f"k{number}", event=number, at=at, window=HOUR) == 1
        state.count(f"never{number}", at=at, window=HOUR)
    assert len(state) < 2500


def test_one_event_with_a_date_far_ahead_does_not_end_what_is_remembered():
    state = MemoryState()
    state.increment("k", event=0, at=T0, window=DAY)
    for number in range(1, 5000):
        at = T0 + 10_000 * DAY if number == 1024 else T0 + number
        state.increment(f"k{number}", event=number, at=at, window=DAY)
    assert state.count("k", at=T0 + 5000, window=DAY) == 1


def test_a_loaded_snapshot_forgets_what_has_expired_too():
    state = MemoryState.load(filled().dump())
    state.sweep(T0 + 10 * DAY)
    assert len(state) == 2
    assert state.labels(KIM, at=T0 + 10 * DAY).keys() == {"new"}


def test_limits_are_there_to_be_chosen():
    state = MemoryState(limits=Limits(most=10, lateness=0))
    state.increment("k", event=1, at=T0 - HOUR, window=HOUR)
    assert state.increment("k", event=2, at=T0, window=HOUR) == 1
    with pytest.raises(TooLate, match=r"counts are kept for 0 s"):
        state.increment("k", event=3, at=T0 - 1, window=HOUR)
