"""`evenhand rules backtest` on a desk with events, decisions and running rules."""

import json
import os

import pytest
from click.testing import CliRunner

from evenhand.cli.rules import rules
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.services import Chosen, decide
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.rules import services
from evenhand.runtime import backtest, config
from tests.desk.conftest import post, reported, sent

HOUR = 3600 * 1_000_000
RULES = """
Text: str = JsonData(path='$.text')
Pills = Rule(when_all=[StringContains(s=Text, phrase='pills')], description='pills')
WhenRules(rules_any=[Pills], then=[Enqueue(policy='spam')])
"""
COUNTS = """
Author: Entity[str] = EntityJson(type='account', path='$.evenhand.author.id')
Sent = IncrementWindow(key=f'sent {Author}', window_seconds=7200, when_all=[True])
Third = Rule(when_all=[Sent >= 3])
WhenRules(rules_any=[Third], then=[Enqueue(policy='spam')])
"""


@pytest.fixture
def folder(tmp_path):
    def folder(text, name="tried"):
        made = tmp_path / name
        made.mkdir()
        (made / "main.sml").write_text(text)
        return str(made)

    return folder


@pytest.fixture
def run(log, platform):
    def run(*arguments):
        data = ("--data", str(config.current().data_dir))
        return CliRunner().invoke(rules, ["backtest", *data, "--processes", "2", *arguments])

    return run


def accept(*texts, hours=5):
    """Posts by one author, ten minutes apart, from so many hours ago on."""
    start = now_micros() - hours * HOUR
    intake.accept([sent(post(f"p{n}", text), at=start + n * HOUR // 6) for n, text in enumerate(texts)])


def told(done):
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def rule(report, name):
    return next(one for one in report["report"]["rules"] if one["rule"] == name)


def test_fires_are_told_by_rule_with_what_is_not_known_yet(run, folder):
    accept("pills", "hello", "more pills")
    done = run("--rules", folder(RULES), "--since", "1d")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert ": 3 events from " in lines[0]
    assert "No decision was timed at this desk yet: hours are not known." in lines
    assert next(line for line in lines if line.startswith("Pills")).split() == ["Pills", "2.0", "2", "2", "–", "–", "0"]


def test_a_rule_is_held_against_peoples_decisions_and_their_pace(run, folder, fold, ana):
    for number, kind in enumerate(["act", "act", "dismiss"]):
        fold(reported(post(f"p{number}", "pills")))
        case = Case.objects.get(item_id=f"p{number}", state="open")
        actions = [Chosen("remove")] if kind == "act" else []
        policy = "spam" if actions else None
        decide(case.pk, version=case.version, by=ana, kind=kind, policy=policy, actions=actions, seconds=30.0)
    report = told(run("--rules", folder(RULES), "--since", "1d", "--json"))
    found = rule(report, "Pills")
    assert (found["precision"]["acted"], found["precision"]["decided"]) == (2, 3)
    assert found["precision"]["low"] < 2 / 3 < found["precision"]["high"]
    assert (report["seconds_per_decision"], report["decisions_timed"]) == (30.0, 3)
    assert found["hours_per_day"] == pytest.approx(3 * 30 / 3600)


def test_against_the_running_rules_it_tells_what_is_new_and_what_is_lost(run, folder):
    services.publish({"main.sml": RULES.replace("pills", "potions")}, {}, actor="system:test")
    accept("pills", "potions", "pills and potions", "hello")
    report = told(run("--rules", folder(RULES), "--since", "1d", "--json"))
    found = rule(report, "Pills")
    assert found["newly_caught"] == {"events": 1, "examples": ["post/p0"]}
    assert found["no_longer_caught"] == {"events": 1, "examples": ["post/p1"]}
    assert report["report"]["newly_caught"]["examples"] == ["post/p0"]
    assert report["names"][1] == "version 1"
    assert "Pills, newly caught: post/p0" in run("--rules", folder(RULES, "again"), "--since", "1d").stdout


def test_two_folders_are_compared_and_the_running_rules_left_out(run, folder):
    services.publish({"main.sml": RULES}, {}, actor="system:test")
    accept("pills")
    old = folder(RULES.replace("Pills", "Old"), "old")
    report = told(run("--rules", folder(RULES), "--against", old, "--since", "1d", "--json"))
    assert report["names"][1] == old
    assert rule(report, "Old")["no_longer_caught"]["events"] == 1


def test_without_a_folder_the_running_rules_are_told_alone(run, folder):
    services.publish({"main.sml": RULES}, {}, actor="system:test")
    accept("pills")
    report = told(run("--since", "1d", "--json"))
    assert report["names"] == ["version 1"]
    assert rule(report, "Pills")["newly_caught"] is None


def test_counters_know_what_came_before_the_time_that_is_counted(run, folder):
    """Eight posts from 93 to 23 minutes ago: of those within the hour, each is the third within two hours."""
    accept(*["hello"] * 8, hours=1.55)
    report = told(run("--rules", folder(COUNTS), "--since", "1h", "--json"))
    assert report["warm_up_seconds"] == 7200
    assert rule(report, "Third")["fires"] == report["events"] == 4


def test_older_events_are_not_counted(run, folder):
    accept("pills", hours=50)
    assert told(run("--rules", folder(RULES), "--since", "2d", "--json"))["events"] == 0
    assert told(run("--rules", folder(RULES, "b"), "--since", "3d", "--json"))["events"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--since", "soon"], 2, "90s, 10m, 30d, or a day: 2026-01-31"),
        (["--since", "2999-01-01"], 2, "not in the past"),
        (["--since", "999999w"], 2, "more than a hundred years"),
        (["--against", "nowhere"], 2, 'say "live"'),
    ],
)
def test_wrong_usage_is_told_with_what_to_write(run, folder, arguments, code, message):
    done = run("--rules", folder(RULES), *arguments)
    assert done.exit_code == code
    assert message in " ".join(done.stderr.split())


def test_without_any_rules_it_says_what_to_do(run):
    done = run()
    assert done.exit_code == 1
    assert "name a folder with --rules" in done.stderr


def test_rules_with_mistakes_are_refused(run, folder):
    done = run("--rules", folder("A = B\n"))
    assert done.exit_code == 1
    assert "unknown name 'B'" in done.stderr


def test_a_process_that_ends_by_itself_is_told(run, folder, monkeypatch):
    accept("pills")
    monkeypatch.setattr(backtest._Side, "give", lambda side, _turn, _chunk: side._hosts[0].submit(os._exit, 9))
    done = run("--rules", folder(RULES), "--since", "1d")
    assert done.exit_code == 1
    assert "ended by itself" in done.stderr
