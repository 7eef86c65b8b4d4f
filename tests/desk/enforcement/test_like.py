"""A new copy of what people decided is proposed, or decided like it, as far as the policy says so."""

import msgspec
import pytest

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.queries import batches as queries
from evenhand.desk.enforcement.services import Chosen, decide, decide_many, like, undo
from evenhand.desk.policies import services as policy_services
from evenhand.desk.policies.services import queries as policies
from tests.desk.conftest import post, reported

TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"


@pytest.fixture
def licensed(platform, monkeypatch):
    """`spam` lets the machine decide copies; no audit is drawn."""
    document = platform.platform
    changed = tuple(
        msgspec.structs.replace(policy, like_decided="decide") if policy.id == "spam" else policy
        for policy in document.policies
    )
    policy_services.apply(msgspec.structs.replace(document, policies=changed), actor="system:test", expect=None)
    policies.current(fresh=True)
    monkeypatch.setattr(like, "AUDITED", 0.0)


def decided(fold, ana, count, kind="act"):
    fold(*(reported(post(f"p{number}", TEXT, f"author{number}"), f"r{number}") for number in range(count)))
    case = Case.objects.get(behind=False, state="open")
    actions = (Chosen("remove"),) if kind == "act" else ()
    decide_many(case.pk, version=case.version, by=ana, kind=kind, policy="spam", actions=actions, upto=10**9)


def new(fold, name="new", **more):
    fold(reported(post(name, f"🔥 {TEXT}", name), name, **more))
    return Case.objects.get(item_id=name)


def test_how_others_of_the_cluster_were_decided_is_known(fold, ana):
    decided(fold, ana, 6)
    case = new(fold)
    assert case.state == "open"
    found = queries.like(case.cluster_id)
    assert (found.count, found.total, found.kind, found.policy) == (6, 6, "act", "spam")
    assert found.actions == (("remove", {}),)


def test_without_a_licence_nothing_is_decided(fold, ana):
    decided(fold, ana, 6)
    assert new(fold).state == "open"


@pytest.mark.usefixtures("licensed")
def test_with_a_licence_a_copy_is_decided_like_the_others(fold, ana):
    decided(fold, ana, 5)
    case = new(fold)
    assert (case.state, case.outcome) == ("closed", "upheld")
    decision = Decision.objects.get(case=case)
    assert (decision.decided_by, decision.key_name, decision.kind) == (None, "system:cluster", "act")
    assert "5 items" in decision.reason
    assert Delivery.objects.filter(decision=decision).count() == 1
    assert Entry.objects.filter(actor="system:cluster", act="decision").count() == 1


@pytest.mark.usefixtures("licensed")
def test_what_people_dismissed_is_dismissed(fold, ana):
    decided(fold, ana, 5, kind="dismiss")
    assert new(fold).outcome == "dismissed"


@pytest.mark.usefixtures("licensed")
def test_few_are_not_enough_and_machines_do_not_count(fold, ana):
    decided(fold, ana, 4)
    assert new(fold, "one").state == "open"


@pytest.mark.usefixtures("licensed")
def test_one_that_was_taken_back_is_a_doubt(fold, ana):
    decided(fold, ana, 6)
    undo(Decision.objects.filter(kind="act").first().uid, ana)
    one = Case.objects.get(state="open")
    decide(one.pk, version=one.version, by=ana, kind="dismiss", policy="spam")
    assert new(fold).state == "open"


@pytest.mark.usefixtures("licensed")
def test_another_policy_is_not_licensed(fold, ana):
    decided(fold, ana, 6)
    assert new(fold, policy="harassment").state == "open"


@pytest.mark.usefixtures("licensed")
def test_an_undone_decision_of_the_machine_is_not_made_again(fold, ana):
    decided(fold, ana, 5)
    case = new(fold)
    undo(Decision.objects.get(case=case).uid, ana)
    fold(reported(post("new", f"🔥 {TEXT}", "new"), "again"))
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.usefixtures("licensed")
def test_what_is_drawn_for_an_audit_is_left_to_a_person(fold, ana, monkeypatch):
    monkeypatch.setattr(like, "AUDITED", 1.0)
    decided(fold, ana, 6)
    assert new(fold).state == "open"
