"""The index answers as if every hash had been compared, whichever kernel does it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.media import HammingIndex
from tests.unit.engine.media.hamming_kernels import (
    NAMES,
    all_kernels,
    asked,
    brute,
    flipped,
    hashes,
    index_of,
    kernel_named,
)


@pytest.fixture(params=NAMES)
def kernel(request):
    return kernel_named(request.param)


def planted(rows, *, seed):
    """A query at every distance from 0 to 60 of some row."""
    rng = np.random.default_rng(seed)
    return np.stack([flipped(rows[rng.integers(len(rows))], rng.choice(256, far, replace=False)) for far in range(61)])


@pytest.mark.parametrize("radius", [0, 1, 15, 16, 30, 31, 32, 47, 48, 60, 256])
def test_every_radius_finds_what_brute_force_finds(kernel, radius):
    rows = hashes(700, seed=1)
    queries = planted(rows, seed=2)

    expected = brute(rows, range(700), queries, radius)

    assert asked(index_of(rows, range(700), kernel), queries, radius) == expected
    assert len(expected) >= min(radius, 60)


def test_every_distance_up_to_31_is_found_and_32_is_not(kernel):
    rows = hashes(50, seed=3)
    index = index_of(rows, range(50), kernel)
    for query, far in zip(planted(rows, seed=4), range(61), strict=True):
        ids, apart = index.search(query)
        assert apart.tolist() == ([far] if far <= 31 else [])
        assert len(ids) == len(apart)


@pytest.mark.parametrize("lone", range(16))
def test_the_tightest_pattern_is_found_wherever_it_starts(kernel, lone):
    """One chunk differs in one bit and fifteen in two: 31 in all, and only one chunk is near enough to look at."""
    rows = hashes(20, seed=5)
    rng = np.random.default_rng(lone)
    queries = []
    for row in rows:
        bits = [16 * chunk + bit for chunk in range(16) for bit in rng.choice(16, 2 - (chunk == lone), replace=False)]
        queries.append(flipped(row, bits))

    found = index_of(rows, range(20), kernel).search_many(np.stack(queries))

    assert found.queries.tolist() == found.ids.tolist() == list(range(20))
    assert set(found.distances.tolist()) == {31}


@pytest.mark.parametrize("shift", range(16))
def test_differences_in_one_heap_are_found_wherever_they_lie(kernel, shift):
    """31 bits in two neighbouring chunks, the ring's end among them."""
    row = hashes(1, seed=6)
    bits = [(16 * shift + bit) % 256 for bit in range(31)]

    assert index_of(row, [9], kernel).search(flipped(row[0], bits))[1].tolist() == [31]


def test_thousands_at_once_are_sorted_and_still_answered_one_by_one(kernel):
    """More than a block, on an index with more rows than buckets, and on a small one."""
    for size in (70_000, 300):
        rows = hashes(size, seed=7)
        rng = np.random.default_rng(8)
        sources = rng.integers(size, size=17_000)
        distances = rng.integers(0, 40, 17_000)
        queries = hashes(17_000, seed=9)
        near = [*range(0, 16_300, 10), *range(16_300, 16_500), *range(16_500, 17_000, 10)]  # blocks are of 16,384
        distances[16_300:16_500] %= 32
        for place in near:
            queries[place] = flipped(rows[sources[place]], rng.choice(256, distances[place], replace=False))

        found = index_of(rows, range(size), kernel).search_many(queries)

        expected = [(place, int(sources[place]), int(distances[place])) for place in near if distances[place] <= 31]
        assert list(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_many_rows_that_share_chunks_are_all_told_once(kernel):
    """Half of the rows agree in 32 bits, a tenth in 160: pairs that pass the filter at many chunks."""
    rows = hashes(2_000, seed=10)
    rows[:1000, :4] = rows[0, :4]
    rows[:200, 12:] = rows[0, 12:]
    queries = np.concatenate([rows[:40], rows[-5:], planted(rows[:200], seed=11)])

    for radius in (15, 31, 47):
        assert asked(index_of(rows, range(2_000), kernel), queries, radius) == brute(
            rows, range(2_000), queries, radius
        )


def test_equal_hashes_under_several_ids_and_several_hashes_of_one_id_are_all_told(
    kernel,
):
    rows = np.concatenate([hashes(3, seed=12)] * 3)
    ids = [5, 6, 7, 3, 6, 2**62, -4, 6, 7]

    found = index_of(rows, ids, kernel).search_many(rows[:3])

    assert found.ids.tolist() == [-4, 3, 5, 6, 6, 6, 7, 7, 2**62]
    assert found.queries.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_an_index_of_nothing_answers_nothing_and_one_of_one_is_found(kernel):
    one = hashes(1, seed=13)
    for empty in (
        index_of(np.zeros((0, 32), np.uint8), [], kernel),
        index_of([], [], kernel),
    ):
        assert asked(empty, one, 31) == asked(empty, one, 200) == []
    assert asked(index_of(one, [1], kernel), one, 31) == [(0, 1, 0)]
    assert [part.tolist() for part in index_of(one, [1], kernel).search_many([])] == [
        [],
        [],
        [],
    ]


def test_one_query_that_matches_everything_gets_everything(kernel):
    rows = np.repeat(hashes(1, seed=14), 5_000, axis=0)
    ids, apart = index_of(rows, range(5_000), kernel).search(rows[0])
    assert ids.tolist() == list(range(5_000))
    assert not apart.any()


@st.composite
def crowded(draw):
    """Few different bytes and few different bits, so that chunks agree often and in many ways."""
    byte = st.sampled_from([0, 1, 3, 255])
    base = draw(st.lists(st.lists(byte, min_size=32, max_size=32), min_size=1, max_size=6))
    rows = np.array(base, np.uint8)
    picks = draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=8))
    bits = draw(
        st.lists(
            st.sets(st.integers(0, 255), max_size=50),
            min_size=len(picks),
            max_size=len(picks),
        )
    )
    queries = np.stack([flipped(rows[pick], some) for pick, some in zip(picks, bits, strict=True)])
    return rows, queries, draw(st.integers(0, 60))


@settings(max_examples=40, deadline=None)
@given(crowded())
def test_crowded_hashes_are_told_as_brute_force_tells_them_by_every_kernel(case):
    rows, queries, radius = case
    expected = brute(rows, range(len(rows)), queries, radius)
    for kernel in all_kernels():
        assert asked(index_of(rows, range(len(rows)), kernel), queries, radius) == expected


@pytest.mark.parametrize(
    ("rows", "ids", "words"),
    [
        (np.zeros((2, 31), np.uint8), [1, 2], r"uint8\[n, 32\], not uint8\[2, 31\]"),
        (np.zeros((2, 32), np.int64), [1, 2], r"not int64\[2, 32\]"),
        (np.zeros((2, 32), np.uint8), [1], "2 hashes need ids"),
        (np.zeros((1, 32), np.uint8), [1.5], "int64"),
    ],
)
def test_arrays_of_another_shape_are_refused(rows, ids, words):
    with pytest.raises(ValueError, match=words):
        HammingIndex(rows, ids)


def test_questions_of_another_shape_are_refused(kernel):
    index = index_of(hashes(3, seed=1), [1, 2, 3], kernel)
    with pytest.raises(ValueError, match="256 bits, not 257"):
        index.search(bytes(32), 257)
    with pytest.raises(ValueError, match="one hash, not 2"):
        index.search(hashes(2, seed=1))
    with pytest.raises(ValueError, match="uint8"):
        index.search(bytes(31))
