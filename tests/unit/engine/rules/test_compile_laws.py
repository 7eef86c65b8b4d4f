"""The compiled rules and the interpreter are one language: same features, effects and errors for whatever event."""

import time

from msgspec.structs import replace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine import rules
from evenhand.engine.rules import interpret
from evenhand.engine.rules.compile import sources
from evenhand.engine.rules.run import Context
from tests.unit.engine.rules import generated



def told(result):
    """The result in words, in which NaN is like NaN, and the order of the features does not count."""
    return repr((sorted(result.features.items()), replace(result, features={})))


SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def interpreted(ruleset, action, data):
    context = Context(action, 7, data, generated.AT, 1_772_366_400_000_000, None, None, {}, [])
    return interpret.run(ruleset.program, ruleset.order, context)


@SLOW
@given(generated.projects(), st.lists(generated.events(), min_size=1, max_size=5), st.sampled_from(generated.ACTIONS))
def test_compiled_and_interpreted_rules_give_the_same_result(project, events, action):
    ruleset = rules.load_sources(project, config=generated.CONFIG)
    for event in events:
        compiled = ruleset.run(action, event, at=generated.AT, action_id=7)
        assert told(compiled) == told(interpreted(ruleset, action, event))
