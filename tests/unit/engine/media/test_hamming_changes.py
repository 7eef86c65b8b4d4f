"""What is added is found at once, what is removed is not, and building anew changes no answer."""

from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.media import HammingIndex
from evenhand.engine.media.hamming.added import ROOM
from tests.unit.engine.media.hamming_kernels import NAMES, asked, brute, flipped, hashes, index_of, kernel_named


@pytest.fixture(params=NAMES)
def kernel(request):
    return kernel_named(request.param)


def test_an_added_hash_is_found_at_once_and_a_removed_one_is_not(kernel):
    rows = hashes(100, seed=1)
    index = index_of(rows[:50], range(50), kernel)
    near = flipped(rows[70], range(31))

    index.add(rows[70], [70])
    assert index.search(near)[0].tolist() == [70]
    assert index.remove([70]) == 1
    assert index.search(near)[0].tolist() == []

    assert index.remove([3, 999]) == 1
    assert index.search(rows[3])[0].tolist() == []
    assert index.remove([3]) == 0
    assert len(index) == 49


def test_an_id_may_have_several_hashes_and_replacing_puts_the_new_one_in_the_place_of_all(kernel):
    rows = hashes(3, seed=5)
    index = index_of(rows[:1], [7], kernel)
    index.add(rows[1:2], [7])
    assert [index.search(row)[0].tolist() for row in rows] == [[7], [7], []]
    index.add(rows[2:], [7], replace=True)
    assert [index.search(row)[0].tolist() for row in rows] == [[], [], [7]]


def test_an_id_that_was_removed_may_come_back(kernel):
    rows = hashes(3, seed=2)
    index = index_of(rows[:2], [1, 2], kernel)
    index.remove([1])
    index.add(rows[2], [1])

    for now in (index, index.compacted()):
        assert asked(now, rows, 31) == [(1, 2, 0), (2, 1, 0)]


def test_removing_an_id_takes_all_of_its_hashes(kernel):
    rows = hashes(6, seed=3)
    index = index_of(rows[:4], [1, 2, 1, 1], kernel)
    index.add(rows[4:], [1, 2])

    assert index.remove([1]) == 4
    assert asked(index, rows, 31) == [(1, 2, 0), (5, 2, 0)]


def test_more_than_there_was_room_for_is_found(kernel):
    rows = hashes(ROOM + 5_000, seed=4)
    index = index_of([], [], kernel)
    index.add(rows[:ROOM], np.arange(ROOM))
    index.add(rows[ROOM:], np.arange(ROOM, len(rows)))

    found = index.search_many(rows[::500])

    assert found.ids.tolist() == list(range(0, len(rows), 500))
    assert index.wants_compaction
    assert not index.compacted().wants_compaction


def test_what_was_added_is_found_at_every_radius(kernel):
    rows = hashes(400, seed=5)
    rows[:200, :6] = rows[0, :6]
    queries = np.stack([flipped(rows[far], range(0, 2 * far, 2)) for far in range(61)])
    index = index_of(rows[:100], range(100), kernel)
    index.add(rows[100:], range(100, 400))

    for radius in (0, 15, 31, 47, 60):
        assert asked(index, queries, radius) == brute(rows, range(400), queries, radius)


def test_the_old_index_is_left_as_it_was(kernel):
    rows = hashes(4, seed=6)
    index = index_of(rows[:2], [1, 2], kernel)
    index.remove([1])
    index.add(rows[2], [3])

    fresh = index.compacted()
    fresh.remove([2])
    fresh.add(rows[3], [4])

    assert asked(index, rows, 31) == [(1, 2, 0), (2, 3, 0)]
    assert index.changed == 2
    assert asked(fresh, rows, 31) == [(2, 3, 0), (3, 4, 0)]


def test_what_changed_while_it_was_built_anew_comes_over(kernel):
    rows = hashes(6, seed=7)
    index = index_of(rows[:3], [0, 1, 2], kernel)
    index.add(rows[3], [3])

    fresh = index.compacted()
    index.add(rows[4:], [4, 5])
    index.remove([0, 4])
    fresh.catch_up(index)
    fresh.catch_up(index)

    assert asked(fresh, rows, 31) == asked(index, rows, 31)
    assert len(fresh) == len(index) == 4


change = st.one_of(
    st.tuples(
        st.just("add"),
        st.integers(0, 9),
        st.lists(st.integers(0, 7), min_size=1, max_size=4),
    ),
    st.tuples(st.just("remove"), st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3)),
    st.tuples(st.just("compact"), st.just(0), st.just([])),
    st.tuples(st.just("through arrays"), st.just(0), st.just([])),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(change, max_size=12), st.sampled_from(NAMES))
def test_any_history_gives_the_answers_of_a_list_that_was_changed_the_same_way(history, name):
    kernel = kernel_named(name)
    pool = hashes(8, seed=8)
    pool[4:] = [flipped(row, range(20)) for row in pool[:4]]
    index, kept = index_of([], [], kernel), []
    for what, number, some in history:
        if what == "add":
            index.add(pool[some], [number] * len(some))
            kept += [(number, one) for one in some]
        elif what == "remove":
            index.remove(some)
            kept = [pair for pair in kept if pair[0] not in some]
        elif what == "compact":
            index = index.compacted()
        else:
            index = HammingIndex.from_arrays(index.to_arrays(), kernels=kernel)
        rows = pool[[one for _, one in kept]]
        assert len(index) == len(kept)
        assert asked(index, pool, 31) == brute(rows, [number for number, _ in kept], pool, 31)


@pytest.mark.parametrize("name", NAMES)
def test_a_search_beside_an_addition_misses_nothing_that_was_there_before_it(name):
    rows = hashes(20_000, seed=9)
    index = index_of(rows[:1_000], range(1_000), kernel_named(name))
    index.add(rows[1_000:1_001], [1_000])
    done, missed = [], []

    def ask():
        while not done:
            before = len(index)
            found = set(index.search_many(rows[:before:97]).ids.tolist())
            missed.extend(set(range(0, before, 97)) - found)

    asking = Thread(target=ask)
    asking.start()
    for first in range(1_001, 20_000, 50):
        end = min(first + 50, 20_000)
        index.add(rows[first:end], range(first, end))
    done.append(1)
    asking.join()
    assert missed == []
    assert index.search_many(rows).ids.tolist() == list(range(20_000))
