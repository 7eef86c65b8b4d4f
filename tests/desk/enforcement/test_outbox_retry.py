"""What follows from an attempt: the laws of repeating."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.enforcement.services.retry import Policy, breaker_pause, next_pause, verdict

STEADY = Policy(jitter=lambda: 0.0)
HOUR = 3600


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, "failed"),
        (200, "delivered"),
        (204, "delivered"),
        (299, "delivered"),
        (301, "rejected"),
        (304, "rejected"),
        (400, "rejected"),
        (401, "rejected"),
        (404, "rejected"),
        (408, "failed"),
        (409, "failed"),
        (410, "gone"),
        (425, "failed"),
        (429, "failed"),
        (500, "failed"),
        (503, "failed"),
        (599, "failed"),
    ],
)
def test_what_a_status_means(status: int | None, expected: str) -> None:
    assert verdict(status) == expected


def test_the_pauses_are_those_of_the_standard_and_then_the_message_is_dead() -> None:
    pauses = [next_pause(STEADY, attempts, rejections=0, retry_after=None) for attempts in range(1, 11)]
    assert pauses == [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR, None]


def test_the_third_rejection_is_the_last() -> None:
    assert next_pause(STEADY, 2, rejections=2, retry_after=None) == 300
    assert next_pause(STEADY, 3, rejections=3, retry_after=None) is None


def test_a_receiver_that_asks_for_time_gets_it_up_to_a_day() -> None:
    assert next_pause(STEADY, 1, rejections=0, retry_after=60) == 60
    assert next_pause(STEADY, 1, rejections=0, retry_after=1) == 5
    assert next_pause(STEADY, 1, rejections=0, retry_after=1e9) == 24 * HOUR


@given(attempts=st.integers(1, 9), jitter=st.floats(0, 1), wanted=st.none() | st.floats(0, 1e6))
def test_jitter_never_makes_a_pause_shorter_and_never_more_than_a_fifth_longer(attempts, jitter, wanted) -> None:
    steady = next_pause(STEADY, attempts, rejections=0, retry_after=wanted)
    jittered = next_pause(Policy(jitter=lambda: jitter), attempts, rejections=0, retry_after=wanted)
    assert steady is not None
    assert jittered is not None
    assert steady <= jittered <= steady * 1.2 + 1e-6


def test_the_breaker_opens_at_the_fifth_failure_and_its_pause_grows_to_five_minutes() -> None:
    assert [breaker_pause(STEADY, failures) for failures in (0, 1, 4)] == [None, None, None]
    assert [breaker_pause(STEADY, failures) for failures in (5, 6, 7, 10, 11, 12)] == [5, 10, 20, 160, 300, 300]


@given(st.integers(5, 10**6))
def test_no_number_of_failures_makes_the_pause_longer_than_five_minutes(failures: int) -> None:
    pause = breaker_pause(STEADY, failures)
    assert pause is not None
    assert 5 <= pause <= 300
