"""Rules in the fold: what follows from one that fires is what its life, its policy and its cap let follow."""

import pytest
from msgspec.structs import replace

from evenhand.desk.cases.models import Case
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policy_queries
from evenhand.desk.policies import services as policies
from evenhand.desk.rules import queries, services
from evenhand.desk.rules.models import Hits, Label
from evenhand.desk.signals.models import Signal
from evenhand.engine.model import Ref
from evenhand.engine.platform import Platform
from tests.desk.conftest import post, reported, sent
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

HOUR = 3_600_000_000


def item(id_: str, text: str = "hello", author: str = "ann"):
    found = post(id_, text, author)
    return sent(found)


def effects(rule: str) -> list[str]:
    return list(Signal.objects.filter(detector=f"rule:{rule}").order_by("id").values_list("effect", flat=True))


@pytest.mark.parametrize("stage", ["draft", "retired"])
def test_a_draft_and_a_retired_rule_do_nothing(fold, to_stage, stage):
    to_stage("Pills", stage)
    fold(item("p1", "cheap pills here"))
    assert effects("Pills") == []
    assert not Hits.objects.exists()


def test_a_rule_that_nobody_moved_is_a_draft(fold, project):
    fold(item("p1", "cheap pills here"))
    assert effects("Pills") == []


def test_a_rule_in_shadow_is_counted_and_nothing_follows(fold, to_stage):
    to_stage("Pills", "shadow")
    fold(item("p1", "cheap pills here"))
    assert effects("Pills") == ["shadow"]
    assert Hits.objects.get().fired == 1
    assert not Case.objects.exists()
    assert not Label.objects.exists()


def test_a_live_rule_opens_a_case_under_its_policy(fold, to_stage):
    to_stage("Pills", "live")
    fold(item("p1", "cheap pills here"), item("p2", "a fine morning"))
    case = Case.objects.get()
    assert (case.item_id, case.policy) == ("p1", "spam")
    signal = Signal.objects.get(detector="rule:Pills")
    assert (signal.effect, signal.probability, signal.summary) == ("enqueue", 0.8, "Rule Pills: ann sells pills")
    assert (signal.evidence["stage"], signal.evidence["project"]) == ("live", 1)


def test_its_label_is_there_for_the_next_event_and_for_people(fold, to_stage):
    to_stage("Pills", "live")
    to_stage("Known", "live")
    fold(item("p1", "cheap pills here"), item("p2", "a fine morning"))
    assert effects("Known") == ["enqueue"]
    [mark] = queries.of_entities([Ref("Account", "ann")], now=now_micros())[Ref("Account", "ann")]
    assert (mark.label, mark.manual, mark.by) == ("seller", False, "rule:Pills")
    assert mark.expires_at - mark.since == 30 * 24 * HOUR


def test_a_label_from_another_batch_is_known_too(fold, to_stage):
    to_stage("Pills", "live")
    to_stage("Known", "live")
    fold(item("p1", "cheap pills here"))
    fold(item("p2", "a fine morning"))
    assert effects("Known") == ["enqueue"]


def test_what_a_person_says_of_a_label_beats_a_rule(fold, to_stage):
    to_stage("Pills", "live")
    to_stage("Known", "live")
    services.mark(Ref("Account", "ann"), "seller", "removed", actor="user:ana", reason="it was a joke")
    fold(item("p1", "cheap pills here"), item("p2", "a fine morning"))
    assert effects("Known") == []
    assert queries.of_entities([Ref("Account", "ann")], now=now_micros()) == {Ref("Account", "ann"): []}


def test_a_person_may_set_a_label_that_rules_read(fold, to_stage):
    to_stage("Known", "live")
    services.mark(Ref("Account", "ann"), "seller", "added", actor="user:ana", reason="seen it myself")
    fold(item("p1"))
    assert effects("Known") == ["enqueue"]


def test_a_canary_is_live_for_its_share_of_authors_and_in_shadow_for_the_others(fold, to_stage):
    to_stage("Pills", "canary", share=0.3)
    fold(*(item(f"p{n}", "cheap pills here", f"author{n}") for n in range(100)))
    fold(*(item(f"q{n}", "cheap pills here", f"author{n}") for n in range(100)))
    found = effects("Pills")
    assert 15 < found[:100].count("enqueue") < 45
    assert found[:100] == found[100:]
    assert set(found) == {"enqueue", "shadow"}


def test_counters_count_over_batches(fold, to_stage):
    to_stage("Flood", "shadow")
    fold(item("p1"), item("p2"))
    fold(item("p3"))
    fold(item("p4", author="ben"))
    assert [row.item_id for row in Signal.objects.filter(detector="rule:Flood")] == ["p3"]


def test_beyond_its_cap_a_rule_asks_for_a_person(fold, to_stage):
    to_stage("Flood", "live", cap_per_hour=2)
    fold(*(item(f"p{n}") for n in range(6)))
    assert effects("Flood") == ["hold", "hold", "enqueue", "enqueue"]
    assert Hits.objects.get().capped == 2
    assert "cap of 2" in Signal.objects.filter(detector="rule:Flood").last().summary


def test_a_rule_may_not_go_further_than_its_policy_lets_it(fold, to_stage):
    to_stage("Flood", "live")
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nrules_may = "enqueue"\n').replace(
        "{queues}", CHILD_SAFETY_QUEUE
    )
    document: Platform = policies.read(text)
    policies.apply(document, actor="system:test")
    fold(*(item(f"p{n}") for n in range(3)))
    assert effects("Flood") == ["enqueue"]
    assert "no rule may hold under “Spam”" in Signal.objects.get(detector="rule:Flood").summary


def test_an_event_without_a_field_is_folded_all_the_same(fold, to_stage):
    to_stage("Pills", "live")
    fold(sent(post("p1")), reported(post("p2", "cheap pills here")))
    assert effects("Pills") == ["enqueue"]


def test_a_rule_that_expired_is_retired(fold, to_stage):
    to_stage("Pills", "live")
    life = queries.life_of("Pills")[0]
    life.expires_at = life.changed_at
    life.save()
    queries.forget()
    fold(item("p1", "cheap pills here"))
    assert effects("Pills") == []


def test_a_rule_holds_nothing_under_a_policy_that_names_no_hold_and_says_so(fold, to_stage):
    to_stage("Flood", "live", cap_per_hour=1)
    before = policy_queries.current(fresh=True).platform
    spam, *others = before.policies
    policies.apply(replace(before, policies=(replace(spam, hold=None), *others)), actor="system:test")
    fold(*(item(f"p{n}") for n in range(5)))
    assert effects("Flood") == ["enqueue"] * 3
    assert "(only told: “Spam” names no hold)" in Signal.objects.filter(detector="rule:Flood").last().summary
    assert Hits.objects.get().capped == 0
