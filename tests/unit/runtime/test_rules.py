"""Rule projects in folders, in the shapes that people write: a forum's, by action; a microblog's, by kind of record."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenhand.engine.rules import RuleError
from evenhand.engine.rules.state import MemoryState
from evenhand.runtime import rules

PROJECTS = Path(__file__).parents[1] / "engine" / "rules" / "projects"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREAD = {"user_id": "u1", "thread": {"title": "Hello", "text": "Nothing to see here."}}


@pytest.fixture(scope="module")
def forum():
    return rules.load(PROJECTS / "forum")


@pytest.fixture(scope="module")
def microblog():
    return rules.load(PROJECTS / "microblog")


def post(text, **record):
    return {
        "did": "did:a",
        "operation": {
            "action": "create",
            "collection": "net.post",
            "uri": "at://a/1",
            "record": {"text": text, **record},
        },
    }


def run(ruleset, event, action="operation", **more):
    return ruleset.run(action, event, at=AT, **{"state": MemoryState(), "action_id": 1, **more})


def test_an_ordinary_thread_brings_nothing_about(forum):
    result = run(forum, THREAD, "create_thread")
    assert (result.labels, result.verdicts, result.fired, result.errors) == ((), (), (), ())
    assert result.features["ThreadLength"] == 20


def test_a_thread_with_the_words_bans_labels_and_tells_why(forum):
    result = run(forum, {**THREAD, "thread": {"title": "FREE tickets!", "text": "Come."}}, "create_thread")
    assert result.labels == ("User/u1/advertiser/1",)
    assert result.verdicts == ("review",)
    assert result.features["__ban_user"] == ["User/u1|offers free tickets: FREE tickets!"]
    assert [(one.rule, one.description) for one in result.fired] == [
        ("ThreadHasWord", "u1 offers free tickets in a thread of 5 characters")
    ]


def test_rules_of_another_action_do_not_run(forum):
    result = run(forum, {"user_id": "u1", "ip_address": "192.0.2.1", "failed_before": 7}, "login")
    assert "ThreadText" not in result.features
    assert "_failures" not in result.features
    assert result.labels == ("Ip/192.0.2.1/guessing/1", "User/u1/under_attack/1")
    assert result.fired[0].description == "u1 failed login often from 192.0.2.1"


def test_an_effect_on_an_entity_that_is_not_there_is_left_out(forum):
    result = run(forum, {"user_id": "u1", "failed_before": 7}, "login")
    assert result.labels == ("User/u1/under_attack/1",)
    assert result.errors == ()


def test_an_action_without_rules_has_only_what_all_share(forum):
    result = run(forum, {"user_id": "u1"}, "logout")
    assert {name for name in result.features if not name.startswith("__")} == {
        "ActionName", "ActionId", "UserId", "IpAddress",
    }  # fmt: skip


def test_a_missing_field_is_told_once_and_what_needs_it_has_no_value(forum):
    result = run(forum, {"user_id": "u1", "thread": {"title": "x"}}, "create_thread")
    assert [(error.file, error.line, error.feature) for error in result.errors] == [
        ("models/thread.sml", 4, "ThreadText")
    ]
    assert result.features["ThreadHasWord"] is False
    assert result.features["ThreadIsShouted"] is None
    assert result.features["__error_count"] == 1


def test_an_ordinary_post_brings_nothing_about(microblog):
    result = run(microblog, post("a fine day"))
    assert (result.labels, result.errors) == ((), ())
    assert result.features["IsReply"] is False
    assert "ShortReply" not in result.features
    assert "SupportHandle" not in result.features


@pytest.mark.parametrize("text", ["grumblet", "you Grumblets!", "gr0mbl3t, no: gr*mblet. gru-mb-let? GRUMBL3T"])
def test_a_word_of_the_list_is_found(microblog, text):
    result = run(microblog, post(text))
    assert result.labels == ("Record/at://a/1/review/1",)
    assert result.verdicts == ("hide",)


def test_a_link_in_the_facets_is_found(microblog):
    facets = [{"features": [{"tag": "x"}]}, {"features": [{"uri": "https://sho.example/1"}]}]
    result = run(microblog, post("look", facets=facets))
    assert [one.rule for one in result.fired] == ["HasShortener"]


def test_replies_have_rules_of_their_own(microblog):
    result = run(microblog, post("LOL!!", reply={"parent": {"uri": "at://b/2"}}))
    assert result.labels == ("Record/at://a/1/taunt/1",)


def test_the_third_post_of_a_minute_is_a_burst(microblog):
    state = MemoryState()
    labels = [run(microblog, post("hi"), state=state, action_id=number).labels for number in range(3)]
    assert labels == [(), (), ("Account/did:a/fast/1",)]


def test_other_operations_run_no_rules(microblog):
    result = run(microblog, {"did": "did:a", "operation": {"action": "delete", "collection": "net.post"}})
    assert result.errors == ()
    assert "PostText" not in result.features


def test_what_is_wrong_is_told_with_its_file(tmp_path):
    (tmp_path / "main.sml").write_text("Import(rules=['models/gone.sml'])\n")
    with pytest.raises(RuleError) as refused:
        rules.load(tmp_path)
    assert [(one.file, one.line) for one in refused.value.problems] == [("main.sml", 1)]


def test_functions_of_others_may_be_added(tmp_path):
    (tmp_path / "main.sml").write_text("S: str = JsonData(path='$.s')\nX = Backwards(s=S)\n")

    def Backwards(s: str) -> str:
        return s[::-1]

    assert run(rules.load(tmp_path, udfs=[Backwards]), {"s": "abc"}).features["X"] == "cba"
