"""A query that cannot be answered is refused with its place and a caret; others are conditions of the language."""

import pytest

from evenhand.engine.rules import RuleError
from evenhand.engine.rules.lists import WordList
from evenhand.engine.rules.query import Schema, Stored, search_for, to_sql

SCHEMA = Schema(
    data="e.data", action="e.action", at="e.at", names={"Text": "str = JsonData(path='$.text')", "Odd": "str = Text"}
)


def query(expression, **more):
    return to_sql(expression, dialect="sqlite", schema=SCHEMA, **more)


def problems(expression):
    with pytest.raises(RuleError) as refused:
        query(expression)
    assert {one.file for one in refused.value.problems} == {"query"}
    return [(one.line, one.column, one.message) for one in refused.value.problems]


def event(**data):
    return Stored(action_name="post", data=data, at=1_767_225_600_000_000)


def test_a_condition_matches_the_events_that_it_is_true_of():
    small = query("JsonData(path='$.n') < 3 and Text == 'x'")
    assert small.matches(event(n=2, text="x"))
    assert not small.matches(event(n=3, text="x"))
    assert not small.matches(event(text="x"))


def test_lines_before_the_condition_give_names():
    both = query("N: int = JsonData(path='$.n')\nTwice = N * 2\n\nTwice == 8  # the double\n")
    assert both.matches(event(n=4))
    assert not both.matches(event(n=8))


def test_a_condition_may_go_over_several_lines():
    either = query("(\n  Text == 'x'\n  or Text == 'y'\n)")
    assert either.matches(event(text="y"))


def test_a_name_of_the_query_goes_before_one_that_is_always_there():
    own = query("Text: int = JsonData(path='$.n')\nText == 3")
    assert own.matches(event(n=3, text="x"))


def test_a_name_that_cannot_be_read_is_none():
    broken = Schema(data="e.data", action="e.action", at="e.at", names={"Odd": "str = JsonData("})
    with pytest.raises(RuleError, match="unknown name 'Odd'"):
        to_sql("Odd == 'x'", dialect="sqlite", schema=broken)


@pytest.mark.parametrize(("expression", "answer"), [("True", True), ("False", False), ("1 < 2", True)])
def test_a_condition_that_is_the_same_for_all_events_is_answered(expression, answer):
    assert query(expression).matches(event()) is answer


def test_lists_are_those_of_the_rules():
    found = query("ListContains(list='boats', phrases=[Text]) != None", lists={"boats": WordList(["dinghy"])})
    assert found.matches(event(text="Dinghy"))


@pytest.mark.parametrize(
    ("expression", "place", "message"),
    [
        ("Text == 'x' and Foo", (1, 17), "unknown name 'Foo'"),
        ("Text > 3", (1, 1), "> compares numbers, not str with int"),
        ("A = 1\nText", (2, 1), "the query asks for nothing: this is str"),
        ("A = 1", (1, 1), "the query asks for nothing"),
        ("\n\n", (1, 1), "the query is empty"),
        ("Text == 'x'; Text == 'y'", (1, 1), "a query gives names, and then asks once"),
        ("A = 1; Text == 'y'", (1, 8), "the condition has a line of its own"),
        ("Text ==", (1, 8), "this cannot be read: invalid syntax"),
        ("JsonData(path='$.n[') > 3", (1, 19), "the bracket holds no field and no index"),
        ("N = 1\nN == 1 and JsonData(path='$.a', req=True) == 'x'", (2, 33), "JsonData has no argument 'req'"),
        ("JsonData(path='$.n') + 1 > 3", (1, 1), "the type of JsonData(...) is not known here"),
        ("'x' in JsonData(path='$.n')", (1, 8), "the type of JsonData(...) is not known here"),
        ("After(time='soon')", (1, 1), "'soon' is no time: write 2026-01-31 or 2026-01-31T23:59:00Z"),
        ("DidAddLabel(label_name=Text)", (1, 24), "DidAddLabel: the argument 'label_name' must be written out"),
    ],
)
def test_a_mistake_is_told_with_its_place(expression, place, message):
    line, column, told = problems(expression)[0]
    assert (line, column) == place
    assert told == message


@pytest.mark.parametrize(
    "expression",
    [
        "Count(counter='a', key=Text, window_seconds=60) > 3",
        "HasLabel(entity=Entity(type='User', id=Text), label='odd')",
        "RandomBool(percentage=10)",
        "MXLookup(domain=Text) == []",
    ],
)
def test_what_is_not_kept_with_events_is_refused(expression):
    (problem,) = problems(expression)
    assert problem[:2] == (1, 1)
    assert "not kept with it" in problem[2]


@pytest.mark.parametrize(
    ("expression", "name"), [("Txet == 'x'", "Text"), ("text == 'x'", "Text"), ("StringLength(s=Tetx) > 3", "Text")]
)
def test_a_name_that_is_misspelt_is_told_with_the_one_that_was_meant(expression, name):
    with pytest.raises(RuleError) as refused:
        query(expression)
    assert refused.value.problems[0].hint == f"did you mean {name!r}?"


def test_constants_of_other_languages_are_told_as_they_are_written_here():
    with pytest.raises(RuleError) as refused:
        query("Text == null or Text == true or Text == NULL")
    assert [one.hint for one in refused.value.problems] == ["write None", "write True", "write None"]


def test_an_argument_by_position_is_told_with_the_name_of_its_parameter():
    with pytest.raises(RuleError) as refused:
        query("TextContains(Text, 'spam')")
    assert [one.hint for one in refused.value.problems] == ["write text=Text", "write phrase='spam'"]


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("spam link", "'spam link'"),
        ("  free   money, now! ", "'free money, now!'"),
        ("don't click", '"don\'t click"'),
        ("'spam link'", "'spam link'"),
        ("spam and eggs", "'spam and eggs'"),
        ("money in minutes", "'money in minutes'"),
        ("buy-now", "'buy-now'"),
        ("spam", "'spam'"),
        ("günstige Angebote", "'günstige Angebote'"),
    ],
)
def test_plain_words_are_answered_with_the_condition_that_looks_for_them(words, phrase):
    with pytest.raises(RuleError) as refused:
        query(words)
    [problem] = refused.value.problems
    assert problem.message == "these are words, and no condition"
    assert problem.hint == f"to look for them: TextContains(text=Text, phrase={phrase})"
    query(problem.hint.partition(": ")[2])


@pytest.mark.parametrize(
    "expression", ["Txt", "Text", "True", "not Text", "Text and spam", "1", "!", "f'{Text}'", "''"]
)
def test_what_is_meant_as_a_condition_is_not_taken_for_words(expression):
    assert search_for(expression, {"Text"}) == ""


def test_a_query_tells_whether_it_asks_what_rules_did():
    assert query("Text == 'x' or not DidAddLabel(label_name='odd')").asks_results
    assert not query("Text == 'x'").asks_results


def test_what_brings_something_about_is_refused():
    told = problems("E = DeclareVerdict(verdict='x')\nR = Rule(when_all=[Text == 'x'])\nR")
    assert told == [(1, 5, "DeclareVerdict brings something about; a query only asks")]


def test_a_problem_shows_the_line_as_it_was_written():
    with pytest.raises(RuleError) as refused:
        query("JsonData(path='$.n') == 'x' and Foo")
    assert "JsonData(path='$.n') == 'x' and Foo\n" + " " * 40 + "^^^" in str(refused.value)


def test_a_query_that_is_too_long_is_refused():
    assert problems("Text == 'x'" + " or Text == 'x'" * 2_000)[0][2] == "a query has at most 20,000 characters"


@pytest.mark.parametrize("expression", ["(" * 9_000, "not " * 4_900 + "True", "-" * 9_000 + "1 == 1", "\0", "\ud800"])
def test_a_text_that_no_parser_reads_is_refused(expression):
    assert problems(expression)


def test_parts_that_sql_says_nothing_about_are_told_with_their_places():
    (part,) = query("Text == 'x' and StringLength(s=Text) > 3").unknown
    assert (part.line, part.column, part.width, part.severity) == (1, 17, 24, "warning")
    assert query("Text == 'x'").unknown == ()


def test_a_query_of_many_parts_has_sql_of_bounded_size():
    some = query(" or ".join(f"Text == '{number}'" for number in range(1_000)))
    assert len(some.where) < 100_000
    assert some.matches(event(text="999"))


def test_names_that_double_at_each_step_have_sql_of_bounded_size():
    lines = ["X0 = Text == 'x'", *(f"X{n} = X{n - 1} and X{n - 1}" for n in range(1, 40))]
    some = query("\n".join([*lines, "X39"]))
    assert len(some.where) < 100_000
    assert some.matches(event(text="x"))
