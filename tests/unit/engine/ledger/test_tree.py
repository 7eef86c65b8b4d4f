import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.ledger.tree import (
    EMPTY_ROOT,
    Coord,
    LedgerError,
    cover,
    grow,
    leaf_hash,
    root,
    root_of,
)
from tests.unit.engine.ledger.trees import defined_root, leaves, stored

VECTOR_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The test vectors of the Certificate Transparency project for RFC 6962."""

sizes = st.integers(0, 300)


def test_the_empty_tree_has_the_hash_of_nothing():
    store, _ = stored([])
    assert root(0, store) == EMPTY_ROOT == root_of({})
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_certificate_transparency_vectors(size):
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in VECTOR_LEAVES[:size]]
    assert root(size, stored(hashes)[0]).hex() == VECTOR_ROOTS[size - 1]


@given(sizes)
def test_growing_leaf_by_leaf_gives_the_root_that_the_rfc_defines(size):
    hashes, peaks = leaves(size), {}
    for seq, leaf in enumerate(hashes):
        grow(peaks, seq, leaf)
    assert root_of(peaks) == defined_root(hashes) == root(size, stored(hashes)[0])


@given(st.integers(1, 300), st.data())
def test_every_earlier_root_can_still_be_computed_from_what_is_kept(size, data):
    hashes = leaves(size)
    earlier = data.draw(st.integers(0, size))
    assert root(earlier, stored(hashes)[0]) == defined_root(hashes[:earlier])


@given(sizes)
def test_an_append_keeps_one_node_more_than_its_number_has_trailing_ones(seq):
    peaks = {coord.level: bytes(32) for coord in cover(0, seq)}
    trailing_ones = (~seq & (seq + 1)).bit_length() - 1
    assert len(grow(peaks, seq, leaf_hash(b"new"))) == 1 + trailing_ones


@given(sizes)
def test_only_complete_subtrees_are_kept_and_each_one_once(size):
    kept = stored(leaves(size))[1]
    assert set(kept) == {Coord(level, idx) for level in range(10) for idx in range(size >> level)}


def test_a_missing_node_is_named():
    with pytest.raises(LedgerError, match="the node at level 1, index 0 is missing"):
        root(3, lambda _: {Coord(0, 2): bytes(32)})
