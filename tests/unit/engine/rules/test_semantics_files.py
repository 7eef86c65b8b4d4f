"""Which files run for which event, and in which order."""

import pytest

from evenhand.engine import rules
from evenhand.engine.rules.order import order
from tests.unit.engine.rules.semantics import AT, run_both

BASE = """\
ActionName = GetActionName()
A: int = JsonData(path='$.a', required=False)
G: bool = JsonData(path='$.g', required=False)
"""
USE_BASE = "Import(rules=['base.sml'])\n"


def names(result):
    return {name for name in result.features if not name.startswith("__")} - {"ActionName", "A", "G"}


def run(main, event=None, *, action="post", **files):
    sources = {"main.sml": USE_BASE + main, "base.sml": BASE}
    sources |= {f"{name.replace('__', '/')}.sml": USE_BASE + text for name, text in files.items()}
    return run_both(sources, event or {}, action=action)


def test_an_import_brings_names_and_runs_what_makes_them():
    result = run("B = A + 1\n", {"a": 1})
    assert (result.features["A"], result.features["B"]) == (1, 2)


def test_a_file_that_nothing_names_does_not_run():
    assert names(run("", {"a": 1}, other="B = A + 1\n")) == set()


def test_a_required_file_runs():
    assert names(run("Require(rule='more.sml')\n", {"a": 1}, more="B = A + 1\n")) == {"B"}


@pytest.mark.parametrize(
    ("condition", "event", "runs"),
    [
        ("True", {}, True),
        ("False", {}, False),
        ("ActionName == 'post'", {}, True),
        ("ActionName == 'like'", {}, False),
        ("ActionName in ['like', 'post']", {}, True),
        ("ActionName != 'post'", {}, False),
        ("ActionName == 'post' and A > 1", {"a": 2}, True),
        ("ActionName == 'post' and A > 1", {"a": 1}, False),
        ("ActionName == 'like' or A > 1", {"a": 2}, True),
        ("A > 1", {"a": 2}, True),
        ("A > 1", {"a": 1}, False),
        ("A > 1", {}, False),
        ("not (A > 1)", {}, False),
        ("A == None", {}, True),
        ("G", {"g": True}, True),
        ("G", {}, False),
    ],
)
def test_a_file_is_required_on_a_condition(condition, event, runs):
    result = run(f"Require(rule='more.sml', require_if={condition})\n", event, more="B = GetActionId()\n")
    assert names(result) == ({"B"} if runs else set())
    assert result.errors == ()


@pytest.mark.parametrize(
    ("action", "expected"),
    [("post", {"B"}), ("like", {"C"}), ("follow", set()), ("", set()), ("../main", set()), ("post.sml", set())],
)
def test_a_path_may_depend_on_the_event(action, expected):
    result = run(
        "Require(rule=f'actions/{ActionName}.sml')\n",
        action=action,
        actions__post="B = GetActionId()\n",
        actions__like="C = GetActionId()\n",
    )
    assert names(result) == expected
    assert result.errors == ()


def test_a_path_may_depend_on_what_the_event_has():
    kinds = {"kinds__a": "B = GetActionId()\n", "kinds__b": "C = GetActionId()\n"}
    main = "Kind: str = JsonData(path='$.kind', required=False)\nRequire(rule=f'kinds/{Kind}.sml')\n"
    assert names(run(main, {"kind": "a"}, **kinds)) == {"Kind", "B"}
    assert names(run(main, {"kind": "zzz"}, **kinds)) == {"Kind"}
    assert names(run(main, {}, **kinds)) == {"Kind"}


def test_required_files_may_require_others():
    files = {
        "one": "Require(rule='two.sml', require_if=A > 2)\nB = A\n",
        "two": "Require(rule='three.sml')\nC = A\n",
        "three": "D = A\n",
    }
    assert names(run("Require(rule='one.sml', require_if=A > 1)\n", {"a": 3}, **files)) == {"B", "C", "D"}
    assert names(run("Require(rule='one.sml', require_if=A > 1)\n", {"a": 2}, **files)) == {"B"}
    assert names(run("Require(rule='one.sml', require_if=A > 1)\n", {"a": 1}, **files)) == set()


def test_a_file_that_is_required_twice_runs_once():
    called = []

    def Noted(a: int) -> int:
        called.append(a)
        return a

    sources = {
        "main.sml": USE_BASE + "Require(rule='x.sml', require_if=A > 1)\nRequire(rule='x.sml', require_if=A > 2)\n",
        "base.sml": BASE,
        "x.sml": USE_BASE + "B = Noted(a=A)\n",
    }
    run_both(sources, {"a": 3}, udfs=[Noted])
    assert called == [3, 3, 3]  # once for each of the three ways that run_both compares


def test_what_a_required_file_imports_comes_with_it():
    sources = {
        "main.sml": USE_BASE + "Require(rule='x.sml', require_if=A > 1)\n",
        "base.sml": BASE,
        "x.sml": "Import(rules=['base.sml', 'model.sml'])\nC = B + 1\n",
        "model.sml": USE_BASE + "B = A + 1\n",
    }
    assert names(run_both(sources, {"a": 2})) == {"B", "C"}
    assert names(run_both(sources, {"a": 1})) == set()


def test_a_condition_may_stand_on_what_both_files_import():
    """The index needs the model for its conditions, and what it requires needs it too."""
    sources = {
        "main.sml": "Require(rule='index.sml')\n",
        "index.sml": "Import(rules=['model.sml'])\nRequire(rule='x.sml', require_if=IsPost)\n",
        "model.sml": "IsPost = GetActionName() == 'post'\n",
        "x.sml": "Import(rules=['model.sml'])\nB = not IsPost\n",
    }
    assert names(run_both(sources, {})) == {"IsPost", "B"}
    assert names(run_both(sources, {}, action="like")) == {"IsPost"}


def test_files_that_require_each_other_run_once_each():
    sources = {
        "main.sml": USE_BASE + "Require(rule='x.sml', require_if=A > 1)\nRequire(rule='y.sml', require_if=A < 0)\n",
        "base.sml": BASE,
        "x.sml": USE_BASE + "B = A\nRequire(rule='y.sml', require_if=B > 1)\n",
        "y.sml": USE_BASE + "C = A\nTail: str = JsonData(path='$.tail')\nRequire(rule=f'x{Tail}.sml')\n",
    }
    ruleset = rules.load_sources(sources)
    assert not ruleset.order.settled  # so that the interpreter runs them
    for a, expected in ((2, {"B", "C", "Tail"}), (-1, {"B", "C", "Tail"}), (0, set())):
        result = ruleset.run("post", {"a": a, "tail": ""}, at=AT)
        assert names(result) == expected


def test_imports_run_before_the_file_and_effects_come_in_the_order_of_the_files():
    when = "WhenRules(rules_any=[{0}], then=[DeclareVerdict(verdict='{0}')])\n"
    sources = {
        "main.sml": USE_BASE
        + "Require(rule='z.sml')\nRequire(rule='y.sml', require_if=A > 0)\nM = Rule(when_all=[A > 0])\n"
        + when.format("M"),
        "base.sml": BASE + "B = Rule(when_all=[A > 0])\n" + when.format("B"),
        "y.sml": USE_BASE + "Y = Rule(when_all=[A > 0])\n" + when.format("Y"),
        "z.sml": "Import(rules=['base.sml', 'i.sml'])\nZ = Rule(when_all=[I])\n" + when.format("Z"),
        "i.sml": USE_BASE + "I = Rule(when_all=[A > 0])\n" + when.format("I"),
    }
    assert run_both(sources, {"a": 1}).verdicts == ("B", "M", "I", "Z", "Y")


def test_local_names_of_two_files_do_not_meet():
    result = run("_x = A + 1\nB = _x\nRequire(rule='more.sml')\n", {"a": 1}, more="_x = A + 10\nC = _x\n")
    assert (result.features["B"], result.features["C"]) == (2, 11)


def test_statements_stand_behind_what_they_name():
    ruleset = rules.load_sources({"main.sml": "C = B + 1\nB = A + 1\nA: int = JsonData(path='$.a')\n"})
    assert [step.statement.name for step in order(ruleset.program).steps] == ["A", "B", "C"]
