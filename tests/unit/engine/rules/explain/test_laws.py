"""Whatever the rules and the event: an explanation is bounded JSON, agrees with the run, and changes nothing."""

import ast

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine.rules import load_sources
from evenhand.engine.rules.explain import explain, on_fire
from evenhand.engine.rules.explain.rule import rules
from evenhand.engine.rules.explain.written import written
from evenhand.engine.rules.state import MemoryState
from evenhand.engine.rules.tree import Definition, Do
from tests.unit.engine.rules import generated

SLOW = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
AT = generated.AT


@SLOW
@given(generated.projects(), generated.events(), st.sampled_from(generated.ACTIONS))
def test_a_rule_is_explained_as_it_ran(sources, event, action):
    project = load_sources(sources, config=generated.CONFIG, stored=True)
    state = MemoryState()
    result = project.run(action, event, at=AT, action_id=7, state=state)
    fired = {one.rule for one in result.fired}
    for rule in rules(project.program):
        told = explain(project, rule.name, action, event, at=AT, action_id=7, state=state)
        assert (told.outcome == "fired") == (rule.name in fired)
        assert bool(told.why_not) == (told.outcome != "fired")
        if told.outcome != "not_run":
            holds = {"failed": None, "false": False}.get(told.outcome, True)
            assert result.features[rule.name] is holds
        assert len(msgspec.json.encode(told)) < 200_000


@SLOW
@given(generated.projects(), generated.events(), st.sampled_from(generated.ACTIONS))
def test_what_is_kept_of_a_rule_that_fired_is_small_and_has_its_features(sources, event, action):
    project = load_sources(sources, config=generated.CONFIG, stored=True)
    result = project.run(action, event, at=AT, action_id=7)
    for one in result.fired:
        kept = on_fire(project, one.rule, result)
        assert len(msgspec.json.encode(kept)) <= 2048
        assert set(kept["features"]) <= set(result.features)
        assert kept["conditions"]


@SLOW
@given(generated.projects())
def test_an_expression_is_written_so_that_it_reads_as_itself(sources):
    project = load_sources(sources, config=generated.CONFIG, stored=True)
    for file in project.program.files.values():
        of_line = {node.lineno: node.value for node in ast.parse(sources[file.path]).body if hasattr(node, "value")}
        for statement in file.statements:
            if isinstance(statement, Definition | Do):
                expected = ast.unparse(of_line[statement.span.line])
                told = written(statement.value, most=1_000_000)
                assert _plain(told) == _plain(expected)


def _plain(text):
    """The same tree, with the arguments of calls by name, and constants that are folded by either side alike."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords.sort(key=lambda keyword: keyword.arg)
    return ast.unparse(tree)
