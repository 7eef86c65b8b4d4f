"""Lengths of time as people write them."""

from datetime import timedelta

import pytest

from evenhand.engine.rules.durations import duration


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("30d", 2_592_000), ("1w", 604_800), ("0s", 0)]
)
def test_a_number_and_a_unit_is_a_length_of_time(written, seconds):
    assert duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written", ["", "s", "10", "ten m", "1.5h", "-3d", "10 minutes", "3y", "٣d", "9" * 20 + "w", "9999999w"]
)
def test_anything_else_is_refused_with_what_to_write(written):
    with pytest.raises(ValueError, match="10m, 30d"):
        duration(written)
