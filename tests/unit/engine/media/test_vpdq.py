"""Videos match by enough of their frames, each side counted by itself."""

import numpy as np
import pytest

from evenhand.engine.media import VideoIndex
from evenhand.engine.media.vpdq import VideoMatch, VideoRule
from tests.unit.engine.media.hamming_kernels import flipped, hashes


def good(rows):
    return np.full(len(rows), 100)


def near(rows, bits=31):
    return np.stack([flipped(row, range(bits)) for row in rows])


def test_a_video_matches_when_four_of_five_frames_do():
    listed = hashes(10, seed=1)
    index = VideoIndex([(5, listed, good(listed))])
    strange = hashes(10, seed=2)

    eight = np.concatenate([near(listed[:8]), strange[:2]])
    assert index.match(eight, good(eight)) == [VideoMatch(5, 80.0, 80.0)]
    seven = np.concatenate([near(listed[:7]), strange[:3]])
    assert index.match(seven, good(seven)) == []


def test_a_short_cut_of_a_long_video_matches_unless_the_rule_asks_for_more_of_the_long_one():
    listed = hashes(10, seed=3)
    index = VideoIndex([(1, listed, good(listed))])
    cut = listed[:2]
    assert index.match(cut, good(cut)) == [VideoMatch(1, 100.0, 20.0)]
    assert index.match(cut, good(cut), VideoRule(listed_share=20)) == [VideoMatch(1, 100.0, 20.0)]
    assert index.match(cut, good(cut), VideoRule(listed_share=21)) == []


def test_frames_of_poor_quality_say_nothing_on_either_side():
    rows = hashes(4, seed=4)
    index = VideoIndex([(1, rows, [50, 49, 49, 49]), (2, rows[1:], [49, 0, 0])])
    assert len(index) == 1
    assert index.match(rows, [100, 49, 49, 49]) == [VideoMatch(1, 100.0, 100.0)]
    assert index.match(rows, [49] * 4) == []


def test_a_hash_that_a_video_has_a_hundred_times_counts_once():
    rows = hashes(5, seed=5)
    still = np.concatenate([np.repeat(rows[:1], 100, axis=0), hashes(1, seed=6)])
    index = VideoIndex([(1, rows, good(rows))])
    assert index.match(still, good(still)) == []
    assert index.match(still, good(still), VideoRule(query_share=50)) == [VideoMatch(1, 50.0, 20.0)]


def test_one_frame_further_than_the_radius_does_not_count():
    rows = hashes(1, seed=7)
    index = VideoIndex([(1, rows, good(rows))])
    assert index.match(near(rows, 32), good(rows)) == []
    assert index.match(near(rows, 32), good(rows), VideoRule(radius=32)) == [VideoMatch(1, 100.0, 100.0)]


def test_added_and_removed_videos_count_at_once_and_the_best_comes_first():
    rows = hashes(10, seed=8)
    index = VideoIndex([(1, rows[:5], good(rows[:5]))])
    index.add(2, rows[:4], good(rows[:4]))
    index.add(1, rows[5:], good(rows[5:]))
    asked = rows[:5]
    assert index.match(asked, good(asked)) == [VideoMatch(1, 100.0, 50.0), VideoMatch(2, 80.0, 100.0)]
    assert index.remove(1)
    assert not index.remove(1)
    assert index.match(asked, good(asked)) == [VideoMatch(2, 80.0, 100.0)]


def test_frames_without_as_many_qualities_are_refused():
    with pytest.raises(ValueError, match="3 frames need as many qualities"):
        VideoIndex([(1, hashes(3, seed=1), [100])])
