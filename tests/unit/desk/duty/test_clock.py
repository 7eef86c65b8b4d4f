"""Hours on the clock of a place: in summer, in winter, and in the two nights between."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.duty import clock
from evenhand.desk.duty.clock import BadHours, Shift, Span, check, joined, quarters, spans, without

BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def of_day(shifts, day, zone=BERLIN):
    """The spans that touch this day of UTC."""
    return spans(shifts, zone, utc(day), utc(day) + timedelta(days=1))


def test_nine_is_nine_on_the_clock_in_summer_and_in_winter():
    nine = [Shift(0, 9 * 60, 15 * 60)]
    assert of_day(nine, "2026-01-12") == [Span(utc("2026-01-12T08:00"), utc("2026-01-12T14:00"))]
    assert of_day(nine, "2026-07-13") == [Span(utc("2026-07-13T07:00"), utc("2026-07-13T13:00"))]


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins():
    late = [Shift(6, 22 * 60, 30 * 60)]
    assert spans(late, "UTC", utc("2026-01-12"), utc("2026-01-13")) == [
        Span(utc("2026-01-11T22:00"), utc("2026-01-12T06:00"))
    ]


def test_an_hour_that_comes_twice_belongs_to_both_who_meet_in_it():
    """25 October 2026: from 03:00 summer time back to 02:00."""
    early, late = Shift(6, 0, 150), Shift(6, 150, 480)
    [first] = of_day([early], "2026-10-25")
    [second] = of_day([late], "2026-10-25")
    assert first.ends == utc("2026-10-25T01:30")
    assert second.begins == utc("2026-10-25T00:30")
    assert of_day([early, late], "2026-10-25") == [Span(utc("2026-10-24T22:00"), utc("2026-10-25T07:00"))]


def test_an_hour_that_is_left_out_begins_where_it_would_have():
    """29 March 2026: from 02:00 winter time to 03:00."""
    [first] = of_day([Shift(6, 0, 150)], "2026-03-29")
    [second] = of_day([Shift(6, 150, 480)], "2026-03-29")
    assert first.ends == second.begins == utc("2026-03-29T01:00")
    assert second.ends == utc("2026-03-29T06:00")


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe"])
)
def test_a_week_without_a_gap_on_the_clock_has_none_in_truth(day, zone):
    always = [Shift(one, begins, begins + 480) for one in range(7) for begins in (0, 480, 960)]
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = spans(always, zone, begins, begins + timedelta(days=7))
    assert len(found) == 1
    assert found[0].begins <= begins
    assert found[0].ends >= begins + timedelta(days=7)


def test_what_is_off_is_taken_out_of_what_is_on():
    [day] = of_day([Shift(0, 0, 1440)], "2026-01-12", "UTC")
    gone = Span(day.begins + timedelta(hours=3), day.begins + timedelta(hours=5))
    assert [one.ends - one.begins for one in without([day], [gone])] == [timedelta(hours=3), timedelta(hours=19)]
    assert without([day], [day]) == []


def test_people_are_counted_by_the_quarter_of_an_hour():
    begins = clock.monday(utc("2026-01-14T10:00"), BERLIN)
    assert begins == utc("2026-01-11T23:00")
    nine = spans([Shift(0, 540, 900)], BERLIN, begins, begins + timedelta(days=7))
    there = quarters([nine, nine, []], begins)
    assert len(there) == 672
    assert there[36:60] == [2] * 24
    assert sum(there) == 48


def test_the_next_seven_in_the_morning_is_today_or_tomorrow():
    assert clock.next_at(7, 0, BERLIN, utc("2026-01-12T05:00")) == utc("2026-01-12T06:00")
    assert clock.next_at(7, 0, BERLIN, utc("2026-01-12T06:00")) == utc("2026-01-13T06:00")


@pytest.mark.parametrize("shift", [Shift(7, 0, 60), Shift(0, 60, 60), Shift(0, 60, 1501), Shift(0, 1440, 1500)])
def test_hours_that_are_none_are_refused(shift):
    with pytest.raises(BadHours):
        check([shift], BERLIN)


def test_a_place_that_is_none_is_refused():
    with pytest.raises(BadHours, match="Europe/Berlin"):
        check([], "Berlin")


def test_empty_spans_are_none():
    moment = utc("2026-01-12")
    assert joined([Span(moment, moment)]) == []
