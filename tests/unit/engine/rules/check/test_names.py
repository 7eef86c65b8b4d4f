"""Names and files: who may use what, what is there twice, and what goes round in a circle."""

import pytest

from evenhand.engine.rules.tree import Definition, Do, Format, Require
from tests.unit.engine.rules.check.projects import problems, program, told


def messages(files, config=None):
    return [f"{one.file}:{one.line}:{one.column} {one.message} | {one.hint}" for one in problems(files, config)]


BASE = {"base.sml": "Name = GetActionName()\n_own = 1\nSum = _own + 1\n"}


def test_a_name_of_an_imported_file_is_known_and_so_is_that_of_a_file_imported_there():
    files = {
        **BASE,
        "middle.sml": "Import(rules=['base.sml'])\nTwice = Sum + Sum\n",
        "main.sml": "Import(rules=['middle.sml'])\nAll = Twice + Sum\n",
    }
    read = program(files)
    assert read.files["main.sml"].imports == ("middle.sml",)
    assert list(read.definitions).index("Sum") < list(read.definitions).index("Twice")
    assert read.definitions["base.sml:_own"].name == "_own"


def test_statements_keep_their_order_and_names_may_be_used_before_they_are_assigned():
    read = program(
        {
            "main.sml": "WhenRules(rules_any=[R], then=[])\nR = Rule(when_all=[A == 'x'])\n"
            "A = GetActionName()\nRequire(rule='b.sml', require_if=A == 'y')\n",
            "b.sml": "B = 1\n",
        }
    )
    assert [type(one) for one in read.files["main.sml"].statements] == [Do, Definition, Definition, Require]
    assert list(read.definitions).index("A") < list(read.definitions).index("R")


def test_a_name_of_another_file_tells_which_import_is_missing():
    files = {**BASE, "main.sml": "X = Name\n"}
    assert messages(files) == [
        (
            "main.sml:1:5 the name 'Name' is assigned in base.sml, which this file does not import"
            " | add Import(rules=['base.sml'])"
        )
    ]


def test_a_name_that_is_local_to_another_file_is_not_known():
    files = {**BASE, "main.sml": "Import(rules=['base.sml'])\nX = _own\n"}
    assert messages(files) == ["main.sml:2:5 unknown name '_own' | "]


def test_two_files_may_have_the_same_local_name_and_no_other():
    files = {**BASE, "main.sml": "_own = 2\nX = _own + 1\nName = 'a'\n"}
    assert messages(files) == [
        (
            "main.sml:3:1 the name 'Name' is assigned already, in base.sml, line 1"
            " | give it another name; one with _ in front is local to its file"
        )
    ]


def test_a_name_is_assigned_once():
    assert messages("A = 1\nA = 2\n") == [
        "main.sml:2:1 the name 'A' is assigned already, in line 1 | give it another name"
    ]


def test_a_misspelt_name_tells_what_was_meant():
    assert messages("Followers = 1\nX = Folowers + 1\n") == [
        "main.sml:2:5 unknown name 'Folowers' | did you mean 'Followers'?"
    ]


def test_a_local_name_must_be_read():
    assert messages("_a = 1\n") == ["main.sml:1:1 nothing in this file reads '_a' | use it, or leave it out"]


def test_a_name_is_not_assigned_to_itself():
    assert messages("Foo = Foo\n") == ["main.sml:1:1 the name is assigned to itself | "]


def test_names_that_need_each_other_are_told_in_their_circle():
    assert messages("A = B + 1\nB = C + 1\nC = A + 1\nD = A\n") == [
        "main.sml:1:1 the names need each other: A → B → C → A | break the circle"
    ]


def test_files_that_import_each_other_are_told_in_their_circle():
    files = {
        "main.sml": "Import(rules=['a.sml'])\n",
        "a.sml": "Import(rules=['b.sml'])\n",
        "b.sml": "Import(rules=['a.sml'])\n",
    }
    assert messages(files) == [
        (
            "b.sml:1:15 the files import each other in a circle: a.sml → b.sml → a.sml"
            " | move what they share into a file of its own, and import that"
        )
    ]


def test_files_that_require_each_other_for_certain_are_told_in_their_circle():
    files = {"main.sml": "Require(rule='a.sml')\n", "a.sml": "Require(rule='main.sml')\n"}
    [problem] = problems(files)
    assert "require each other in a circle" in problem.message


def test_a_file_may_import_the_one_that_requires_it():
    read = program({"main.sml": "A = 1\nRequire(rule='b.sml')\n", "b.sml": "Import(rules=['main.sml'])\nB = A + 1\n"})
    assert set(read.definitions) == {"A", "B"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Import(rules=['bse.sml'])", "there is no file 'bse.sml' | did you mean 'base.sml'?"),
        ("Import(rules=['b.sml', 'a.sml'])", "the paths are not sorted | write rules=['a.sml', 'b.sml']"),
        ("Import(rules=['a.sml', 'a.sml'])", "'a.sml' is imported twice | leave one out"),
        ("Import(rules=['a.sml'])\nImport(rules=['a.sml'])", "'a.sml' is imported twice | leave one out"),
        ("Import(rules=['main.sml'])", "the file imports itself | leave it out"),
        ("Import(rules='a.sml')", "Import takes a list of paths, written out | write Import(rules=["),
        ("Import(rule=['a.sml'])", "Import has no argument 'rule' | did you mean 'rules'?"),
        ("Require(rule='nowhere.sml')", "there is no file 'nowhere.sml' | paths start at the folder of the rules"),
        ("Require(rule=f'sub/{X}.sml')\nX = 'a'", "no file matches 'sub/*.sml' | add the file, or leave"),
        ("Require(rule=X)\nX = 'a'", "Require takes the path of a file, written out | write Require(rule="),
        ("Require(rule='a.sml', require_if='yes')", "require_if takes a condition, not str"),
        ("Require(rule=f'{Y}.sml')", "unknown name 'Y'"),
    ],
)
def test_import_and_require_name_files_that_are_there(line, words):
    found = problems({**BASE, "a.sml": "", "b.sml": "", "main.sml": line})
    assert any(f"{one.message} | {one.hint}".startswith(words) for one in found)


def test_a_path_with_names_in_it_means_all_files_that_it_may_lead_to():
    files = {
        "main.sml": "A = GetActionName()\nRequire(rule=f'actions/{A}_{A}.sml')\n",
        "actions/x_y.sml": "",
        "actions/deep/a_b.sml": "",
        "actions/xy.sml": "",
        "other/x_y.sml": "",
    }
    [_, require] = program(files).files["main.sml"].statements
    assert require.files == ("actions/deep/a_b.sml", "actions/x_y.sml")
    assert isinstance(require.pattern, Format)


def test_a_project_starts_with_main_or_what_the_configuration_says():
    assert "there is no file 'main.sml', with which the rules start" in told({"a.sml": ""})
    assert program({"a.sml": ""}, {"entry": "a.sml"}).entry == "a.sml"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("X = 1", False),
        ("X = ['a', 'b']", False),
        ("X = 1 + 1", True),
        ("X: ExtractLiteral[int] = 1", True),
        ("X: Secret[str] = JsonData(path='$.a')", False),
        ("X: ExtractSecret[str] = JsonData(path='$.a')", True),
        ("X: str = JsonData(path='$.a')", True),
        ("X = Rule(when_all=[True])", True),
        ("X = LabelAdd(entity=Entity(type='U', id=1), label='a')", False),
    ],
)
def test_features_are_what_is_not_local_nor_constant_nor_secret(line, shown):
    assert program(line).definitions["X"].shown is shown


def test_a_local_name_is_no_feature():
    assert not program("_x = GetActionName()\nY = _x + 'a'\n").definitions["main.sml:_x"].shown
