"""Calls: known functions, known arguments, what must be written out, and what the configuration must have."""

import pytest

from evenhand.engine.rules.tree import Call, ListOf, Literal
from tests.unit.engine.rules.check.projects import GIVEN, problems, program, refused

LABELS = {"labels": {"spam": {"valid_for": ["User"], "connotation": "negative", "description": "Sends spam"}}}


def value_of(line, config=None):
    return program(GIVEN + line, config).definitions[line.split(" =")[0]].value


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X = StringLenght(s='a')", "unknown function 'StringLenght' | did you mean 'StringLength'?"),
        ("X = StringLength()", "StringLength needs the argument 's' | it is StringLength(s: str) -> int"),
        ("X = Pick()", "Pick needs the arguments 'either', 'other'"),
        ("X = Rule(when_all=[], descripton='a')", "Rule has no argument 'descripton' | did you mean 'description'?"),
        ("X = StringLength(s='a', zzzz=1)", "StringLength has no argument 'zzzz' | it is StringLength(s: str) -> int"),
        ("X: str = JsonData(path=Text)", "JsonData: the argument 'path' must be written out"),
        ("X: str = JsonData(path=f'$.{Text}')", "JsonData: the argument 'path' must be written out"),
        ("X = Import(rules=[])", "Import(...) is a statement of its own"),
        ("X = StringLength", "'StringLength' is a function | call it: StringLength(...)"),
        ("X = Split()", "Split needs the argument 'experiment'"),
        ("X = Split(experiment='e', control=Flag)", "Split: the argument 'control' is List[bool], not bool"),
    ],
)
def test_a_call_that_cannot_be_made_is_told(line, words):
    assert refused(line).startswith(words)


def test_arguments_come_in_the_order_of_the_function():
    call = value_of("X = Rule(description='a', when_all=[Flag])")
    assert isinstance(call, Call)
    assert list(call.arguments) == ["when_all", "description"]


def test_a_function_may_take_any_further_keywords():
    call = value_of("X = Split(treated=[Flag], experiment='e', control=[])")
    assert list(call.arguments) == ["experiment", "treated", "control"]


def test_what_must_be_written_out_may_have_a_name_of_its_own():
    definitions = program("_Path = '$.a'\nX: str = JsonData(path=_Path)\n").definitions
    assert isinstance(definitions["X"].value.arguments["path"], Literal)
    assert definitions["X"].value.arguments["path"].value == "$.a"


def test_a_negative_number_is_a_number_and_an_f_string_without_names_a_string():
    assert value_of("X = -3").value == -3
    assert value_of("X = f'a'").value == "a"


def test_a_list_that_is_given_has_the_type_that_is_asked_for():
    argument = value_of("X = Average(of=[1, 2])").arguments["of"]
    assert isinstance(argument, ListOf)
    assert str(argument.type) == "List[float]"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X = LabelAdd(entity=User, label='span')", "unknown label 'span' | did you mean 'spam'?"),
        ("X = LabelAdd(entity=User, label='kind')", "unknown label 'kind' | declare it under `labels`"),
        (
            "X = LabelAdd(entity=Entity(type='Post', id=1), label='spam')",
            "the label 'spam' is not for entities of the type 'Post' | the configuration has it for: User",
        ),
    ],
)
def test_labels_are_those_of_the_configuration(line, words):
    assert refused(line, LABELS).startswith(words)


def test_a_label_on_an_entity_that_it_is_for_is_fine():
    assert value_of("X = LabelAdd(entity=User, label='spam', apply_if=Spam)", LABELS).function.name == "LabelAdd"
    assert program("", LABELS).labels["spam"].valid_for == ("User",)


def test_without_labels_in_the_configuration_any_label_goes():
    assert value_of("X = LabelAdd(entity=User, label='whatever')").function.name == "LabelAdd"


def test_word_lists_are_those_of_the_configuration():
    words = "X = ListFind(list='slur', s=Text)"
    assert refused(words, {"lists": {"slurs": []}}) == "unknown list 'slur' | did you mean 'slurs'?"


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"a": 3}, "labels.a: expected valid_for, connotation, description"),
        ({"a": {}}, "labels.a.valid_for: expected a list of entity types, [User]"),
        ({"a": {"valid_for": "User"}}, "labels.a.valid_for: expected a list"),
        ({"a": {"valid_for": [], "connotation": "bad"}}, "labels.a.connotation: expected positive, negative, neutral"),
        ({"a": {"valid_for": [], "description": 3}}, "labels.a.description: expected a string"),
        (["a"], "labels: expected a mapping"),
    ],
)
def test_labels_that_are_declared_wrong_are_told(labels, words):
    [problem] = problems("", {"labels": labels})
    assert problem.message.startswith(words)
    assert problem.file == "config"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"strict": "false"}, "strict: expected true or false"),
        ({"lists": ["a"]}, "lists: expected a mapping from names to lists of words"),
        ({"event_schemas": {"post": 3}}, "event_schemas.post: expected a JSON Schema"),
        ({"event_schemas": 3}, "event_schemas: expected a mapping from action names to JSON Schemas"),
    ],
)
def test_a_configuration_of_another_shape_is_told(config, words):
    assert [one.message for one in problems("", config)] == [words]
