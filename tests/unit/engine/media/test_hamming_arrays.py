"""The index as plain arrays: the same whichever kernel made them, and refused where they cannot be an index."""

import numpy as np
import pytest

from evenhand.engine.media.hamming import Damaged, HammingIndex, kernels
from tests.unit.engine.media.hamming_kernels import NAMES, all_kernels, asked, hashes, index_of, kernel_named


def arrays():
    return index_of(hashes(50, seed=1), range(50), kernels.fastest()).to_arrays()


def test_arrays_come_back_as_the_same_index_with_every_kernel():
    rows = hashes(50, seed=1)
    for maker in all_kernels():
        made = index_of(rows, range(50), maker).to_arrays()
        for name, array in arrays().items():
            assert np.array_equal(made[name], array)
            made[name].flags.writeable = False
        for reader in all_kernels():
            index = HammingIndex.from_arrays(made, kernels=reader)
            index.add(rows[0], [99])
            index.remove([1])
            assert asked(index, rows[:3], 31) == [(0, 0, 0), (0, 99, 0), (2, 2, 0)]


def test_to_arrays_has_what_was_changed():
    index = index_of(hashes(5, seed=1), range(5), kernels.fastest())
    index.remove([2])
    index.add(hashes(1, seed=2), [1])
    assert index.to_arrays()["ids"].tolist() == [0, 1, 1, 3, 4]


def test_an_index_of_one_comes_back_and_is_found():
    row = hashes(1, seed=3)
    again = HammingIndex.from_arrays(index_of(row, [7], kernels.fastest()).to_arrays())
    assert asked(again, row, 31) == [(0, 7, 0)]


def _change(name, change):
    broken = arrays()
    broken[name] = change(broken[name].copy())
    return broken


def _at(place, value):
    def change(array):
        array[place] = value
        return array

    return change


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (_change("hashes", lambda rows: rows[:, :31]), r"hashes is uint8\[50, 31\]"),
        (
            _change("hashes", lambda rows: rows[:-1]),
            r"hashes is uint8\[49, 32\], not uint8\[50, 32\]",
        ),
        (_change("near", lambda rows: rows.astype(np.int32)), "near is int32"),
        (_change("rows", np.asfortranarray), "rows is"),
        (_change("starts", _at((3, 0), 1)), "starts do not run from 0 to 50"),
        (_change("starts", _at((3, -1), 51)), "starts do not run from 0 to 50"),
        (_change("starts", _at((3, 9), 50)), "starts do not ascend"),
        (_change("ids", _at(0, 7)), "ids do not ascend"),
        ({}, "not none"),
        ({"hashes": 1}, "not hashes"),
    ],
)
def test_arrays_that_cannot_be_an_index_are_refused_with_the_reason(broken, words):
    with pytest.raises(Damaged, match=words.replace("(", r"\(")):
        HammingIndex.from_arrays(broken)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_names_a_row_that_is_not_there_ends_the_search_and_not_the_process(name):
    rows = hashes(50, seed=1)
    broken = _change("rows", lambda numbers: np.full_like(numbers, 2**32 - 1))
    index = HammingIndex.from_arrays(broken, kernels=kernel_named(name))
    with pytest.raises(ValueError, match="damaged"):
        index.search(rows[0])


def test_no_level_is_used_that_the_processor_does_not_have():
    if kernels.native() is None:
        pytest.skip("the C extension was not built here")
    with pytest.raises(ValueError, match="level"):
        kernels.native(99)


def test_an_entry_takes_at_most_192_bytes_in_a_bank_of_a_million():
    """Counted, not measured: 168 for each, and 4 MB for all."""
    small = index_of(hashes(1000, seed=1), range(1000), kernels.fastest())
    starts = small.to_arrays()["starts"].nbytes
    each = (small.nbytes - starts) / 1000
    assert each + starts / 1_000_000 <= 192
