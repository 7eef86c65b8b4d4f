"""The definitions, written out: counters that keep every event that ever came."""

from __future__ import annotations

from hypothesis import strategies as st

from evenhand.engine.rules.state import TooLate

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


def asked(answer, *given, **more):
    """What a counter answers; None when it says that it cannot."""
    try:
        return answer(*given, **more)
    except TooLate:
        return None


@st.composite
def late_streams(draw, *, window, lateness=HOUR, beyond=0, most=30):
    """(event, at) for events that come up to `lateness` (and `beyond`) behind a newer one; some come twice or more."""
    now = newest = T0
    stream = []
    for event in range(draw(st.integers(0, most))):
        now += draw(st.sampled_from([0, 1, window // 8, window - 1, window, 2 * window, lateness // 2, lateness]))
        late = draw(st.one_of(st.just(0), st.sampled_from([1, window, lateness]), st.integers(0, lateness + beyond)))
        late = min(late, now - newest + lateness + beyond)
        stream.append((event, now - late))
        newest = max(newest, now - late)
        again = draw(st.sampled_from(stream))
        if again[1] >= newest - lateness - beyond and draw(st.booleans()):
            stream.append(again)
    return stream
