"""Deliveries to receivers of every sort: nothing is lost, nothing is starved, nothing is sent unsigned."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.connectors.webhooks import Sent, secret_text, verify
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.queries import entries as ledger
from evenhand.desk.enforcement.jobs import Deliverer
from evenhand.desk.enforcement.models import Attempt, Delivery, DestinationState, SigningSecret
from evenhand.desk.enforcement.services import deliver, secrets, settle
from evenhand.desk.enforcement.services.retry import Policy
from tests.desk.enforcement.conftest import FAST, Bench, put, rest, row, state, turn
from tests.support.liars import Behaviour, Liar, answer, drip, hang, lying, say
from tests.support.ports import HOST, free_port


def ids(receiver: Liar) -> list[str]:
    """The webhook-id of each request."""
    lines = (line for raw in receiver.heard for line in raw.split(b"\r\n"))
    return [line.partition(b": ")[2].decode() for line in lines if line.lower().startswith(b"webhook-id:")]


def is_delivered(*messages: str):
    return lambda: all(state(message) == "delivered" for message in messages)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last one for ever."""
    waiting = list(behaviours)

    def behave(connection: socket.socket) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(connection)

    return behave


def breaker() -> DestinationState:
    return DestinationState.objects.get(destination="app")


def test_a_message_is_delivered_signed_and_its_attempt_is_kept(bench: Bench) -> None:
    receiver = bench.receiver(answer(200))
    message = put()
    bench.deliver(is_delivered(message))
    [attempt] = Attempt.objects.all()
    secret = SigningSecret.objects.get()
    assert (attempt.status, attempt.error, attempt.signed_with) == (200, "", [secret.pk])
    assert row(message).attempts == 1
    assert breaker().last_success_at is not None
    head, _, body = receiver.heard[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert verify(body, headers, [secret_text(secrets.open_secret(secret).private)]) == message
    assert bytes(row(message).sent) == body


def test_a_receiver_that_is_down_gets_it_later_under_the_same_id(bench: Bench) -> None:
    receiver = bench.receiver(in_turn(answer(503), answer(500), answer(200)))
    message = put()
    bench.deliver(is_delivered(message))
    assert ids(receiver) == [message] * 3
    assert list(Attempt.objects.order_by("pk").values_list("status", flat=True)) == [503, 500, 200]


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(answer(503, b"no"), id="503"),
        pytest.param(hang, id="hangs"),
        pytest.param(drip(b"HTTP/1.1 2", b"0", every=0.05), id="drips"),
        pytest.param(say(b"nonsense"), id="garbage"),
        pytest.param(say(), id="closes"),
    ],
)
def test_a_failure_is_told_and_repeated_until_the_message_is_dead(bench: Bench, behaviour: Behaviour) -> None:
    bench.receiver(behaviour, timeout_seconds=0.1)
    message = put()
    bench.deliver(lambda: state(message) == "dead")
    assert row(message).attempts == len(FAST.schedule)
    assert all(attempt.error.endswith((".", "no")) for attempt in Attempt.objects.all())


def test_a_refused_connection_is_repeated_until_somebody_listens(bench: Bench) -> None:
    port = free_port()
    bench.destination(f"http://{HOST}:{port}/")
    message = put()
    deliverer = bench.deliverer()
    turn(deliverer, lambda: row(message).attempts == 2)
    assert "Connection refused" in row(message).last_error
    bench.receiver(answer(204))
    turn(deliverer, is_delivered(message))


def test_a_redirect_into_our_network_is_not_followed(bench: Bench) -> None:
    with lying(answer(200)) as inside:
        bench.receiver(answer(302, Location=inside.url))
        message = put()
        bench.deliver(lambda: state(message) == "dead")
    assert inside.connections == 0
    assert row(message).attempts == 3
    assert "Redirects to" in row(message).last_error


def test_a_private_destination_is_not_called_and_its_messages_tell_why(bench: Bench) -> None:
    receiver = bench.receiver(answer(200))
    bench.destination(receiver.url.replace(HOST, "localhost"))
    message = put()
    bench.deliver(lambda: row(message).attempts == 1)
    assert receiver.connections == 0
    assert "allow_private" in row(message).last_error


def test_a_receiver_that_answers_without_end_has_received(bench: Bench) -> None:
    bench.receiver(say(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 5_000_000))
    bench.deliver(is_delivered(put()))


def test_three_rejections_are_enough(bench: Bench) -> None:
    bench.receiver(answer(400, b"item.typeName is unknown"))
    message = put()
    bench.deliver(lambda: state(message) == "dead")
    assert row(message).attempts == 3
    assert row(message).last_error == "Answered 400: item.typeName is unknown"


def test_a_receiver_that_is_mended_soon_loses_nothing(bench: Bench) -> None:
    bench.receiver(in_turn(answer(404), answer(401), answer(200)))
    bench.deliver(is_delivered(put()))


def test_a_receiver_that_asks_for_time_is_left_alone_for_it(bench: Bench) -> None:
    bench.receiver(answer(429, Retry_After="120"))
    message = put()
    bench.deliver(lambda: row(message).attempts == 1)
    assert row(message).due_at >= timezone.now() + timedelta(seconds=110)


def test_410_disables_the_destination_and_its_messages_wait(bench: Bench) -> None:
    receiver = bench.receiver(answer(410))
    first = put()
    deliverer = bench.deliverer()
    turn(deliverer, lambda: row(first).attempts == 1)
    second = put()
    rest(deliverer, 0.2)
    assert receiver.connections == 1
    assert (state(first), state(second)) == ("pending", "pending")
    assert breaker().disabled_at is not None
    assert first in breaker().disabled_reason
    assert [entry.act for entry in ledger.page().rows][:1] == [Act.DESTINATION_DISABLED]


def test_the_breaker_opens_and_one_probe_at_a_time_goes_out_until_it_closes(bench: Bench) -> None:
    receiver = bench.receiver(answer(503))
    messages = [put() for _ in range(20)]
    pause = 0.15
    patient = Policy(schedule=(0, 3600, 3600), breaks_after=5, first_pause=pause, longest_pause=pause)
    deliverer = bench.deliverer(policy=patient)
    turn(deliverer, lambda: DestinationState.objects.filter(failures__gte=5).exists())
    assert receiver.connections <= 8
    before, began = receiver.connections, time.monotonic()
    turn(deliverer, lambda: receiver.connections >= before + 3)
    assert receiver.connections - before <= 1 + (time.monotonic() - began) / pause
    receiver.behaviour = answer(200)
    turn(deliverer, is_delivered(*messages))
    assert (breaker().failures, breaker().open_until) == (0, None)


def test_one_bad_message_among_good_ones_neither_opens_the_breaker_nor_is_hurried(bench: Bench) -> None:
    def picky(connection) -> None:
        answer(500 if b"webhook-id: " + bad.encode() + b"\r" in receiver.heard[-1] else 200)(connection)

    receiver = bench.receiver(picky)
    bad = put()
    good = [put() for _ in range(30)]
    slow = Policy(schedule=(0, 3600, 3600), breaks_after=3, jitter=lambda: 0.0)
    bench.deliver(is_delivered(*good), policy=slow, each=1)
    assert row(bad).attempts == 1


def test_a_destination_that_hangs_does_not_starve_the_others(bench: Bench) -> None:
    bench.receiver(hang, "slow", timeout_seconds=20)
    bench.receiver(answer(200), "app")
    for _ in range(20):
        put("slow")
    messages = [put("app") for _ in range(20)]
    bench.deliver(is_delivered(*messages))


def test_a_destination_gets_no_more_calls_at_once_than_agreed(bench: Bench) -> None:
    receiver = bench.receiver(hang, timeout_seconds=20)
    for _ in range(20):
        put()
    deliverer = bench.deliverer(each=3)
    turn(deliverer, lambda: receiver.connections >= 3)
    rest(deliverer, 0.2)
    assert receiver.connections == 3


def test_an_undo_arrives_after_its_action_although_the_action_failed_at_first(bench: Bench) -> None:
    receiver = bench.receiver(in_turn(answer(503), answer(503), answer(200)))
    action, undo = put(item="p1"), put(item="p1")
    bench.deliver(is_delivered(action, undo))
    assert ids(receiver) == [action, action, action, undo]


def test_messages_to_a_destination_that_the_document_does_not_name_wait_for_it(bench: Bench) -> None:
    message = put("app")
    rest(bench.deliverer(), 0.1)
    assert state(message) == "pending"
    bench.receiver(answer(200))
    bench.deliver(is_delivered(message))


def test_without_a_readable_secret_nothing_leaves(bench: Bench) -> None:
    receiver = bench.receiver(answer(200))
    destination = bench.destinations["app"]
    secrets.signers(destination, bench.wire)
    SigningSecret.objects.update(sealed=b"x" * 60)
    message = put()
    rest(bench.deliverer(), 0.1)
    assert receiver.connections == 0
    assert (state(message), row(message).attempts, row(message).leased_until) == ("pending", 0, None)
    secrets.rotate(destination, bench.wire, overlap=timedelta(0), actor="system:test")
    bench.deliver(is_delivered(message))


def test_what_was_sent_and_not_written_down_is_sent_again_under_the_same_id(bench: Bench) -> None:
    receiver = bench.receiver(answer(200))
    message = put()
    crashed = bench.deliverer(lease=0.5)
    crashed.turn()
    deadline = time.monotonic() + 5
    while not receiver.heard and time.monotonic() < deadline:
        time.sleep(0.01)
    assert state(message) == "pending"
    bench.deliver(is_delivered(message))
    assert ids(receiver) == [message, message]


def test_a_long_call_keeps_its_lease(bench: Bench) -> None:
    receiver = bench.receiver(hang, timeout_seconds=20)
    put()
    rest(bench.deliverer(lease=1.5, renew=0.2), 2)
    rest(bench.deliverer(), 0.1)
    assert receiver.connections == 1


def test_a_message_that_cannot_be_prepared_is_dead_and_tells_why(bench: Bench, caplog) -> None:
    bench.receiver(answer(200))
    message = put()
    Delivery.objects.filter(message_id=message).update(kind="surprise")
    bench.deliver(lambda: state(message) == "dead")
    assert "could not be prepared" in row(message).last_error


def test_what_is_unsigned_by_expired_secrets_is_signed_by_a_new_one(bench: Bench) -> None:
    bench.receiver(answer(200))
    bench.deliver(is_delivered(put()))
    SigningSecret.objects.update(expires_at=timezone.now())
    bench.deliver(is_delivered(put()))
    assert SigningSecret.objects.count() == 2


def test_a_test_is_sent_once_whatever_comes_of_it(bench: Bench) -> None:
    receiver = bench.receiver(answer(503))
    message = put()
    Delivery.objects.update(kind="test")
    bench.deliver(lambda: state(message) == "cancelled")
    assert receiver.connections == 1


@pytest.mark.django_db(transaction=True)
def test_the_loop_runs_in_threads_of_its_own_and_stops_when_told(bench: Bench) -> None:
    receiver = bench.receiver(answer(200))
    messages = [put() for _ in range(30)]
    stops = [threading.Event(), threading.Event()]
    loops = [Deliverer(stop, bench.wire, destinations=lambda: bench.destinations, policy=FAST) for stop in stops]
    threads = [threading.Thread(target=loop.run) for loop in loops]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while not is_delivered(*messages)() and time.monotonic() < deadline:
        time.sleep(0.05)
    for stop, thread in zip(stops, threads, strict=True):
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
    assert sorted(ids(receiver)) == sorted(messages)
    assert Attempt.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_a_stop_gives_back_what_was_not_sent_and_waits_for_what_was(bench: Bench) -> None:
    gate = threading.Event()

    def slowly(connection) -> None:
        gate.wait(5)
        answer(200)(connection)

    receiver = bench.receiver(slowly)
    for _ in range(10):
        put()
    loop = bench.deliverer(each=2)
    loop._pace = type(loop._pace)(each=2, patience=3)
    thread = threading.Thread(target=loop.run)
    thread.start()
    while receiver.connections < 2:
        time.sleep(0.01)
    loop._stop.set()
    gate.set()
    thread.join(10)
    assert Delivery.objects.filter(state="delivered").count() >= 2
    assert not Delivery.objects.filter(state="pending", leased_until__isnull=False).exists()


def test_an_attempt_that_comes_late_does_not_undo_a_success(bench: Bench) -> None:
    message = put()
    [mine] = deliver.claim("app", most=1, lease=timedelta(0))
    good, bad = Sent(200, "", 1, b"{}"), Sent(None, "No full answer within 5 seconds.", 1, b"{}")
    for outcome in (good, bad):
        settle.settle([settle.Finished(mine.id, "app", timezone.now(), outcome)], FAST)
    assert (state(message), row(message).attempts, row(message).last_error) == ("delivered", 2, "")
