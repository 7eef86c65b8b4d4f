import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.notes import verifier_key
from evenhand.engine.ledger.tree import Coord, leaf_hash
from evenhand.engine.ledger.verify import BrokenError, Entry, Opening, Signed, verify
from tests.unit.engine.ledger.ledgers import KEY, ORIGIN, SEED, checkpoint, ledger

SIZE = 40


def broken(lines, **kwargs):
    with pytest.raises(BrokenError) as caught:
        verify(lines, [KEY], **{"payloads": True, **kwargs})
    return caught.value


def changed(lines, seq, **fields):
    return [replace(line, **fields) if isinstance(line, Entry) and line.seq == seq else line for line in lines]


def flipped(raw, position=0):
    return raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]


def test_a_whole_ledger_is_counted():
    summary = verify(ledger(SIZE, signed_at=(7, 33), erased=(2, 5)), [KEY], payloads=True)
    assert (summary.size, summary.checkpoints, summary.signed) == (40, 2, 33)
    assert (summary.payloads, summary.erased) == (38, 2)
    assert summary.root == verify(ledger(SIZE, erased=(2, 5)), [KEY], payloads=True).root


def test_an_empty_ledger_is_whole():
    assert verify([], [KEY], payloads=True).size == 0


@given(st.integers(0, SIZE - 1), st.data())
def test_a_changed_body_is_named(seq, data):
    body = ledger(SIZE)[seq].body
    position = data.draw(st.integers(0, len(body) - 1))
    found = broken(changed(ledger(SIZE), seq, body=flipped(body, position)))
    assert (found.seq, found.what) == (seq, "its body does not hash to its leaf: one of the two was changed")


@given(st.integers(0, SIZE - 1), st.integers(0, 31), st.data())
def test_a_changed_node_is_named_with_the_entry_that_completed_it(seq, position, data):
    nodes = dict(ledger(SIZE)[seq].nodes)
    coord = data.draw(st.sampled_from(sorted(nodes)))
    found = broken(changed(ledger(SIZE), seq, nodes=nodes | {coord: flipped(nodes[coord], position)}))
    assert found.seq == seq
    assert "leaf" in found.what if coord.level == 0 else f"level {coord.level}, index {coord.idx} is not" in found.what


def test_a_missing_node_is_named():
    nodes = dict(ledger(SIZE)[7].nodes) | {Coord(2, 1): None}
    assert str(broken(changed(ledger(SIZE), 7, nodes=nodes))) == "entry 7: the node at level 2, index 1 is missing"


@given(st.integers(0, SIZE - 2))
def test_a_missing_entry_is_named(seq):
    lines = ledger(SIZE)
    del lines[seq]
    assert str(broken(lines)) == f"entry {seq}: it is missing; entry {seq + 1} comes in its place"


def test_two_entries_that_changed_places_are_named():
    lines = ledger(SIZE)
    lines[4], lines[5] = lines[5], lines[4]
    assert broken(lines).seq == 4


def test_a_body_that_claims_another_number_is_named():
    body = ledger(SIZE)[5].body
    lines = [replace(ledger(SIZE)[0], body=body, nodes={})]
    assert str(broken(lines)) == "entry 0: its body says that it is entry 5"


def test_something_else_than_an_entry_is_named():
    assert "the body is not that of an entry" in broken([Entry(seq=0, body=b"{}")]).what


def test_a_column_that_says_something_else_than_the_body_is_named():
    found = broken(changed(ledger(SIZE), 3, columns={"act": "undo"}))
    assert str(found) == "entry 3: its column act says 'undo', its body 'decision'"


@given(st.integers(0, SIZE - 1), st.booleans())
def test_a_changed_payload_or_salt_is_named(seq, salt):
    opening = ledger(SIZE)[seq].opening
    other = Opening(flipped(opening.salt), opening.payload) if salt else Opening(opening.salt, flipped(opening.payload))
    found = broken(changed(ledger(SIZE), seq, opening=other))
    assert (found.seq, found.what) == (seq, "its payload is not the one to which its body commits")


def test_a_payload_that_cannot_be_opened_is_named():
    found = broken(changed(ledger(SIZE), 9, opening=None, unreadable="the seal is broken"))
    assert str(found) == "entry 9: its payload cannot be opened: the seal is broken"


def test_a_missing_payload_is_named_unless_an_entry_says_that_it_was_erased():
    found = broken(changed(ledger(SIZE), 9, opening=None))
    assert str(found) == "entry 9: its payload is missing, and no entry says that it was erased"


def test_an_erasure_that_did_not_happen_is_named():
    lines = changed(ledger(SIZE, erased=(9,)), 9, opening=ledger(SIZE)[9].opening)
    assert str(broken(lines)) == "entry 9: entry 39 says that the payload of entry 9 was erased: it was not"


def test_an_erasure_of_what_is_not_there_is_named():
    assert broken(ledger(SIZE, erased=(99,))).seq == 39


def test_payloads_are_not_asked_of_a_copy_without_them():
    lines = [replace(line, opening=None) for line in ledger(SIZE, erased=(2,))]
    summary = verify(lines, [KEY], payloads=False)
    assert (summary.size, summary.payloads, summary.erased) == (SIZE, 0, 0)


@given(st.data())
def test_a_changed_checkpoint_is_named(data):
    lines = ledger(SIZE, signed_at=(7, 33))
    note = lines[7].note
    position = data.draw(st.integers(0, len(note) - 1))
    lines[7] = Signed(note[:position] + chr(ord(note[position]) ^ 1) + note[position + 1 :])
    found = broken(lines)
    assert found.seq == 6
    assert found.what.startswith("the checkpoint after it does not hold: ")


def test_a_checkpoint_by_another_key_is_named():
    note = Checkpoint(ORIGIN, 7, checkpoint(7).root).sign(bytes(32))
    found = broken([*ledger(7), Signed(note)])
    assert found.seq == 6
    assert f"not signed by any key that you trust, but by {ORIGIN}+" in found.what


def test_a_key_that_was_replaced_still_opens_the_old_checkpoints():
    later = verifier_key(ORIGIN, bytes(32))
    lines = [*ledger(7), Signed(checkpoint(7).sign(SEED)), *ledger(9)[7:], Signed(checkpoint(9).sign(bytes(32)))]
    assert verify(lines, [KEY, later], payloads=True).checkpoints == 2


def test_entries_rewritten_with_all_their_nodes_are_betrayed_by_the_checkpoint():
    rewritten = replace(ledger(SIZE)[9], body=ledger(SIZE)[9].body.replace(b"otter", b"stoat"), nodes={})
    lines = ledger(SIZE, signed_at=(7, 33))
    lines = [rewritten if isinstance(line, Entry) and line.seq == 9 else line for line in lines]
    lines = [replace(line, nodes={}) if isinstance(line, Entry) else line for line in lines]
    assert str(broken(lines)) == "entry 7: the entries 7 to 32 are not those that were signed"


def test_a_tail_that_was_cut_off_is_betrayed_by_the_checkpoint():
    lines = [*ledger(20), ledger(SIZE, signed_at=(33,))[33]]
    assert str(broken(lines)) == "entry 20: it is missing: a checkpoint was signed over 33 entries"


def test_a_checkpoint_in_the_wrong_place_is_named():
    lines = [*ledger(9), Signed(checkpoint(7).sign(SEED))]
    assert str(broken(lines)) == "entry 7: a checkpoint over 7 entries stands after 9 of them"


def test_a_checkpoint_kept_elsewhere_agrees_with_the_ledger_that_grew_from_it():
    held = [checkpoint(7), checkpoint(40)]
    assert verify(ledger(SIZE), [KEY], payloads=True, held=held).size == SIZE


def test_a_checkpoint_kept_elsewhere_betrays_a_tail_cut_off_with_its_checkpoints():
    found = broken(ledger(20), held=[checkpoint(33)])
    assert str(found) == "entry 20: it is missing: the checkpoint that you hold covers 33 entries"


def test_a_checkpoint_kept_elsewhere_betrays_a_history_written_anew():
    found = broken(ledger(SIZE, erased=(30,)), held=[Checkpoint(ORIGIN, 7, leaf_hash(b"other"))])
    assert str(found) == "entry 0: the first 7 entries are not those of the checkpoint that you hold"
