"""Rules, what they bring about, and what is told of it."""

import pytest

from evenhand.engine.rules import RuleError
from evenhand.engine.rules.run import Fired
from evenhand.engine.rules.values import Effect, Entity
from tests.unit.engine.rules.semantics import FIELDS, run_both

USER = {"u": "u1"}
RULES = [
    ("[A > 1]", {"a": 2}, True),
    ("[A > 1]", {"a": 1}, False),
    ("[A > 1]", {}, None),
    ("[A > 1, B > 1]", {"a": 2, "b": 2}, True),
    ("[A > 1, B > 1]", {"a": 2, "b": 1}, False),
    ("[A > 1, B > 1]", {"a": 1}, None),
    ("[A > 1, B > 1]", {"b": 1}, None),
    ("[A > 1 or 2 > 1]", {}, True),
    ("[A > 1 and 2 > 1]", {}, False),
    ("[not (A > 1)]", {}, None),
    ("[A == None]", {}, True),
    ("[A != None]", {}, False),
    ("[A != None, A > 1]", {}, None),
    ("[A == None, B > 1]", {"b": 2}, True),
    ("[True]", {}, True),
    ("[False]", {}, False),
    ("[False, A > 1]", {}, None),
    ("[True, A > 1]", {"a": 2}, True),
    ("[1 > 2, A > 1]", {"a": 2}, False),
    ("[G]", {"g": True}, True),
    ("[G]", {}, None),
    ("[Q == True]", {}, False),
    ("[Q == True]", {"q": True}, True),
    ("[Q or False, G]", {"q": True, "g": True}, True),
    ("[Q or False, G]", {"g": True}, False),
    ("[S in ['x'], not G]", {"s": "x", "g": False}, True),
    ("[TextContains(text=S, phrase='buy now')]", {"s": "Please BUY  NOW"}, False),
    ("[TextContains(text=S, phrase='buy now')]", {"s": "Please BUY NOW!"}, True),
    ("[TextContains(text=S, phrase='buy')]", {"s": "buyer"}, False),
    ("[TextContains(text=S, phrase='straße')]", {"s": "STRASSE 1"}, True),
    ("[RegexMatch(pattern='b+y', target=S, case_insensitive=True)]", {"s": "BBY"}, True),
    ("[RegexMatch(pattern='b+y', target=S)]", {"s": "BBY"}, False),
    ("[RegexMatch(pattern='^$', target=S)]", {"s": ""}, True),
    ("[StringContains(s=S, phrase='uy', substrings=True)]", {"s": "BUY"}, True),
    ("[StringContains(s=S, phrase='uy', substrings=True, case_sensitive=True)]", {"s": "BUY"}, False),
    ("[O != None, O > 2]", {"o": 3}, True),
    ("[O != None, O > 2]", {}, False),
    ("[P != None, StringLength(s=P) > 2]", {}, None),
    ("[P != None and StringLength(s=P) > 2]", {}, False),
]


@pytest.mark.parametrize(("when_all", "event", "expected"), RULES)
def test_a_rule_holds_when_all_hold_and_fails_when_one_fails(when_all, event, expected):
    result = run_both(f"{FIELDS}R = Rule(when_all={when_all})\n", event)
    assert result.features["R"] is expected
    assert result.errors == ()


def run(rest, event):
    return run_both(f"{FIELDS}{rest}", event)


def test_an_effect_comes_about_when_any_rule_holds_and_knows_which():
    result = run(
        "R1 = Rule(when_all=[A > 1])\nR2 = Rule(when_all=[A > 2])\nR3 = Rule(when_all=[A > 3])\n"
        "WhenRules(rules_any=[R1, R2, R3], then=[DeclareVerdict(verdict='reject')])\n",
        {"a": 3},
    )
    assert result.effects == (Effect(kind="verdict", arguments={"verdict": "reject"}, rules=("R1", "R2")),)
    assert result.fired == (Fired("R1", ""), Fired("R2", ""))
    assert result.verdicts == ("reject",)
    assert result.features["__verdicts"] == ["reject"]


def test_nothing_comes_about_when_no_rule_holds():
    result = run("R = Rule(when_all=[A > 1])\nWhenRules(rules_any=[R], then=[DeclareVerdict(verdict='x')])\n", {"a": 1})
    assert (result.effects, result.fired, result.verdicts, result.labels) == ((), (), (), ())
    assert result.features["__verdicts"] == []


def test_a_rule_that_failed_does_not_keep_the_others_from_firing():
    result = run(
        "R1 = Rule(when_all=[B > 1])\nR2 = Rule(when_all=[A > 1])\n"
        "WhenRules(rules_any=[R1, R2], then=[DeclareVerdict(verdict='x')])\n",
        {"a": 2},
    )
    assert [one.rule for one in result.fired] == ["R2"]
    assert result.features["R1"] is None


def test_all_rules_failed_is_none_holds():
    rest = "R = Rule(when_all=[A > 1])\nWhenRules(rules_any=[R], then=[DeclareVerdict(verdict='x')])\n"
    assert run(rest, {}).effects == ()


def test_an_effect_that_failed_does_not_keep_the_others_back():
    result = run(
        "R = Rule(when_all=[A > 1])\n"
        "WhenRules(rules_any=[R], then=[LabelAdd(entity=U, label='spammer'), DeclareVerdict(verdict='x')])\n",
        {"a": 2},
    )
    assert [one.kind for one in result.effects] == ["verdict"]


def test_labels_are_told_as_type_id_label_and_whether_they_are_added():
    result = run(
        "R = Rule(when_all=[A > 1])\nWhenRules(rules_any=[R], then=["
        "LabelAdd(entity=U, label='spammer'), LabelRemove(entity=U, label='trusted'),"
        " LabelAdd(entity=W, label='new')])\n",
        {"a": 2, "u": "u1", "w": 5},
    )
    assert result.labels == ("User/u1/spammer/1", "User/u1/trusted/0", "Post/5/new/1")
    assert result.features["__entity_label_mutations"] == list(result.labels)
    assert result.effects[2].entity == Entity("Post", 5)


def test_the_same_label_by_two_rules_is_told_once():
    result = run(
        "R1 = Rule(when_all=[A > 1])\nR2 = Rule(when_all=[A > 0])\n"
        "WhenRules(rules_any=[R1], then=[LabelAdd(entity=U, label='spammer')])\n"
        "WhenRules(rules_any=[R2], then=[LabelAdd(entity=U, label='spammer')])\n",
        {"a": 2, **USER},
    )
    assert result.labels == ("User/u1/spammer/1",)
    assert [one.rules for one in result.effects] == [("R1",), ("R2",)]


@pytest.mark.parametrize(
    ("condition", "event", "added"),
    [("A > 1", {"a": 2}, True), ("A > 1", {"a": 1}, False), ("A > 1", {}, False)],
)
def test_a_label_may_have_a_condition_of_its_own(condition, event, added):
    result = run(
        f"Go = Rule(when_all=[U != None])\nIf = Rule(when_all=[{condition}])\n"
        "WhenRules(rules_any=[Go], then=[LabelAdd(entity=U, label='spammer', apply_if=If)])\n",
        {**event, **USER},
    )
    assert result.labels == (("User/u1/spammer/1",) if added else ())
    assert result.errors == ()


def test_a_label_may_wait_and_may_expire():
    result = run(
        "R = Rule(when_all=[A > 1])\nWhenRules(rules_any=[R], then=[LabelAdd(entity=U, label='new',"
        " delay_action_by=TimeDelta(minutes=A), expires_after=TimeDelta(days=1))])\n",
        {"a": 2, **USER},
    )
    [effect] = result.effects
    assert effect.arguments["delay_action_by"].total_seconds() == 120
    assert effect.arguments["expires_after"].total_seconds() == 86_400


def test_effects_of_other_functions_have_a_key_of_their_own():
    result = run(
        "R = Rule(when_all=[A > 1])\nWhenRules(rules_any=[R], then=[BanUser(entity=U, comment=f'{A} times')])\n",
        {"a": 2, **USER},
    )
    assert result.features["__ban_user"] == ["User/u1|2 times"]
    assert "__ban_user" not in run("X = A\n", {"a": 2}).features


def test_an_effect_may_have_a_name_and_be_used_twice():
    result = run(
        "Ban = BanUser(entity=U, comment='x')\nR1 = Rule(when_all=[A > 1])\nR2 = Rule(when_all=[A > 5])\n"
        "WhenRules(rules_any=[R1], then=[Ban])\nWhenRules(rules_any=[R2], then=[Ban])\n",
        {"a": 2, **USER},
    )
    assert [one.rules for one in result.effects] == [("R1",)]
    assert "Ban" not in result.features


def test_a_description_has_the_values_of_the_event():
    result = run(
        "R = Rule(when_all=[A > 1], description=f'{U} did it {A} times, {O}, {S}')\n"
        "WhenRules(rules_any=[R], then=[DeclareVerdict(verdict='x')])\n",
        {"a": 2, **USER},
    )
    assert result.fired == (Fired("R", "u1 did it 2 times, None, None"),)


def test_a_description_may_be_a_plain_text():
    result = run(
        "R = Rule(when_all=[A > 1], description='it\\'s \"{so}\"')\n"
        "WhenRules(rules_any=[R], then=[DeclareVerdict(verdict='x')])\n",
        {"a": 2},
    )
    assert result.fired == (Fired("R", 'it\'s "{so}"'),)


def test_a_rule_may_stand_on_other_rules():
    rest = "R1 = Rule(when_all=[A > 1])\nR2 = Rule(when_all=[B > 1])\nR3 = Rule(when_all=[R1, not R2])\nE = R1 or R2\n"
    assert run(rest, {"a": 2, "b": 1}).features["R3"] is True
    assert run(rest, {"a": 2, "b": 2}).features["R3"] is False
    assert run(rest, {"a": 2}).features["R3"] is None
    assert run(rest, {"a": 2}).features["E"] is True


def test_a_rule_that_fires_in_two_places_is_told_once():
    result = run(
        "R = Rule(when_all=[A > 1])\nWhenRules(rules_any=[R], then=[DeclareVerdict(verdict='x')])\n"
        "WhenRules(rules_any=[R], then=[DeclareVerdict(verdict='y')])\n",
        {"a": 2},
    )
    assert result.fired == (Fired("R", ""),)
    assert result.verdicts == ("x", "y")


def test_a_rule_that_brings_nothing_about_is_a_feature_only():
    result = run("R = Rule(when_all=[A > 1])\n", {"a": 2})
    assert (result.features["R"], result.fired) == (True, ())


def test_every_name_is_shown_that_is_not_local_constant_or_secret():
    result = run_both(
        "A: int = JsonData(path='$.a')\n_B = A + 1\nC = _B + 1\nD = 5\nE = 'x'\nF = [1, 2]\n"
        "G: Secret[str] = JsonData(path='$.a')\nH: ExtractLiteral[int] = 9\nI = G == '1'\n",
        {"a": 1},
    )
    assert {name for name in result.features if not name.startswith("__")} == {"A", "C", "H", "I"}
    assert result.features["H"] == 9


def test_what_every_event_has():
    result = run_both("X = GetActionId()\nY = 1 + X\nS: str = JsonData(path='$.s')\n", {})
    assert {name: value for name, value in result.features.items() if name.startswith("__")} == {
        "__action_id": 7,
        "__timestamp": "2026-03-01T12:00:00+00:00",
        "__error_count": 1,
        "__entity_label_mutations": [],
        "__verdicts": [],
    }


def test_names_may_be_used_before_they_are_assigned():
    assert run_both("B = A + 1\nA: int = JsonData(path='$.a')\n", {"a": 1}).features["B"] == 2


def test_counters_count_each_event_once_whatever_the_way():
    source = (
        "S: str = JsonData(path='$.s')\nN = IncrementWindow(key=f'k-{S}', window_seconds=60, when_all=[S != ''])\n"
        "M = IncrementWindow(key='other', window_seconds=60, when_all=[S == ''])\n"
    )
    result = run_both(source, {"s": "x"})  # three times, as one and the same event
    assert (result.features["N"], result.features["M"]) == (1, 0)
    assert run_both(source, {}).features["N"] is None


def test_the_name_of_an_experiment_tells_it_from_others():
    source = (
        "U: Entity[str] = EntityJson(type='User', path='$.u')\n"
        + "".join(
            f"{name} = Experiment(entity=U, buckets=['a', 'b'], bucket_sizes=[50.0, 50.0], version=1, revision=1)\n"
            for name in ("One", "Two")
        )
        + "InA = ExperimentWhen(experiment=One, a=[U != None])\n"
    )
    found = [run_both(source, {"u": f"u{number}"}).features for number in range(40)]
    assert {one["One"] for one in found} == {"a", "b"}
    assert any(one["One"] != one["Two"] for one in found)
    assert all(one["InA"] is (one["One"] == "a") for one in found)


LISTED = (
    "R1 = Rule(when_all=[A > 1])\nR2 = Rule(when_all=[B > 1])\nBoth = [R1, R2]\n"
    "WhenRules(rules_any=Both, then=[DeclareVerdict(verdict='x')])\n"
)


@pytest.mark.parametrize(
    ("event", "fired"),
    [
        ({"a": 2, "b": 2}, ["R1", "R2"]),
        ({"a": 2, "b": 1}, ["R1"]),
        ({"a": 1, "b": 1}, []),
        ({"a": 2}, []),  # a list has no value when an item has none
    ],
)
def test_rules_may_stand_in_a_list_with_a_name(event, fired):
    assert [one.rule for one in run(LISTED, event).fired] == fired


def test_conditions_and_effects_may_stand_in_lists_with_names():
    rest = (
        "All = [A > 1, G]\nR = Rule(when_all=All)\n"
        "Then = [DeclareVerdict(verdict='x'), BanUser(entity=U, comment='y')]\n"
        "WhenRules(rules_any=[R], then=Then)\n"
    )
    assert [one.kind for one in run(rest, {"a": 2, "g": True, **USER}).effects] == ["verdict", "ban_user"]
    assert run(rest, {"a": 2, "g": False, **USER}).effects == ()
    assert run(rest, {"a": 2, **USER}).features["R"] is None
    assert run(rest, {"a": 2, "g": True}).effects == ()


def test_a_rule_may_be_written_where_it_is_used():
    result = run(
        "WhenRules(rules_any=[Rule(when_all=[A > 1], description=f'{A}')], then=[DeclareVerdict(verdict='x')])\n",
        {"a": 2},
    )
    assert result.fired == (Fired("main.sml:16", "2"),)


def test_another_name_for_a_rule_is_told_as_the_rule():
    result = run(
        "R = Rule(when_all=[A > 1], description='why')\nSame = R\n"
        "WhenRules(rules_any=[Same], then=[DeclareVerdict(verdict='x')])\n",
        {"a": 2},
    )
    assert result.fired == (Fired("R", "why"),)


def test_names_that_need_each_other_are_refused():
    with pytest.raises(RuleError):
        run("X1 = X2 + 1\nX2 = X1 + 1\n", {})


@pytest.mark.parametrize("item", ["R1 and R2", "R1 or R2", "not R2", "R1 == R2", "R1 in [True]"])
def test_a_rule_is_a_bool_to_operators(item):
    rest = f"R1 = Rule(when_all=[A > 1])\nR2 = Rule(when_all=[B > 1])\nX = {item}\nR3 = Rule(when_all=[X])\n"
    values = {"R1": True, "R2": False}
    result = run(rest, {"a": 2, "b": 1})
    assert result.features["X"] is result.features["R3"] is eval(item, {}, values)
