"""Two-person decisions that wait: which, for whom, and why somebody cannot be the second person."""

import msgspec
import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.queries import seconds
from evenhand.desk.enforcement.queries.seconds import Hindrance
from evenhand.desk.enforcement.services import Chosen, decide, second, undo
from evenhand.runtime import config
from tests.desk.conftest import post, reported


@pytest.fixture
def decided(fold, ana):
    def decided(id_: str, action: str = "terminate", *, by=ana, policy: str = "spam"):
        fold(reported(post(id_), policy=policy))
        case = Case.objects.get(item_id=id_)
        return decide(case.pk, version=1, by=by, kind="act", policy=policy, actions=[Chosen(action)], confirmed=True)

    return decided


@pytest.fixture
def cleo(person):
    """Of the named few who work on child safety, after their second factor."""
    cleo = person("cleo", "moderator", "child_safety")
    cleo.second_factor = True
    return cleo


def test_a_decision_waits_until_somebody_consents_or_takes_it_back(decided, ana, ben):
    consented, forgotten, waiting = (decided(id_) for id_ in ("p1", "p2", "p3"))
    decided("p4", "remove")
    second(consented.uid, ben)
    undo(forgotten.uid, ana)
    assert [one.uid for one in seconds.waiting()] == [waiting.uid]
    assert seconds.count_for(ben) == 1


def test_ones_own_decisions_do_not_wait_for_oneself(decided, ana, ben):
    own = decided("p1")
    assert (seconds.count_for(ana), seconds.count_for(ben)) == (0, 1)
    assert seconds.hindrance(own, ana) == Hindrance.OWN
    assert seconds.hindrance(own, ben) is None


def test_who_does_not_work_in_the_queue_or_may_not_consent_is_told_which(decided, person):
    one = decided("p1")
    legal, auditor = person("lea", "legal"), person("olga", "auditor")
    assert (seconds.count_for(legal), seconds.hindrance(one, legal)) == (0, Hindrance.QUEUE)
    assert (seconds.count_for(auditor), seconds.hindrance(one, auditor)) == (0, Hindrance.ROLE)


def test_child_safety_decisions_are_known_only_to_those_who_work_on_them(decided, cleo, ben, person):
    other = person("dora", "moderator", "child_safety")
    other.second_factor = True
    one = decided("p1", by=cleo, policy="minors")
    assert [found.uid for found in seconds.seen_by(other)] == [one.uid]
    assert seconds.count_for(other) == 1
    assert seconds.seen_by(ben) == []
    assert seconds.count_for(ben) == 0


def test_counting_costs_no_more_when_more_wait(decided, ben, django_assert_max_num_queries):
    for number in range(3):
        decided(f"p{number}")
    with django_assert_max_num_queries(3):
        assert seconds.count_for(ben) == 3


def test_where_one_person_is_alone_nothing_waits(decided, ben, monkeypatch):
    decided("p1")
    alone = msgspec.structs.replace(config.current(), solo=True)
    monkeypatch.setattr(config, "current", lambda: alone)
    assert seconds.waiting() == seconds.seen_by(ben) == []
    assert seconds.count_for(ben) == 0
