"""The compiled rules and the interpreter are one language: same features, effects and errors for whatever event."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evenhand.engine import rules
from evenhand.engine.rules import interpret
from evenhand.engine.rules.compile import compiled, parts, sources
from evenhand.engine.rules.run import Context
from tests.unit.engine.rules import generated

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
streams = st.lists(generated.events(), min_size=1, max_size=5)
actions = st.sampled_from(generated.ACTIONS)


def context(action, data):
    return Context(action, 7, data, generated.AT, 1_772_366_400_000_000, None, None, {}, [])


def told(result):
    """The result in words, in which NaN is like NaN, and the order of the features does not count."""
    return repr((sorted(result.features.items()), replace(result, features={})))


def assert_same(project, events, action, own_code):
    ruleset = rules.load_sources(project, config=generated.CONFIG)
    run = compiled(ruleset.program, ruleset.order, action if own_code else None)
    for event in events:
        plainly = interpret.run(ruleset.program, ruleset.order, context(action, event))
        assert told(run(context(action, event))) == told(plainly)


@settings(SLOW, max_examples=150)
@given(generated.projects(), streams, actions, st.booleans())
def test_compiled_and_interpreted_rules_give_the_same_result(project, events, action, own_code):
    assert_same(project, events, action, own_code)


@settings(SLOW, max_examples=40)
@given(project=generated.projects(), events=streams, action=actions)
def test_code_in_many_parts_gives_the_same_result(project, events, action):
    whole, parts.MOST_LINES = parts.MOST_LINES, 8
    try:
        assert_same(project, events, action, own_code=True)
    finally:
        parts.MOST_LINES = whole


def diamond(depth):
    steps = [f"X{n} = X{n - 1} + X{n - 1}" for n in range(1, depth + 1)]
    return "\n".join(["X0: int = JsonData(path='$.x')", *steps, f"R = Rule(when_all=[X{depth} > 1])"])


def test_code_grows_with_the_rules_and_no_faster():
    def size(depth):
        ruleset = rules.load_sources({"main.sml": diamond(depth)})
        return sum(map(len, sources(ruleset.program, ruleset.order, None)))

    assert size(400) - size(200) < 1.2 * (size(300) - size(100))


def test_a_diamond_of_depth_200_is_calculated():
    ruleset = rules.load_sources({"main.sml": diamond(200)})
    result = ruleset.run("post", {"x": 1}, at=generated.AT)
    assert result.features["X200"] == 2**200
    assert result.features["R"] is True


@given(st.text())
def test_no_text_of_an_author_becomes_code(text):
    source = f"T: str = JsonData(path='$.t')\nX = T == {text!r}\nY = f'{{T}}' in [{text!r}]\n"
    ruleset = rules.load_sources({"main.sml": source})
    result = ruleset.run("post", {"t": text}, at=generated.AT)
    assert (result.features["X"], result.features["Y"]) == (True, True)
