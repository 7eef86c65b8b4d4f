"""Two people edit the rules at once: neither replaces what the other did without having seen it."""

import pytest

from evenhand.desk.rules import queries, services
from tests.desk.rules.conftest import CONFIG, MAIN

THEIRS = MAIN.replace("hours=12", "hours=6")
MINE = MAIN.replace("cheap pills", "dear pills")


@pytest.fixture
def mine(desk, project):
    """Ana's form, begun with version 1, while Ben publishes version 2."""
    fields = {"expect": "1", "do": "publish", "note": "mine"}
    for one in desk.get("/rules/-/edit/").context["files"]:
        fields |= {f"path-{one.number}": one.path, f"was-{one.number}": one.path, f"text-{one.number}": one.text}
    services.publish({"main.sml": THEIRS}, CONFIG, actor="user:ben", note="softer")
    return fields | {"text-0": MINE}


def in_force() -> tuple[int, str]:
    version = queries.current(fresh=True).version
    return version, queries.stored(version).content.sources["main.sml"]


def test_both_versions_are_named_and_what_they_changed_is_shown(desk, mine, text):
    answer = desk.post("/rules/-/edit/", mine)
    assert answer.status_code == 409
    page = text(answer)
    assert "ben published version 2 while you wrote" in page
    assert "user:ben" not in page
    assert "You began with version 1" in page
    assert "They say: “softer”" in page
    assert "What changed from version 1 to version 2" in page
    [change] = answer.context["overtaken"].theirs
    assert [line.text for line in change.lines if line.kind == "new"] == [
        "WhenRules(rules_any=[Flood], then=[Hold(policy='spam', hours=6)])"
    ]
    assert "dear pills" in answer.context["files"][0].text
    assert in_force() == (2, THEIRS)


def test_the_same_button_again_overwrites_nothing(desk, mine):
    again = mine | {"expect": str(desk.post("/rules/-/edit/", mine).context["version"])}
    assert desk.post("/rules/-/edit/", again).status_code == 409
    assert in_force() == (2, THEIRS)


def test_changes_of_other_lines_are_put_together_and_published_only_then(desk, mine, text):
    answer = desk.post("/rules/-/edit/", mine | {"do": "together"})
    assert "Your changes stand here together with version 2" in text(answer)
    assert "You began with version 2" in text(answer)
    both = answer.context["files"][0].text
    assert "dear pills" in both
    assert "hours=6" in both
    assert in_force() == (2, THEIRS)
    assert desk.post("/rules/-/edit/", mine | {"expect": "2", "text-0": both}).status_code == 302
    assert in_force() == (3, both)


def test_changes_of_the_same_line_are_not_put_together(desk, mine, text):
    clashing = mine | {"text-0": MAIN.replace("hours=12", "hours=24"), "do": "together"}
    answer = desk.post("/rules/-/edit/", clashing)
    assert answer.status_code == 409
    assert "You both changed the same lines, or lines next to each other, of: main.sml ." in text(answer)
    assert "Put both together" not in text(answer)


def test_theirs_are_taken_and_mine_is_kept_aside_until_something_is_published(desk, mine, text):
    answer = desk.post("/rules/-/edit/", mine | {"do": "theirs"})
    assert answer.context["files"][0].text == THEIRS
    assert answer.context["version"] == 2
    [aside] = answer.context["aside"]
    assert (aside.path, aside.text) == ("main.sml", MINE)
    kept = {"aside-path-0": aside.path, "aside-0": aside.text}
    looked = desk.post("/rules/-/edit/", mine | kept | {"expect": "2", "text-0": THEIRS, "do": "look"})
    assert looked.context["aside"] == [aside]


def test_mine_is_published_over_theirs_only_after_what_is_lost_was_named(desk, mine, text):
    answer = desk.post("/rules/-/edit/", mine)
    assert "This is lost of version 2" in text(answer)
    [lost] = answer.context["overtaken"].lost
    assert "WhenRules(rules_any=[Flood], then=[Hold(policy='spam', hours=6)])" in [
        line.text for line in lost.lines if line.kind == "gone"
    ]
    assert desk.post("/rules/-/edit/", mine | {"do": "over", "over": "2"}).status_code == 302
    assert in_force() == (3, MINE)


def test_who_saw_version_2_does_not_replace_version_3(desk, mine, text):
    services.publish({"main.sml": THEIRS + "# more\n"}, CONFIG, actor="user:ben")
    answer = desk.post("/rules/-/edit/", mine | {"do": "over", "over": "2"})
    assert answer.status_code == 409
    assert "What changed from version 1 to version 3" in text(answer)
    assert in_force()[0] == 3
