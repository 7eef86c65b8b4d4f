"""Asking a version of the document."""

from hypothesis import given

from evenhand.engine.platform import Platform, Policy, Queue, parse, snapshot, tree
from tests.unit.engine.platform_values import CATEGORIES, HARBOUR, platforms


def queue_for(queues: tuple[Queue, ...], policy: str | None, item_type: str) -> str:
    policies = (Policy("abuse", "A"), Policy("threat", "T", parent="abuse"), Policy("spam", "S"))
    return snapshot(1, Platform("x", policies=policies, queues=queues), {}).queue_for(policy, item_type)


def test_the_first_queue_that_takes_a_case_gets_it():
    queues = (Queue("a", "A", policies=("spam",)), Queue("b", "B", policies=("spam", "abuse")))
    assert queue_for(queues, "spam", "post") == "a"
    assert queue_for(queues, "abuse", "post") == "b"


def test_a_queue_that_takes_a_policy_takes_all_below_it():
    assert queue_for((Queue("a", "A", policies=("abuse",)),), "threat", "post") == "a"
    assert queue_for((Queue("a", "A", policies=("threat",)),), "abuse", "post") == "default"


def test_a_queue_with_policies_and_item_types_takes_what_matches_both():
    queues = (Queue("a", "A", policies=("spam",), item_types=("post",)),)
    assert queue_for(queues, "spam", "post") == "a"
    assert queue_for(queues, "spam", "account") == "default"
    assert queue_for(queues, "abuse", "post") == "default"


def test_a_case_without_policy_is_taken_by_its_item_type():
    queues = (Queue("a", "A", policies=("spam",)), Queue("b", "B", item_types=("post",)))
    assert queue_for(queues, None, "post") == "b"
    assert queue_for(queues, "unknown", "account") == "default"


def test_a_queue_with_neither_takes_nothing_by_itself():
    assert queue_for((Queue("a", "A"),), "spam", "post") == "default"


def test_there_is_always_a_default_queue():
    assert list(snapshot(0, Platform("x"), {}).queues) == ["default"]
    named = snapshot(1, Platform("x", queues=(Queue("default", "All of it"), Queue("a", "A"))), {})
    assert [queue.name for queue in named.queues.values()] == ["All of it", "A"]


def test_child_safety_goes_only_where_nobody_else_works():
    """By construction: neither an earlier queue for the item type nor the default queue gets such a case."""
    child, above = Policy("child", "C", parent="abuse", child_safety=True), Policy("abuse", "A")
    open_to_all = (Queue("posts", "Posts", item_types=("post",)), Queue("abuse", "Abuse", policies=("abuse",)))
    alone = Queue("team", "Team", item_types=("post",), roles=("child_safety",))
    found = snapshot(1, Platform("x", policies=(above, child), queues=(*open_to_all, alone)), {})
    assert found.queue_for("child", "post") == "team"
    assert found.queue_for("child", "account") == "child_safety"
    assert found.queue_for("abuse", "post") == "posts"
    assert found.queues["child_safety"].roles == ("child_safety",)


def test_a_queue_for_child_safety_is_built_in_only_where_cases_would_have_none():
    policies, team = (Policy("c", "C", child_safety=True),), ("child_safety",)
    alone = Platform("x", policies=policies, queues=(Queue("team", "Team", policies=("c",), roles=team),))
    assert list(snapshot(1, alone, {}).queues) == ["team", "default"]
    assert list(snapshot(1, Platform("x", policies=policies), {}).queues) == ["child_safety", "default"]


def test_everything_is_found_by_its_id():
    found = snapshot(3, parse(HARBOUR, categories=CATEGORIES), {"abuse": 2})
    assert found.item_types["post"].name == "Post"
    assert found.policies["harassment"].parent == "abuse"
    assert found.actions["hide"].undo == "show"
    assert found.destinations["harbour"].url == "https://harbour.example/hook"
    assert found.lists["scams"].terms == ("free money",)
    assert (found.version, found.policy_versions) == (3, {"abuse": 2})


def test_the_tree_has_parents_before_children_in_the_documents_order():
    policies = (Policy("b1", "", parent="b"), Policy("a", ""), Policy("b", ""), Policy("b2", "", parent="b"))
    assert [(depth, policy.id) for depth, policy in tree(policies)] == [(0, "a"), (0, "b"), (1, "b1"), (1, "b2")]


@given(platforms)
def test_every_case_has_a_queue_that_is_there(platform):
    found = snapshot(1, platform, {})
    for policy in (None, *found.policies):
        assert found.queue_for(policy, "post") in found.queues


def test_an_action_that_is_gone_is_called_by_its_id():
    found = snapshot(1, parse(HARBOUR, categories=CATEGORIES), {})
    assert (found.action_name("hide"), found.action_name("ban")) == ("Hide", "ban")
