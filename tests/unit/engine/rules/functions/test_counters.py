"""Functions that count over time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.values import Entity
from tests.unit.engine.rules.functions.contexts import call, context, memory

KIM = Entity("User", "kim")


def told(name, moments, **arguments):
    """What a counter says at each of these seconds, one event at each."""
    state = memory()
    return [
        call(name, context(event=event, after=after, state=state), **arguments) for event, after in enumerate(moments)
    ]


def test_a_window_slides():
    assert told("IncrementWindow", [0, 10, 59, 61, 200], key="k", window_seconds=60, when_all=[]) == [1, 2, 3, 3, 1]
    assert told("Count", [0, 10, 59, 61, 200], counter="posts", key=KIM, window_seconds=60) == [1, 2, 3, 3, 1]


def test_an_event_is_counted_only_when_all_conditions_hold():
    state = memory()
    counts = [
        call("IncrementWindow", context(event=event, state=state), key="k", window_seconds=60, when_all=when)
        for event, when in enumerate([[True], [True, False], [True, True], [False]])
    ]
    assert counts == [1, 1, 2, 2]


def test_an_event_that_comes_again_is_counted_once():
    state = memory()
    for _ in range(3):
        assert call("IncrementWindow", context(event=7, state=state), key="k", window_seconds=60, when_all=[True]) == 1
        assert call("Count", context(event=7, state=state), counter="c", key="k", window_seconds=60) == 1


def test_different_values_are_counted_once_each():
    state = memory()
    counts = [
        call(
            "CountDistinct", context(event=event, after=event, state=state), counter="addresses", key=KIM, value=value,
            window_seconds=60, when=when,
        )
        for event, (value, when) in enumerate([("a", None), ("b", [True]), ("a", []), ("c", [False]), (5, None)])
    ]  # fmt: skip
    assert counts == [1, 2, 2, 2, 3]


def test_a_rate_is_per_minute_unless_said_otherwise():
    assert told("Rate", [0, 1, 2], counter="posts", key="k", window_seconds=120) == [0.5, 1.0, 1.5]
    assert told("Rate", [0, 1], counter="posts", key="k", window_seconds=10, per_seconds=1) == [0.1, 0.2]


def test_a_surge_is_told_against_what_was_before():
    steady = told("Surge", range(0, 6000, 60), counter="posts", key="k", window_seconds=60, baseline_seconds=3660)
    assert steady[-1] == pytest.approx(1, rel=0.1)
    burst = [*range(0, 3600, 60), *(3600 + step for step in range(30))]
    assert told("Surge", burst, counter="posts", key="k", window_seconds=60, baseline_seconds=3660)[-1] > 20
    assert told("Surge", [0], counter="posts", key="new", window_seconds=60, baseline_seconds=660) == [10.0]


def test_a_surge_needs_a_past_longer_than_its_window():
    with pytest.raises(ValueError, match="must be above window_seconds"):
        told("Surge", [0], counter="c", key="k", window_seconds=60, baseline_seconds=60)


def test_the_first_event_of_a_key_is_told():
    assert told("FirstSeen", [0, 1, 5], counter="devices", key="d") == [True, False, False]
    assert told("SecondsSinceFirstSeen", [0, 1.5, 5], counter="devices", key="d") == [0.0, 1.5, 5.0]


def test_an_event_that_does_not_count_is_never_the_first():
    state = memory()
    given = {"counter": "devices", "key": "d"}
    assert not call("FirstSeen", context(event=1, state=state), when=[False], **given)
    assert call("FirstSeen", context(event=2, after=1, state=state), when=[True], **given)
    assert not call("FirstSeen", context(event=3, after=2, state=state), **given)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("IncrementWindow", {"key": "k", "when_all": []}),
        ("Count", {"counter": "c", "key": "k"}),
        ("CountDistinct", {"counter": "c", "key": "k", "value": "v"}),
        ("Rate", {"counter": "c", "key": "k"}),
    ],
)
@pytest.mark.parametrize("window", [0, -1, float("nan"), 1e300])
def test_a_window_without_length_is_refused(name, arguments, window):
    with pytest.raises(ValueError, match="above 0"):
        told(name, [0], window_seconds=window, **arguments)


@pytest.mark.parametrize("name", ["Count", "Rate"])
def test_without_state_nothing_is_counted(name):
    with pytest.raises(ValueError, match="no state"):
        call(name, context(), counter="c", key="k", window_seconds=60)


def test_counters_do_not_share_what_they_count():
    state = memory()
    calls = [
        ("IncrementWindow", {"key": "k", "window_seconds": 60, "when_all": []}),
        ("IncrementWindow", {"key": "k", "window_seconds": 61, "when_all": []}),
        ("IncrementWindow", {"key": "Count/60000000/1/c/:k", "window_seconds": 60, "when_all": []}),
        ("Count", {"counter": "c", "key": "k", "window_seconds": 60}),
        ("Count", {"counter": "c", "key": "k", "window_seconds": 61}),
        ("Count", {"counter": "c/k", "key": "k", "window_seconds": 60}),
        ("Count", {"counter": "c", "key": "k/k", "window_seconds": 60}),
        ("Count", {"counter": "c", "key": Entity("User", "k"), "window_seconds": 60}),
        ("Count", {"counter": "c", "key": Entity("User/k", "k"), "window_seconds": 60}),
        ("Count", {"counter": "c", "key": Entity("User", "k/k"), "window_seconds": 60}),
        ("Count", {"counter": "c", "key": "4:User/k", "window_seconds": 60}),
        ("Rate", {"counter": "c", "key": "k", "window_seconds": 60}),
    ]
    for event, (name, arguments) in enumerate(calls):
        assert call(name, context(event=event, state=state), **arguments) == 1, (name, arguments)


@given(st.lists(st.integers(0, 300), max_size=30).map(sorted), st.integers(1, 120))
def test_the_count_is_that_of_the_events_in_the_window(moments, window):
    counts = told("Count", moments, counter="c", key="k", window_seconds=window)
    expected = [sum(1 for other in moments[: at + 1] if other > moment - window) for at, moment in enumerate(moments)]
    assert counts == expected
