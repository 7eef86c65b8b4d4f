"""Files that are not even Python: every mistake is told, and whatever can be read is."""

import ast

import pytest

from evenhand.engine.rules.parse import parse, syntax


def problems(source):
    return [f"{one.line}:{one.column} {one.message}" for one in parse("a.sml", source).problems]


def kept(source):
    return [ast.unparse(one) for one in parse("a.sml", source).statements]


BROKEN = """\
A = 1
B = (
C = 3
D = ]
E = Rule(
  when_all=[
    1 2
  ],
)
F = '''
G = not a statement
'''
H = 'open
I = 9
"""


def test_a_file_with_mistakes_is_read_statement_by_statement():
    assert [one.split(" ")[0] for one in problems(BROKEN)] == ["2:5", "4:5", "7:5", "13:5"]
    assert kept(BROKEN) == ["A = 1", "C = 3", "F = '\\nG = not a statement\\n'", "I = 9"]
    assert parse("a.sml", BROKEN).broken == {"B", "D", "E", "H"}


def test_statements_behind_a_mistake_keep_their_lines():
    parsed = parse("a.sml", BROKEN)
    assert [one.lineno for one in parsed.statements] == [1, 3, 10, 14]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("A = (1", "1:5 this cannot be read: '(' was never closed"),
        ("A = 'x", "1:5 this cannot be read: unterminated string literal"),
        ("A = '''x\ny\n", "1:5 this cannot be read: unterminated triple-quoted string literal"),
        ("  A = 1", "1:2 this cannot be read: unexpected indent"),
        ("A = 1 +", "1:8 this cannot be read: invalid syntax"),
        ("A = $", "1:5 this cannot be read: invalid syntax"),
        ("A = [1 2]", "1:6 this cannot be read: invalid syntax"),
        ("A = 0777", "1:5 this cannot be read: leading zeros"),
        ("True = 1", "1:1 this cannot be read: cannot assign to True"),
        ("A = " + "9" * 5000, "1:1 a number with too many digits"),
        ("A = '\x00'", "1:6 a NUL character; the file is not text"),
        ("A = 1\nB = 'ä\ud800'", "2:7 half of a surrogate pair; the file is not valid Unicode"),
        ("A = " + "(" * 300 + ")" * 300, "1:1 this nests more than 100 levels deep"),
        ("A = " + "[" * 150 + "]" * 150, "1:1 this nests more than 100 levels deep"),
        ("A = " + "not " * 200 + "B", "1:1 this nests more than 100 levels deep"),
        ("A = " + "-" * 100_000 + "1", "1:1 this nests more than 100 levels deep"),
        ("A = " + "+".join("1" * 50_000), "1:1 this nests more than 100 levels deep"),
        ("A = B" + ".c" * 9_000, "1:1 "),
        ("A: " + "List[" * 200 + "int" + "]" * 200 + " = 1", "1:1 this nests more than 100 levels deep"),
        ("#" * 1_000_001, "1:1 the file has 1,000,001 characters; at most 1,000,000 are read"),
        ("A=1\n" * 20_001, "1:1 the file has 20,001 statements; at most 20,000 are read"),
        ("A=1;" * 20_001, "1:1 the file has 20,001 statements; at most 20,000 are read"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(source, words):
    [problem] = problems(source)
    assert problem.startswith(words)


def test_what_python_supposes_becomes_a_hint():
    [problem] = parse("a.sml", "A = [1 2]").problems
    assert problem.hint == "perhaps a comma is missing"


def test_the_statements_around_one_that_is_nested_too_deep_are_read():
    assert kept(f"A = 1\nB = {'(' * 300}1{')' * 300}\nC = 2\n") == ["A = 1", "C = 2"]


def test_no_more_than_some_syntax_errors_are_told():
    assert len(problems("A = (\n" * 1_000)) == syntax.MOST_TOLD


def test_escapes_that_python_frowns_upon_are_left_alone():
    assert kept("A = '\\d'") == ["A = '\\\\d'"]
