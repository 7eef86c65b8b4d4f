"""Bars: where they stand, and the figures beside them."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.web.charts import HEIGHT, WIDTH, Point, bars

counts = st.lists(st.fixed_dictionaries({"shadow": st.integers(0, 10**9), "live": st.integers(0, 10**9)}), max_size=60)


@given(counts, st.none() | st.floats(0, 1e6), st.none() | st.floats(0, 1e6))
def test_nothing_is_drawn_outside_and_no_figure_is_lost(values, low, high):
    chart = bars(
        [Point(str(number), one) for number, one in enumerate(values)], series=("shadow", "live"), low=low, high=high
    )
    for rect in chart.rects:
        assert 0 <= float(rect.x) <= float(rect.x) + float(rect.width) <= WIDTH
        assert -0.01 <= float(rect.y) <= float(rect.y) + float(rect.height) <= HEIGHT + 0.011
    assert chart.total == sum(one["shadow"] + one["live"] for one in values)
    assert sum(total for _label, _values, total in chart.figures) == chart.total


def test_a_bar_is_as_high_as_what_it_counts():
    chart = bars([Point("mon", {"": 5}), Point("tue", {"": 10})])
    assert [rect.height for rect in chart.rects] == ["50", "100"]
    assert [rect.told for rect in chart.rects] == ["mon: 5", "tue: 10"]


def test_series_stand_on_top_of_each_other():
    chart = bars([Point("mon", {"shadow": 4, "live": 6})], series=("shadow", "live"))
    assert [(rect.series, rect.y, rect.height) for rect in chart.rects] == [("shadow", "60", "40"), ("live", "0", "60")]


def test_the_upper_edge_is_a_round_number_and_the_band_fits():
    chart = bars([Point("mon", {"": 7})], low=2, high=40)
    assert chart.top == 50
    assert [(line.label, line.y) for line in chart.lines] == [("2", "96"), ("40", "20")]
    assert (chart.band.y, chart.band.height) == ("20", "76")


def test_nothing_counted_draws_nothing():
    assert bars([]).rects == ()
    assert bars([Point("mon", {"": 0})]).figures == []


def test_the_axis_of_a_query_ends_where_its_time_ends():
    chart = bars([Point("2026-01-01 00:00", {"": 1})], until="2026-01-01 06:00")
    assert chart.ends == "2026-01-01 06:00"
