"""What stands on the desk at a moment: columns over all items, brought up to date report by report."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bench.triage.trace import Trace
from evenhand.engine.triage.clusters import Sample, sample

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Stream:
    """All reports of a trace in order, each with what was visible of its item after it. Made once for all orders."""

    def __init__(self, trace: Trace) -> None:
        rows = sorted(
            (report.at, item.id, number) for item in trace.seen for number, report in enumerate(item.reports, 1)
        )
        leading = [_leading([report.reason for report in item.reports]) for item in trace.seen]
        self.at: Ints = np.array([row[0] for row in rows], dtype=np.int64)
        self.item: Ints = np.array([row[1] for row in rows], dtype=np.int64)
        self.number: Ints = np.array([row[2] for row in rows], dtype=np.int64)
        self.views: Ints = np.array([trace.seen[item].reports[number - 1].views for _, item, number in rows])
        self.reason: Ints = np.array([leading[item][number - 1] for _, item, number in rows])
        self._texts = [item.text for item in trace.seen]

    @cached_property
    def samples(self) -> list[Sample]:
        """What clusters are made from: it stands on the text alone, so all arms may share it."""
        return [sample(text) for text in self._texts]


def _leading(reasons: list[int]) -> list[int]:
    """After each report, the reason that most have given; of equals, the earliest."""
    counts: Counter[int] = Counter()
    found = []
    for reason in reasons:
        counts[reason] += 1
        found.append(counts.most_common(1)[0][0])
    return found


class Desk:
    """The columns that orders look at. `waiting` are the items that are there and not yet decided."""

    def __init__(self, trace: Trace, stream: Stream) -> None:
        count = len(trace.seen)
        self.trace, self.stream = trace, stream
        self.folded = 0
        """How many reports of the stream have come."""
        self.waiting: Bools = np.zeros(count, dtype=np.bool_)
        self.decided: Bools = np.zeros(count, dtype=np.bool_)
        self.reports: Ints = np.zeros(count, dtype=np.int64)
        self.views: Ints = np.zeros(count, dtype=np.int64)
        self.reason: Ints = np.zeros(count, dtype=np.int64)
        self.reported_at: Ints = np.zeros(count, dtype=np.int64)
        """Latest report."""
        self.opened_at: Ints = np.array([item.reports[0].at for item in trace.seen], dtype=np.int64)
        self.created_at: Ints = np.array([item.created_at for item in trace.seen], dtype=np.int64)
        self.score: Floats = np.array([item.score for item in trace.seen])
        self.score_reason: Ints = np.array([item.score_reason for item in trace.seen], dtype=np.int64)
        self.media: Ints = np.array([item.media for item in trace.seen], dtype=np.int64)
        self.severities: Floats = np.array(trace.world.severity)
        """By reason: what the platform's document says."""

    def fold(self, until: int) -> slice:
        """Take in all reports up to that moment; which of the stream they are."""
        after = int(np.searchsorted(self.stream.at, until, side="right"))
        new = slice(self.folded, after)
        items = self.stream.item[new]
        for column, source in (
            (self.reports, self.stream.number),
            (self.views, self.stream.views),
            (self.reason, self.stream.reason),
            (self.reported_at, self.stream.at),
        ):
            column[items] = source[new]
        self.waiting[items] = ~self.decided[items]
        self.folded = after
        return new

    def close(self, items: list[int]) -> None:
        self.waiting[items] = False
        self.decided[items] = True

    @property
    def severity(self) -> Floats:
        """Of what each item is reported for."""
        return self.severities[self.reason]

    @property
    def next_at(self) -> int | None:
        """When the next report comes."""
        return int(self.stream.at[self.folded]) if self.folded < len(self.stream.at) else None
