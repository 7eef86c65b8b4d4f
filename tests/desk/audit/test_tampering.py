"""Somebody who owns the database drops the triggers and changes one byte: the check names the first broken entry."""

import pytest
from django.db import connection

from evenhand.desk.audit import keys, queries, services
from evenhand.desk.audit.models import Checkpoint, Node, Payload
from evenhand.engine.ledger import checkpoints
from evenhand.engine.ledger.tree import grow, leaf_hash, root_of
from evenhand.engine.ledger.verify import BrokenError
from tests.desk.audit.acts import decide, run, steal

pytestmark = pytest.mark.django_db
SIZE = 40


@pytest.fixture(autouse=True)
def _signed_ledger(db):
    for count in (7, 9, 20):
        decide(count)
        services.checkpoint(now=True)
    decide(4)
    assert queries.verify().size == SIZE


def broken(**kwargs):
    with pytest.raises(BrokenError) as caught:
        queries.verify(**kwargs)
    return caught.value


def flipped(raw, position=0):
    return raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]


@pytest.mark.parametrize("seq", [0, 6, 7, 21, 39])
def test_a_byte_of_an_entry(seq):
    steal("UPDATE audit_entry SET body = replace(body, 'otter', 'ottes') WHERE seq = %s", seq)
    assert str(broken()) == f"entry {seq}: its body does not hash to its leaf: one of the two was changed"


def test_the_first_of_several_is_named():
    steal("UPDATE audit_entry SET body = replace(body, 'otter', 'ottes') WHERE seq IN (30, 12, 25)")
    assert broken().seq == 12


@pytest.mark.parametrize(("level", "idx", "seq"), [(0, 5, 5), (1, 2, 5), (2, 9, 39), (3, 3, 31), (5, 0, 31)])
def test_a_byte_of_a_node(level, idx, seq):
    node = bytes(Node.objects.get(level=level, idx=idx).hash)
    steal("UPDATE audit_node SET hash = %s WHERE level = %s AND idx = %s", flipped(node, 31), level, idx)
    assert broken().seq == seq


@pytest.mark.parametrize("position", [0, 12, -1])
@pytest.mark.parametrize("seq", [0, 17, 39])
def test_a_byte_of_a_payload(seq, position):
    sealed = bytes(Payload.objects.get(seq=seq).sealed)
    changed = flipped(sealed, position % len(sealed))
    steal("UPDATE audit_payload SET sealed = %s WHERE seq = %s", changed, seq)
    found = broken()
    assert found.seq == seq
    assert found.what.startswith("its payload cannot be opened: it was changed")


@pytest.mark.parametrize("position", [0, 25, 40, 120])
def test_a_byte_of_a_checkpoint(position):
    note = Checkpoint.objects.get(size=16).note
    changed = note[:position] + ("A" if note[position] != "A" else "B") + note[position + 1 :]
    steal("UPDATE audit_checkpoint SET note = %s WHERE size = 16", changed)
    found = broken()
    assert found.seq == 15
    assert found.what.startswith("the checkpoint after it does not hold:")


@pytest.mark.parametrize("column", ["act", "actor", "obj"])
def test_a_column_that_is_searched_by(column):
    steal(f"UPDATE audit_entry SET {column} = 'other' WHERE seq = 9")
    assert str(broken()).startswith(f"entry 9: its column {column} says 'other'")


def test_an_entry_taken_out():
    steal("DELETE FROM audit_entry WHERE seq = 9")
    assert str(broken()) == "entry 9: it is missing; entry 10 comes in its place"


def test_a_node_taken_out():
    steal("DELETE FROM audit_node WHERE level = 3 AND idx = 1")
    assert str(broken()) == "entry 15: the node at level 3, index 1 is missing"


def test_a_payload_taken_out():
    steal("DELETE FROM audit_payload WHERE seq = 9")
    assert str(broken()) == "entry 9: its payload is missing, and no entry says that it was erased"


def test_a_payload_put_in_the_place_of_another():
    other = bytes(Payload.objects.get(seq=8).sealed)
    steal("UPDATE audit_payload SET sealed = %s WHERE seq = 9", other)
    assert broken().seq == 9


def test_a_payload_that_was_said_to_be_erased_put_back():
    sealed = bytes(Payload.objects.get(seq=9).sealed)
    services.erase([9], actor="user:calm-otter", reason="GDPR Art. 17")
    run("INSERT INTO audit_payload (seq, sealed) VALUES (9, %s)", sealed)
    assert str(broken()) == "entry 9: entry 40 says that the payload of entry 9 was erased: it was not"


def test_payloads_sealed_with_another_key(monkeypatch):
    own = keys._secret
    monkeypatch.setattr(keys, "_secret", lambda name: bytes(32) if name == keys.PAYLOAD_KEY else own(name))
    assert str(broken()).startswith("entry 0: its payload cannot be opened: it was changed, or sealed with another")


def test_the_tail_cut_off():
    steal("DELETE FROM audit_entry WHERE seq >= 30")
    run("DELETE FROM audit_payload WHERE seq >= 30")
    assert str(broken()) == "entry 30: it is missing: a checkpoint was signed over 36 entries"


def test_the_tail_cut_off_behind_the_last_checkpoint_leaves_nodes_behind():
    steal("DELETE FROM audit_entry WHERE seq >= 38")
    run("DELETE FROM audit_payload WHERE seq >= 38")
    assert str(broken()).startswith("entry 38: there are nodes that belong to no entry")


def test_payloads_of_no_entry():
    steal("INSERT INTO audit_payload (seq, sealed) VALUES (99, %s)", bytes(80))
    assert str(broken()).startswith("entry 40: there are payloads that belong to no entry")


def test_an_entry_before_the_first():
    steal("INSERT INTO audit_entry (seq, body, act, actor, obj) VALUES (-1, '{}', 'decision', 'user:a', 'case:1')")
    assert str(broken()).startswith("entry 40: there are entries that belong to no entry")


def _rewrite(seq):
    """What the desk itself could do with its key: change an entry, hash everything anew."""
    steal(
        "UPDATE audit_entry SET body = replace(body, 'otter', 'stoat'), actor = 'user:calm-stoat' WHERE seq = %s", seq
    )
    peaks = {}
    for line in queries.lines():
        if hasattr(line, "body"):
            for coord, known in grow(peaks, line.seq, leaf_hash(line.body)):
                run("UPDATE audit_node SET hash = %s WHERE level = %s AND idx = %s", known, *coord)
    return peaks


def test_an_entry_with_all_its_nodes_is_betrayed_by_the_signature():
    _rewrite(9)
    assert str(broken()) == "entry 7: the entries 7 to 15 are not those that were signed"


def test_an_entry_with_its_nodes_and_checkpoints_is_betrayed_by_a_checkpoint_kept_elsewhere():
    kept = checkpoints.parse(Checkpoint.objects.get(size=16).note)
    peaks = _rewrite(9)
    run("DELETE FROM audit_checkpoint")
    signed = checkpoints.Checkpoint(keys.origin(), SIZE, root_of(peaks)).sign(keys.signing_seed())
    run("INSERT INTO audit_checkpoint (size, note, signed_at) VALUES (%s, %s, 0)", SIZE, signed)
    assert queries.verify().size == SIZE
    assert str(broken(held=[kept])) == "entry 0: the first 16 entries are not those of the checkpoint that you hold"


def test_nothing_is_appended_to_a_tree_that_lost_a_node():
    steal("DELETE FROM audit_node WHERE level = 5 AND idx = 0")
    with pytest.raises(ValueError, match="has lost a node: run `evenhand ledger verify`"):
        decide(1)
    assert connection.in_atomic_block
