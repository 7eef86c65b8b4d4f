"""The chart of the benchmark, as SVG: harm averted by load, one line for each arm, quartiles as bars. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, TOP, PLOT = 860, 420, 60, 50, 430
COLOURS = {
    "ours": "#0b6e4f",
    "other": "#5c626b",
    "oracle": "#b07d00",
}
Point = tuple[float, float, float]
"""Median and quartiles."""


def chart(series: Mapping[str, Sequence[Point]], loads: Sequence[float]) -> str:
    """`series`: by arm, a point for each load; the arms as they are listed in the legend."""
    top = max(0.1, max(high for points in series.values() for _, _, high in points) * 1.05)
    lines = [_line(name, points, top, len(loads)) for name, points in series.items()]
    texts = "".join(_label(name, points[-1][0], top, place) for name, points, place in _places(series, top))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d"'
        ' font-family="system-ui, sans-serif" font-size="12">'
        '<title id="t">Harm averted by one person with 30 office hours, by load and order</title>'
        '<desc id="d">Median over seeds with quartiles. The figures are in the table beside the chart.</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f'<text x="{LEFT}" y="24" font-size="15" fill="#1c1f24">Harm averted by one person, 30 office hours</text>'
        f"{_axes(loads, top)}{''.join(lines)}{texts}</svg>\n"
    )


def _axes(loads: Sequence[float], top: float) -> str:
    bottom = HEIGHT - 50
    parts = [
        f'<text x="{_x(at, len(loads)):.0f}" y="{bottom + 20}" text-anchor="middle" fill="#454b54">load {load:g}</text>'
        for at, load in enumerate(loads)
    ]
    for step in range(int(top * 10) + 1):
        y = _y(step / 10, top)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + PLOT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e6ea"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#454b54">{step * 10} %</text>')
    return "".join(parts)


def _line(name: str, points: Sequence[Point], top: float, count: int) -> str:
    colour, width = _colour(name), 2.5 if name.startswith("ours") else 1.5
    dash = ' stroke-dasharray="5 4"' if name.startswith(("oracle", "ours: the order")) else ""
    path = " ".join(f"{_x(at, count):.1f},{_y(middle, top):.1f}" for at, (middle, _, _) in enumerate(points))
    bars = "".join(
        f'<line x1="{_x(at, count):.1f}" x2="{_x(at, count):.1f}" y1="{_y(low, top):.1f}" y2="{_y(high, top):.1f}"'
        f' stroke="{colour}" opacity="0.5"/>'
        for at, (_, low, high) in enumerate(points)
        if name.startswith("ours")
    )
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>{bars}'


def _places(series: Mapping[str, Sequence[Point]], top: float) -> list[tuple[str, Sequence[Point], float]]:
    """Labels at the ends of their lines, pushed apart where they would touch."""
    found, last = [], -1e9
    for name, points in sorted(series.items(), key=lambda one: -one[1][-1][0]):
        last = max(last + 16, _y(points[-1][0], top) + 4)
        found.append((name, points, last))
    return found


def _label(name: str, value: float, top: float, place: float) -> str:
    x = LEFT + PLOT
    start = _y(value, top)
    return (
        f'<line x1="{x}" x2="{x + 14}" y1="{start:.1f}" y2="{place - 4:.1f}" stroke="{_colour(name)}" opacity="0.6"/>'
        f'<text x="{x + 18}" y="{place:.1f}" fill="{_colour(name)}">{value:.0%} {escape(name)}</text>'
    )


def _colour(name: str) -> str:
    return next((colour for start, colour in COLOURS.items() if name.startswith(start)), COLOURS["other"])


def _x(at: int, count: int) -> float:
    return LEFT + PLOT * at / max(1, count - 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - 50 - (HEIGHT - 50 - TOP) * max(0.0, value) / top
