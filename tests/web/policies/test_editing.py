"""Editing the platform in the browser: nothing is in force before its difference was seen."""

import re
from urllib.parse import quote

import pytest

from evenhand.desk.policies import queries, services
from evenhand.engine.platform import Platform
from tests.web.policies.conftest import PLATFORM
from tests.web.policies.forms import form

EVERY_OBJECT = [
    ("platform", ""),
    ("item_types", "post"),
    ("item_types", "80430d87718/../?<b>&"),
    ("policies", "abuse"),
    ("policies", "threats"),
    ("policies", "children"),
    ("actions", "hide"),
    ("actions", "show"),
    ("destinations", "harbour"),
    ("queues", "threats"),
    ("queues", "posts"),
    ("lists", "scams"),
    ("templates", "hidden-de"),
]


def url(section: str, id_: str = "") -> str:
    return f"/platform/edit/{section}/" + (f"?id={quote(id_, safe='')}" if id_ else "")


def words(answer) -> str:
    """The page's main part without tags."""
    main = answer.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def in_force() -> Platform:
    return queries.current(fresh=True).platform


def confirm(client, proposal):
    """Press the button on the page that shows the difference."""
    return client.post("/platform/apply/", form(proposal))


class TestForms:
    @pytest.mark.parametrize(("section", "id_"), EVERY_OBJECT)
    def test_a_form_that_is_sent_as_it_is_changes_nothing(self, platform, admin, section, id_):
        """Whatever an object holds, its form shows it all and reads it all back."""
        shown = admin.get(url(section, id_))
        assert shown.status_code == 200
        answer = admin.post(url(section, id_), form(shown))
        assert answer.status_code == 200
        assert "Nothing: that is what is in force." in words(answer)

    def test_what_would_be_refused_is_told_with_the_difference_and_cannot_be_confirmed(
        self, platform, admin, monkeypatch
    ):
        monkeypatch.setattr(services, "_guards", [lambda _old, _new: ["2 open cases need the policy “children”."]])
        sent = form(admin.get(url("policies", "children"))) | {"remove": ""}
        proposal = admin.post(url("policies", "children"), sent)
        assert "2 open cases need the policy “children”." in words(proposal)
        assert "removed" in words(proposal)
        assert "Put this in force" not in words(proposal)
        assert words(confirm(admin, proposal)).count("2 open cases need the policy “children”.") == 1
        assert queries.latest()[0] == 1

    def test_a_change_is_shown_then_confirmed_then_in_force(self, platform, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"text": "Be kinder.", "harm": "2"}
        proposal = admin.post(url("policies", "abuse"), sent)
        assert "against version 1" in words(proposal)
        assert queries.latest()[0] == 1
        answer = confirm(admin, proposal)
        assert (answer.status_code, answer["Location"]) == (302, "/platform/")
        assert (in_force().policies[0].text, in_force().policies[0].harm) == ("Be kinder.", 2.0)
        kept = queries.stored(2)
        assert kept.applied_by.startswith("user:")
        assert "Version 2 is in force" in admin.get("/platform/").content.decode()

    def test_a_new_object_comes_last(self, platform, admin):
        sent = form(admin.get(url("policies"))) | {"id": "spam", "name": "Spam", "parent": "abuse"}
        confirm(admin, admin.post(url("policies"), sent))
        assert [policy.id for policy in in_force().policies] == ["abuse", "threats", "children", "spam"]
        assert in_force().policies[-1].parent == "abuse"

    def test_mistakes_are_told_at_their_inputs_and_the_entries_are_kept(self, platform, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"harm": "lots", "name": "", "text": "kept words"}
        answer = admin.post(url("policies", "abuse"), sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert re.search(r'name="harm" value="lots"[^>]*aria-describedby="h-harm e-harm"[^>]*aria-invalid="true"', page)
        assert "Expected a number; found &quot;lots&quot;." in page
        assert "kept words" in page
        assert queries.latest()[0] == 1

    def test_mistakes_in_a_row_are_told_at_their_cell(self, platform, admin):
        sent = form(admin.get(url("item_types", "post"))) | {"fields-1-type": "STRING", "fields-3-name": "text"}
        page = admin.post(url("item_types", "post"), sent).content.decode()
        assert 'id="e-fields-1-type"' in page
        assert 'id="e-fields-3-name"' in page

    def test_a_mistake_elsewhere_is_told_above(self, platform, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"child_safety": "on"}
        answer = admin.post(url("policies", "abuse"), sent)
        assert "policies[1].child_safety: expected true" in words(answer)

    def test_a_line_that_is_no_pair_is_told(self, platform, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"codes": "coop 17"}
        answer = admin.post(url("policies", "abuse"), sent)
        assert "Expected lines like key = value; found &quot;coop 17&quot;." in answer.content.decode()

    def test_removing_is_shown_first_too(self, platform, admin):
        sent = form(admin.get(url("lists", "scams"))) | {"remove": "1"}
        proposal = admin.post(url("lists", "scams"), sent)
        assert "removed List scams" in words(proposal)
        confirm(admin, proposal)
        assert in_force().lists == ()

    def test_what_others_refer_to_cannot_be_removed(self, platform, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"remove": "1"}
        answer = admin.post(url("policies", "abuse"), sent)
        assert answer.status_code == 422
        assert "policies[0].parent" in words(answer)
        assert "lists[0].policy" in words(answer)

    def test_a_queue_can_be_moved_because_the_first_gets_the_case(self, platform, admin):
        sent = form(admin.get(url("queues", "posts"))) | {"position": "1"}
        proposal = admin.post(url("queues", "posts"), sent)
        assert "reordered Queue" in words(proposal)
        confirm(admin, proposal)
        assert [queue.id for queue in in_force().queues] == ["posts", "threats"]

    @pytest.mark.parametrize("position", ["0", "99", "-3", "x", "٣", "9" * 30])
    def test_a_place_that_is_none_is_the_nearest(self, platform, admin, position):
        sent = form(admin.get(url("queues", "posts"))) | {"position": position}
        assert admin.post(url("queues", "posts"), sent).status_code == 200

    def test_an_id_is_not_changed_by_the_form(self, platform, admin):
        sent = form(admin.get(url("lists", "scams"))) | {"id": "other", "terms": "new term"}
        confirm(admin, admin.post(url("lists", "scams"), sent))
        assert [(words.id, words.terms) for words in in_force().lists] == [("scams", ("new term",))]

    def test_a_new_object_cannot_take_the_place_of_an_old_one(self, platform, admin):
        sent = form(admin.get(url("policies"))) | {"id": "abuse", "name": "Again"}
        answer = admin.post(url("policies"), sent)
        assert answer.status_code == 422
        assert "an id that nothing else here has" in words(answer)

    @pytest.mark.parametrize("path", [url("policies", "nobody"), url("nonsense"), url("nonsense", "x")])
    def test_what_is_not_there_is_not_found(self, platform, admin, path):
        assert admin.get(path).status_code == 404

    @pytest.mark.parametrize(
        "section", ["policies", "actions", "queues", "item_types", "lists", "destinations", "templates", "platform"]
    )
    def test_an_empty_or_hostile_form_is_told_what_is_wrong(self, platform, admin, section):
        assert admin.post(url(section), {}).status_code == 422
        names = ("id", "name", "harm", "terms", "fields-0-name", "custom")
        hostile = dict.fromkeys(names, "\x00<script>")
        answer = admin.post(url(section), hostile)
        assert answer.status_code == 422
        assert "<script>" not in answer.content.decode().partition("<main")[2]

    def test_the_first_object_of_an_empty_desk_can_be_made_in_the_browser(self, admin):
        sent = form(admin.get(url("platform"))) | {"name": "Harbour"}
        confirm(admin, admin.post(url("platform"), sent))
        assert in_force() == Platform("Harbour")


class TestText:
    def test_the_editor_shows_the_document_as_it_was_handed_in(self, platform, admin):
        assert form(admin.get("/platform/text/"))["source"] == [PLATFORM.replace("\n", "\r\n")]

    def test_sent_as_it_is_it_changes_nothing(self, platform, admin):
        answer = admin.post("/platform/text/", form(admin.get("/platform/text/")))
        assert "Nothing: that is what is in force." in words(answer)

    def test_a_change_is_shown_then_confirmed_and_kept_with_its_comments(self, platform, admin):
        sent = form(admin.get("/platform/text/"))
        sent["source"] = [sent["source"][0].replace('name = "Harbour"', 'name = "Haven"')]
        proposal = admin.post("/platform/text/", sent)
        assert "Name Harbour Haven" in words(proposal)
        confirm(admin, proposal)
        assert in_force().name == "Haven"
        assert queries.stored(2).source == PLATFORM.replace('"Harbour"', '"Haven"', 1)

    def test_mistakes_are_told_with_their_lines_and_the_text_is_kept(self, platform, admin):
        source = PLATFORM.replace('parent = "abuse"', 'parent = "abuze"').replace("harm = 20.5", "harm = 0")
        answer = admin.post("/platform/text/", {"source": source.replace("\n", "\r\n"), "expect": "1"})
        page = words(answer)
        assert answer.status_code == 422
        assert "2 mistakes. Nothing was changed." in page
        line = source.split("\n").index('parent = "abuze"') + 1
        assert f"Line {line} policies[1].parent" in page
        assert form(answer)["source"] == [source.replace("\n", "\r\n")]

    def test_broken_toml_is_told_with_its_line(self, platform, admin):
        answer = admin.post("/platform/text/", {"source": 'name = "x"\n[[policies\n', "expect": "1"})
        assert "Line 2" in words(answer)

    def test_a_proposal_can_be_taken_back_to_the_editor(self, platform, admin):
        proposal = admin.post("/platform/text/", {"source": 'name = "x"', "expect": "1"})
        again = admin.post("/platform/text/again/", form(proposal))
        assert form(again)["source"] == ['name = "x"']


class TestConflicts:
    def proposal(self, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"text": "Mine."}
        return admin.post(url("policies", "abuse"), sent)

    def test_what_was_applied_meanwhile_is_told_and_not_overwritten(self, platform, admin):
        proposal = self.proposal(admin)
        services.apply(services.read(PLATFORM.replace("Be kind.", "Theirs.")), actor="user:ben", expect=1)
        answer = confirm(admin, proposal)
        assert answer.status_code == 409
        assert "Version 2 is in force by now, applied by user:ben" in words(answer)
        assert "against version 2" in words(answer)
        assert queries.latest()[0] == 2

    def test_after_looking_at_the_new_difference_it_can_be_confirmed(self, platform, admin):
        proposal = self.proposal(admin)
        services.apply(services.read(PLATFORM.replace("Be kind.", "Theirs.")), actor="user:ben", expect=1)
        confirm(admin, confirm(admin, proposal))
        assert queries.latest()[0] == 3
        assert in_force().policies[0].text == "Mine."

    def test_a_form_opened_on_an_older_version_tells_so_with_the_difference(self, platform, admin):
        sent = form(admin.get(url("policies", "abuse"))) | {"text": "Mine."}
        services.apply(services.read(PLATFORM.replace("Harbour", "Haven", 2)), actor="user:ben", expect=1)
        proposal = admin.post(url("policies", "abuse"), sent)
        assert "Version 2 was applied since you opened the page." in words(proposal)
        confirm(admin, proposal)
        assert (in_force().name, in_force().policies[0].text) == ("Haven", "Mine.")

    @pytest.mark.parametrize("expect", ["", "x", "-1", "9" * 40, "²"])
    def test_without_a_readable_version_nothing_is_applied(self, platform, admin, expect):
        answer = admin.post("/platform/apply/", {"source": 'name = "x"', "expect": expect})
        assert answer.status_code == 409
        assert queries.latest()[0] == 1

    def test_sending_the_confirmation_twice_applies_once(self, platform, admin):
        proposal = self.proposal(admin)
        confirm(admin, proposal)
        assert confirm(admin, proposal).status_code == 302
        assert queries.latest()[0] == 2

    def test_what_would_orphan_open_cases_is_refused(self, platform, admin, monkeypatch):
        proposal = self.proposal(admin)
        monkeypatch.setattr(services, "_guards", [lambda _old, _new: ["4 open cases need it."]])
        answer = confirm(admin, proposal)
        assert answer.status_code == 422
        assert "4 open cases need it." in words(answer)

    def test_a_tampered_confirmation_is_read_like_any_other_text(self, platform, admin):
        answer = admin.post("/platform/apply/", {"source": "name = 1", "expect": "1"})
        assert answer.status_code == 422
        assert "expected a text" in words(answer)

    def test_applying_by_a_link_is_not_possible(self, platform, admin):
        assert admin.get("/platform/apply/").status_code == 405
