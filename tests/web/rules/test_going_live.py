"""A rule that nobody can have watched goes live only after the person was told so, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.rules import queries, services
from evenhand.desk.rules.models import Life
from tests.desk.conftest import post, sent
from tests.desk.rules.conftest import CONFIG, MAIN

LIVE = {"stage": "live", "owner": "ana", "reason": "it is right", "share": "0.1", "cap_per_hour": "100"}
TEST = "Pills:\n  given: {action_name: post, data: {text: cheap pills}}\n  then: {fired: [Pills]}\n"


@pytest.fixture
def hours_ago():
    """Everything that happened to rules so far happened so many hours before."""

    def hours_ago(hours: float) -> None:
        Life.objects.update(changed_at=timezone.now() - timedelta(hours=hours))

    return hours_ago


def stage() -> str:
    return queries.lives()["Pills"].stage


def test_the_facts_are_told_and_nothing_is_changed(desk, to_stage, fold, text):
    to_stage("Pills", "shadow")
    fold(*(sent(post(f"p{number}", "hello")) for number in range(3)))
    answer = desk.post("/rules/Pills/move/", LIVE)
    assert answer.status_code == 409
    assert "Pills has run in shadow for 0 s on 3 events, and fired 0 times." in text(answer)
    assert "No test names it." in answer.context["unwatched"]
    assert "it is right" in answer.content.decode()
    assert stage() == "shadow"


def test_who_was_told_takes_the_step_all_the_same(desk, to_stage):
    to_stage("Pills", "shadow")
    assert desk.post("/rules/Pills/move/", LIVE | {"sure": "yes"}).status_code == 302
    assert stage() == "live"


def test_a_rule_that_was_watched_goes_live_at_once(desk, project, to_stage, fold, hours_ago):
    services.publish({"main.sml": MAIN}, CONFIG, actor="user:ana", tests={"tests/pills.yaml": TEST})
    to_stage("Pills", "shadow")
    fold(sent(post("p1", "cheap pills")))
    hours_ago(2)
    assert desk.post("/rules/Pills/move/", LIVE).status_code == 302


@pytest.mark.parametrize(("tested", "fires", "hours"), [(False, True, 2), (True, False, 2), (True, True, 0.9)])
def test_each_of_the_three_alone_asks_back(desk, project, to_stage, fold, hours_ago, tested, fires, hours):  # noqa: PLR0917 (fixtures)
    if tested:
        services.publish({"main.sml": MAIN}, CONFIG, actor="user:ana", tests={"tests/pills.yaml": TEST})
    to_stage("Pills", "shadow")
    fold(sent(post("p1", "cheap pills" if fires else "hello")))
    hours_ago(hours)
    assert desk.post("/rules/Pills/move/", LIVE).status_code == 409


def test_a_rule_that_is_live_already_changes_its_cap_without_being_asked(desk, to_stage):
    to_stage("Pills", "live")
    assert desk.post("/rules/Pills/move/", LIVE | {"cap_per_hour": "5"}).status_code == 302


def test_more_events_than_are_counted_are_told_as_such(desk, to_stage, text, monkeypatch):
    to_stage("Pills", "shadow")
    monkeypatch.setattr("evenhand.desk.intake.queries.events.came", lambda *, since: 10_001)
    assert "on more than 10,000 events" in text(desk.post("/rules/Pills/move/", LIVE))
