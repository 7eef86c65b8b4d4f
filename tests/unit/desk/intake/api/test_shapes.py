"""What is told of a request's shape agrees with the decoder that refused it."""

from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from evenhand.desk.intake.api.shapes import examine, explain
from evenhand.desk.intake.api.v1.structs import AppealInV1, ItemsInV1, ReportInV1
from evenhand.desk.intake.api.v2.structs import CloudEvent, ItemsIn, ReportIn


class Inner(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=3, pattern="^[a-z]+$", examples=["abc"])]
    kind: Literal["a", "b"] = "a"


class Outer(Struct):
    inner: Inner
    many: Annotated[list[Inner], Meta(max_length=2)]
    number: int | None = None
    share: float = 0.0
    sure: bool = False
    map: dict[str, str] = {}


def told(value, shape=Outer):
    error = msgspec.ValidationError("It is wrong - at `$.x`")
    return [(problem.pointer, problem.reason) for problem in explain(value, shape, at="/at", told=error).problems]


@pytest.mark.parametrize(
    ("value", "where", "why"),
    [
        ([], "", "An object is needed, not an array."),
        ({"many": []}, "/inner", "`inner` is missing."),
        ({"inner": None, "many": []}, "/inner", "An object is needed, not null."),
        ({"inner": {"name": ""}, "many": []}, "/inner/name", "It is empty."),
        ({"inner": {"name": "abcd"}, "many": []}, "/inner/name", "It has 4 characters; at most 3 are taken."),
        ({"inner": {"name": "A"}, "many": []}, "/inner/name", "It does not match ^[a-z]+$."),
        (
            {"inner": {"name": "a", "kin": "a"}, "many": []},
            "/inner/kin",
            "`kin` is not known here: did you mean `kind`?",
        ),
        ({"inner": {"name": "a", "x": 1}, "many": []}, "/inner/x", "`x` is not known here: it is none of name, kind."),
        ({"inner": {"name": "a", "kind": "c"}, "many": []}, "/inner/kind", "It is one of a, b."),
        ({"inner": {"name": "a"}, "many": [{"name": "a"}, 3]}, "/many/1", "An object is needed, not a number."),
        ({"inner": {"name": "a"}, "many": [{}, {}, {}]}, "/many", "It has 3 members; at most 2 are taken."),
        ({"inner": {"name": "a"}, "many": [], "number": "1"}, "/number", "A whole number is needed, not a string."),
        ({"inner": {"name": "a"}, "many": [], "share": True}, "/share", "A number is needed, not true."),
        ({"inner": {"name": "a"}, "many": [], "sure": 1}, "/sure", "true or false is needed, not a number."),
        ({"inner": {"name": "a"}, "many": [], "map": 1}, "/map", "An object is needed, not a number."),
        ({"inner": {"name": "a"}, "many": [], "map": {"a/b": 1}}, "", "It is wrong."),
    ],
)
def test_each_mistake_is_told_at_its_place(value, where, why):
    assert told(value) == [(f"/at{where}", why)]


def test_all_mistakes_are_found_up_to_a_thousand():
    assert len(told({"inner": {}, "many": 1, "share": "x"})) == 3
    assert len(told({"items": [{}] * 2000}, ItemsIn)) == 1000


def test_a_value_is_mended_where_it_is_wrong_and_nowhere_else():
    inner = {"name": "abcd", "kind": "b", "x": 1}
    value = {"inner": inner, "many": [3, {"name": "a"}], "number": "1", "map": {"a": "b"}}
    mended = examine(value, Outer).mended
    assert mended["inner"] == {"name": "0", "kind": "b"}
    assert mended["many"][1] == {"name": "a"}
    assert (mended["number"], mended["map"]) == (0, {"a": "b"})
    assert inner["x"] == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-1, 1) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
words = ["id", "type", "data", "item", "items", "reporter", "kind", "reported_at", "source", "specversion", "typeId",
         "reportedItem", "reportedAt", "csam", "thread", "inner", "many", "name", "number"]  # fmt: skip
likely = st.sampled_from(["1.0", "user", "post", "evenhand.item.sent.v2", True, None, 0, {}, [], ""])
requests = st.recursive(
    likely | json_values,
    lambda inner: st.dictionaries(st.sampled_from(words), inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=20,
)


@pytest.mark.parametrize("shape", [Outer, ItemsIn, ReportIn, ReportInV1, CloudEvent])
@given(requests)
def test_nothing_is_told_of_what_the_decoder_takes_and_something_of_all_else(shape, value):
    error = refusal(value, shape)
    if error is None:
        assert examine(value, shape) == ([], value)
    else:
        assert explain(value, shape, at="", told=error).problems


@pytest.mark.parametrize("shape", [ReportIn, ReportInV1, ItemsInV1, AppealInV1])
@given(requests)
def test_what_was_mended_has_the_shape(shape, value):
    assert refusal(examine(value, shape).mended, shape) is None


def refusal(value, shape):
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        return error
    return None
