"""Charts as SVG, drawn on the server: where each bar stands. Pure; templates put the shapes and the figures down."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

WIDTH, HEIGHT = 1000, 100
"""Of the drawing. It is stretched to the place that it gets."""
GAP = 0.2
"""Of the width that a bar has."""
_NICE = (1, 2, 2.5, 5, 10)


class Point(Struct, frozen=True):
    """What is counted at one place of the axis: a figure for each series."""

    label: str
    values: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.values.values())


class Rect(Struct, frozen=True):
    """One part of a bar. `series` names the colour."""

    series: str
    x: str
    y: str
    width: str
    height: str
    told: str


class Line(Struct, frozen=True):
    """A value that is drawn across the whole chart."""

    series: str
    y: str
    label: str


class Chart(Struct, frozen=True):
    """Bars, and the figures that they show. `top` is the value at the upper edge."""

    rects: tuple[Rect, ...]
    lines: tuple[Line, ...]
    band: Rect | None
    points: tuple[Point, ...]
    series: tuple[str, ...]
    top: float
    names: Mapping[str, str] = {}
    """What each series is called."""
    until: str = ""
    """Where the axis ends, when its last point is a stretch."""

    @property
    def total(self) -> float:
        return sum(point.total for point in self.points)

    @property
    def ends(self) -> str:
        """The last place of the axis."""
        return self.until or (self.points[-1].label if self.points else "")

    @property
    def shown(self) -> list[str]:
        """The series that have anything."""
        return [name for name in self.series if any(point.values.get(name) for point in self.points)]

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Each series that is shown and has a name, with what it is called."""
        return [(name, self.names.get(name, name)) for name in self.shown if name]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def figures(self) -> list[tuple[str, list[float], float]]:
        """A row of the table for each place where something was counted: its label, each series, all together."""
        return [
            (point.label, [point.values.get(name, 0) for name in self.shown], point.total)
            for point in self.points
            if point.total
        ]


def bars(
    points: Sequence[Point],
    *,
    series: Sequence[str] = ("",),
    names: Mapping[str, str] | None = None,
    low: float | None = None,
    high: float | None = None,
    until: str = "",
) -> Chart:
    """Bars with the series on top of each other. `names`: what the series are called. `low` and `high`: the band that a
    bar should end in. `until`: where the axis ends."""
    called = dict(names or {})
    top = _nice(max([point.total for point in points] + [one for one in (low, high) if one is not None], default=0))
    step = WIDTH / max(1, len(points))
    rects = [
        rect
        for index, point in enumerate(points)
        for rect in _stack(point, series, called, index * step + step * GAP / 2, step * (1 - GAP), top)
    ]
    lines = [
        Line(name, _n(_y(value, top)), f"{value:g}")
        for name, value in (("low", low), ("high", high))
        if value is not None
    ]
    return Chart(tuple(rects), tuple(lines), _band(low, high, top), tuple(points), tuple(series), top, called, until)


def _stack(  # noqa: PLR0917 (a place)
    point: Point, series: Sequence[str], called: Mapping[str, str], x: float, width: float, top: float
) -> list[Rect]:
    found, below = [], 0.0
    for name in series:
        value = point.values.get(name, 0)
        if value > 0:
            y, bottom = _y(below + value, top), _y(below, top)
            told = f"{point.label}: {called.get(name, name)} {value:g}" if name else f"{point.label}: {value:g}"
            found.append(Rect(name, _n(x), _n(y), _n(width), _n(bottom - y), told))
            below += value
    return found


def _band(low: float | None, high: float | None, top: float) -> Rect | None:
    if low is None and high is None:
        return None
    upper = _y(top if high is None else high, top)
    return Rect("band", "0", _n(upper), str(WIDTH), _n(_y(low or 0, top) - upper), "")


def _y(value: float, top: float) -> float:
    return HEIGHT * (1 - value / top)


def _nice(value: float) -> float:
    """The next round number from here: 1, 2, 2.5 or 5 with zeros."""
    if value <= 1:
        return 1
    power: float = 10 ** math.floor(math.log10(value))
    return next(step * power for step in _NICE if step * power >= value)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
