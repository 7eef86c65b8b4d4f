"""Functions on time: the event's own is "now"."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.values import Expected
from tests.unit.engine.rules.functions.contexts import call, context


def test_a_length_of_time_is_the_sum_of_its_parts():
    assert call("TimeDelta") == timedelta(0)
    assert call("TimeDelta", weeks=1, days=1, hours=1, minutes=1, seconds=1.5) == timedelta(8, 3661, 500_000)


def test_a_length_of_time_has_an_end():
    with pytest.raises(ValueError, match="999,999,999 days"):
        call("TimeDelta", weeks=1e12)


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [
        ("2026-03-01T11:59:30Z", 30),
        ("2026-03-01T11:59:30", 30),
        ("2026-03-01T13:00:00+02:00", 3600),
        ("2026-03-01", 43_200),
        (" 2026-03-01T12:00:00.250Z ", -0.25),
    ],
)
def test_time_since_counts_back_from_the_event(timestamp, seconds):
    assert call("TimeSince", context(), timestamp=timestamp) == timedelta(seconds=seconds)


@pytest.mark.parametrize("timestamp", ["", "yesterday", "2026-13-01", "12:00"])
def test_no_time_has_no_value(timestamp):
    with pytest.raises(Expected):
        call("TimeSince", context(), timestamp=timestamp)
    with pytest.raises(Expected):
        call("GetTimestampBucket", x=timestamp, granularity_seconds=60)


@pytest.mark.parametrize(
    ("name", "x", "bucket"),
    [
        ("GetTimedeltaBucket", timedelta(seconds=59.9), 0),
        ("GetTimedeltaBucket", timedelta(seconds=60), 1),
        ("GetTimedeltaBucket", timedelta(seconds=-1), -1),
        ("GetTimestampBucket", "1970-01-01T00:01:59Z", 1),
        ("GetTimestampBucket", "1970-01-01T01:02:00+01:00", 2),
        ("GetSnowflakeBucket", 0, 1_420_070_400 // 60),
        ("GetSnowflakeBucket", 60_000 << 22, 1_420_070_400 // 60 + 1),
        ("GetSnowflakeBucket", "175928847299117063", 1_462_015_105 // 60),
    ],
)
def test_moments_and_lengths_fall_into_buckets(name, x, bucket):
    assert call(name, x=x, granularity_seconds=60) == bucket


@pytest.mark.parametrize("x", ["", "spam", -1])
def test_no_snowflake_has_no_bucket(x):
    with pytest.raises(Expected):
        call("GetSnowflakeBucket", x=x, granularity_seconds=60)


@pytest.mark.parametrize("granularity", [0, -60])
@pytest.mark.parametrize(
    ("name", "x"),
    [("GetTimedeltaBucket", timedelta(1)), ("GetTimestampBucket", "2026-03-01"), ("GetSnowflakeBucket", 1)],
)
def test_a_bucket_without_width_is_refused(name, x, granularity):
    with pytest.raises(ValueError, match="a width above 0"):
        call(name, x=x, granularity_seconds=granularity)


@given(st.integers(0, (1 << 63) - 1), st.integers(1, 100_000))
def test_a_snowflake_is_in_the_bucket_of_its_moment(snowflake, width):
    seconds = ((snowflake >> 22) + 1_420_070_400_000) / 1000
    bucket = call("GetSnowflakeBucket", x=snowflake, granularity_seconds=width)
    assert bucket * width <= seconds < (bucket + 1) * width
