"""`evenhand rules push | move | list`, as who runs the desk types them."""

import json
import os

import msgspec
import pytest
from click.testing import CliRunner

from evenhand.cli.rules import rules
from evenhand.desk.policies import services as policies
from evenhand.desk.rules import queries

RULES = """\
Text: str = JsonData(path='$.text')
Pills = Rule(when_all=[StringContains(s=Text, phrase='pills')], description='pills')
WhenRules(rules_any=[Pills], then=[Enqueue(policy='spam')])
"""


@pytest.fixture
def run(db):
    def run(*arguments: str, typed: str = ""):
        return CliRunner().invoke(rules, [*arguments, "--data", os.environ["EVENHAND_DATA"]], input=typed)

    return run


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "main.sml").write_text(RULES)
    return tmp_path


def test_rules_are_published_once_and_new_ones_are_drafts(run, folder):
    result = run("push", str(folder), "--note", "the first")
    assert result.exit_code == 0, result.output
    assert "Version 1: 1 rule, 0 tests passed." in result.output
    assert "do nothing yet: Pills" in result.output
    assert "Nothing was changed" in run("push", str(folder)).output
    assert queries.stored(1).note == "the first"


def test_a_mistake_is_told_at_its_place_and_nothing_is_published(run, folder):
    (folder / "main.sml").write_text(RULES.replace("s=Text", "s=Txet"))
    result = run("push", str(folder))
    assert result.exit_code == 1
    assert "main.sml:2:" in result.output
    assert queries.current(fresh=True).version == 0


def test_a_version_that_somebody_else_published_is_not_overwritten(run, folder):
    run("push", str(folder))
    (folder / "main.sml").write_text(RULES + "# more\n")
    result = run("push", str(folder), "--expect", "0")
    assert result.exit_code == 1
    assert "Version 1 is in force by now" in result.output


def test_a_rule_takes_its_steps_and_is_listed(run, folder):
    run("push", str(folder))
    told = ("--owner", "ana", "--reason", "see")
    refused = run("move", "Pills", "live", *told)
    assert refused.exit_code == 1
    assert "shadow first" in refused.output
    assert run("move", "Pills", "shadow", *told).output == "Pills is shadow.\n"
    [row] = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert row == {"rule": "Pills", "stage": "shadow", "owner": "ana", "day": 0, "week": 0}


def test_an_empty_desk_says_how_to_begin(run):
    assert "rules push FOLDER" in run("list").output


@pytest.fixture
def live(run, folder, platform):
    """Pills, live, under a policy of this lane."""

    def live(lane: str) -> None:
        policies.apply(
            msgspec.structs.replace(
                platform.platform,
                policies=tuple(msgspec.structs.replace(one, lane=lane) for one in platform.platform.policies),
            ),
            actor="system:test",
        )
        run("push", str(folder))
        for stage in ("shadow", "live"):
            assert run("move", "Pills", stage, "--owner", "ana", "--reason", "see", "--yes").exit_code == 0

    return live


@pytest.mark.parametrize("stage", ["draft", "shadow", "retired"])
@pytest.mark.parametrize(("typed", "moved"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_rule_of_the_critical_lane_stops_only_after_a_question(run, live, stage, typed, moved):
    live("critical")
    result = run("move", "Pills", stage, "--owner", "ana", "--reason", "noisy", typed=typed)
    assert "critical lane (spam)" in result.stderr
    assert "through shadow" in result.stderr
    assert (result.exit_code, queries.lives()["Pills"].stage) == ((0, stage) if moved else (1, "live"))


def test_with_yes_and_in_other_lanes_nothing_is_asked(run, live):
    live("critical")
    assert run("move", "Pills", "shadow", "--owner", "ana", "--reason", "x", "--yes").output == "Pills is shadow.\n"
    assert run("move", "Pills", "live", "--owner", "ana", "--reason", "x", "--yes").output == "Pills is live.\n"
    assert run("move", "Pills", "canary", "--owner", "ana", "--reason", "x").output == "Pills is canary.\n"


def test_a_rule_of_the_normal_lane_stops_without_a_question(run, live):
    live("normal")
    assert run("move", "Pills", "draft", "--owner", "ana", "--reason", "x").output == "Pills is draft.\n"


@pytest.mark.parametrize(("typed", "stage"), [("y\n", "live"), ("n\n", "shadow"), ("", "shadow")])
def test_a_rule_that_nobody_watched_goes_live_only_after_a_question(run, folder, platform, typed, stage):
    run("push", str(folder))
    step = ("--owner", "ana", "--reason", "x")
    run("move", "Pills", "shadow", *step)
    result = run("move", "Pills", "live", *step, typed=typed)
    assert "Pills has run in shadow for 0 s on 0 events, and fired 0 times. No test names it." in result.stderr
    assert queries.lives()["Pills"].stage == stage
    assert result.exit_code == (0 if stage == "live" else 1)


def test_who_pushes_is_told_what_the_rules_will_not_do(run, folder, platform):
    (folder / "main.sml").write_text(
        RULES.replace("$.text", "$.txet").replace("Enqueue(policy='spam')", "Hold(policy='harassment')")
    )
    result = run("push", str(folder))
    assert result.exit_code == 0
    assert "main.sml:1:30: warning: no event has the field 'txet' in $" in result.stderr
    assert "did you mean 'text'?" in result.stderr
    assert "main.sml:3:48: warning: the policy 'harassment' names no `hold`" in result.stderr


def test_a_push_that_tests_stop_says_why_each_failed(run, folder):
    (folder / "tests").mkdir()
    wrong = "Number {n}:\n  given: {{action_name: post, data: {{text: hello}}}}\n  then: {{fired: [Pills]}}\n"
    (folder / "tests" / "wrong.yaml").write_text("".join(wrong.format(n=n) for n in range(12)))
    result = run("push", str(folder))
    assert result.exit_code == 1
    assert result.stderr.count("Pills fires") == 10
    assert "tests/wrong.yaml:1: Number 0" in result.stderr
    assert "Text does not contain “pills”" in result.stderr
    assert "2 more" in result.stderr
    assert "12 of 12 tests failed: nothing was published" in result.stderr
