"""The project's configuration: a key that is misspelt does not go unnoticed."""

import pytest

from evenhand.engine.rules import load_sources
from tests.unit.engine.rules.check.projects import checked, problems


@pytest.mark.parametrize(
    ("key", "meant"),
    [("stict", "strict"), ("Strict", "strict"), ("label", "labels"), ("event_schema", "event_schemas")],
)
def test_a_key_that_is_nearly_a_known_one_is_refused(key, meant):
    [problem] = problems("X = 1\n", {key: True})
    assert (problem.message, problem.hint) == (f"unknown key {key!r}", f"did you mean {meant!r}?")


def test_a_key_of_a_label_that_is_not_known_is_refused():
    spam = {"valid_for": ["User"], "colour": "red", "descripton": "spam"}
    found = problems("X = 1\n", {"labels": {"spam": spam}})
    assert [one.message for one in found] == [
        "labels.spam: unknown key 'colour'", "labels.spam: unknown key 'descripton'",
    ]  # fmt: skip
    assert found[1].hint == "did you mean 'description'?"


def test_what_is_configured_for_osprey_alone_is_passed_over():
    config = {"acl": {}, "ui_config": {}, "analytics": {}, "feature_flags": {}, "actions": {}}
    assert checked("X = 1\n", config).warnings == ()


def test_a_key_that_nobody_knows_is_a_warning():
    [warning] = checked("X = 1\n", {"zebra": 1}).warnings
    assert (warning.severity, warning.message) == ("warning", "unknown key 'zebra'")


@pytest.mark.parametrize("seconds", ["1h", True, -1, None, 10**12, float("nan")])
def test_how_late_events_may_come_is_a_number_of_seconds(seconds):
    [problem] = problems("X = 1\n", {"lateness_seconds": seconds})
    assert problem.message == "lateness_seconds: expected a number of seconds, from 0 to 31,622,400, a year"


def test_how_late_events_may_come_is_up_to_the_project():
    assert load_sources({"main.sml": "X = 1\n"}, {"lateness_seconds": 7200}).limits.lateness == 7_200_000_000
    assert load_sources({"main.sml": "X = 1\n"}).limits.lateness is None
