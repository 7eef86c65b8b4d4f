"""How far back the rules of a project look."""

from datetime import timedelta

import pytest

from evenhand.engine.rules import load_sources
from evenhand.engine.rules.memory import LONGEST, memory

COUNT = "IncrementWindow(key={key}, window_seconds={seconds}, when_all=[{when}])"


def counter(name, seconds, when="True", key="'k'"):
    return f"{name} = {COUNT.format(key=key, seconds=seconds, when=when)}\n"


def of(text, **files):
    return memory(load_sources({"main.sml": text, **files}).program)


def test_rules_that_read_only_the_event_remember_nothing():
    found = of("A: str = JsonData(path='$.a')\nR = Rule(when_all=[A == 'x'])\n")
    assert (found.stateless, found.window, found.endless) == (True, timedelta(0), ())


def test_the_longest_window_counts():
    found = of(counter("A", 60) + counter("B", 3600) + counter("C", 5))
    assert (found.stateless, found.window) == (False, timedelta(hours=1))


def test_windows_of_counters_that_depend_on_others_are_added_up():
    text = counter("A", 60) + "Many = A > 3\n" + counter("B", 3600, when="Many") + counter("C", 600)
    assert of(text).window == timedelta(seconds=3660)


def test_a_counter_in_a_file_that_a_counter_brings_in_depends_on_it():
    found = of(counter("A", 60) + "Require(rule='b.sml', require_if=A > 3)\n", **{"b.sml": counter("B", 3600)})
    assert found.window == timedelta(seconds=3660)


def test_a_baseline_is_a_window():
    found = of("S = Surge(counter='c', key='k', window_seconds=60, baseline_seconds=86400)\n")
    assert found.window == timedelta(days=1)


def test_a_window_by_a_name_for_a_number_is_written_out():
    assert of("Hour = 3600\n" + counter("A", "Hour")).window == timedelta(hours=1)


def test_a_window_that_the_event_gives_may_be_any():
    found = of("W: int = JsonData(path='$.w')\n" + counter("A", "W"))
    assert (found.window, found.endless) == (LONGEST, ("IncrementWindow",))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("F = FirstSeen(counter='c', key='k')\n", "FirstSeen"),
        ("H = HasLabel(entity=Entity(type='User', id='a'), label='x')\n", "HasLabel"),
    ],
)
def test_some_functions_look_back_without_end(text, name):
    found = of(text)
    assert (found.stateless, found.endless) == (False, (name,))


@pytest.mark.parametrize("seconds", ["60 * 60", "Minute * 60", "-(-3600)", "2 ** 12 - 496"])
def test_a_window_that_is_calculated_from_numbers_is_written_out(seconds):
    found = of("Minute = 60\n" + counter("A", seconds))
    assert (found.window, found.endless) == (timedelta(hours=1), ())
