"""What holds for every function, whatever its types allow to be given to it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.lists import WordList
from evenhand.engine.rules.types import of_annotation, parts
from evenhand.engine.rules.values import Effect, Entity, Expected, Experiment
from tests.unit.engine.rules.functions.contexts import FixedServices, context, memory

TEXT = (
    st.text(max_size=12)
    | st.text("a1.@:/ \ud800İßſ", max_size=8)
    | st.sampled_from(["a@b.example", "kim", "+12025550123"])
)
PLAIN = {
    "str": TEXT,
    "int": st.integers(-3, 30) | st.integers(),
    "float": st.integers(-3, 30) | st.floats(),
    "bool": st.booleans(),
    "None": st.none(),
    "Any": TEXT | st.integers(),
    "TimeDelta": st.timedeltas(timedelta(-9), timedelta(99)),
    "Rule": st.booleans(),
    "Experiment": st.just(Experiment("E", Entity("User", "kim"), "a", 0, 1, 1)),
    "Effect": st.just(Effect(kind="verdict")),
}
CALLED = [function for function in BUILT_IN.values() if not function.form]


def values(type_):
    if type_.name == "list":
        return st.lists(values(type_.args[0]), max_size=3)
    if type_.name == "Entity":
        return st.builds(Entity, st.sampled_from(["User", "Post"]), TEXT | st.integers())
    return st.one_of([PLAIN[one.name] if one.name in PLAIN else values(one) for one in parts(type_)])


def arguments(function):
    return st.tuples(*(values(one.type) for one in function.positional))


def run():
    return context(
        {"record": {"facets": []}}, state=memory(), services=FixedServices(), lists={"kim": WordList(["kim", "spam"])}
    )


def is_of(value, type_):
    """Whether a value is of a type, as the checker promised to all who use it."""
    if type_.name == "list":
        return isinstance(value, list) and all(is_of(one, type_.args[0]) for one in value)
    kinds = {
        "str": str, "int": int, "float": int | float, "bool": bool, "Rule": bool, "None": type(None),
        "TimeDelta": timedelta, "Experiment": Experiment, "Effect": Effect,
    }  # fmt: skip
    return any(isinstance(value, kinds[one.name]) and (one.name == "bool" or value is not True) for one in parts(type_))


@pytest.mark.parametrize("function", CALLED, ids=lambda function: function.name)
def test_a_function_gives_what_its_signature_says_or_tells_why_not(function):
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(arguments(function))
    def holds(given_):
        try:
            value = function.call(*([run()] if function.context else []), *given_)
        except Expected:
            assert not function.total
        except ValueError:
            assert not function.total
        else:
            assert function.result.name in ("Rule", "bool") or is_of(value, function.result)

    holds()


def test_types_are_told_apart():
    assert is_of(["a"], of_annotation(list[str]))
    assert not is_of([1], of_annotation(list[str]))
    assert not is_of(True, of_annotation(int))
