"""A platform document does not take from rules at work what they name."""

import msgspec
import pytest

from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services
from evenhand.desk.rules import services as rules


@pytest.fixture
def without(project):
    """The document in force, without a policy, or with it retired."""

    def without(policy: str, *, retired: bool = False):
        now = policies.current(fresh=True).platform
        kept = (one if one.id != policy else msgspec.structs.replace(one, retired=True) for one in now.policies)
        some = tuple(one for one in kept if retired or one.id != policy)
        return msgspec.structs.replace(now, policies=some)

    return without


def refusals(document) -> list[str]:
    return [one for one in services.preview(document).refusals if "rule" in one]


@pytest.mark.parametrize("stage", ["canary", "live"])
@pytest.mark.parametrize("retired", [True, False])
def test_a_policy_that_rules_at_work_name_stays(without, to_stage, stage, retired):
    to_stage("Pills", stage)
    to_stage("Flood", stage)
    document = without("spam", retired=retired)
    [told] = refusals(document)
    assert told == (
        "The policy “spam” cannot go yet: 2 rules need it (Flood, Pills)."
        " Retire what needs it, or publish it with another policy, or keep this one."
    )
    with pytest.raises(services.Refused, match="2 rules need it"):
        services.apply(document, actor="user:ana")


@pytest.mark.parametrize("stage", ["shadow", "retired"])
def test_rules_without_effect_keep_no_policy(without, to_stage, stage):
    to_stage("Pills", stage)
    assert refusals(without("spam")) == []


def test_a_policy_that_no_rule_names_may_go(without, to_stage):
    to_stage("Pills", "live")
    assert refusals(without("harassment")) == []


def test_an_action_that_a_live_rule_takes_stays(platform, to_stage):
    act = "R = Rule(when_all=[True])\nWhenRules(rules_any=[R], then=[Act(action='remove', policy='spam')])\n"
    rules.publish({"main.sml": act}, {}, actor="user:ana")
    to_stage("R", "live")
    now = policies.current(fresh=True).platform
    actions = tuple(one for one in now.actions if one.id != "remove")
    [told] = refusals(msgspec.structs.replace(now, actions=actions))
    assert told.startswith("The action “remove” cannot go yet: the rule R needs it.")


def test_a_rule_that_names_a_policy_which_went_meanwhile_does_not_go_live(without, to_stage):
    to_stage("Pills", "shadow")
    document = without("spam", retired=True)
    services.apply(document, actor="user:ana")
    with pytest.raises(rules.Refused, match="Pills names the policy “spam”"):
        rules.move("Pills", "live", actor="user:ana", owner="ana", reason="it was right")
    rules.move("Pills", "retired", actor="user:ana", owner="ana", reason="no policy")
