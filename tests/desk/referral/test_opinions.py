"""Second opinions: who is asked, what is kept, what is counted, and that nothing follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.cases.services import Barred
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.enforcement.services import Chosen, decide, undo
from evenhand.desk.referral import services as referral
from evenhand.desk.referral.models import Opinion
from evenhand.desk.referral.queries import opinions
from evenhand.desk.referral.queries.agreement import agreement
from evenhand.desk.referral.queries.problems import LATE
from evenhand.desk.referral.queries.problems import opinions as problems
from evenhand.desk.referral.services import LASTS, CannotAnswer, CannotAsk
from tests.desk.conftest import post, reported


@pytest.fixture
def case(fold) -> Case:
    fold(reported(post("p1", "Buy my boat")))
    return Case.objects.get()


@pytest.fixture
def third(person):
    return person("cleo")


def yes(opinion: Opinion, by, policy: str = "spam") -> Opinion:
    return referral.answer(opinion.pk, by, answer="yes", policy=policy, text="It sells boats.")


def decided(case: Case, by, kind: str = "act", policy: str | None = "spam") -> Decision:
    case.refresh_from_db()
    actions = [Chosen("remove", {})] if kind == "act" else []
    return decide(case.pk, version=case.version, by=by, kind=kind, policy=policy, actions=actions, confirmed=True)


def counted(user) -> tuple[int, int]:
    found = agreement(timezone.now() - timedelta(days=1), sight(user)).values()
    return sum(one.compared for one in found), sum(one.agreed for one in found)


def test_a_peer_is_asked_and_answers_and_both_are_in_the_ledger(case, ana, ben):
    opinion = referral.ask(case.pk, ana)
    assert (opinion.peer, opinion.until - opinion.asked_at) == (ben, LASTS)
    assert [one.pk for one in opinions.asked_of(ben)] == [opinion.pk]
    kept = yes(opinion, ben)
    assert (kept.answer, kept.policy, kept.text) == ("yes", "spam", "It sells boats.")
    assert opinions.asked_of(ben) == []
    acts = list(Entry.objects.filter(obj=f"case:{case.pk}").order_by("seq").values_list("act", "actor"))
    assert acts == [
        ("opinion_asked", f"user:{ana.pseudonym}"), ("opinion_given", f"user:{ben.pseudonym}")
    ]  # fmt: skip


def test_nothing_follows_from_an_answer(case, ana, ben):
    before = Case.objects.filter(pk=case.pk).values().get()
    yes(referral.ask(case.pk, ana), ben)
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert not Decision.objects.exists()


def test_nobody_is_asked_who_may_not_decide_the_case(case, ana, ben, person):
    person("lee", "legal")
    person("ada", "admin")
    CaseBar.objects.create(case=case, user=ben)
    with pytest.raises(CannotAsk, match="nobody to ask"):
        referral.ask(case.pk, ana)


def test_a_child_safety_case_is_put_before_their_role_alone(fold, ana, ben, person):
    fold(reported(post("p2", "words"), policy="minors"))
    sensitive, asker = person("sam", "child_safety"), person("sue", "child_safety")
    asker.second_factor = sensitive.second_factor = True
    found = Case.objects.get(item_id="p2")
    with pytest.raises(Barred):
        referral.ask(found.pk, ana)
    opinion = referral.ask(found.pk, asker)
    assert opinion.peer == sensitive
    sensitive.second_factor, sensitive.known_roles = False, None
    assert opinions.asked_of(sensitive) == []


def test_who_asked_is_not_asked_and_a_peer_is_asked_once(case, ana, ben):
    yes(referral.ask(case.pk, ana), ben)
    with pytest.raises(CannotAsk, match="nobody to ask"):
        referral.ask(case.pk, ana)
    assert referral.ask(case.pk, ben).peer == ana


def test_one_question_at_a_time(case, ana, ben, third):
    first = referral.ask(case.pk, ana)
    with pytest.raises(CannotAsk, match="already"):
        referral.ask(case.pk, ana)
    referral.withdraw(first.pk, ana)
    assert opinions.asked_of(ben) == []
    assert referral.ask(case.pk, ana).peer == third
    assert Entry.objects.filter(act="opinion_withdrawn").count() == 1


def test_who_has_fewer_questions_waiting_is_asked_first(fold, ana, ben, third):
    fold(*(reported(post(f"p{n}", f"Words that differ {n * 'x'}")) for n in range(4)))
    asked = [referral.ask(case.pk, ana).peer for case in Case.objects.order_by("pk")]
    assert sorted(one.pk for one in asked) == sorted([ben.pk, third.pk] * 2)
    assert asked[0] != asked[1]


def test_only_who_asked_takes_a_question_back(case, ana, ben):
    opinion = referral.ask(case.pk, ana)
    with pytest.raises(CannotAnswer):
        referral.withdraw(opinion.pk, ben)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"answer": "maybe", "policy": None, "text": "x"}, "yes, no or unsure"),
        ({"answer": "yes", "policy": None, "text": "x"}, "which policy"),
        ({"answer": "yes", "policy": "nowhere", "text": "x"}, "which policy"),
        ({"answer": "no", "policy": None, "text": "  "}, "in a sentence"),
        ({"answer": "no", "policy": None, "text": "x" * 1_001}, "in a sentence"),
    ],
)
def test_an_answer_is_complete(case, ana, ben, said, complaint):
    opinion = referral.ask(case.pk, ana)
    with pytest.raises(CannotAnswer, match=complaint):
        referral.answer(opinion.pk, ben, **said)
    assert opinions.asked_of(ben)


def test_only_the_peer_answers_and_only_while_it_is_asked(case, ana, ben, third):
    opinion = referral.ask(case.pk, ana)
    with pytest.raises(CannotAnswer):
        yes(opinion, third)
    Opinion.objects.update(until=timezone.now())
    assert opinions.asked_of(ben) == []
    with pytest.raises(CannotAnswer, match="time is over"):
        yes(opinion, ben)
    assert referral.ask(case.pk, ana).peer == third


def test_a_decision_ends_the_question(case, ana, ben):
    opinion = referral.ask(case.pk, ana)
    decided(case, ana)
    assert opinions.asked_of(ben) == []
    with pytest.raises(CannotAnswer):
        yes(opinion, ben)
    with pytest.raises(CannotAsk, match="decided"):
        referral.ask(case.pk, ana)


@pytest.mark.parametrize(
    ("answer", "policy", "kind", "under", "agreed"),
    [
        ("yes", "spam", "act", "spam", 1),
        ("yes", "harassment", "act", "spam", 0),
        ("no", None, "dismiss", None, 1),
        ("yes", "spam", "dismiss", None, 0),
        ("no", None, "act", "spam", 0),
    ],
)
def test_the_answer_is_held_against_the_decision(case, ana, ben, *, answer, policy, kind, under, agreed):
    referral.answer(referral.ask(case.pk, ana).pk, ben, answer=answer, policy=policy, text="So.")
    assert counted(ana) == (0, 0)
    decided(case, ana, kind, under)
    assert counted(ana) == (1, agreed)


def test_what_was_undone_is_not_counted_and_what_came_then_is(case, ana, ben):
    yes(referral.ask(case.pk, ana), ben)
    undo(decided(case, ana).uid, ana)
    assert counted(ana) == (0, 0)
    decided(case, ana, "dismiss", None)
    assert counted(ana) == (1, 0)


def test_unsure_and_agreeing_with_oneself_are_not_counted(fold, ana, ben):
    fold(reported(post("p1", "Buy my boat")), reported(post("p2", "Completely other words here")))
    first, second = Case.objects.order_by("pk")
    referral.answer(referral.ask(first.pk, ana).pk, ben, answer="unsure", policy=None, text="Hm.")
    yes(referral.ask(second.pk, ana), ben)
    decided(first, ana)
    decided(second, ben)
    assert counted(ana) == (0, 0)
    [one] = agreement(timezone.now() - timedelta(days=1), sight(ana)).values()
    assert (one.asked, one.answered, one.unsure) == (2, 2, 1)


def test_who_is_still_asked_reads_no_answer_of_others(case, ana, ben, third):
    yes(referral.ask(case.pk, ana), ben)
    second = referral.ask(case.pk, ana)
    assert [one.pk for one in opinions.of_case(case.pk, third)] == [second.pk]
    assert len(opinions.of_case(case.pk, ana)) == 2
    referral.answer(second.pk, third, answer="no", policy=None, text="No.")
    assert len(opinions.of_case(case.pk, third)) == 2


def test_an_old_question_is_told_until_it_is_asked_again(case, ana, ben, third):
    referral.ask(case.pk, ana)
    assert list(problems()) == []
    Opinion.objects.update(asked_at=timezone.now() - LATE * 4, until=timezone.now() - timedelta(hours=1))
    [problem] = problems()
    assert (problem.code, problem.severity) == ("opinions_wait", "warning")
    yes(referral.ask(case.pk, ana), third)
    assert list(problems()) == []
