"""A project as people edit it: read from its files, and written back."""

import pytest

from evenhand.engine.rules import RuleError
from evenhand.runtime import ruletexts
from evenhand.runtime.ruletexts import Project

TEXTS = {
    "main.sml": "One = 1\n",
    "config/labels.yaml": "labels:\n  seller: {valid_for: [Account]}\n",
    "lists/words.yaml": "- no\n- 007\n",
    "tests/one.yaml": "# nothing yet\n",
}


def told(texts) -> list[str]:
    with pytest.raises(RuleError) as error:
        ruletexts.read(texts)
    return [f"{one.file}:{one.line}: {one.message}" for one in error.value.problems]


def test_each_file_goes_where_it_belongs():
    found = ruletexts.read(TEXTS)
    assert found.sources == {"main.sml": "One = 1\n"}
    assert found.config == {"labels": {"seller": {"valid_for": ["Account"]}}, "lists": {"words": ["no", "007"]}}
    assert found.tests == {"tests/one.yaml": "# nothing yet\n"}


def test_what_is_written_reads_the_same_again():
    found = ruletexts.read(TEXTS)
    assert ruletexts.read(ruletexts.write(found)) == found


def test_the_way_in_comes_first_then_rules_configuration_lists_and_tests():
    project = Project({"a.sml": "", "main.sml": ""}, {"strict": True, "lists": {"w": ["x"]}}, {"a_test.yaml": ""})
    assert list(ruletexts.write(project)) == [
        "main.sml", "a.sml", "config/config.yaml", "lists/w.yaml", "a_test.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["", "../a.sml", "/a.sml", "a//b.sml", ".a.sml", "a/.b/c.sml", "a\\b.sml", "a\n.sml"])
def test_a_path_that_is_none_or_leads_away_is_refused(path):
    assert len(told({path: ""})) == 1


def test_a_file_that_nobody_would_read_is_refused():
    assert told({"notes.txt": ""}) == ["notes.txt:1: no file of this name belongs to rules"]
    assert told({"deep/other.yaml": ""}) == ["deep/other.yaml:1: no file of this name belongs to rules"]


def test_every_mistake_is_told_at_its_place():
    assert told({"config/a.yaml": "a: [\n", "lists/b.yaml": "a: b\n"})[1].startswith("lists/b.yaml:1: a list of words")


def test_two_files_that_say_something_else_of_one_key_contradict_each_other():
    [problem] = told({"config/a.yaml": "strict: true\n", "config/b.yaml": "x: 1\nstrict: false\n"})
    assert problem == "config/b.yaml:2: strict has another value in a file before this one"


def test_tests_are_where_the_command_line_looks_for_them():
    for path in ("tests/a.yaml", "tests/deep/a.yml", "a_test.yaml", "rules/a_test.yml"):
        assert ruletexts.is_test(path), path
    for path in ("config/a.yaml", "lists/tests.yaml", "main.sml"):
        assert not ruletexts.is_test(path), path
