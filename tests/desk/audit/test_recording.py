"""What `record` keeps, and what it refuses."""

import json
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from evenhand.desk.audit import queries
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.models import Entry, Node, Payload
from evenhand.desk.audit.services import RecordError, record, record_all
from evenhand.desk.fields import now_micros
from evenhand.engine.ledger.tree import leaf_hash, root
from tests.desk.audit.acts import REASON, decide


@pytest.mark.django_db
def test_an_act_becomes_an_entry_with_its_body_its_nodes_and_its_sealed_payload():
    before = now_micros()
    seq = record(Act.DECISION, actor="user:calm-otter", obj="case:17", payload={"reason": REASON}, policy_version=3)
    entry = Entry.objects.get(seq=seq)
    body = json.loads(entry.body)
    assert (body["act"], body["actor"], body["obj"]) == ("decision", "user:calm-otter", "case:17")
    assert (body["seq"], body["v"], body["policy_ver"]) == (0, 1, 3)
    assert before <= body["ts"] <= now_micros()
    assert len(body["commit"]) == 64
    assert bytes(Node.objects.get(level=0, idx=0).hash) == leaf_hash(entry.body.encode())
    assert REASON.encode() not in bytes(Payload.objects.get(seq=seq).sealed)


@pytest.mark.django_db
def test_without_a_payload_there_is_nothing_to_commit_to():
    seq = record(Act.KEY_REVOKED, actor="system:cli", obj="key:shop")
    assert json.loads(queries.entry(seq).body)["commit"] is None
    assert not Payload.objects.exists()


@pytest.mark.django_db
def test_the_body_holds_nothing_of_the_payload():
    decide(1)
    assert "Ada" not in Entry.objects.get().body


@pytest.mark.django_db
def test_entries_are_numbered_from_zero_without_gaps():
    assert [record(Act.UNDO, actor="user:calm-otter", obj=f"case:{n}") for n in range(5)] == [0, 1, 2, 3, 4]
    assert decide(3) == 5
    assert queries.size() == 8


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 2, 3, 7, 1500])
def test_one_by_one_or_many_at_once_give_the_same_nodes(batch):
    for _ in range(3):
        decide(batch, payload=False)
    size = queries.size()
    assert size == 3 * batch
    assert Node.objects.count() == 2 * size - size.bit_count()
    assert queries.verify().root == root(size, queries.nodes)


@pytest.mark.django_db
def test_recording_one_act_takes_few_statements(django_assert_num_queries):
    decide(5)
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 4):
        record(Act.DECISION, actor="user:calm-otter", obj="case:17", payload={"reason": REASON})


@pytest.mark.django_db
def test_nothing_to_record_is_nothing_written():
    decide(2)
    assert record_all([]) == range(2, 2)
    assert queries.size() == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RecordError, match=r"belongs inside transaction\.atomic\(\)"):
        record(Act.UNDO, actor="user:calm-otter", obj="case:17")
    assert queries.size() == 0


def _record_and_roll_back():
    with transaction.atomic():
        record(Act.UNDO, actor="user:calm-otter", obj="case:17")
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap():
    decide(3)
    _record_and_roll_back()
    assert decide(1) == 3
    assert queries.verify().size == 4


@pytest.mark.django_db
def test_a_savepoint_that_is_rolled_back_leaves_no_gap():
    decide(3)
    _record_and_roll_back()
    assert decide(2) == 3
    assert queries.verify().size == 5


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_time_get_a_number_each():
    start = Barrier(4)

    def work():
        start.wait()
        for _ in range(10):
            decide(1)
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queries.verify().size == 40


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["", "calm-otter", "user:", "user:ada@example.com", "user:a\nb", "user:" + "a" * 121])
def test_an_actor_of_the_wrong_form_is_refused(actor):
    with pytest.raises(RecordError, match="the actor is user:…, key:… or system:…"):
        record(Act.UNDO, actor=actor, obj="case:17")
    assert queries.size() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "obj", ["", "17", "case:", "Case:17", "user:ada@example.com", "case:\x00", "case:" + "1" * 221]
)
def test_an_object_of_the_wrong_form_is_refused(obj):
    with pytest.raises(RecordError, match="the object is kind:id"):
        record(Act.UNDO, actor="user:calm-otter", obj=obj)
    assert queries.size() == 0


@pytest.mark.django_db
def test_an_act_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="'guess' is not a valid Act"):
        record("guess", actor="user:calm-otter", obj="case:17")


@pytest.mark.django_db
@pytest.mark.parametrize("payload", [{"n": 2**53}, {"n": float("nan")}, {"s": {1}}, {"s": "\ud800"}])
def test_a_payload_without_a_canonical_form_is_refused(payload):
    with pytest.raises(RecordError, match="the payload cannot be recorded"):
        record(Act.DECISION, actor="user:calm-otter", obj="case:17", payload=payload)
    assert queries.size() == 0


@pytest.mark.django_db
def test_a_text_that_is_no_unicode_is_refused():
    with pytest.raises(ValueError, match="half a surrogate pair"):
        record(Act.UNDO, actor="user:calm-otter", obj="case:\ud800")
