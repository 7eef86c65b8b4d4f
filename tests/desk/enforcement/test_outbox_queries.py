"""What can be asked about deliveries, and what is told to be wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.connectors.webhooks import Webhooks
from evenhand.desk.enforcement.models import Delivery, DestinationState, SigningSecret
from evenhand.desk.enforcement.queries import deliveries
from evenhand.desk.enforcement.queries.problems import problems
from evenhand.desk.enforcement.services import disable, secrets
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Problem
from tests.desk.enforcement.conftest import put

HOUR = timedelta(hours=1)


def age(message: str, by: timedelta) -> None:
    Delivery.objects.filter(message_id=message).update(created_at=timezone.now() - by)


def only_problem() -> Problem:
    [problem] = problems()
    return problem


def test_all_is_well_with_an_empty_outbox(platform) -> None:
    assert list(problems()) == []
    assert {one.id: one.condition for one in deliveries.health()} == {"hooks": "new", "other": "new"}


def test_the_list_comes_in_pages_newest_first(db, monkeypatch) -> None:
    monkeypatch.setattr(deliveries, "PAGE", 2)
    messages = [put() for _ in range(5)]
    seen, before = [], None
    while True:
        page = deliveries.page(before=before)
        seen += [one.message_id for one in page.rows]
        before = page.before
        if before is None:
            break
    assert seen == messages[::-1]


def test_the_list_can_be_narrowed(db) -> None:
    dead, _pending, _elsewhere = put("app"), put("app"), put("other")
    Delivery.objects.filter(message_id=dead).update(state="dead")
    assert [one.message_id for one in deliveries.page(state="dead", destination="app").rows] == [dead]
    assert deliveries.page(state="dead", destination="other").rows == []


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_and_the_health_take_the_same_few_queries_however_many(
    platform, django_assert_num_queries, many
) -> None:
    for _ in range(many):
        put("hooks")
    with django_assert_num_queries(1):
        assert [one.destination for one in deliveries.page().rows] == ["hooks"] * many
    with django_assert_num_queries(3):  # one of them for the ways of people
        deliveries.health()


def test_health_tells_what_waits_and_since_when(platform) -> None:
    age(put("hooks"), HOUR)
    put("hooks")
    Delivery.objects.filter(message_id=put("hooks")).update(state="dead")
    hooks = deliveries.health()[0]
    assert (hooks.id, hooks.waiting, hooks.dead) == ("hooks", 2, 1)
    assert hooks.oldest < timezone.now() - timedelta(minutes=59)


def test_a_delivery_that_is_not_there_is_told(db) -> None:
    with pytest.raises(deliveries.NoSuchDelivery, match="msg_none"):
        deliveries.delivery("msg_none")


def test_a_destination_that_is_not_there_is_told_with_those_that_are(platform) -> None:
    with pytest.raises(deliveries.NoSuchDestination, match="hooks, other"):
        deliveries.destination("app")


def test_dead_letters_are_told_with_their_number_and_age(platform) -> None:
    for _ in range(2):
        age(put("hooks"), HOUR)
    Delivery.objects.update(state="dead")
    problem = only_problem()
    assert problem.code == "webhooks_dead"
    assert problem.message == "2 messages to hooks were given up."
    assert problem.since < to_micros(timezone.now() - timedelta(minutes=59))
    assert "evenhand webhooks replay --dead hooks" in problem.what_to_do


def test_an_open_breaker_is_told(platform) -> None:
    since = timezone.now() - HOUR
    DestinationState.objects.create(destination="hooks", failures=7, open_until=timezone.now(), failing_since=since)
    problem = only_problem()
    assert (problem.code, problem.since) == ("webhooks_breaker_open", to_micros(since))
    assert "hooks failed 7 times" in problem.message


def test_a_disabled_destination_is_told_with_the_reason(platform) -> None:
    disable("hooks", actor="system:test", reason="The receiver answered 410.")
    problem = only_problem()
    assert problem.code == "webhooks_disabled"
    assert "410" in problem.message
    assert "`evenhand webhooks enable hooks`" in problem.what_to_do


def test_what_has_waited_for_long_is_told_but_not_what_is_not_due(platform) -> None:
    age(put("hooks", due=3600), HOUR)
    assert list(problems()) == []
    age(put("hooks"), HOUR)
    assert only_problem().code == "webhooks_late"


def test_messages_for_a_destination_that_is_gone_are_told(platform) -> None:
    put("gone")
    assert only_problem().code == "webhooks_no_destination"
    assert deliveries.health()[-1].condition == "missing"


def test_a_secret_that_cannot_be_read_is_told(platform) -> None:
    secrets.signers(platform.destinations["hooks"], Webhooks(allow_private=[]))
    SigningSecret.objects.update(sealed=b"x" * 60)
    problem = only_problem()
    assert problem.code == "webhooks_secret"
    assert "evenhand webhooks secret hooks --rotate" in problem.message
