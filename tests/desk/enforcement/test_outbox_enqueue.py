"""What is put into the outbox, and when it may leave."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import OutsideTransaction, deliver, enqueue
from tests.desk.enforcement.conftest import put, row

LEASE = timedelta(seconds=15)


def claimed(destination: str = "app", most: int = 10) -> list[str]:
    return [message.message_id for message in deliver.claim(destination, most=most, lease=LEASE)]


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction, match="msg_1"):
        enqueue("msg_1", destination="app", kind="test", payload={}, due_at=timezone.now())
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_is_gone_with_the_transaction_that_made_it() -> None:
    def fail() -> None:
        with transaction.atomic():
            enqueue("msg_1", destination="app", kind="test", payload={}, due_at=timezone.now())
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not Delivery.objects.exists()


def test_a_message_is_kept_as_json_with_sorted_keys(db) -> None:
    assert json.loads(bytes(row(put()).body))["appealDecision"] == "REJECT"
    with transaction.atomic():
        enqueue(
            "msg_x", destination="app", kind="test", payload={"b": 1, "a": {"d": 1, "c": "ä"}}, due_at=timezone.now()
        )
    assert bytes(row("msg_x").body) == '{"a":{"c":"ä","d":1},"b":1}'.encode()


def test_what_is_due_is_claimed_oldest_first_and_only_once(db) -> None:
    later, sooner = put(due=-1), put(due=-2)
    assert claimed() == [sooner, later]
    assert claimed() == []


def test_what_is_not_due_or_waits_for_a_second_person_is_not_claimed(db) -> None:
    put(due=60)
    put(waiting=True)
    assert deliver.ready(["app"]) == []
    assert claimed() == []


def test_no_more_is_claimed_than_asked_for(db) -> None:
    messages = [put(), put(), put()]
    assert claimed(most=2) == messages[:2]
    assert claimed(most=2) == messages[2:]


def test_a_destination_gets_only_its_own(db) -> None:
    put("other")
    assert deliver.ready(["app", "other"]) == ["other"]
    assert claimed("app") == []


def test_what_a_crashed_process_had_claimed_is_claimed_again_when_the_lease_is_over(db) -> None:
    message = put()
    deliver.claim("app", most=1, lease=timedelta(0))
    assert claimed() == [message]


def test_a_renewed_lease_holds(db) -> None:
    put()
    [mine] = deliver.claim("app", most=1, lease=timedelta(0))
    deliver.renew([mine.id], LEASE)
    assert claimed() == []


def test_what_is_released_can_be_claimed_again(db) -> None:
    message = put()
    [mine] = deliver.claim("app", most=1, lease=LEASE)
    deliver.release([mine.id])
    assert claimed() == [message]


def test_messages_on_one_item_leave_one_after_the_other(db) -> None:
    action, other, undo = put(item="p1"), put(item="p2"), put(item="p1")
    assert claimed() == [action, other]
    Delivery.objects.filter(message_id=action).update(state=Delivery.State.DELIVERED)
    assert claimed() == [undo]


def test_an_undo_does_not_overtake_its_action_while_that_waits_for_its_next_attempt(db) -> None:
    action = put(item="p1", due=3600)
    undo = put(item="p1")
    assert claimed() == []
    for through in (Delivery.State.DEAD, Delivery.State.CANCELLED, Delivery.State.DELIVERED):
        Delivery.objects.filter(message_id=action).update(state=through)
        [mine] = deliver.claim("app", most=5, lease=LEASE)
        assert mine.message_id == undo
        deliver.release([mine.id])


def test_what_waits_for_a_second_person_holds_nothing_up(db) -> None:
    put(item="p1", waiting=True)
    message = put(item="p1")
    assert claimed() == [message]


def test_order_is_kept_for_each_destination_on_its_own(db) -> None:
    put("app", item="p1", due=3600)
    message = put("other", item="p1")
    assert claimed("other") == [message]


def test_looking_for_work_takes_two_queries_and_no_transaction(db, django_assert_num_queries) -> None:
    put()
    with django_assert_num_queries(2):
        assert deliver.ready(["app"]) == ["app"]


@pytest.mark.django_db(transaction=True)
def test_idle_looks_do_not_write() -> None:
    with connection.execute_wrapper(_refuse_writes):
        assert deliver.ready(["app", "other"]) == []


def _refuse_writes(execute, sql, params, many, context):
    assert sql.lstrip().upper().startswith("SELECT"), sql
    return execute(sql, params, many, context)
