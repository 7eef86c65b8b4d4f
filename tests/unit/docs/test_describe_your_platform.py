"""The how-to's document is one that the desk takes."""

import re
from pathlib import Path

import pytest

from evenhand.data import dsa
from evenhand.engine.platform import Invalid, diff, parse, snapshot
from evenhand.engine.platform.document import Platform

PAGE = (Path(__file__).parents[3] / "docs/how-to/describe-your-platform.md").read_text("utf-8")
DOCUMENT = "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))


def test_its_parts_together_are_a_right_document():
    platform = parse(DOCUMENT, categories=dsa.categories())
    found = snapshot(1, platform, {})
    assert found.queue_for("harassment", "post") == "people"
    assert found.queue_for("minors", "post") == "child_safety"


def test_the_counts_that_it_shows_are_right():
    changes = diff(Platform("Unconfigured"), parse(DOCUMENT, categories=dsa.categories()))
    kinds = [change.kind for change in changes]
    assert f"{kinds.count('added')} new, {kinds.count('changed')} changed, 0 removed" in PAGE


def test_the_mistake_that_it_shows_is_told_like_this():
    source = DOCUMENT.replace('parent = "respect"', 'parent = "respekt"')
    with pytest.raises(Invalid) as invalid:
        parse(source, categories=dsa.categories())
    (problem,) = invalid.value.problems
    assert f"platform.toml:{problem.line}: {problem.path}" in PAGE
    assert f"expected  {problem.expected}\n    found     {problem.found}\n    perhaps   {problem.meant}" in PAGE
