"""Sets of exact hashes answer as a dictionary would."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.media import ExactSet
from evenhand.engine.media.hamming import Damaged


def digests(kind, *texts):
    return np.stack([np.frombuffer(hashlib.new(kind, text.encode()).digest(), np.uint8) for text in texts])


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_a_listed_value_is_found_under_all_of_its_ids_and_no_other_is(kind):
    listed = ExactSet(digests(kind, "a", "b", "a"), [7, 8, 3])
    assert listed.find(digests(kind, "a")[0].tobytes()).tolist() == [3, 7]
    assert listed.find(digests(kind, "b")[0].tobytes()).tolist() == [8]
    assert listed.find(digests(kind, "c")[0].tobytes()).tolist() == []
    many = listed.find_many(digests(kind, "c", "b", "a"))
    assert many.queries.tolist() == [1, 2, 2]
    assert many.ids.tolist() == [8, 3, 7]


def test_values_that_begin_alike_are_told_apart_by_their_last_byte():
    rows = np.zeros((5, 20), np.uint8)
    rows[:, -1] = [4, 1, 3, 1, 255]
    listed = ExactSet(rows, range(5))
    assert listed.find_many(rows).ids.tolist() == [0, 1, 3, 2, 1, 3, 4]
    assert listed.find(bytes(20)).tolist() == []


def test_nothing_listed_is_nothing_found():
    empty = ExactSet(np.zeros((0, 16), np.uint8), [])
    assert empty.find(bytes(16)).tolist() == []
    empty.add([bytes(16)], [1])
    assert empty.find(bytes(16)).tolist() == [1]
    assert empty.find_many([]).ids.tolist() == []


def test_a_value_of_another_width_is_refused():
    listed = ExactSet(np.zeros((1, 16), np.uint8), [1])
    for ask in (listed.find, lambda value: listed.add([value], [1])):
        with pytest.raises(ValueError, match="16 bytes"):
            ask(bytes(20))
    with pytest.raises(ValueError, match="at least 8"):
        ExactSet(np.zeros((1, 7), np.uint8), [1])


change = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 5), st.lists(st.integers(0, 5), max_size=4)),
    st.tuples(st.just("remove"), st.just(0), st.lists(st.integers(0, 5), max_size=3)),
    st.tuples(st.just("compact"), st.just(0), st.just([])),
    st.tuples(st.just("through arrays"), st.just(0), st.just([])),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(change, max_size=12))
def test_any_history_gives_the_answers_of_a_list_that_was_changed_the_same_way(history):
    pool = digests("md5", "a", "b", "c", "d", "e", "f")
    pool[3:, :10] = pool[0, :10]
    listed, kept = ExactSet(pool[:0], []), []
    for what, number, some in history:
        if what == "add":
            listed.add(pool[some], [number] * len(some))
            kept += [(one, number) for one in some]
        elif what == "remove":
            gone = listed.remove(some)
            left = [pair for pair in kept if pair[1] not in some]
            assert gone == len(kept) - len(left)
            kept = left
        elif what == "compact":
            listed = listed.compacted()
        else:
            listed = ExactSet.from_arrays(listed.to_arrays())
        found = listed.find_many(pool)
        assert list(zip(found.queries.tolist(), found.ids.tolist(), strict=True)) == sorted(kept)
        assert len(listed) == len(kept)
        for place, value in enumerate(pool):
            assert listed.find(value.tobytes()).tolist() == found.ids[found.queries == place].tolist()


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("heads", lambda array: array[::-1].copy(), "heads do not ascend"),
        ("heads", lambda array: array[:-1], "rows"),
        ("tails", lambda array: array.astype(np.int8), "int8"),
        ("ids", lambda array: array[:-1], "rows"),
    ],
)
def test_arrays_that_cannot_be_a_set_are_refused(name, change, words):
    arrays = ExactSet(digests("md5", "a", "b", "c"), range(3)).to_arrays()
    arrays[name] = change(arrays[name])
    with pytest.raises(Damaged, match=words):
        ExactSet.from_arrays(arrays)
    with pytest.raises(Damaged, match="not none"):
        ExactSet.from_arrays({})
