"""The reference of the rule language has every function, and its examples are right."""

import re
from datetime import UTC, datetime

from docs.generate import FOLDER
from evenhand.engine.rules import load_sources
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.query.functions import table

PAGE = (FOLDER / "reference/rules.md").read_text("utf-8")


def test_every_function_has_its_place_and_no_other_has():
    told = re.findall(r"^#### `(\w+)`$", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(table())
    assert set(BUILT_IN) < set(told)


def test_every_function_says_what_it_does():
    for part in re.split(r"^#### ", PAGE, flags=re.MULTILINE)[1:]:
        assert re.search(r"^```\n\n\S.{10,}\.", part, re.MULTILINE), part[:40]


def test_the_example_runs():
    (example,) = re.findall(r"## The language in short.*?```python\n(.*?)```", PAGE, re.DOTALL)
    project = load_sources({"main.sml": example})
    result = project.run("post", {"text": "ok then"}, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [one.description for one in result.fired] == ["It says only: ok then"]
