"""Versions: who published what, what it changed, and an old one in force again."""

import pytest

from evenhand.desk.rules import queries, services
from tests.desk.rules.conftest import CONFIG, MAIN


@pytest.fixture
def two(project):
    services.publish({"main.sml": MAIN.replace("cheap", "dear")}, CONFIG, actor="user:ben", note="dear ones, too")


def test_versions_name_who_published_them_and_why(auditor, two, text):
    page = text(auditor.get("/rules/-/versions/"))
    assert " ben dear ones, too" in page


def test_a_version_shows_what_it_changed_line_by_line(auditor, two):
    [change] = auditor.get("/rules/-/versions/2/").context["changes"]
    assert (change.path, change.kind) == ("main.sml", "changed")
    assert [line.kind for line in change.lines if line.kind in ("gone", "new")] == ["gone", "new"]


def test_an_old_version_comes_back_as_the_next_one(desk, two):
    assert desk.post("/rules/-/versions/1/again/", {"expect": "2", "note": "was better"}).status_code == 302
    assert queries.stored(3).content == queries.stored(1).content
    assert queries.stored(3).note == "was better"


def test_an_old_version_does_not_replace_what_nobody_saw(desk, two, text):
    answer = desk.post("/rules/-/versions/1/again/", {"expect": "1", "note": "was better"})
    assert answer.status_code == 409
    assert "Version 2 is in force by now" in text(answer)


def test_who_may_only_look_puts_nothing_in_force(auditor, two):
    assert auditor.post("/rules/-/versions/1/again/", {"expect": "2"}).status_code == 403
    assert auditor.get("/rules/-/versions/9/").status_code == 404
