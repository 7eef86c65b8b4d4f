"""What a person does about deliveries, and that the ledger tells."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.queries import entries as ledger
from evenhand.desk.enforcement.models import ActionTaken, Decision, Delivery, DestinationState
from evenhand.desk.enforcement.services import (
    CannotCancel,
    CannotReplay,
    cancel,
    deliver,
    disable,
    enable,
    enqueue_test,
    replay,
    replay_all,
)
from tests.desk.enforcement.conftest import Bench, put, row, state
from tests.support.liars import answer

ACTOR = "user:calm-otter"


def kill(message: str) -> str:
    Delivery.objects.filter(message_id=message).update(state="dead", attempts=10, rejections=3)
    return message


def recorded() -> list[tuple[str, str]]:
    return [(entry.act, entry.obj) for entry in ledger.page().rows]


def test_a_dead_message_is_replayed_under_its_old_id(bench: Bench) -> None:
    bench.receiver(answer(200))
    message = kill(put())
    replay(message, actor=ACTOR)
    bench.deliver(lambda: state(message) == "delivered")
    assert row(message).attempts == 11
    assert recorded()[-1] == (Act.DELIVERY_REPLAYED, f"delivery:{message}")


def test_a_replayed_message_has_the_whole_schedule_before_it(bench: Bench) -> None:
    bench.receiver(answer(503))
    message = kill(put())
    replay(message, actor=ACTOR)
    bench.deliver(lambda: state(message) == "dead")
    assert row(message).attempts == 10 + 5


def test_a_replay_does_not_wait_for_the_breaker(bench: Bench) -> None:
    bench.receiver(answer(200))
    message = kill(put())
    later = timezone.now() + timedelta(hours=1)
    DestinationState.objects.create(destination="app", failures=50, open_until=later)
    replay(message, actor=ACTOR)
    bench.deliver(lambda: state(message) == "delivered")


@pytest.mark.parametrize("now", ["pending", "waiting", "delivered", "cancelled"])
def test_only_what_is_dead_is_replayed(db, now: str) -> None:
    message = put()
    Delivery.objects.update(state=now)
    with pytest.raises(CannotReplay, match=message):
        replay(message, actor=ACTOR)
    with pytest.raises(CannotReplay, match="msg_none"):
        replay("msg_none", actor=ACTOR)
    assert state(message) == now
    assert recorded() == []


def test_what_was_taken_back_since_is_not_replayed(db) -> None:
    now = timezone.now()
    decision = Decision.objects.create(
        uid="d1", kind="act", item_type="post", item_id="p1", decided_at=now, effective_at=now
    )
    action = ActionTaken.objects.create(uid="a1", decision=decision, action="remove", item_type="post", item_id="p1")
    message, other = kill(put()), kill(put())
    Delivery.objects.filter(message_id=message).update(action=action)
    ActionTaken.objects.create(
        uid="a2", decision=decision, action="restore", item_type="post", item_id="p1", undoes=action
    )
    with pytest.raises(CannotReplay, match="taken back"):
        replay(message, actor=ACTOR)
    assert replay_all("app", actor=ACTOR) == 1
    assert (state(message), state(other)) == ("dead", "pending")


def test_all_dead_messages_of_a_destination_are_replayed_with_one_entry(db) -> None:
    for _ in range(3):
        kill(put())
    other = kill(put("other"))
    assert replay_all("app", actor=ACTOR) == 3
    assert replay_all("app", actor=ACTOR) == 0
    assert state(other) == "dead"
    assert recorded() == [(Act.DELIVERY_REPLAYED, "destination:app")]


@pytest.mark.parametrize("waiting", [True, False])
def test_what_has_not_left_can_be_called_off(db, waiting: bool) -> None:
    message = put(waiting=waiting)
    cancel(message, actor=ACTOR)
    assert state(message) == "cancelled"
    assert recorded() == [(Act.DELIVERY_CANCELLED, f"delivery:{message}")]


def test_what_is_leaving_or_through_cannot_be_called_off(db) -> None:
    leaving, through = put(), put(due=60)
    deliver.claim("app", most=1, lease=timedelta(seconds=10))
    Delivery.objects.filter(message_id=through).update(state="delivered")
    for message in (leaving, through, "msg_none"):
        with pytest.raises(CannotCancel, match=message):
            cancel(message, actor=ACTOR)
    assert recorded() == []


def test_a_destination_is_switched_off_and_on_again_once(db) -> None:
    message = put()
    assert disable("app", actor=ACTOR, reason="moving house")
    assert not disable("app", actor=ACTOR, reason="again")
    assert deliver.ready(["app"]) == []
    assert enable("app", actor=ACTOR)
    assert not enable("app", actor=ACTOR)
    [mine] = deliver.claim("app", most=1, lease=timedelta(0))
    assert mine.message_id == message
    assert recorded() == [(Act.DESTINATION_ENABLED, "destination:app"), (Act.DESTINATION_DISABLED, "destination:app")]


def test_enabling_sends_what_waited_for_its_next_attempt_but_not_what_can_still_be_undone(db) -> None:
    failed, fresh = put(due=3600), put(due=3600)
    Delivery.objects.filter(message_id=failed).update(attempts=4)
    disable("app", actor=ACTOR, reason="")
    enable("app", actor=ACTOR)
    assert row(failed).due_at <= timezone.now()
    assert row(fresh).due_at > timezone.now()


def test_a_test_message_decides_nothing_and_can_be_claimed_past_the_breaker(db) -> None:
    DestinationState.objects.create(destination="app", failures=9, open_until=timezone.now() + timedelta(hours=1))
    message = enqueue_test("app")
    assert deliver.ready(["app"]) == []
    assert deliver.claim_one(message, lease=timedelta(seconds=9)).kind == "test"
    assert deliver.claim_one(message, lease=timedelta(seconds=9)) is None
