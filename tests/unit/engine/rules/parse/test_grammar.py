"""What of Python is SML, and what to write in place of the rest."""

import ast

import pytest

from evenhand.engine.rules.parse import parse


def problems(source):
    return [f"{one.line}:{one.column} {one.message} | {one.hint}" for one in parse("a.sml", source).problems]


@pytest.mark.parametrize(
    "source",
    [
        "A = 1",
        "A: int = 1",
        "A: Optional[List[str]] | None = None",
        "F(a=1, b='x')",
        "A = [1, 2.5, True, None, 'x', -3, not B]",
        "A = B + 1 - 2 * 3 / 4 // 5 % 6 ** 7 << 8 >> 9 | 1 ^ 2 & 3",
        "A = B == 1 or B != 2 and not (B < 3 or B <= 4 or B > 5 or B >= 6 or B in C or B not in C)",
        "A = f'{B} and {C}'",
        "A = F(b=G(c=[H(d=1)]))",
        "A = 1; B = 2",
        "# a comment\n\nA = (\n  1 +\n  2\n)  # another\n",
        "A = '\\d+\\.'",
        "A = 'a' 'b'",
        "\ufeffA = 1\r\nB = 2\r",
        "Ä = 'ü'",
    ],
)
def test_this_is_sml(source):
    parsed = parse("a.sml", source)
    assert parsed.problems == ()
    assert parsed.statements


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("A = B = 1", "1:5 one statement assigns one name"),
        ("A, B = 1, 2", "1:1 only a plain name can be assigned to"),
        ("A.b = 1", "1:1 only a plain name can be assigned to"),
        ("A.b: int = 1", "1:1 only a plain name can be assigned to"),
        ("A: int", "1:1 the name has a type, but no value | write Name: str = ..."),
        ("A += 1", "1:1 an assignment with an operator is not part of SML"),
        ("'text'", "1:1 a string that nothing uses | write comments behind #"),
        ("A", "1:1 a value that nothing uses | assign it to a name"),
        ("def f(): pass", "1:1 `def` is not part of SML"),
        ("import os", "1:1 `import` is not part of SML"),
        ("try:\n  A = 1\nfinally:\n  B = 2", "1:1 this statement is not part of SML"),
        ("A = F(1)", "1:5 unknown function 'F'"),
        ("A = F(**b)", "1:7 `**` is not part of SML"),
        ("A = b.f(a=1)", "1:5 only a function's name can be called"),
        ("A = 1 < 2 < 3", "1:5 comparisons cannot be chained | write 1 < 2 and 2 < 3"),
        ("A = B is None", "1:5 `is` is not part of SML | write =="),
        ("A = B is not None", "1:5 `is not` is not part of SML | write !="),
        ("A = B.c", "1:5 an attribute is not part of SML"),
        ("A = B[0]", "1:5 a subscript is not part of SML"),
        ("A = {}", "1:5 a dict is not part of SML"),
        ("A = {1}", "1:5 a set is not part of SML | write a list"),
        ("A = 1, 2", "1:5 a tuple is not part of SML | write a list"),
        ("A = 1 if B else 2", "1:5 `… if … else …` is not part of SML"),
        ("A = lambda: 1", "1:5 `lambda` is not part of SML"),
        ("A = [b for b in C]", "1:5 a comprehension is not part of SML"),
        ("A = (b := 1)", "1:6 `:=` is not part of SML"),
        ("A = +1", "1:5 the sign + is not part of SML | leave it out"),
        ("A = ~1", "1:5 the sign ~ is not part of SML"),
        ("A = B @ C", "1:5 the operator @ is not part of SML"),
        ("A = b'x'", "1:5 bytes are not part of SML"),
        ("A = 1j", "1:5 complex numbers are not part of SML"),
        ("A = ...", "1:5 `...` is not a value"),
        ("A = f'{B:>3}'", "1:5 format specifications are not part of SML"),
        ("A = f'{B!r}'", "1:5 conversions (!r, !s, =) are not part of SML"),
        ("A = f'{B + 1}'", "1:5 an f-string takes bare names only"),
        ("A = 9223372036854775808", "1:5 a whole number this large does not fit into 64 bits"),
        ("A = 1e999", "1:5 a number this large cannot be kept"),
        ("A = '\\ud800'", "1:5 the string has half of a surrogate pair in it"),
    ],
)
def test_this_is_not_sml(source, words):
    [problem] = problems(source)
    assert problem.startswith(words)


def test_every_mistake_in_a_statement_is_told():
    found = problems("A = [B.c, 1 if D else E, F(1)]")
    assert [one.split(" ")[0] for one in found] == ["1:6", "1:11", "1:26"]


def test_of_an_unknown_function_it_is_told_that_it_is_unknown_and_not_how_to_give_its_arguments():
    assert problems("A = __import__('os')") == ["1:5 unknown function '__import__' | "]
    assert problems("A = F(*b)") == [
        "1:5 unknown function 'F' | ",
        "1:7 `*` is not part of SML | write every argument out: name=value",
    ]


def test_places_count_characters_and_not_bytes():
    assert problems("A = ['äöü€𝄞', B.c]")[0].startswith("1:15 an attribute")


def test_names_of_statements_that_are_not_sml_are_remembered():
    parsed = parse("a.sml", "A = B.c\nD: int = {}\nE = 1\n")
    assert parsed.broken == {"A", "D"}
    assert [ast.unparse(one) for one in parsed.statements] == ["E = 1"]


@pytest.mark.parametrize(
    ("first", "strict"), [("# strict", True), ("#strict ", True), ("# strictly speaking", False), ("A = 1", False)]
)
def test_a_file_asks_for_strict_mode_in_its_first_line(first, strict):
    assert parse("a.sml", f"{first}\n# strict\n").strict is strict
