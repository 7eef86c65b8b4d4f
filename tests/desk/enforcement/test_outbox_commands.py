"""`evenhand webhooks`, as who runs the desk types it."""

import json
import os

import msgspec
import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from evenhand.cli.webhooks import webhooks
from evenhand.desk.enforcement.models import Attempt, Delivery, DestinationState
from evenhand.desk.policies import queries as policies
from evenhand.engine.platform import Platform
from evenhand.runtime import config
from tests.desk.enforcement.conftest import Bench, put, row, state
from tests.support.liars import answer, hang
from tests.support.ports import HOST


@pytest.fixture
def run(bench: Bench, monkeypatch):
    """Run a command in this process, on the destinations of the bench."""
    allowing = msgspec.structs.replace(config.current(), allow_private=(HOST,))
    monkeypatch.setattr(config, "current", lambda: allowing)

    def current(**_: bool) -> policies.Snapshot:
        return policies.snapshot(1, Platform(name="Testplace", destinations=tuple(bench.destinations.values())), {})

    monkeypatch.setattr(policies, "current", current)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(webhooks, [*arguments, "--data", os.environ["EVENHAND_DATA"]])

    return run


def test_the_list_tells_how_each_destination_does(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in")
    put()
    line = run("list").stdout
    assert line.startswith("app ")
    assert "1 waiting since" in line
    assert json.loads(run("list", "--json").stdout)["waiting"] == 1


def test_a_public_key_is_shown_alone_whenever_asked(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in", signature="v1a")
    first = run("secret", "app")
    assert first.stdout.startswith("whpk_")
    assert run("secret", "app").stdout == first.stdout


def test_a_destination_for_coop_shows_both_public_keys(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in", signature="coop")
    shown = run("secret", "app").stdout
    assert shown.startswith("-----BEGIN PUBLIC KEY-----")
    assert shown.splitlines()[-1].startswith("whpk_")


def test_a_shared_secret_is_shown_once(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in", signature="v1")
    assert run("secret", "app").stdout.startswith("whsec_")
    again = run("secret", "app")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "only then" in again.stderr


def test_a_rotation_shows_the_new_secret(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in", signature="v1")
    first = run("secret", "app").stdout
    second = run("secret", "app", "--rotate", "--overlap", "1").stdout
    assert second.startswith("whsec_")
    assert second != first


def test_a_test_that_arrives_exits_with_0_and_lets_go_what_waited(run, bench: Bench) -> None:
    receiver = bench.receiver(answer(200))
    waiting = put(due=3600)
    Delivery.objects.update(attempts=3)
    DestinationState.objects.create(destination="app", failures=9, open_until=timezone.now())
    result = run("test", "app")
    assert (result.exit_code, receiver.connections) == (0, 1)
    assert "took it" in result.stdout
    assert row(waiting).due_at <= timezone.now()


@pytest.mark.parametrize(
    ("behaviour", "words"), [(answer(401, b"who?"), "Answered 401: who?"), (hang, "No full answer")]
)
def test_a_test_that_does_not_arrive_tells_why_and_is_not_repeated(run, bench: Bench, behaviour, words: str) -> None:
    bench.receiver(behaviour, timeout_seconds=0.3)
    result = run("test", "app")
    assert result.exit_code == 1
    assert words in result.stderr
    assert Delivery.objects.get().state == "cancelled"
    assert Attempt.objects.count() == 1


def test_a_dead_message_is_replayed(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in")
    one, other = put(), put()
    Delivery.objects.update(state="dead")
    assert run("replay", one).exit_code == 0
    assert (state(one), state(other)) == ("pending", "dead")
    assert run("replay", "--dead", "app").stdout == "1 leave again\n"
    assert state(other) == "pending"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["replay"], 2, "--dead DEST"),
        (["replay", "msg_1", "--dead", "app"], 2, "--dead DEST"),
        (["replay", "msg_none"], 1, "only dead letters"),
        (["replay", "--dead", "nowhere"], 1, "no destination “nowhere”: choose one of app"),
        (["secret", "nowhere"], 1, "choose one of app"),
        (["test", "nowhere"], 1, "choose one of app"),
        (["secret", "app", "--rotate", "--overlap", "-1"], 2, "overlap"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(run, bench: Bench, arguments, code: int, words: str) -> None:
    bench.destination("https://hooks.example/in")
    result = run(*arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert not Delivery.objects.exists()


def test_what_was_switched_off_is_told_by_a_test_and_switched_on_by_a_command(run, bench: Bench) -> None:
    bench.receiver(answer(200))
    waiting = put(due=3600)
    Delivery.objects.update(attempts=1)
    DestinationState.objects.create(destination="app", disabled_at=timezone.now(), disabled_reason="It answered 410.")
    tested = run("test", "app")
    assert tested.exit_code == 0
    assert "switched off, with 1 waiting: It answered 410." in tested.stderr
    assert "evenhand webhooks enable app" in tested.stderr
    assert "is switched on" in run("enable", "app").stderr
    assert DestinationState.objects.get().disabled_at is None
    assert row(waiting).due_at <= timezone.now()
    assert "was not switched off" in run("enable", "app").stderr
    assert run("test", "app").stderr == ""


def test_a_destination_is_switched_off_with_a_reason(run, bench: Bench) -> None:
    bench.destination("https://hooks.example/in")
    assert run("disable", "app").exit_code == 2
    assert run("disable", "app", "--reason", " ").exit_code == 2
    assert "app is switched off" in run("disable", "app", "--reason", "moving house").stderr
    assert DestinationState.objects.get().disabled_reason == "moving house"
    assert "already" in run("disable", "app", "--reason", "again").stderr
    assert run("list").stdout.split()[1] == "disabled"


@pytest.mark.parametrize("command", [("enable", "nowhere"), ("disable", "nowhere", "--reason", "x")])
def test_only_what_the_platform_names_is_switched(run, bench: Bench, command) -> None:
    bench.destination("https://hooks.example/in")
    refused = run(*command)
    assert refused.exit_code == 1
    assert "There is no destination “nowhere”" in refused.stderr
    assert not DestinationState.objects.exists()
