"""What JsonData and EntityJson take from an event, and what they make of it when its type is another."""

import pytest

from tests.unit.engine.rules.semantics import run_both

NOTHING, NULL = "the event has nothing at", "the event has null at"
PATHS = [
    ("$.a", {"a": 1}, 1),
    ("a", {"a": 1}, 1),
    ("$.a.b", {"a": {"b": 1}}, 1),
    ("$.a.b.c", {"a": {"b": {"c": 1}}}, 1),
    ("$['a']", {"a": 1}, 1),
    ("$['a b']", {"a b": 1}, 1),
    ("$.a['b.c']", {"a": {"b.c": 1}}, 1),
    ("$.a[0]", {"a": [1, 2]}, 1),
    ("$.a[1]", {"a": [1, 2]}, 2),
    ("$.a[0].b", {"a": [{"b": 1}]}, 1),
    ("$.a[*].b", {"a": [{"c": 2}, {"b": 1}, {"b": 3}]}, 1),
    ("$.a[*]", {"a": [5, 6]}, 5),
    ("$..b", {"x": {"b": 1}}, 1),
    ("$.é", {"é": 1}, 1),
    ("$.a_b1", {"a_b1": 1}, 1),
]
MISSING = [
    ("$.a", {}),
    ("$.a.b", {}),
    ("$.a.b", {"a": {}}),
    ("$.a.b", {"a": 3}),
    ("$.a.b", {"a": None}),
    ("$.a.b", {"a": [{"b": 1}]}),
    ("$.a[0]", {"a": []}),
    ("$.a[0]", {"a": {"0": 1}}),
    ("$.a[2]", {"a": [1, 2]}),
    ("$.a[*].b", {"a": []}),
]
TYPES = [
    ("int", 1, 1),
    ("int", 0, 0),
    ("int", -(10**15), -(10**15)),
    ("float", 1.5, 1.5),
    ("float", 2, 2),
    ("str", "x", "x"),
    ("str", "", ""),
    ("bool", True, True),
    ("bool", False, False),
    ("List[str]", ["a"], ["a"]),
    ("List[str]", [], []),
    ("List[int]", [1, 2], [1, 2]),
    ("List[float]", [1, 2.5], [1, 2.5]),
    ("List[List[str]]", [["a"], []], [["a"], []]),
    ("Optional[int]", 1, 1),
    ("Optional[str]", "x", "x"),
    ("Optional[List[str]]", ["x"], ["x"]),
    ("Union[int, str]", "x", "x"),
    ("Union[int, str]", 3, 3),
    ("int | str", "7", "7"),
]
COERCED = [
    ("int", "12", 12),
    ("int", " 12 ", 12),
    ("int", "-3", -3),
    ("int", 2.9, 2),
    ("int", -2.9, -2),
    ("float", "1.5", 1.5),
    ("float", "1e3", 1000.0),
    ("str", 12, "12"),
    ("str", 1.5, "1.5"),
    ("str", True, "True"),
    ("str", {"a": 1}, "{'a': 1}"),
    ("str", [1, "a"], "[1, 'a']"),
    ("bool", "false", True),
    ("bool", "", False),
    ("bool", 0, False),
    ("bool", 2, True),
    ("bool", [], False),
    ("Optional[int]", "12", 12),
    ("Optional[str]", 12, "12"),
]
WRONG = [
    ("int", "x", "a text"),
    ("int", "1.5", "a text"),
    ("int", "", "a text"),
    ("int", True, "true or false"),
    ("int", [1], "a list"),
    ("int", {"a": 1}, "an object"),
    ("float", "x", "a text"),
    ("float", True, "true or false"),
    ("List[str]", "x", "a text"),
    ("List[str]", [1], "a list"),
    ("List[str]", ["a", None], "a list"),
    ("List[int]", [1, True], "a list"),
    ("List[int]", {}, "an object"),
    ("Optional[int]", "x", "a text"),
]
UNCOERCED = [
    ("int", "12"),
    ("int", 2.0),
    ("float", "1.5"),
    ("str", 12),
    ("bool", "false"),
    ("bool", 0),
]


def read(type_, event, arguments="path='$.a'"):
    result = run_both(f"X: {type_} = JsonData({arguments})\n", event)
    return result.features["X"], [error.message for error in result.errors]


@pytest.mark.parametrize(("path", "event", "expected"), PATHS)
def test_a_path_leads_to_its_first_match(path, event, expected):
    assert read("int", event, f'path="{path}"') == (expected, [])


@pytest.mark.parametrize(("path", "event"), MISSING)
def test_a_path_that_leads_nowhere_is_an_error(path, event):
    value, [message] = read("int", event, f"path='{path}'")
    assert value is None
    assert message == f"{NOTHING} {path}"


@pytest.mark.parametrize(("path", "event"), MISSING)
def test_what_is_not_required_fails_in_silence(path, event):
    assert read("int", event, f"path='{path}', required=False") == (None, [])


@pytest.mark.parametrize(("path", "event"), MISSING)
def test_what_may_be_none_is_none(path, event):
    result = run_both(f"X: Optional[int] = JsonData(path='{path}')\nY = X == None\nZ = not Y\n", event)
    assert (result.features["X"], result.features["Y"], result.features["Z"], result.errors) == (None, True, False, ())


def test_null_counts_as_missing():
    assert read("int", {"a": None}) == (None, [f"{NULL} $.a"])
    assert read("int", {"a": None}, "path='$.a', required=False") == (None, [])
    assert read("Optional[int]", {"a": None}) == (None, [])


@pytest.mark.parametrize(("type_", "given", "expected"), TYPES)
def test_a_value_of_the_type_is_taken_as_it_is(type_, given, expected):
    for coerce in ("True", "False"):
        value, errors = read(type_, {"a": given}, f"path='$.a', coerce_type={coerce}")
        assert (value, type(value), errors) == (expected, type(expected), [])


@pytest.mark.parametrize(("type_", "given", "expected"), COERCED)
def test_a_value_of_another_type_is_made_one(type_, given, expected):
    value, errors = read(type_, {"a": given})
    assert (value, type(value), errors) == (expected, type(expected), [])


@pytest.mark.parametrize(("type_", "given", "kind"), WRONG)
def test_a_value_that_cannot_be_made_one_is_an_error(type_, given, kind):
    for more in ("", ", required=False"):
        value, [message] = read(type_, {"a": given}, f"path='$.a'{more}")
        assert value is None
        assert message.startswith(f"the event has {kind} at $.a, and not ")


@pytest.mark.parametrize(("type_", "given"), UNCOERCED)
def test_nothing_is_made_of_another_type_when_that_is_not_wanted(type_, given):
    value, [message] = read(type_, {"a": given}, "path='$.a', coerce_type=False")
    assert value is None
    assert message.startswith("the event has ")


@pytest.mark.parametrize(
    ("type_", "given", "expected", "errors"),
    [
        ("Entity[str]", "u1", "u1", []),
        ("Entity[str]", 7, "7", []),
        ("Entity[int]", 7, 7, []),
        ("Entity[int]", "7", 7, []),
        ("Entity[int]", "x", None, ["the event has a text at $.a, and not int"]),
        ("Entity[str]", None, None, [f"{NULL} $.a"]),
        ("Optional[Entity[str]]", None, None, []),
        ("Optional[Entity[str]]", "u1", "u1", []),
        ("Optional[Entity[int]]", "7", 7, []),
    ],
)
def test_an_entity_is_shown_as_its_id(type_, given, expected, errors):
    result = run_both(f"X: {type_} = EntityJson(type='User', path='$.a')\n", {"a": given})
    assert (result.features["X"], [one.message for one in result.errors]) == (expected, errors)


def test_an_entity_that_is_not_required_fails_in_silence():
    result = run_both("X: Entity[str] = EntityJson(type='User', path='$.a', required=False)\nY = X == None\n", {})
    assert (result.features["X"], result.features["Y"], result.errors) == (None, True, ())


def test_an_entity_is_made_of_a_type_and_an_id():
    source = "S: str = JsonData(path='$.s', required=False)\nX = Entity(type='User', id=S)\nY = X == 'q'\n"
    assert run_both(source, {"s": "q"}).features["X"] == "q"
    assert run_both(source, {"s": "q"}).features["Y"] is True
    assert run_both(source, {}).features["X"] is None


def test_the_action_tells_its_name_and_its_number():
    result = run_both("X = GetActionName()\nY = GetActionId()\nZ = X == 'post' and Y == 7\n", {})
    assert [result.features[name] for name in "XYZ"] == ["post", 7, True]
