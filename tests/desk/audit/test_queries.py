"""What can be asked: pages of entries, proofs."""

import pytest

from evenhand.desk.audit import keys, queries, services
from evenhand.desk.audit.acts import Act
from evenhand.engine.ledger import checkpoints, prooffiles
from evenhand.engine.ledger.proofs import ProofError, check_consistency, check_inclusion
from evenhand.engine.ledger.tree import leaf_hash, root
from tests.desk.audit.acts import decide

pytestmark = pytest.mark.django_db


def seqs(**wanted):
    return [row.seq for row in queries.page(**wanted).rows]


def test_entries_come_newest_first_with_all_that_their_bodies_say():
    decide(3)
    row = queries.page().rows[0]
    assert (row.seq, row.act, row.actor, row.obj, row.policy_version) == (
        2, "decision", "user:calm-otter", "case:2", 3,
    )  # fmt: skip
    assert row.at.tzinfo is not None
    assert len(row.commit) == 64


def test_pages_follow_each_other_by_cursor():
    decide(7)
    first = queries.page(limit=3)
    second = queries.page(limit=3, before=first.before)
    last = queries.page(limit=3, before=second.before)
    assert [row.seq for page in (first, second, last) for row in page.rows] == [6, 5, 4, 3, 2, 1, 0]
    assert last.before is None


def test_a_page_that_is_just_full_is_the_last():
    decide(3)
    assert queries.page(limit=3).before is None


def test_entries_are_found_by_act_actor_and_object_together():
    decide(3)
    services.record(Act.UNDO, actor="user:calm-otter", obj="case:1")
    services.record(Act.UNDO, actor="key:shop", obj="case:2")
    assert seqs(act="undo") == [4, 3]
    assert seqs(actor="user:calm-otter", obj="case:1") == [3, 1]
    assert seqs(act="undo", actor="key:shop", obj="case:2") == [4]
    assert seqs(act="erased") == []


def test_a_page_takes_one_query(django_assert_num_queries):
    decide(60)
    with django_assert_num_queries(1):
        queries.page(act="decision")


@pytest.mark.parametrize("seq", [3, -1, 10**30])
def test_an_entry_that_is_not_there_is_told(seq):
    decide(3)
    with pytest.raises(queries.NoSuchEntryError, match=f"There is no entry {seq} in the ledger"):
        queries.entry(seq)


def test_every_entry_has_a_proof_under_the_last_checkpoint():
    decide(21)
    signed = services.checkpoint()
    for seq in range(21):
        file = prooffiles.parse(str(queries.proof_file(seq)))
        assert file.check([keys.verifier()]) == signed
        assert file.body.decode() == queries.entry(seq).body


def test_an_entry_behind_the_last_checkpoint_has_no_proof_yet():
    with pytest.raises(queries.NoSuchEntryError):
        queries.proof_file(0)
    decide(1)
    with pytest.raises(queries.NotSignedYetError, match="Nothing is signed yet"):
        queries.proof_file(0)
    services.checkpoint()
    decide(1)
    with pytest.raises(queries.NotSignedYetError, match="Entry 1 is not signed yet"):
        queries.proof_file(1)


def test_proofs_from_the_database_hold_at_every_size():
    decide(33)
    leaf = leaf_hash(queries.entry(5).body.encode())
    for size in range(6, 34):
        check_inclusion(5, size, leaf, queries.inclusion_proof(5, size), root(size, queries.nodes))
        check_consistency(
            5, size, queries.consistency_proof(5, size), root(5, queries.nodes), root(size, queries.nodes)
        )


def test_growth_is_not_proved_from_more_than_is_signed():
    with pytest.raises(queries.NotSignedYetError):
        queries.growth_file(0)
    decide(3)
    services.checkpoint()
    with pytest.raises(ProofError, match="a tree of 4 entries is not the beginning of one of 3"):
        queries.growth_file(4)


def test_a_proof_takes_few_queries(django_assert_num_queries):
    decide(300)
    services.checkpoint()
    with django_assert_num_queries(3):
        queries.proof_file(100)


def test_the_state_names_the_last_checkpoint():
    decide(3)
    services.checkpoint()
    assert checkpoints.parse(queries.latest_note()).size == queries.state().signed == 3
