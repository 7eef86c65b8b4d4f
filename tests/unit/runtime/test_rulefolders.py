"""A rule project as a folder: what is read, what is refused, and how the author is told."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine.rules.problem import RuleError
from evenhand.runtime import rulefolders, yamlfiles
from evenhand.runtime.rulefolders import read_folder


@pytest.fixture
def folder(tmp_path):
    def made(**files):
        for name, content in files.items():
            write(tmp_path, name.replace("__", "/"), content)
        return tmp_path

    return made


def write(folder, path, content):
    file = folder / (path if "." in path else f"{path}.yaml")
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content)
    return folder


def refused(folder):
    with pytest.raises(RuleError) as error:
        read_folder(folder)
    return error.value.problems


def told(folder):
    return "\n".join(map(str, refused(folder)))


def test_rule_files_are_found_at_any_depth_and_named_from_the_folder(tmp_path):
    write(tmp_path, "main.sml", "A = 1\n")
    write(tmp_path, "rules/deep/spam.sml", "B = 2\n")
    write(tmp_path, ".git/hooks/x.sml", "not ours")
    write(tmp_path, "README.md", "not ours")
    assert read_folder(tmp_path).sources == {"main.sml": "A = 1\n", "rules/deep/spam.sml": "B = 2\n"}


def test_configuration_is_merged_mappings_into_mappings_and_lists_behind_lists(folder):
    read = read_folder(
        folder(
            top="labels:\n  spam: {valid_for: [User], connotation: negative}\nstrict: true\n",
            config__more="labels:\n  spam: {valid_for: [User, Post]}\n  kind: {valid_for: [User]}\n",
        )
    )
    assert read.config == {
        "strict": True,
        "labels": {
            "spam": {"valid_for": ["User", "Post"], "connotation": "negative"},
            "kind": {"valid_for": ["User"]},
        },
    }


def test_yaml_that_is_neither_configuration_nor_a_list_is_left_alone(tmp_path):
    write(tmp_path, "deploy/service.yaml", "a: [")
    assert read_folder(tmp_path).config == {}


def test_words_of_a_list_stay_as_they_are_written(folder):
    read = read_folder(folder(lists__words="# a comment\n- no\n- 007\n- 2020-01-01\n- 'two words'\n- 1:30\n"))
    assert read.config["lists"] == {"words": ["no", "007", "2020-01-01", "two words", "1:30"]}


def test_dates_in_the_configuration_stay_text(folder):
    assert read_folder(folder(config__a="since: 2020-01-01\n")).config == {"since": "2020-01-01"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", (3, 2), "this is not YAML"),
        ("a: 1\n\tb: 2\n", (2, 1), "this is not YAML"),
        ("- a\n- b\n", (1, 1), "the file is not a mapping"),
        ("a:\n  b: 1\n  b: 2\n", (3, 3), "the key 'b' is given twice, first in line 2"),
        ("a: 1\n1: 2\n", (2, 1), "a key is a word"),
        ("a: !!python/object:os.system {}\n", (1, 4), "could not determine a constructor"),
        ("a: !!binary aGk=\n", (1, 4), "a value of the kind binary"),
        ("a: .inf\n", (1, 4), "a number without end"),
        ("a: &x [*x]\n", (1, 8), "the alias *x holds itself"),
        ("a: *nobody\n", (1, 4), "the alias *nobody"),
        ("a: " + "[" * 60 + "]" * 60, (1, 53), "nests more than 50 levels deep"),
    ],
)
def test_a_mistake_in_yaml_is_told_with_its_line_and_column(folder, text, place, words):
    [problem] = refused(folder(config__a=text))
    assert (problem.file, problem.line, problem.column) == ("config/a.yaml", *place)
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\n", (1, 1), "a list of words holds only words"),
        ("- a\n- [b]\n", (2, 3), "a list of words holds only words"),
        ("- &x a\n- *x\n", (2, 3), "a list of words holds only words"),
        ("- a\n-\n- b\n", (2, 2), "an item of the list is empty"),
        ("word\n", (1, 1), "the file is not a list"),
    ],
)
def test_a_list_of_words_holds_nothing_else(folder, text, place, words):
    [problem] = refused(folder(lists__a=text))
    assert (problem.file, problem.line, problem.column) == ("lists/a.yaml", *place)
    assert words in problem.message


def test_an_alias_bomb_is_refused_before_it_is_built(folder):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "stands for more than 200,000 values" in told(folder(config__bomb="\n".join(lines)))


def test_anchors_that_stand_for_little_are_fine(folder):
    read = read_folder(folder(config__a="base: &base {valid_for: [User]}\nlabels:\n  spam: {<<: *base, x: 1}\n"))
    assert read.config["labels"] == {"spam": {"valid_for": ["User"], "x": 1}}


def test_files_that_contradict_each_other_are_told_at_the_key(folder):
    [problem] = refused(folder(config__a="x:\n  y: 1\n", config__b="z: 0\nx:\n  y: 2\n"))
    assert str(problem) == (
        "config/b.yaml:3:3: error: x.y has another value in a file before this one\n"
        "    3 |   y: 2\n"
        "          ^\n"
        "      = leave one out"
    )


def test_bytes_that_are_not_utf8_are_told_with_their_place(tmp_path):
    write(tmp_path, "main.sml", "A = 'ü'\nB = '".encode() + b"\xff'\n")
    [problem] = refused(tmp_path)
    assert (problem.line, problem.column) == (2, 6)
    assert "0xff is not UTF-8" in problem.message


def test_all_files_that_cannot_be_read_are_told_at_once(folder):
    problems = refused(folder(config__a="x: [", lists__b="x: 1", config__c=b"\xff"))
    assert [one.file for one in problems] == ["config/a.yaml", "config/c.yaml", "lists/b.yaml"]


def test_links_that_lead_out_are_refused_and_links_inside_are_followed(tmp_path):
    write(tmp_path, "secret.sml", "outside")
    inside = write(tmp_path / "rules", "real.sml", "A = 1\n")
    (inside / "link.sml").symlink_to("real.sml")
    assert read_folder(inside).sources == {"real.sml": "A = 1\n", "link.sml": "A = 1\n"}
    (inside / "out.sml").symlink_to("../secret.sml")
    (inside / "more").symlink_to("..", target_is_directory=True)
    assert {one.file: one.message for one in refused(inside)} == {
        "out.sml": "a link that leads out of the folder",
        "more": "a link to a folder is not followed",
    }


def test_what_is_not_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "main.sml")
    assert "this is not a file" in told(tmp_path)


def test_a_link_to_nothing_is_told(tmp_path):
    (tmp_path / "main.sml").symlink_to("nowhere.sml")
    assert "the file cannot be read: No such file" in told(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert "there is no such folder" in told(tmp_path / "nowhere")


def test_files_have_a_largest_size(tmp_path, monkeypatch):
    monkeypatch.setattr(rulefolders, "MOST_BYTES_OF_ONE", 2_000_000)
    monkeypatch.setattr(rulefolders, "MOST_BYTES", 3_000_000)
    write(tmp_path, "a.sml", "#" * 2_000_001)
    write(tmp_path, "b.sml", "#" * 1_900_000)
    write(tmp_path, "c.sml", "#" * 1_900_000)
    assert [(one.file, one.message) for one in refused(tmp_path)] == [
        ("a.sml", "the file is larger than 2 MB"),
        ("c.sml", "with this file, the folder is larger than 3 MB"),
    ]


def test_a_folder_has_a_largest_number_of_files(tmp_path, monkeypatch):
    monkeypatch.setattr(rulefolders, "MOST_FILES", 1)
    write(tmp_path, "a.sml", "")
    write(tmp_path, "b.sml", "")
    assert "2 files for rules; at most 1 are read" in told(tmp_path)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!<>|'\"#\n\t ,?%@1.\x00\ufffe"), max_size=60))
def test_any_text_is_read_or_refused_inside_the_file(text):
    for read in (yamlfiles.mapping, yamlfiles.words):
        try:
            read(text)
        except yamlfiles.Unreadable as error:
            problem = error.problem("a.yaml", text)
            assert 1 <= problem.line <= len(text.splitlines()) + 1
            assert 1 <= problem.column <= len(problem.source) + 1
