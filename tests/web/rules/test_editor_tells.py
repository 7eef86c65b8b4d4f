"""What the editor says is wrong: all of it at once, each at its place."""

import pytest

from evenhand.desk.rules.checking import checked
from tests.desk.rules.conftest import MAIN
from tests.web.console.conftest import HTMX

LABELS = "labels:\n  seller:\n    valid_for: Account\n"
TEST = "Pills are caught:\n  given: {action_name: post, data: {text: cheap pills}}\n  then: {fired: [Pills]}\n"

pytestmark = pytest.mark.usefixtures("platform")


def places(found) -> list[str]:
    return [f"{one.file}:{one.line}" for one in found.problems]


def test_configuration_rules_and_tests_are_told_together():
    found = checked({
        "main.sml": MAIN.replace("s=Text", "s=Txet"),
        "config/labels.yaml": LABELS,
        "lists/words.yaml": "- {a: b}\n",
        "tests/pills.yaml": TEST.replace("given", "giben"),
    })  # fmt: skip
    assert places(found) == ["config/labels.yaml:3", "lists/words.yaml:1", "main.sml:7", "tests/pills.yaml:2"]


def test_a_mistake_in_the_configuration_names_its_keys_and_stands_at_its_line(desk, project, text):
    sent = {"path-0": "main.sml", "text-0": MAIN, "path-1": "config/labels.yaml", "text-1": LABELS, "expect": "1"}
    answer = desk.post("/rules/-/edit/check/", sent, **HTMX)
    assert "config/labels.yaml:3:5 labels.seller.valid_for: expected a list of entity types" in text(answer)
    assert '<a href="#text-1" data-line="3" data-column="5">' in answer.content.decode()


def test_a_key_that_is_missing_is_told_where_it_should_stand():
    found = checked({"main.sml": MAIN, "config/labels.yaml": "labels:\n  seller:\n    description: sells\n"})
    [problem] = [one for one in found.problems if one.key]
    assert (problem.file, problem.line, problem.key) == ("config/labels.yaml", 2, ("labels", "seller", "valid_for"))


def test_configuration_that_cannot_be_read_makes_no_mistakes_of_its_own():
    """The rules name a label that it may declare."""
    for way_in, path in (("main.sml", "config/labels.yaml"), ("start.sml", "config/rules.yaml")):
        assert [one.file for one in checked({way_in: MAIN, path: "entry: ["}).problems] == [path]


def test_tests_wait_for_rules_that_are_right_and_say_so(desk, project, text):
    sent = {"path-0": "main.sml", "text-0": "Broken = (", "path-1": "tests/p.yaml", "text-1": TEST, "expect": "1"}
    assert "1 test is run when these are mended." in text(desk.post("/rules/-/edit/check/", sent, **HTMX))


def test_a_test_that_fails_with_its_words_exchanged_leads_to_its_own_line(desk, project):
    tests = f"{TEST}\n{TEST.replace('caught', 'found').replace('Pills are', 'Some are')}  swap: {{cheap: dear}}\n"
    sent = {"path-0": "main.sml", "text-0": MAIN, "path-1": "tests/p.yaml", "text-1": tests, "expect": "1"}
    sent |= {"path-2": "config/c.yaml", "text-2": LABELS.replace("Account", "[Account]")}
    answer = desk.post("/rules/-/edit/check/", sent, **HTMX).content.decode()
    assert "cheap ↔ dear" in answer
    assert '<a href="#text-1" data-line="5">' in answer


def test_why_not_says_each_thing_once(desk, project, fold):
    pasted = '{"action_name": "post", "data": {"text": "hello", "evenhand": {"author": {"id": "zoe"}}}}'
    sent = {"path-0": "main.sml", "text-0": MAIN, "expect": "1", "event": pasted, "why": "Pills"}
    sent |= {"path-2": "config/c.yaml", "text-2": LABELS.replace("Account", "[Account]")}
    answer = desk.post("/rules/-/edit/try/", sent, **HTMX).content.decode()
    assert "Pills does not fire." in answer
    assert answer.count("Text does not contain “cheap pills”; the rule asks that it does.") == 1
