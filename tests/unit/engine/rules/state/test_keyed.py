"""State by key: what is loaded, what is there to be written, and under which names."""

from contextlib import contextmanager

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.state import KeyedState
from evenhand.engine.rules.values import Effect, Entity
from tests.unit.engine.rules.state.model import DAY, HOUR, MINUTE, T0

KIM = Entity("User", "kim")
ADDED = Effect(kind="label_add", entity=KIM, arguments={"label": "new", "delay_action_by": None, "expires_after": None})


class Store:
    """Values as a database keeps them: in msgpack, written after each event."""

    def __init__(self):
        self.rows: dict[str, tuple[bytes, int]] = {}
        self.asked: list[str] = []

    def load(self, name):
        self.asked.append(name)
        return msgspec.msgpack.decode(self.rows[name][0]) if name in self.rows else None

    @contextmanager
    def event(self):
        state = KeyedState(self.load)
        yield state
        for name, keep in state.changed.items():
            self.rows[name] = (msgspec.msgpack.encode(keep.value), keep.expires_at)


def test_a_state_for_each_event_goes_on_from_what_the_one_before_wrote():
    store = Store()
    for number in range(1, 40):
        at = T0 + number * MINUTE
        with store.event() as state:
            assert state.increment("k", event=number, at=at, window=DAY) == number
            value = f"v{number % 3}"
            assert state.distinct("k", value, event=number, at=at, window=DAY) == min(number, 3)
            assert state.first_seen("k", at=at, note=True) == T0 + MINUTE
            state.apply_label(ADDED, at=at)
            assert state.labels(KIM, at=at)["new"].since == T0 + MINUTE
    assert len(store.rows) == 4


def test_only_what_was_asked_for_is_loaded_and_only_what_changed_is_written():
    store = Store()
    with store.event() as state:
        state.increment("a", event=1, at=T0, window=HOUR)
    with store.event() as state:
        state.increment("b", event=1, at=T0, window=HOUR)
    store.asked.clear()
    state = KeyedState(store.load)
    state.increment("a", event=1, at=T0, window=HOUR)
    state.increment("b", event=2, at=T0, window=HOUR)
    assert sorted(store.asked) == ["count:a", "count:b"]
    assert state.changed.keys() == {"count:b"}


def test_what_was_loaded_is_not_changed_in_place():
    first = KeyedState({}.get)
    for number in range(20):
        first.increment("k", event=number, at=T0, window=HOUR)
        first.distinct("k", f"v{number}", event=number, at=T0, window=HOUR)
    kept = {name: keep.value for name, keep in first.changed.items()}
    before = msgspec.msgpack.encode(kept)
    for state in (first, KeyedState(kept.get)):
        state.increment("k", event=99, at=T0 + 1, window=HOUR)
        state.distinct("k", "v1", event=99, at=T0 + 1, window=HOUR)
    assert msgspec.msgpack.encode(kept) == before


def test_a_counter_may_be_forgotten_when_nothing_that_comes_in_time_could_ask_for_it():
    state = KeyedState({}.get)
    state.increment("k", event=1, at=T0, window=HOUR)
    state.distinct("k", "v", event=1, at=T0, window=HOUR)
    assert {keep.expires_at for keep in state.changed.values()} == {T0 + 2 * HOUR}


def test_what_was_first_seen_is_remembered_for_a_year_at_least():
    state = KeyedState({}.get)
    state.first_seen("k", at=T0, note=True)
    assert state.changed["first:k"].expires_at > T0 + 365 * DAY


@given(st.lists(st.tuples(st.integers(0, 100 * DAY), st.booleans()), max_size=20))
def test_the_first_time_is_the_earliest_noted_in_any_order(steps):
    state, noted = KeyedState({}.get), []
    for at, note in steps:
        noted += [at] if note else []
        earliest = min(noted, default=None)
        assert state.first_seen("k", at=at, note=note) == (
            earliest if earliest is not None and earliest <= at else None
        )


def test_what_was_first_seen_is_seldom_written_again():
    store = Store()
    writes = 0
    for day in range(60):
        state = KeyedState(store.load)
        state.first_seen("k", at=T0 + day * DAY, note=True)
        writes += len(state.changed)
        store.rows |= {name: (msgspec.msgpack.encode(keep.value), 0) for name, keep in state.changed.items()}
    assert writes <= 4


@given(st.text(st.characters(codec=None), max_size=300), st.text(max_size=300))
def test_names_are_printable_short_and_each_keys_own(one, other):
    state = KeyedState({}.get)
    for key in (one, other):
        state.increment(key, event=1, at=T0, window=HOUR)
        state.first_seen(key, at=T0, note=True)
    assert len(state.changed) == 2 * len({one, other})
    assert all(name.isprintable() and len(name) <= 220 for name in state.changed)
