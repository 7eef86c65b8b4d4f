"""A problem, as scripts take it."""

import pytest

from evenhand.engine.rules import RuleError, load_sources


def test_a_problem_can_be_taken_apart():
    with pytest.raises(RuleError) as told:
        load_sources({"main.sml": "A = 1\nB = StringLenght(s='x')"})
    [(file, line, column, message, hint)] = told.value.problems
    assert (file, line, column) == ("main.sml", 2, 5)
    assert "StringLenght" in message
    assert "StringLength" in hint
