"""The configuration of a project: merged from its files, and the place of each mistake in them."""

import pytest

from evenhand.engine.rules.problem import Problem
from evenhand.runtime import ruleconfig

TEXTS = {
    "config/a.yaml": "labels:\n  seen: {valid_for: [User]}\n",
    "config/b.yaml": "strict: true\nlabels:\n  seller:\n    valid_for: User\n",
    "lists/words.yaml": "- one\n",
}


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (("labels", "seller", "valid_for"), ("config/b.yaml", 4, 5)),
        (("labels", "seller", "connotation"), ("config/b.yaml", 3, 3)),
        (("labels", "seen"), ("config/a.yaml", 2, 3)),
        (("lists", "words"), ("lists/words.yaml", 1, 1)),
        (("entry",), ("config", 1, 1)),
    ],
)
def test_a_mistake_stands_at_its_key_or_at_the_nearest_one_around_it(key, place):
    found = ruleconfig.placed(Problem("config", 1, 1, "wrong", key=key), TEXTS)
    assert (found.file, found.line, found.column) == place
    assert found.message == "wrong"


def test_a_warning_stays_one_when_it_gets_its_place():
    warning = Problem("config", 1, 1, "odd", severity="warning", key=("strict",))
    assert ruleconfig.placed(warning, TEXTS).severity == "warning"


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_merged():
    merged = ruleconfig.merged(TEXTS | {"config/c.yaml": "x: [\n"})
    assert merged.unread == ["config/c.yaml"]
    assert merged.values["strict"] is True
    assert [one.file for one in merged.problems] == ["config/c.yaml"]


def test_what_a_file_that_cannot_be_read_may_have_declared_is_not_missed():
    assert ruleconfig.checkable(ruleconfig.merged(TEXTS | {"config/c.yaml": "x: ["})) == {}
    with_list = ruleconfig.merged(TEXTS | {"lists/other.yaml": "a: b"})
    assert ruleconfig.checkable(with_list)["lists"] == {"words": ["one"], "other": []}
