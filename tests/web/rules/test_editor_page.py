"""The editor: nothing wrong is published, and nothing that was written is lost."""

import re

import pytest

from evenhand.desk.rules import queries
from tests.desk.conftest import post, reported, sent
from tests.desk.rules.conftest import CONFIG, MAIN
from tests.web.console.conftest import HTMX

TESTS = """\
Pills are caught:
  given:
    action_name: post
    data: {text: cheap pills}
  then:
    fired: [Pills]
"""


@pytest.fixture
def form(desk, project):
    """What the editor's form holds, as a browser sends it back; `changed` goes over it."""

    def form(**changed: str) -> dict[str, str]:
        files = desk.get("/rules/-/edit/").context["files"]
        fields = {}
        for one in files:
            named = {"path": one.path, "was": one.was, "text": one.text.replace("\n", "\r\n")}
            fields |= {f"{name}-{one.number}": value for name, value in named.items()}
        return fields | {"expect": str(queries.current(fresh=True).version), "note": "why", "do": "publish"} | changed

    return form


def test_the_editor_shows_every_file_configuration_too(desk, project):
    assert [one.path for one in desk.get("/rules/-/edit/").context["files"]] == ["main.sml", "config/config.yaml"]


def test_a_form_that_is_sent_back_as_it_was_changes_nothing(desk, form):
    assert desk.post("/rules/-/edit/", form()).status_code == 302
    assert queries.current(fresh=True).version == 1
    assert queries.stored(1).content.config == CONFIG


def test_a_change_is_published_with_its_note(desk, form, ana):
    answer = desk.post("/rules/-/edit/", form(**{"text-0": MAIN.replace("cheap pills", "dear pills")}))
    assert answer.status_code == 302
    stored = queries.stored(2)
    assert (stored.note, stored.published_by) == ("why", f"user:{ana.pseudonym}")
    assert "dear pills" in stored.content.sources["main.sml"]


def test_a_mistake_is_told_while_one_writes_with_its_line_a_caret_and_a_hint(desk, form, text):
    answer = desk.post("/rules/-/edit/check/", form(**{"text-0": MAIN.replace("s=Text", "s=Txet")}), **HTMX)
    assert "1 mistake" in text(answer)
    assert "main.sml:7:" in text(answer)
    assert re.search(r"\n +\^\^\^\^", answer.content.decode())
    assert "did you mean" in text(answer).lower()


def test_a_project_with_a_mistake_is_not_published_and_stays_in_the_form(desk, form):
    answer = desk.post("/rules/-/edit/", form(**{"text-0": "Broken = ("}))
    assert answer.status_code == 422
    assert "Broken = (" in answer.content.decode()
    assert queries.current(fresh=True).version == 1


def test_files_are_added_renamed_and_removed(desk, form):
    answer = desk.post("/rules/-/edit/", form(do="add", new_path="lists/pills.yaml"))
    assert [one.path for one in answer.context["files"]][-1] == "lists/pills.yaml"
    added = {"path-2": "lists/pills.yaml", "was-2": "", "text-2": "- cheap pills\n- no\n"}
    moved = {"path-3": "more.sml", "was-3": "", "text-3": "Two = 2\n", "gone-1": "on"}
    without = MAIN.replace("    LabelAdd(entity=Author, label='seller', expires_after=TimeDelta(days=30)),\n", "")
    without = without.replace("HasLabel(entity=Author, label='seller')", "Text == 'x'")
    assert desk.post("/rules/-/edit/", form(**added, **moved, **{"text-0": without})).status_code == 302
    content = queries.stored(2).content
    assert content.config == {"lists": {"pills": ["cheap pills", "no"]}}
    assert sorted(content.sources) == ["main.sml", "more.sml"]


def test_two_files_of_one_path_are_refused(desk, form, text):
    answer = desk.post("/rules/-/edit/", form(**{"path-9": "main.sml", "text-9": "", "was-9": ""}))
    assert answer.status_code == 422
    assert "2 files have this path" in text(answer)


@pytest.mark.parametrize("path", ["../main.sml", "/etc/rules.sml", ".hidden.sml", "notes.txt", "rules\\x.sml"])
def test_a_path_that_leads_out_of_the_project_is_refused(desk, form, path):
    assert desk.post("/rules/-/edit/", form(**{"path-9": path, "text-9": "", "was-9": ""})).status_code == 422


def test_tests_are_kept_with_the_version_and_refuse_one_that_fails(desk, form, text):
    tests = {"path-5": "tests/pills.yaml", "was-5": "", "text-5": TESTS}
    assert desk.post("/rules/-/edit/", form(**tests)).status_code == 302
    assert queries.stored(2).tests == {"passed": 1, "failed": 0}
    assert queries.stored(2).content.tests == {"tests/pills.yaml": TESTS}
    answer = desk.post("/rules/-/edit/", form(**{"text-0": MAIN.replace("cheap pills", "dear pills")}))
    assert answer.status_code == 422
    assert "1 of 1 tests fail" in text(answer)
    assert "Pills are caught" in text(answer)
    assert queries.current(fresh=True).version == 2


def test_an_event_of_the_desk_is_tried_and_tells_why_not(desk, form, fold, text):
    fold(sent(post("p1", "cheap pills", author="eve")))
    choice = desk.get("/rules/-/edit/").context["choices"][0].key
    answer = desk.post("/rules/-/edit/try/", form(choice=choice, why="Flood"), **HTMX)
    assert "eve sells pills" in text(answer)
    assert "enqueue: policy spam, probability 0.8" in text(answer)
    assert "Recent is 2; the rule asks for at least 3" in text(answer)


def test_trying_an_event_counts_nothing(desk, form, fold):
    queries.current(fresh=True)
    fold(sent(post("p1", "hello", author="eve")))
    choice = desk.get("/rules/-/edit/").context["choices"][0].key
    for _ in range(3):
        answer = desk.post("/rules/-/edit/try/", form(choice=choice), **HTMX)
    assert ("Recent", "2") in answer.context["tried"].features


def test_a_pasted_event_that_nests_too_deep_is_a_problem_and_no_breakdown(desk, form, text):
    pasted = '{{"action_name": "post", "data": {{"text": {}{}}}}}'.format("[" * 100_000, "]" * 100_000)
    answer = desk.post("/rules/-/edit/try/", form(event=pasted), **HTMX)
    assert answer.status_code == 200
    assert "nested deeper than 100" in text(answer)


def test_a_pasted_event_is_tried(desk, form, text):
    pasted = '{"action_name": "post", "data": {"text": "cheap pills", "evenhand": {"author": {"id": "zoe"}}}}'
    assert "zoe sells pills" in text(desk.post("/rules/-/edit/try/", form(event=pasted), **HTMX))


def test_what_is_no_event_is_told(desk, form):
    assert desk.post("/rules/-/edit/try/", form(event="{"), **HTMX).context["tried"].problem
    assert desk.post("/rules/-/edit/try/", form(choice="item:99"), **HTMX).context["tried"].problem


def test_items_of_child_safety_cases_are_not_offered_to_others(desk, form, fold):
    item = post("p1", "hello", author="secret")
    fold(sent(item))
    key = desk.get("/rules/-/edit/").context["choices"][0].key
    fold(*(reported(item, reporter=f"r{number}", policy="minors", csam=True) for number in range(5)))
    assert desk.get("/rules/-/edit/").context["choices"] == []
    assert desk.post("/rules/-/edit/try/", form(choice=key), **HTMX).context["tried"].problem


def test_who_may_only_look_does_not_edit(auditor, project):
    assert auditor.get("/rules/-/edit/").status_code == 403
    assert auditor.post("/rules/-/edit/", {}).status_code == 403
