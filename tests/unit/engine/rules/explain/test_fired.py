"""What is kept with a signal: the conditions of the rule that fired, the values in them, and where those came from."""

import msgspec

from evenhand.engine.rules.explain import on_fire
from tests.unit.engine.rules.explain.project import AT, EVENT, PROJECT, rules


def kept(project, rule, event):
    result = project.run("post", event, at=AT)
    assert rule in [one.rule for one in result.fired]
    return on_fire(project, rule, result)


def test_a_rule_that_fired_keeps_its_conditions_with_values_and_sources():
    assert kept(PROJECT, "Greeting", EVENT) == {
        "file": "post.sml",
        "line": 9,
        "conditions": [
            "AccountAge < TimeDelta(days=7)",
            "TextContains(text=Text, phrase='free harbour')",
            "Links != None and Links > 2",
            "not StringStartsWith(s=Text, start='Re:')",
        ],
        "features": {"AccountAge": 172_800.0, "Text": "Come to the free harbour tonight", "Links": 3},
        "sources": {"AccountAge": ("$.user.created",), "Text": ("$.text",), "Links": ("$.links",)},
    }


def test_a_local_name_is_kept_as_what_it_reads():
    project = rules("""\
A: int = JsonData(path='$.a')
B: int = JsonData(path='$.b')
_Sum = A + B
Big = Rule(when_all=[_Sum > 3])
WhenRules(rules_any=[Big], then=[DeclareVerdict(verdict='x')])
""")
    told = kept(project, "Big", {"a": 2, "b": 3})
    assert told["features"] == {"A": 2, "B": 3}


def test_counters_labels_and_lists_are_sources_by_their_names():
    project = rules("""\
User: Entity[str] = EntityJson(type='User', path='$.id')
Words: List[str] = JsonData(path='$.words')
Posts = Count(counter='posts', key=User, window_seconds=60)
Bad = ListContains(list='boats', phrases=Words)
Marked = HasLabel(entity=User, label='odd')
Loud = Rule(when_all=[Posts == None, Bad == None, not (Marked or False) or True])
WhenRules(rules_any=[Loud], then=[DeclareVerdict(verdict='x')])
""")
    assert kept(project, "Loud", {"id": "u1", "words": []})["sources"] == {
        "Posts": ("counter posts", "$.id"),
        "Bad": ("list boats", "$.words"),
        "Marked": ("label odd", "$.id"),
    }


def test_a_secret_is_not_kept():
    project = rules("""\
Address: Secret[str] = JsonData(path='$.address')
Local = Rule(when_all=[Address != 'x'])
WhenRules(rules_any=[Local], then=[DeclareVerdict(verdict='x')])
""")
    assert "harbour" not in str(kept(project, "Local", {"address": "harbour 12"}))


def test_long_values_are_cut_until_all_has_room():
    names = [f"X{n}" for n in range(12)]
    lines = [f"{name}: str = JsonData(path='$.text')" for name in names]
    conditions = ", ".join(f"{name} != ''" for name in names)
    effect = "WhenRules(rules_any=[Wide], then=[DeclareVerdict(verdict='x')])"
    project = rules("\n".join([*lines, f"Wide = Rule(when_all=[{conditions}])", effect]))
    told = kept(project, "Wide", {"text": "é" * 100_000})
    assert len(msgspec.json.encode(told)) <= 2048
    assert len(told["features"]) == 12
    assert "cut" not in told


def test_a_rule_with_more_than_has_room_keeps_its_first_conditions_and_says_so():
    names = [f"A_rather_long_name_for_a_feature_{n}" for n in range(100)]
    lines = [f"{name}: str = JsonData(path='$.text')" for name in names]
    conditions = ", ".join(f"{name} != 'something that is not there at all, number {name}'" for name in names)
    effect = "WhenRules(rules_any=[Wide], then=[DeclareVerdict(verdict='x')])"
    project = rules("\n".join([*lines, f"Wide = Rule(when_all=[{conditions}])", effect]))
    told = kept(project, "Wide", {"text": "é" * 100_000})
    assert len(msgspec.json.encode(told)) <= 2048
    assert told["cut"] is True
    assert told["conditions"][0].startswith(names[0])
    assert next(iter(told["features"])) == names[0]
