"""An explanation says why a rule fired, or why not, in the order in which the rule is written."""

import msgspec
import pytest

from evenhand.engine.rules.explain import Explanation, NoSuchRule
from tests.unit.engine.rules.explain.project import EVENT, explained, rules, without


def test_a_rule_that_fired_has_its_place_its_conditions_and_its_description():
    told = explained("NewAccount")
    assert (told.outcome, told.file, told.line) == ("fired", "post.sml", 8)
    assert told.description == "u1 is new"
    assert told.told == "NewAccount fired: AccountAge is 2 days; the rule asks for less than _MaxAge (7 days)."
    assert [(one.text, one.value) for one in told.conditions] == [("AccountAge < _MaxAge", "true")]
    assert told.why_not == ()


def test_what_kept_a_rule_from_firing_is_told_in_the_order_in_which_it_is_written():
    event = {"user": {"id": "u1", "created": "2026-01-20T12:00:00Z"}, "text": "Re: hello", "links": 1}
    told = explained("Greeting", event)
    assert told.outcome == "false"
    assert told.why_not == (
        "AccountAge is 40 days; the rule asks for less than 7 days.",
        "Text does not contain “free harbour”; the rule asks that it does.",
        "Links is 1; the rule asks for more than 2.",
        "Text begins with “Re:”; the rule asks that it does not.",
    )


def test_each_condition_has_its_own_place_in_the_file():
    lines = [(one.file, one.line) for one in explained("Greeting").conditions]
    assert lines == [("post.sml", line) for line in (11, 12, 13, 14)]


def test_a_value_that_the_event_does_not_have_is_told_with_its_path():
    told = explained("NewAccount", without("user", "created"))
    assert told.outcome == "failed"
    assert told.conditions[0].value == "failed"
    assert told.why_not == ("Created has no value: the event has nothing at $.user.created.",)


def test_a_file_that_was_not_brought_in_is_told_with_the_condition_that_kept_it_out():
    told = explained("Greeting", action="like")
    assert told.outcome == "not_run"
    (outside,) = told.not_included
    assert (outside.file, outside.by, outside.line) == ("post.sml", "main.sml", 3)
    assert outside.told == "post.sml did not run: ActionName is “like”; the rule asks for “post”."
    assert told.why_not == (outside.told,)


def test_conditions_of_a_file_that_did_not_run_say_what_they_would_have_come_to():
    event = EVENT | {"links": 1}
    told = explained("Greeting", event, action="like")
    assert [one.value for one in told.conditions] == ["true", "true", "false", "true"]
    assert told.why_not[1:] == ("Links is 1; the rule asks for more than 2.",)


def test_a_rule_that_holds_and_that_no_whenrules_names_does_nothing():
    told = explained("Unused")
    assert told.outcome == "unused"
    assert told.why_not == ("Unused holds, but no WhenRules that ran names it: nothing follows from it.",)


def test_a_feature_is_told_with_what_it_reads_and_where_that_stands_in_the_event():
    features = {one.name: one for one in explained("NewAccount").features}
    assert list(features) == ["AccountAge", "_MaxAge", "Created"]
    assert features["AccountAge"].reads == ("Created",)
    assert features["AccountAge"].value == 172_800
    (source,) = features["Created"].sources
    assert (source.kind, source.at, source.found) == ("event", "$.user.created", "2026-02-27T12:00:00Z")
    assert source.told == "The event has “2026-02-27T12:00:00Z” at $.user.created."


def test_a_condition_that_joins_others_has_each_of_them():
    condition = explained("Greeting", EVENT | {"links": 1}).conditions[2]
    assert [(one.text, one.value) for one in condition.parts] == [("Links != None", "true"), ("Links > 2", "false")]


def test_of_alternatives_that_all_fail_each_is_told():
    project = rules("""\
A: int = JsonData(path='$.a')
Big = Rule(when_all=[A > 10 or A < 0])
WhenRules(rules_any=[Big], then=[DeclareVerdict(verdict='x')])
""")
    told = explained("Big", {"a": 5}, project=project)
    assert told.why_not == (
        "None of 2 holds: A is 5; the rule asks for more than 10; A is 5; the rule asks for less than 0.",
    )


def test_a_rule_that_asks_for_another_says_why_that_one_does_not_hold():
    project = rules("""\
A: int = JsonData(path='$.a')
Small = Rule(when_all=[A < 3])
Even = A % 2 == 0
Both = Rule(when_all=[Small, Even])
WhenRules(rules_any=[Both], then=[DeclareVerdict(verdict='x')])
""")
    told = explained("Both", {"a": 5}, project=project)
    assert told.why_not == (
        "The rule Small does not hold: A is 5; the rule asks for less than 3.",
        "Even does not hold: A % 2 is 1; the rule asks for 0.",
    )


def test_a_file_behind_a_path_made_of_the_action_says_what_this_action_asks_for():
    project = rules(
        "ActionName = GetActionName()\nRequire(rule=f'{ActionName}.sml')\n",
        post="A: int = JsonData(path='$.a')\nBig = Rule(when_all=[A > 1])\n",
        like="B: int = JsonData(path='$.b')\n",
    )
    told = explained("Big", {"a": 5}, action="like", project=project)
    assert told.why_not == ("post.sml did not run: for this event, line 2 of main.sml asks for “like.sml”.",)


def test_a_file_behind_another_that_did_not_run_tells_the_outer_reason_first():
    project = rules(
        "A: int = JsonData(path='$.a')\nRequire(rule='outer.sml', require_if=A > 1)\n",
        outer="Import(rules=['main.sml'])\nRequire(rule='inner.sml', require_if=A > 2)\n",
        inner="Import(rules=['main.sml'])\nBig = Rule(when_all=[A > 3])\n",
    )
    told = explained("Big", {"a": 1}, project=project)
    assert told.why_not == (
        "outer.sml did not run: A is 1; the rule asks for more than 1.",
        "inner.sml did not run: outer.sml would bring it in, and did not run either.",
        "A is 1; the rule asks for more than 3.",
    )


def test_a_rule_without_a_name_is_called_by_its_place():
    project = rules("""\
A: int = JsonData(path='$.a')
WhenRules(rules_any=[Rule(when_all=[A > 3])], then=[DeclareVerdict(verdict='x')])
""")
    assert explained("main.sml:2", {"a": 4}, project=project).outcome == "fired"


def test_a_secret_is_never_told():
    project = rules("""\
Address: Secret[str] = JsonData(path='$.address')
Local = Rule(when_all=[StringStartsWith(s=Address, start='harbour 12'), Address == 'harbour 12 b'])
WhenRules(rules_any=[Local], then=[DeclareVerdict(verdict='x')])
""")
    for address in ("harbour 12 left", "harbour 12 b", 7, "elsewhere"):
        told = msgspec.json.encode(explained("Local", {"address": address}, project=project)).decode()
        assert "left" not in told
        assert "elsewhere" not in told


def test_a_name_that_is_no_rule_is_told_with_the_one_that_may_be_meant():
    with pytest.raises(NoSuchRule, match="did you mean 'NewAccount'"):
        explained("NewAcount")


def test_an_explanation_is_json():
    told = explained("Greeting")
    assert msgspec.json.decode(msgspec.json.encode(told), type=Explanation) == told


def test_a_long_chain_of_features_is_cut():
    lines = ["X0: int = JsonData(path='$.a')", *(f"X{n} = X{n - 1} + X{n - 1}" for n in range(1, 40))]
    project = rules("\n".join([*lines, "Far = Rule(when_all=[X39 > 0])"]))
    told = explained("Far", {"a": 1}, project=project)
    assert told.cut
    assert len(told.features) == 8


def test_a_rule_that_reads_much_is_cut():
    lines = [f"X{n}: int = JsonData(path='$.x{n}')" for n in range(200)]
    project = rules("\n".join([*lines, f"Wide = Rule(when_all=[{', '.join(f'X{n} > 0' for n in range(200))}])"]))
    told = explained("Wide", {}, project=project)
    assert told.cut
    assert len(told.features) == 60


def test_a_long_text_is_cut_where_it_is_told():
    told = explained("Greeting", EVENT | {"text": "free harbour " + "x" * 100_000})
    assert len(msgspec.json.encode(told)) < 6_000
