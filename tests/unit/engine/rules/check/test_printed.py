"""What an author reads in the terminal, whole: the place, the line, the caret, and what to do."""

import pytest

from evenhand.engine.rules.problem import Problem, RuleError
from tests.unit.engine.rules.check.projects import problems, told

PRINTED = {
    "chain": (
        "Score = 3\nHigh = 1 < Score <= 5\n",
        (
            "main.sml:2:8: error: comparisons cannot be chained\n"
            "    2 | High = 1 < Score <= 5\n"
            "               ^^^^^^^^^^^^^^\n"
            "      = write 1 < Score and Score <= 5"
        ),
    ),
    "by position": (
        "Length = StringLength('word')\n",
        (
            "main.sml:1:23: error: arguments are given by name\n"
            "    1 | Length = StringLength('word')\n"
            "                              ^^^^^^\n"
            "      = write s='word'"
        ),
    ),
    "misspelt": (
        "Followers: int = JsonData(path='$.user.followers')\nFew = Folowers < 5\n",
        (
            "main.sml:2:7: error: unknown name 'Folowers'\n"
            "    2 | Few = Folowers < 5\n"
            "              ^^^^^^^^\n"
            "      = did you mean 'Followers'?"
        ),
    ),
    "optional": (
        "Age: Optional[int] = JsonData(path='$.age', required=False)\nYoung = Age < 3\n",
        (
            "main.sml:2:9: error: Age may be None: it is Optional[int]\n"
            "    2 | Young = Age < 3\n"
            "                ^^^\n"
            "      = compare with None first: Age != None and Age ..."
        ),
    ),
    "if": (
        "A = 1\nif A == 1:\n    B = 2\n",
        (
            "main.sml:2:1: error: `if` is not part of SML; expected Name = value, Name: Type = value or Function(...)\n"
            "    2 | if A == 1:\n"
            "        ^^^^^^^^^^\n"
            "      = write the condition as a Rule(when_all=[...]), or as require_if of a Require(...)"
        ),
    ),
    "wide and combining letters": (
        "A = ['日本', 'e\u0301', Wrong]\n",
        (
            "main.sml:1:18: error: unknown name 'Wrong'\n"
            "    1 | A = ['日本', 'e\u0301', Wrong]\n"
            "                          ^^^^^"
        ),
    ),
    "tabs": (
        "A = [\t\tWrong]\n",
        "main.sml:1:8: error: unknown name 'Wrong'\n    1 | A = [  Wrong]\n               ^^^^^",
    ),
    "what goes on in the next line": (
        "A = Rule(when_all=[\n  3,\n])\n",
        (
            "main.sml:1:19: error: Rule: the argument 'when_all' is List[bool], not List[int]\n"
            "    1 | A = Rule(when_all=[\n"
            "                          ^"
        ),
    ),
    "unclosed, and the statement behind it": (
        "A = Rule(when_all=[True\nB = Wrong\n",
        (
            "main.sml:1:19: error: this cannot be read: '[' was never closed\n"
            "    1 | A = Rule(when_all=[True\n"
            "                          ^\n"
            "main.sml:2:5: error: unknown name 'Wrong'\n"
            "    2 | B = Wrong\n"
            "            ^^^^^"
        ),
    ),
    "a path that cannot be read": (
        "A: str = JsonData(path='$.user.0')\n",
        (
            "main.sml:1:31: error: an index stands in brackets\n"
            "    1 | A: str = JsonData(path='$.user.0')\n"
            "                                      ^\n"
            "      = write [0]"
        ),
    ),
}


@pytest.mark.parametrize("name", PRINTED)
def test_problems_are_printed_with_their_line_and_a_caret(name):
    source, printed = PRINTED[name]
    assert told(source) == printed


@pytest.mark.parametrize(
    "source",
    [
        "X = f'abc {Wrong}'",
        "X = ('a'\n   f'b {Wrong}')",
        "X = f'ü€ {Wrong}'",
        "X = f'''a\n b {Wrong}'''",
        "X = f'{{}}{ Wrong }'",
    ],
)
def test_names_in_strings_are_pointed_at(source):
    [problem] = problems(source)
    assert problem.source[problem.column - 1 :].startswith("Wrong")
    assert problem.width == len("Wrong")


def test_a_warning_says_so():
    assert str(Problem("a.sml", 1, 1, "odd", severity="warning")) == "a.sml:1:1: warning: odd"


def test_a_long_line_is_cut_around_the_caret():
    line = "A = [" + ", ".join(f"'{n:04}'" for n in range(500)) + ", Wrong]"
    _, shown, caret = told(f"{line}\n").splitlines()
    assert len(shown) <= 168
    at = caret.index("^")
    assert shown[at : at + caret.count("^")] == "Wrong"


def test_what_would_steer_a_terminal_is_not_printed():
    printed = told("A = '\x1b[31m' + Wrong\n")
    assert "\x1b" not in printed
    assert printed.splitlines()[2].index("^") == printed.splitlines()[1].index("Wrong")


def test_all_files_are_told_in_their_order():
    found = problems({"main.sml": "A = 1 +\nB = x\n", "a.sml": "C = y\n", "b/c.sml": "if x: y\n"})
    assert [(one.file, one.line) for one in found] == [("a.sml", 1), ("b/c.sml", 1), ("main.sml", 1), ("main.sml", 2)]


def test_thousands_of_problems_are_counted_and_not_all_printed():
    found = problems("".join(f"A{n} = wrong\n" for n in range(1000)))
    assert len(found) == 1000
    assert str(RuleError(found)).endswith("... and 900 more")
