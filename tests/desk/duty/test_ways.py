"""How people are reached: kept, told without the address, and a failure of it with its age."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.duty import services
from evenhand.desk.duty.queries import ways
from evenhand.desk.duty.queries.problems import duty
from evenhand.desk.duty.services import hours
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.queries import deliveries


def codes():
    return [problem.code for problem in duty()]


def test_the_outbox_has_the_address_and_pages_that_others_see_have_not(ana):
    services.set_way(ana, "push", "https://ntfy.example/secret-topic", by=ana)
    name = f"page:{ana.pseudonym}:push"
    assert ways.destinations()[name].url == "https://ntfy.example/secret-topic"
    assert "secret-topic" not in ways.shown()[name].url
    [health] = [one for one in deliveries.health() if one.id == name]
    assert (health.condition, health.url) == ("new", "push · ntfy.example")


def test_an_empty_address_ends_a_way(ana):
    services.set_way(ana, "mail", "ana@example.com", by=ana)
    services.set_way(ana, "mail", "", by=ana)
    assert ways.of(ana) == []


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("push", "ntfy.example/topic"), ("push", "ftp://ntfy.example/x"), ("push", "https://ann:pw@ntfy.example/x"),
        ("push", "https://ntfy.example/a b"), ("mail", "ana"), ("mail", "ana@example.com, ben@example.com"),
        ("browser", "https://push.example/x"), ("browser", f"https://push.example/x#{'A' * 87}"),
        ("browser", f"javascript:x#{'A' * 87}.{'A' * 22}"), ("browser", f"https://{'x' * 2000}#{'A' * 87}.{'A' * 22}"),
        ("webhook", "javascript:alert(1)"), ("pigeon", "https://x.example"), ("push", "https://x.example/" + "x" * 500),
    ],
)  # fmt: skip
def test_addresses_that_reach_nobody_are_refused(ana, kind, address):
    with pytest.raises(services.BadWay):
        services.set_way(ana, kind, address, by=ana)


def test_a_good_night_without_any_way_to_page_is_a_problem(ana, good_night, reachable, platform):
    good_night(ana)
    assert codes() == ["night_without_page"]
    reachable(ana)
    assert codes() == []


def test_a_way_that_fails_is_a_problem_with_its_age(ana, reachable, platform):
    reachable(ana)
    services.try_ways(ana)
    assert codes() == []
    since = timezone.now() - timedelta(hours=2)
    Delivery.objects.update(attempts=3, last_error="Answered 500.", created_at=since)
    [problem] = duty()
    assert problem.code == "page_channel_failing"
    assert f"{ana.pseudonym}:push" in problem.message
    assert "500" in problem.message
    assert problem.since == int(since.timestamp() * 1_000_000)


def test_mail_without_a_server_is_a_problem(ana):
    services.set_way(ana, "mail", "ana@example.com", by=ana)
    assert codes() == ["page_without_mail_server"]


@pytest.mark.parametrize("document", ['page_rules = ["Raid"]'])
def test_a_rule_that_is_to_page_and_does_not_run_is_a_problem(platform):
    assert codes() == ["page_rule_not_live"]


def test_of_a_browser_others_and_the_ledger_see_the_service_and_nothing_of_its_secret(ana, monkeypatch):
    told = []
    monkeypatch.setattr(hours, "record", lambda _act, **more: told.append(more["payload"]))
    line = f"https://push.example/sub/secret-endpoint#{'A' * 87}.{'B' * 22}"
    services.set_way(ana, "browser", line, by=ana)
    name = f"page:{ana.pseudonym}:browser"
    assert ways.destinations()[name].url == line
    assert ways.shown()[name].url == "browser · push.example"
    assert told == [{"kind": "browser", "address": "https://push.example/sub"}]


def test_a_new_subscription_is_tried_though_the_one_before_wanted_no_more(ana):
    name = f"page:{ana.pseudonym}:browser"
    services.set_way(ana, "browser", f"https://push.example/1#{'A' * 87}.{'B' * 22}", by=ana)
    enforcement.disable(name, reason="Answered 410.", actor="system:outbox")
    services.set_way(ana, "browser", f"https://push.example/2#{'A' * 87}.{'B' * 22}", by=ana)
    [health] = [one for one in deliveries.health() if one.id == name]
    assert health.condition != "disabled"
