"""The rules of Harbourlight: right by their own tests, told in words, fair to both sides, quiet on an ordinary day."""

import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from evenhand.connectors.demo import script
from evenhand.connectors.demo.plan import plan
from evenhand.connectors.demo.scene import Day
from evenhand.engine.rules import replay, testing
from evenhand.engine.rules.naming import description
from evenhand.engine.rules.state import MemoryState
from evenhand.engine.rules.tree import Name
from evenhand.runtime import rules as runtime
from evenhand.runtime import ruletests
from evenhand.runtime.rulefolders import read_folder

FOLDER = Path(str(files("evenhand.data").joinpath("demo", "rules")))
PLATFORM = FOLDER.parent / "platform.toml"
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules():
    return runtime.load(FOLDER)


@pytest.fixture(scope="module")
def day(rules):
    """Everything that is sent on the demo's first day: item's type, text and what fired."""
    state, found = MemoryState(), []
    for number, call in enumerate(plan(Day(start=START)), 1):
        if call.route == "items":
            at = START + timedelta(seconds=call.at)
            result = replay.play(rules, state, call.body["typeId"], call.body["data"], at=at, action_id=number)
            assert not result.errors, (call.body, result.errors)
            found.append((call, {one.rule for one in result.fired}))
    return found


CASES = ruletests.read_folder(FOLDER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_does_what_its_test_says(rules, case):
    assert testing.run(rules, case).mismatches == ()


def test_the_tests_ask_for_what_is_there_and_make_every_rule_fire(rules):
    assert testing.unknown(rules, CASES) == []
    assert {name for case in CASES for name in case.then.fired or ()} == set(testing.rules_of(rules.program))


def test_there_are_few_rules_each_with_a_description(rules):
    names = testing.rules_of(rules.program)
    assert 10 <= len(names) <= 15
    program = rules.program
    for name in names:
        definition = program.definitions[name]
        assert description(Name(name, definition.type, definition.span), program) is not None, name


def test_they_are_strict_and_name_policies_that_the_platform_has(rules):
    assert rules.program.strict
    policies = set(re.findall(r'^id = "([\w-]+)"', PLATFORM.read_text(), re.MULTILINE))
    named = {one for text in read_folder(FOLDER).sources.values() for one in re.findall(r"policy='([\w-]+)'", text)}
    assert named
    assert named <= policies


def test_every_list_is_read_by_a_rule():
    found = read_folder(FOLDER)
    assert set(found.config["lists"]) == {
        one for text in found.sources.values() for one in re.findall(r"list='(\w+)'", text)
    }


def test_no_rule_knows_a_side_of_the_towns_argument():
    for name, text in read_folder(FOLDER).sources.items():
        assert not re.search(r"ferry|bridge", text, re.IGNORECASE), name


def fired(day, story):
    return [names for call, names in day if call.story.startswith(story)]


def test_both_campaigns_are_caught_alike(day):
    """The two sides of the demo's story do the same; about as many copies of each are told."""
    sides = {campaign.text: 0 for campaign in script.load().stories.campaigns}
    for call, names in day:
        for text in sides:
            sides[text] += "CopiedText" in names and call.body["data"].get("text", "").startswith(text[:60])
    caught = list(sides.values())
    assert len(caught) == 2
    assert min(caught) > 50
    assert max(caught) - min(caught) <= 2


def test_the_mob_is_seen_and_what_is_dangerous_in_it(day):
    mob = fired(day, "mob")
    assert sum("CrowdGrows" in names for names in mob) == 3
    assert any("Whereabouts" in names for names in mob)
    assert any("UrgentThreat" in names or "Threat" in names for names in mob)
    assert any("InsultInACrowd" in names for names in mob)


def test_nearly_all_of_the_spam_wave_is_caught(day):
    spam = [names for call, names in day if call.story.startswith("spam") and call.body["typeId"] == "post"]
    assert sum("ScamLink" in names for names in spam) == len(spam) > 100
    assert any("WaveOfNewAccounts" in names for names in fired(day, "spam"))


def test_an_ordinary_day_is_left_alone(day):
    """Posts and comments of everyday life: at most one in a hundred has a rule that asks for a person."""
    life = [names - {"NewAccount"} for names in fired(day, "life")]
    assert len(life) > 1000
    assert sum(map(bool, life)) <= len(life) / 100
