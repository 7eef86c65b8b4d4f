"""Reading `platform.toml`: what is taken, and that all mistakes are told at once with their place."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.platform import Invalid, parse
from evenhand.engine.platform.parse import problems_of
from evenhand.engine.platform.shape import read
from tests.unit.engine.platform_values import CATEGORIES, HARBOUR, harbour, problems


def test_a_right_document_becomes_its_values():
    platform = parse(HARBOUR, categories=CATEGORIES)
    assert platform.name == "Harbour"
    assert [field.name for field in platform.item_types[0].fields] == ["text", "author", "sent", "room"]
    assert platform.policies[1].harm == 8.0


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    source = harbour('kind = "content"', 'kind = "kontent"').replace('parent = "abuse"', 'parent = "abus"')
    source = source.replace("harm = 8", "harm = 0").replace('destination = "harbour"', 'destination = "harbor"')
    found = problems(source)
    assert [problem.path for problem in found] == [
        "item_types[0].kind",
        "policies[1].parent",
        "policies[1].harm",
        "actions[0].destination",
        "actions[1].destination",
    ]
    lines = [problem.line for problem in found]
    assert lines == sorted(lines)
    assert source.splitlines()[lines[1] - 1] == 'parent = "abus"'


def test_a_mistake_tells_place_expectation_find_meaning_and_example():
    (problem,) = problems(harbour('parent = "abuse"', 'parent = "abuze"'))
    assert str(problem) == (
        'line 27, policies[1].parent: expected the id of a policy in this document; found "abuze". '
        'Did you mean "abuse"? Example: parent = "abuse"'
    )


def test_an_unknown_key_is_told_with_the_key_that_was_meant():
    (problem,) = problems(harbour('parent = "abuse"', 'parentt = "abuse"'))
    assert (problem.path, problem.meant) == ("policies[1].parentt", "parent")


def test_what_follows_from_a_mistake_is_not_told_again():
    """Without a kind nobody knows which roles fit, and a missing destination is not also an unknown one."""
    source = harbour('kind = "content"\n', "").replace('destination = "harbour"\n', "", 1)
    assert [problem.path for problem in problems(source)] == ["item_types[0].kind", "actions[0].destination"]


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        ("name = 5", "name", "a text"),
        ('name = "x"\nqueues = 3', "queues", "a list, each element a table"),
        ('name = "x"\npolicies = ["a"]', "policies[0]", "a table"),
        ('name = "x"\n[[policies]]\nid = "a"\nname = "A"\nretired = "yes"', "policies[0].retired", "true or false"),
        ('name = "x"\n[[policies]]\nid = "a"\nname = "A"\nharm = true', "policies[0].harm", "a number"),
        ('name = "x"\n[[policies]]\nid = "a"\nname = "A"\ncodes = { coop = 1 }', "policies[0].codes.coop", "a text"),
        ('name = "x"\n[[queues]]\nid = "a"\nname = "A"\nroles = ["boss"]', "queues[0].roles[0]", "one of"),
    ],
)
def test_wrong_types_are_told(written, path, expected):
    (problem,) = problems(written)
    assert problem.path == path
    assert problem.expected.startswith(expected)


def test_a_missing_key_is_placed_at_the_table_that_lacks_it():
    (problem,) = problems(harbour('name = "Abuse"\n', ""))
    assert (problem.path, problem.found) == ("policies[0].name", "nothing")
    assert HARBOUR.splitlines()[problem.line - 1] == "[[policies]]"


def test_broken_toml_is_told_with_its_line():
    (problem,) = problems('name = "x"\n[[policies]\n')
    assert (problem.line, problem.expected) == (2, "TOML")


def test_toml_that_ends_too_early_is_told_at_its_end():
    (problem,) = problems('name = "x"\nqueues = [')
    assert problem.line == 2


@pytest.mark.parametrize("source", ["x = " + "[" * 5000, "x = " + "{a=" * 5000, "x = " + "9" * 5000])
def test_hostile_toml_is_refused_and_nothing_else_happens(source):
    with pytest.raises(Invalid):
        parse(source, categories=CATEGORIES)


scraps = st.sampled_from(
    [
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "\n",
        '"',
        "'",
        '"""',
        "'''",
        "#",
        " ",
        "a",
        "policies",
        "id",
        "1",
        "\\",
        "é",
        "\r",
    ]
)


@given(st.lists(scraps, max_size=30).map("".join))
def test_any_text_is_taken_or_refused_with_problems(source):
    assert all(problem.expected and problem.found for problem in problems(source))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
keys = st.sampled_from(["name", "policies", "actions", "item_types", "queues", "lists", "destinations", "language"])


@given(st.dictionaries(keys, values, max_size=5))
def test_any_values_are_read_without_an_exception(raw):
    assert isinstance(problems_of(read(raw), CATEGORIES), list)


def test_a_byte_order_mark_is_no_mistake():
    assert problems("\ufeff" + HARBOUR) == []


def test_the_example_document_is_toml_without_our_help():
    assert tomllib.loads(HARBOUR)["name"] == "Harbour"
