"""The definitions, written out: counters that keep every event that ever came."""

from __future__ import annotations

from hypothesis import strategies as st

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
T0 = 1_760_000_000 * SECOND


class Everything:
    """Events and values of one key, as they were noted."""

    def __init__(self):
        self.events: dict[int, int] = {}
        self.values: set[tuple[str, int]] = set()

    def increment(self, event, at, window):
        self.events.setdefault(event, at)
        return self.count(at, window)

    def count(self, at, window):
        return sum(at - window < time <= at for time in self.events.values())

    def distinct(self, value, at, window):
        if value is not None:
            self.values.add((value, at))
        return len({one for one, time in self.values if at - window < time <= at})


@st.composite
def late_streams(draw, *, window, most=30):
    """(event, at) for events that come at most `window` later than a newer one; some come twice or more."""
    now = T0
    stream = []
    for event in range(draw(st.integers(0, most))):
        now += draw(st.one_of(st.just(0), st.integers(0, window // 8), st.integers(0, 2 * window)))
        stream.append((event, now - draw(st.one_of(st.just(0), st.integers(0, window - 1)))))
        again = draw(st.sampled_from(stream))
        if again[1] > now - window and draw(st.integers(0, 3)) == 0:
            stream.append(again)
    return stream
