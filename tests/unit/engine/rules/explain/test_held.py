"""A rule that fired is told in sentences from the little that was kept, and nothing is made up."""

import msgspec

from evenhand.engine.rules.explain import explain, held
from evenhand.engine.rules.explain.rule import rules as all_rules
from evenhand.engine.rules.state import MemoryState
from tests.unit.engine.rules.explain.project import AT, EVENT, PROJECT, rules
from tests.unit.engine.rules.explain.test_fired import kept


def told(project, rule, event):
    """As the evidence comes back from the database."""
    evidence = msgspec.json.decode(msgspec.json.encode(kept(project, rule, event)))
    return held(project, rule, evidence["features"])


def test_each_condition_has_its_sentence_with_the_value_that_was_kept():
    assert told(PROJECT, "Greeting", EVENT) == {
        "AccountAge < TimeDelta(days=7)": "AccountAge is 2 days; the rule asks for less than 7 days.",
        "TextContains(text=Text, phrase='free harbour')": "Text contains “free harbour”, as the rule asks.",
        "Links != None and Links > 2": "Links is 3; the rule asks for something to be there; "
        "Links is 3; the rule asks for more than 2.",
        "not StringStartsWith(s=Text, start='Re:')": "Text does not begin with “Re:”, as the rule asks.",
    }


def test_it_is_the_sentence_that_the_whole_event_would_give():
    for rule in all_rules(PROJECT.program):
        if rule.name in {"NewAccount", "Greeting"}:
            found = explain(PROJECT, rule.name, "post", EVENT, at=AT)
            assert list(told(PROJECT, rule.name, EVENT).values()) == [one.told for one in found.conditions]


def test_a_condition_that_needs_more_than_was_kept_is_left_out():
    """What the list holds is cut when it is kept: its length can no longer be told."""
    project = rules("""\
Words: List[str] = JsonData(path='$.words')
Many = Rule(when_all=[ListLength(list=Words) > 11, Words != []])
WhenRules(rules_any=[Many], then=[DeclareVerdict(verdict='x')])
""")
    assert list(told(project, "Many", {"words": [str(one) for one in range(20)]})) == ["Words != []"]


def test_which_part_of_an_or_held_is_not_guessed():
    project = rules("""\
A: int = JsonData(path='$.a')
B: int = JsonData(path='$.b')
Either = Rule(when_all=[A > 1 or B > 1])
WhenRules(rules_any=[Either], then=[DeclareVerdict(verdict='x')])
""")
    assert told(project, "Either", {"a": 0, "b": 2}) == {}


def test_labels_are_told_without_a_look_at_them():
    project = rules("""\
Author: Entity[str] = EntityJson(type='User', path='$.user.id')
Known = Rule(when_all=[not HasLabel(entity=Author, label='trusted')])
WhenRules(rules_any=[Known], then=[DeclareVerdict(verdict='x')])
""")
    event = {"user": {"id": "u1"}}
    result = project.run("post", event, at=AT, state=MemoryState())
    assert [one.rule for one in result.fired] == ["Known"]
    assert list(held(project, "Known", {"Author": {"type": "User", "id": "u1"}}).values()) == [
        "User u1 does not have the label “trusted”, as the rule asks."
    ]
