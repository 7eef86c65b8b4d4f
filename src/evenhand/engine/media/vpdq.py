"""Videos by the hashes of their frames: vPDQ's rule (Facebook, ThreatExchange/vpdq, 2022).

A video matches a listed one when enough of its frames are near some frame of the other. Frames of poor quality (black,
blurred) say nothing, and a hash that a video has many times counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from msgspec import Struct

from evenhand.engine.media.hamming.arrays import Bytes, Ids, as_hashes
from evenhand.engine.media.hamming.index import RADIUS, HammingIndex


class VideoRule(Struct, frozen=True):
    """When two videos match. The figures are those of vPDQ's reference."""

    quality: int = 50
    """Frames below it are left out, 0 to 100."""
    radius: int = RADIUS
    query_share: float = 80.0
    """Percent of the asked video's frames that must match."""
    listed_share: float = 0.0
    """Percent of the listed video's frames that must match."""


class VideoMatch(Struct, frozen=True):
    """A listed video, and the percent of each side's frames that match the other's."""

    id: int
    query_share: float
    listed_share: float


def worth(hashes: Any, qualities: Any, rule: VideoRule) -> Bytes:
    """The different hashes of those frames (uint8[n, 32], with integers[n]) that say something; uint8[k, 32]."""
    rows = as_hashes(hashes)
    grades = np.asarray(qualities)
    if grades.shape != (len(rows),):
        raise ValueError(f"{len(rows)} frames need as many qualities, not {list(grades.shape)}")
    return np.unique(rows[grades >= rule.quality], axis=0)


class VideoIndex:
    """The frames of listed videos: (id, hashes, qualities) each. The same id twice is one video of all its frames."""

    def __init__(self, videos: Iterable[tuple[int, Any, Any]], rule: VideoRule | None = None) -> None:
        self.rule = rule or VideoRule()
        self._frames = HammingIndex(np.zeros((0, 32), np.uint8), np.zeros(0, np.int64))
        self._hashes: dict[int, dict[bytes, int]] = {}
        """The number of each of a video's hashes among all frames."""
        self._videos: list[int] = []
        """The video of each frame number."""
        for video, hashes, qualities in videos:
            self.add(video, hashes, qualities)
        self._frames = self._frames.compacted()

    def __len__(self) -> int:
        """Videos that can match: those that have a frame which says something."""
        return len(self._hashes)

    def add(self, video: int, hashes: Any, qualities: Any) -> None:
        known = self._hashes.get(video, {})
        fresh = [row for row in worth(hashes, qualities, self.rule) if row.tobytes() not in known]
        if not fresh:
            return
        first = len(self._videos)
        numbers = np.arange(first, first + len(fresh))
        self._videos += [video] * len(fresh)
        self._frames.add(np.stack(fresh), numbers)
        self._hashes[video] = known | {row.tobytes(): first + place for place, row in enumerate(fresh)}

    def remove(self, video: int) -> bool:
        """Whether it was there."""
        numbers = self._hashes.pop(video, None)
        if numbers is None:
            return False
        self._frames.remove(list(numbers.values()))
        return True

    def match(self, hashes: Any, qualities: Any, rule: VideoRule | None = None) -> list[VideoMatch]:
        """The listed videos that match, the best first. A rule given here stands for the index's own, except for the
        quality of listed frames, which was applied when they were added."""
        asked_by = rule or self.rule
        queries = worth(hashes, qualities, asked_by)
        if not len(queries):
            return []
        found = self._frames.search_many(queries, asked_by.radius)
        videos = np.array([self._videos[frame] for frame in found.ids.tolist()], np.int64)
        matches = [
            self._shares(int(video), videos, found.queries, found.ids, len(queries)) for video in np.unique(videos)
        ]
        enough = (
            one
            for one in matches
            if one.query_share >= asked_by.query_share and one.listed_share >= asked_by.listed_share
        )
        return sorted(enough, key=lambda one: (-one.query_share, -one.listed_share, one.id))

    def _shares(self, video: int, videos: Ids, queries: Ids, frames: Ids, asked: int) -> VideoMatch:
        mine = videos == video
        return VideoMatch(
            id=video,
            query_share=100 * len(np.unique(queries[mine])) / asked,
            listed_share=100 * len(np.unique(frames[mine])) / len(self._hashes[video]),
        )
