"""`evenhand rules push | move | list`, as who runs the desk types them."""

import json
import os

import pytest
from click.testing import CliRunner

from evenhand.cli.rules import rules
from evenhand.desk.rules import queries

RULES = """\
Text: str = JsonData(path='$.text')
Pills = Rule(when_all=[StringContains(s=Text, phrase='pills')], description='pills')
WhenRules(rules_any=[Pills], then=[Enqueue(policy='spam')])
"""


@pytest.fixture
def run(db):
    def run(*arguments: str):
        return CliRunner().invoke(rules, [*arguments, "--data", os.environ["EVENHAND_DATA"]])

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
