"""Looking at the platform: as it is, as it was."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenhand.desk.policies import queries, services
from evenhand.engine.platform import Platform, Policy

PAGES = ("/platform/", "/platform/versions/", "/platform/versions/1/", "/platform/platform.toml")
EDITS = ("/platform/text/", "/platform/edit/platform/", "/platform/edit/policies/", "/platform/edit/policies/?id=abuse")


def test_the_overview_shows_the_whole_platform(platform, moderator):
    page = moderator.get("/platform/").content.decode()
    for shown in ("Harbour", "Threats", "harm 20.5", "Cyber violence", "<kbd>b</kbd>", "irreversible", "two people"):
        assert shown in page
    for shown in (
        "https://harbour.example/hook",
        "what no other queue takes",
        "built in",
        "child safety",
        "RELATED_ITEM",
    ):
        assert shown in page


def test_what_policies_say_is_text_and_never_markup(platform, moderator):
    page = moderator.get("/platform/").content.decode()
    assert "Even when it is &lt;b&gt;hard&lt;/b&gt;." in page
    assert "&lt;b&gt;&amp;" in page
    assert "<b>hard" not in page


def test_lists_of_the_tree_are_closed(platform, moderator):
    chain = [Policy(f"p{n}", f"P{n}", parent=f"p{n - 1}" if n else None) for n in range(4)]
    policies = (*chain, Policy("q", "Q"), Policy("q1", "Q1", parent="q"))
    services.apply(Platform("Deep", policies=policies), actor="user:ana")
    page = moderator.get("/platform/").content.decode().partition("<main")[2]
    assert page.count("<ul") == page.count("</ul>") == 5
    assert page.count("<li") == page.count("</li>") == 6


def test_before_anything_is_applied_the_overview_says_how(moderator):
    page = moderator.get("/platform/").content.decode()
    assert "evenhand apply platform.toml" in page
    assert "built in" in page


def test_only_who_may_edit_is_offered_to(platform, moderator, admin):
    assert "/platform/edit/" not in moderator.get("/platform/").content.decode()
    assert "/platform/edit/policies/?id=threats" in admin.get("/platform/").content.decode()


@pytest.mark.parametrize("path", EDITS)
def test_who_may_only_look_cannot_edit(platform, moderator, path):
    assert moderator.get(path).status_code == 403
    assert moderator.post(path, {"name": "x"}).status_code == 403
    assert moderator.post("/platform/apply/", {"source": 'name = "x"', "expect": "1"}).status_code == 403
    assert queries.latest()[0] == 1


@pytest.mark.parametrize("path", [*PAGES, *EDITS])
def test_strangers_are_sent_to_sign_in(platform, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("path", ["/platform/", "/platform/versions/"])
def test_a_page_takes_few_queries_however_large_the_platform_is(platform, moderator, path):
    moderator.get(path)
    with CaptureQueriesContext(connection) as few:
        moderator.get(path)
    for n in range(4):
        services.apply(Platform(f"x{n}", policies=tuple(Policy(f"p{k}", "P") for k in range(50))), actor="user:ana")
    moderator.get(path)
    with CaptureQueriesContext(connection) as many:
        moderator.get(path)
    assert len(many) == len(few) <= 8


def test_history_tells_each_version_with_who_and_what(platform, moderator):
    services.apply(Platform("Haven"), actor="user:ben")
    page = moderator.get("/platform/versions/").content.decode()
    assert page.index("Version 2") < page.index("Version 1")
    assert "user:ben" in page
    assert "name: &quot;Harbour&quot; → &quot;Haven&quot;" in page


def test_a_version_tells_the_fields_of_a_new_item_type_in_words(platform, moderator):
    page = moderator.get("/platform/versions/1/").content.decode()
    assert "text (STRING, required), author (RELATED_ITEM, role creator), images (IMAGE, container ARRAY)" in page


def test_a_long_history_comes_in_pages(moderator, platform, monkeypatch):
    for n in range(51):
        services.apply(Platform(f"x{n}"), actor="user:ana")
    page = moderator.get("/platform/versions/").content.decode()
    assert "?before=3" in page
    assert "Version 1<" in moderator.get("/platform/versions/?before=3").content.decode()


def test_a_version_shows_its_difference_to_the_one_before(platform, moderator):
    document = services.read('name = "Harbour"\n[[policies]]\nid = "abuse"\nname = "Abuse"\ntext = "Be very kind."')
    services.apply(document, actor="user:ben")
    page = moderator.get("/platform/versions/2/").content.decode()
    assert "in force" in page
    assert "Be<ins> very</ins> kind." in page
    assert page.count("removed") >= 3
    assert "in force" not in moderator.get("/platform/versions/1/").content.decode()


def test_any_version_can_be_fetched_as_a_file_that_can_be_applied_again(platform, moderator):
    services.apply(Platform("Haven"), actor="user:ben")
    first = moderator.get("/platform/versions/1/platform.toml")
    assert first["Content-Disposition"] == 'attachment; filename="platform-1.toml"'
    assert services.read(first.content.decode()) == queries.at(1).platform
    assert moderator.get("/platform/platform.toml").content.decode() == 'name = "Haven"\n'


@pytest.mark.parametrize(
    "path", ["versions/2/", "versions/2/platform.toml", "versions/0/", f"versions/{10**30}/", "versions/-1/"]
)
def test_a_version_that_is_not_there_is_not_found(platform, moderator, path):
    assert moderator.get(f"/platform/{path}").status_code == 404
