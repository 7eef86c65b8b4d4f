"""Strict mode: where SML runs, and does another thing than it seems to say."""

import pytest

from tests.unit.engine.rules.check.projects import GIVEN, checked, problems, refused

STRICT_GIVEN = (
    "Text: str = JsonData(path='$.text')\n"
    "Number: int = JsonData(path='$.number')\n"
    "Other: int = JsonData(path='$.other')\n"
    "Perhaps: Optional[int] = JsonData(path='$.perhaps')\n"
    "Flag: bool = JsonData(path='$.flag', coerce_type=False)\n"
)


def warned(line):
    return [f"{one.message} | {one.hint}" for one in checked(STRICT_GIVEN + line, strict=True).warnings]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X: bool = JsonData(path='$.a')", "with coerce_type, every text is True, 'false' too"),
        ("X: Optional[bool] = JsonData(path='$.a', coerce_type=True)", "with coerce_type, every text is True"),
        ("X: int = JsonData(path='$.a', required=False)", "where the event has nothing there, this fails in silence"),
        ("X: int = JsonData(path='$..a')", "`..` looks through the whole event"),
        ("X = Number / 0", "division by 0, which gives 0"),
    ],
)
def test_strict_mode_refuses_traps(line, words):
    found = problems(STRICT_GIVEN + line, strict=True)
    assert [one.message.startswith(words) for one in found] == [True]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X = Number / Other", "this may be 0, and division by 0 gives 0 | where that is not meant"),
        ("X = Number % Other > 1 and Other != 0", "this may be 0"),
        ("X = Other >= 0 and Number % Other > 1", "this may be 0"),
        ("X = Number == None", "Number is int, never None; it only compares like None when it could not be had | give"),
        ("X = 'a'", "nothing reads 'X' | leave it out"),
        ("X = Rule(when_all=[Flag])", "nothing acts on the rule 'X' | name it in a WhenRules("),
        ("X = 1 == 1", "this is always True"),
        ("X = 1 in [2, 3]", "this is always False"),
        ("X = Number == Number", "this is always True"),
        ("X = Number != 1 or Number != 2", "this is always True"),
        ("X = Number == 1 and Number == 2", "this is always False"),
        ("X = Number > 3 and Number < 3", "this is always False"),
        ("X = Number >= 3 and 3 > Number", "this is always False"),
        ("X = Number > 3 or Number <= 3", "this is always True"),
        ("X = not (Number > 3) and Number == 1 and Number > 1", "this is always False"),
        ("X = Flag or True", "this is always True"),
        ("WhenRules(rules_any=[Rule(when_all=[True])], then=[])", "this is always True"),
        ("WhenRules(rules_any=[Rule(when_all=[Number > 3, Number < 2])], then=[])", "this is always False"),
    ],
)
def test_strict_mode_warns_of_what_is_odd(line, words):
    assert [one for one in warned(line) if one.startswith(words)]


@pytest.mark.parametrize(
    "line",
    [
        "X = Number / 2",
        "X = Other != 0 and Number % Other > 1",
        "X = Other > 0 and Number % Other > 1",
        "X = Other == 0 or Number % Other > 1",
        "X = not (Other == 0) and Number % Other > 1",
        "X = Perhaps == None",
        "X = Number > 3 and Number < 5",
        "X = Number >= 3 and Number <= 3",
        "X = Number != 1 and Number != 2",
        "X = Number == 1 or Number == 2",
        "X = Number == 1 and Other == 2",
        "X = Text == 'a' or Text == 'b'",
        "WhenRules(rules_any=[Rule(when_all=[Flag])], then=[])",
        "X: Optional[int] = JsonData(path='$.a', required=False)",
    ],
)
def test_strict_mode_is_silent_about_what_is_right(line):
    assert warned(line) == []


def test_without_strict_mode_nothing_is_said():
    assert checked(GIVEN + "X = Number / 0\nY = 1 == 1\n").warnings == ()


def test_a_project_a_file_or_the_caller_may_ask_for_it():
    trap = "X: int = JsonData(path='$.a', required=False)\n"
    assert problems(trap, {"strict": True})
    assert problems(f"# strict\n{trap}")
    assert problems(trap, strict=True)
    assert checked(trap, {"strict": True}, strict=False).warnings == ()
    assert checked({"main.sml": "# strict\n", "a.sml": trap}).program.strict is False


def test_a_file_that_never_runs_is_told():
    [warning] = checked({"main.sml": "Require(rule='a.sml')\n", "a.sml": "", "b.sml": ""}, strict=True).warnings
    assert (warning.file, warning.message) == ("b.sml", "no file imports or requires this one, so it never runs")


SCHEMAS = {
    "event_schemas": {
        "post": {
            "type": "object",
            "required": ["user"],
            "properties": {
                "user": {"$ref": "#/$defs/user"},
                "text": {"type": ["string", "null"]},
                "tags": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
                "either": {
                    "anyOf": [{"type": "string"}, {"type": "object", "properties": {"id": {"type": "integer"}}}]
                },
                "kind": {"enum": ["a", "b"]},
                "free": {"type": "object"},
                "open": {"type": "object", "properties": {}, "additionalProperties": {"type": "integer"}},
                "loop": {"$ref": "#/properties/loop"},
                "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
            },
            "$defs": {
                "user": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": {"type": "string"}, "followers": {"type": "integer"}},
                }
            },
        },
        "login": {"type": "object", "properties": {"address": {"type": "string"}}},
    }
}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "X: int = JsonData(path='$.user.folowers')",
            "no event has the field 'folowers' in $.user | did you mean 'follow",
        ),
        ("X: int = JsonData(path='$.usr.followers')", "no event has the field 'usr' in $ | did you mean 'user'?"),
        ("X: str = JsonData(path='$.tags[0].zzz')", "no event has the field 'zzz' in $.tags[0] | there is name"),
        ("X: str = JsonData(path='$.tags.name')", "no event has the field 'name' in $.tags"),
        ("X: str = JsonData(path='$.user[0]')", "no event has a list at $.user"),
        ("X: str = JsonData(path='$.pair[2]')", "no event has a list at $.pair"),
        ("X: str = JsonData(path='$.user.followers')", "the events have int there, not str | tell the type"),
        ("X: List[str] = JsonData(path='$.text')", "the events have Optional[str] there, not List[str]"),
        ("X: int = JsonData(path='$.kind')", "the events have str there, not int"),
        ("X: str = JsonData(path='$.open.any')", "the events have int there, not str"),
        ("X: str = JsonData(path='$.user')", "the events have object there, not str"),
        ("X: Entity[int] = EntityJson(type='User', path='$.user.id')", "the events have str there, not int"),
    ],
)
def test_a_path_is_held_against_the_schemas_of_the_events(line, words):
    [problem] = problems(line, SCHEMAS)
    assert f"{problem.message} | {problem.hint}".startswith(words)


@pytest.mark.parametrize(
    "line",
    [
        "X: int = JsonData(path='$.user.followers')",
        "X: float = JsonData(path='$.user.followers')",
        "X: str = JsonData(path='$.user.followers', coerce_type=True)",
        "X: Optional[str] = JsonData(path='$.text')",
        "X: List[str] = JsonData(path='$.free.list')",
        "X: str = JsonData(path='$.tags[*].name')",
        "X: str = JsonData(path='$.either')",
        "X: int = JsonData(path='$.either.id')",
        "X: str = JsonData(path='$.address')",
        "X: str = JsonData(path='$.loop')",
        "X: int = JsonData(path='$.pair[1]')",
        "X: Entity[str] = EntityJson(type='User', path='$.user.id')",
        "X: str = JsonData(path='$..id')",
    ],
)
def test_a_path_that_some_event_has_is_fine(line):
    assert checked(line, SCHEMAS).warnings == ()


def test_the_caller_may_give_the_schemas():
    assert problems("X: str = JsonData(path='$.b')", schema={"post": {"properties": {"a": {}}}})


def test_refused_paths_point_into_the_string():
    assert refused("X: str = JsonData(path='$.a[-1]')") == "indexes count from the start | write [0] for the first item"
