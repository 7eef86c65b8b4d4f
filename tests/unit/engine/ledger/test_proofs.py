import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evenhand.engine.ledger.proofs import (
    ProofError,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    root_from_inclusion,
)
from evenhand.engine.ledger.tree import EMPTY_ROOT, leaf_hash, root
from tests.unit.engine.ledger.test_tree import VECTOR_LEAVES, VECTOR_ROOTS
from tests.unit.engine.ledger.trees import defined_root, leaves, stored

MOST = 130
VECTOR = stored([leaf_hash(bytes.fromhex(leaf)) for leaf in VECTOR_LEAVES])[0]
ALL = leaves(MOST)
STORE = stored(ALL)[0]
ROOTS = [defined_root(ALL[:size]) for size in range(MOST + 1)]

pairs = st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))
hashes = st.binary(min_size=32, max_size=32)
strange_sizes = st.integers(-2, 20) | st.integers(-2, 2**70)


def test_the_inclusion_proof_is_that_of_the_certificate_transparency_vectors():
    assert [step.hex() for step in inclusion(0, 8, VECTOR)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        (1, 1, []),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_consistency_proofs_are_those_of_the_certificate_transparency_vectors(old, new, steps):
    proof = consistency(old, new, VECTOR)
    assert [step.hex() for step in proof] == steps
    check_consistency(old, new, proof, bytes.fromhex(VECTOR_ROOTS[old - 1]), bytes.fromhex(VECTOR_ROOTS[new - 1]))


def test_every_entry_of_every_small_tree_is_proved():
    for size in range(1, 66):
        for index in range(size):
            check_inclusion(index, size, ALL[index], inclusion(index, size, STORE), ROOTS[size])


def test_every_small_tree_is_proved_to_begin_every_later_one():
    for new in range(66):
        for old in range(new + 1):
            check_consistency(old, new, consistency(old, new, STORE), ROOTS[old], ROOTS[new])


@given(pairs, st.data())
def test_an_inclusion_proof_fails_for_every_other_leaf(pair, data):
    index, size = pair
    proof = inclusion(index, size, STORE)
    other = data.draw(st.integers(0, MOST - 1).filter(lambda number: number != index) | hashes)
    leaf = ALL[other] if isinstance(other, int) else other
    with pytest.raises(ProofError):
        check_inclusion(index, size, leaf, proof, ROOTS[size])


@given(pairs, st.integers(0, MOST - 1))
def test_an_inclusion_proof_fails_at_every_other_place(pair, elsewhere):
    index, size = pair
    assume(elsewhere != index)
    with pytest.raises(ProofError):
        check_inclusion(elsewhere, size, ALL[index], inclusion(index, size, STORE), ROOTS[size])


@given(pairs, st.data())
def test_a_proof_with_any_bit_turned_fails(pair, data):
    index, size = pair
    assume(size > 1)
    proof = inclusion(index, size, STORE)
    step, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    turned = int.from_bytes(proof[step]) ^ (1 << bit)
    proof[step] = turned.to_bytes(32)
    with pytest.raises(ProofError):
        check_inclusion(index, size, ALL[index], proof, ROOTS[size])


@given(pairs, hashes)
def test_a_proof_that_is_too_long_or_too_short_is_told_so(pair, more):
    index, size = pair
    proof = inclusion(index, size, STORE)
    with pytest.raises(ProofError, match="too long"):
        check_inclusion(index, size, ALL[index], [*proof, more], ROOTS[size])
    if proof:
        with pytest.raises(ProofError, match="too short"):
            check_inclusion(index, size, ALL[index], proof[:-1], ROOTS[size])


@given(st.integers(2, MOST), st.data())
def test_a_history_written_anew_is_not_consistent(new, data):
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*ALL[:changed], leaf_hash(b"changed"), *ALL[changed + 1 : new]]
    store = stored(rewritten)[0]
    with pytest.raises(ProofError):
        check_consistency(old, new, consistency(old, new, store), ROOTS[old], root(new, store))


@given(st.integers(2, MOST), st.data())
def test_a_consistency_proof_with_a_step_more_or_less_fails(new, data):
    old = data.draw(st.integers(1, new - 1))
    proof = consistency(old, new, STORE)
    for wrong in ([*proof, bytes(32)], proof[:-1], proof[1:]):
        with pytest.raises(ProofError):
            check_consistency(old, new, wrong, ROOTS[old], ROOTS[new])


@given(strange_sizes, strange_sizes, st.lists(st.binary(max_size=40) | hashes, max_size=70), hashes.filter(any))
@settings(max_examples=300)
def test_no_proof_however_strange_crashes_the_check_or_convinces_it(first, second, proof, anything):
    with pytest.raises(ProofError):
        check_inclusion(first, second, anything, proof, bytes(32))
    try:
        check_consistency(first, second, proof, anything, bytes(32))
    except ProofError:
        return
    assert first == 0
    assert anything == EMPTY_ROOT


def test_from_nothing_everything_is_consistent_without_a_proof():
    check_consistency(0, 5, [], EMPTY_ROOT, ROOTS[5])
    with pytest.raises(ProofError, match="must be empty"):
        check_consistency(0, 5, [bytes(32)], EMPTY_ROOT, ROOTS[5])
    with pytest.raises(ProofError, match="differ"):
        check_consistency(0, 5, [], ROOTS[1], ROOTS[5])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_no_proof_is_made_for_an_entry_that_is_not_there(index, size):
    with pytest.raises(ProofError, match=f"there is no entry {index}"):
        inclusion(index, size, STORE)
    with pytest.raises(ProofError, match=f"there is no entry {index}"):
        root_from_inclusion(index, size, ALL[0], [])


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_no_consistency_is_proved_backwards(old, new):
    with pytest.raises(ProofError, match="is not the beginning"):
        consistency(old, new, STORE)
    with pytest.raises(ProofError, match="is not the beginning"):
        check_consistency(old, new, [], bytes(32), bytes(32))
