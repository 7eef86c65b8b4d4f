"""The compiled rules and the interpreter are one language: same features, effects and errors for whatever event."""

import re
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evenhand.engine import rules
from evenhand.engine.rules import interpret
from evenhand.engine.rules.compile import compiled, parts, sources
from evenhand.engine.rules.functions.search import text_contains
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.state import MemoryState
from tests.unit.engine.rules import generated

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
streams = st.lists(generated.events(), min_size=1, max_size=5)
actions = st.sampled_from(generated.ACTIONS)


MICROS = 1_772_366_400_000_000


def context(action, number, data, ruleset, state):
    """Events come a second apart."""
    return Context(action, number, data, generated.AT, MICROS + number * 1_000_000, state, None, ruleset.lists, [])


def told(result):
    """The result in words, in which NaN is like NaN, and the order of the features does not count."""
    return repr((sorted(result.features.items()), replace(result, features={})))


def assert_same(project, events, action, own_code):
    ruleset = rules.load_sources(project, config=generated.CONFIG, stored=True)
    run = compiled(ruleset.program, ruleset.order, action if own_code else None)
    one, other = MemoryState(), MemoryState()
    for number, event in enumerate(events):
        plainly = interpret.run(ruleset.program, ruleset.order, context(action, number, event, ruleset, one))
        assert told(run(context(action, number, event, ruleset, other))) == told(plainly)
    assert one.dump() == other.dump()


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


LETTERS = st.text("aAbBsSſiIİıßẞkKΣςσ\u0307 .éÉ日", max_size=12)
PHRASES = ["a", "ab", "ss", "ß", "İ", "i", "i\u0307", "ık", "K", "k", "Σ", "ς", "é", "b s", "日", "sſ", "a.b"]
WRITTEN = ["ab+", "s{2}", "ß|b", "(?:İ|i)k", r"\bk", "[σς]$", "É", "a.b", "(a|b)(s|k)", "日?a", "ı"]
LOOKS = (
    "T: str = JsonData(path='$.t')\n"
    + "".join(
        f"Text{number} = TextContains(text=T, phrase={phrase!r})\n"
        f"Part{number} = StringContains(s=T, phrase={phrase!r}, substrings=True)\n"
        f"Case{number} = StringContains(s=T, phrase={phrase!r}, substrings=True, case_sensitive=True)\n"
        for number, phrase in enumerate(PHRASES)
    )
    + "".join(
        f"Any{number} = RegexMatch(pattern={pattern!r}, target=T, case_insensitive=True)\n"
        f"One{number} = RegexMatch(pattern={pattern!r}, target=T)\n"
        for number, pattern in enumerate(WRITTEN)
    )
)
LOOKING = rules.load_sources({"main.sml": LOOKS})


@given(LETTERS)
def test_a_first_look_misses_nothing(text):
    features = LOOKING.run("post", {"t": text}, at=generated.AT).features
    for number, phrase in enumerate(PHRASES):
        assert features[f"Text{number}"] is text_contains(text, phrase)
        assert features[f"Part{number}"] is (phrase.casefold() in text.casefold())
        assert features[f"Case{number}"] is (phrase in text)
    for number, pattern in enumerate(WRITTEN):
        assert features[f"Any{number}"] is (re.search(pattern, text, re.IGNORECASE) is not None)
        assert features[f"One{number}"] is (re.search(pattern, text) is not None)


def test_code_is_many_times_quicker_than_the_interpreter():
    lines = [name + f": {type_} = {value}" for name, (type_, value) in generated.FIELDS.items()]
    lines += [
        f"R{n} = Rule(when_all=[Num < {n}, Text in ['a', 'x{n}'], RegexMatch(pattern='word{n}', target=Text), Flag])"
        for n in range(100)
    ]
    ruleset = rules.load_sources({"main.sml": "\n".join(lines)})
    event = {"num": 50, "text": "a text with word7 and word60 in it", "flag": True, "user": {"id": "u", "count": 1}}
    run = compiled(ruleset.program, ruleset.order, None)

    def spent(work):
        started = time.process_time()
        for number in range(20):
            work(context("post", number, event, ruleset, None))
        return time.process_time() - started

    spent(run)
    assert spent(lambda given: interpret.run(ruleset.program, ruleset.order, given)) > 15 * spent(run)


def test_a_pattern_that_may_be_stopped_is_told_as_an_error_of_its_value():
    source = "T: str = JsonData(path='$.t')\nX = RegexMatch(pattern=r'(a+)+(?=b)\\w$', target=T)\nY = T != ''\n"
    ruleset = rules.load_sources({"main.sml": source})
    run = compiled(ruleset.program, ruleset.order, None)
    texts = ("none of it", "aac", "aab", "b" + "a" * 5000 + "!")
    found = [run(context("post", 1, {"t": text}, ruleset, None)) for text in texts]
    assert [one.features["X"] for one in found] == [False, False, True, None]
    assert [len(one.errors) for one in found] == [0, 0, 0, 1]
    assert found[3].features["Y"] is True
