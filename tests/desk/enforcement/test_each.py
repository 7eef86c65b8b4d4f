"""One decision for cases that a person took together: each as it was seen, all or nothing, one undo."""

import pytest

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services import Held, take
from evenhand.desk.enforcement.models import Batch, Decision
from evenhand.desk.enforcement.services import (
    Chosen,
    Conflict,
    Invalid,
    NeedsConfirmation,
    NeedsTyping,
    decide,
    decide_each,
    undo_many,
)
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported

REMOVE = [Chosen("remove", {})]
WORDS = ("the boat is old", "nobody likes you", "go away from here", "what a sad song")


def waiting(fold, count: int = 4, policy: str = "harassment") -> dict[int, int]:
    fold(*(reported(post(f"{policy}{n}", f"{WORDS[n % 4]} {n * 'ha'}"), policy=policy) for n in range(count)))
    return {case.pk: case.version for case in Case.objects.filter(policy=policy)}


def test_each_gets_a_decision_of_its_own_and_the_ledger_tells_at_whom_it_came(fold, ana):
    seen = waiting(fold)
    batch = decide_each(
        seen, by=ana, kind="act", policy="harassment", actions=REMOVE, reason="A mob.", about=Ref("account", "tia")
    )
    assert sorted(Decision.objects.values_list("case_id", flat=True)) == sorted(seen)
    assert not Case.objects.filter(state="open").exists()
    assert batch.items.filter(state="done").count() == 4
    assert Entry.objects.filter(act="cluster_decided", obj=f"batch:{batch.uid}").count() == 1


def test_one_undo_brings_all_back_into_the_queue(fold, ana):
    seen = waiting(fold)
    before = set(Case.objects.filter(behind=False).values_list("pk", flat=True))
    undo_many(decide_each(seen, by=ana, kind="act", policy="harassment", actions=REMOVE).uid, ana)
    assert Case.objects.filter(state="open", deciding=False).count() == 4
    assert set(Case.objects.filter(behind=False).values_list("pk", flat=True)) == before


def test_above_twenty_their_number_is_typed(fold, ana):
    seen = waiting(fold, 21)
    with pytest.raises(NeedsTyping):
        decide_each(seen, by=ana, kind="dismiss", policy=None)
    with pytest.raises(NeedsTyping):
        decide_each(seen, by=ana, kind="dismiss", policy=None, typed="20")
    assert not Batch.objects.exists()
    assert decide_each(seen, by=ana, kind="dismiss", policy=None, typed=" 21 ").items.count() == 21


def test_what_changed_since_it_was_seen_stops_all(fold, ana, ben):
    seen = waiting(fold)
    first = min(seen)
    decide(first, version=seen[first], by=ben, kind="dismiss", policy=None)
    with pytest.raises(Conflict):
        decide_each(seen, by=ana, kind="act", policy="harassment", actions=REMOVE)
    assert not Batch.objects.exists()


def test_what_somebody_holds_stops_all(fold, ana, ben):
    seen = waiting(fold)
    take(max(seen), ben)
    with pytest.raises(Held):
        decide_each(seen, by=ana, kind="act", policy="harassment", actions=REMOVE)
    assert Case.objects.filter(state="open").count() == 4


def test_several_policies_two_people_and_nothing_are_refused(fold, ana):
    seen = waiting(fold, 2)
    with pytest.raises(NeedsConfirmation):
        decide_each(seen, by=ana, kind="act", policy="harassment", actions=[Chosen("terminate", {})])
    with pytest.raises(Invalid):
        decide_each({}, by=ana, kind="dismiss", policy=None)
    with pytest.raises(Invalid, match="several policies"):
        decide_each(waiting(fold, 2, "spam") | seen, by=ana, kind="dismiss", policy=None)
    with pytest.raises(Invalid):
        decide_each(seen, by=ana, kind="act", policy=None, actions=REMOVE)
    assert not Batch.objects.exists()
