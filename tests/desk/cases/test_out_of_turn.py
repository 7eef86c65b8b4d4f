"""Cases that a person gets out of turn: what a room above asks for, after what is critical."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services import lease
from tests.desk.conftest import post, reported


@pytest.fixture
def three(fold):
    """Of spam, in the order of their numbers."""
    fold(*[reported(post(f"p{number}", views=1000 // (number + 1))) for number in range(3)])
    return [case.pk for case in Case.objects.order_by("-rank")]


@pytest.fixture
def bring(monkeypatch):
    def bring(*cases: int) -> None:
        monkeypatch.setattr(lease, "_brought", [lambda _user: list(cases)])

    return bring


def test_what_is_asked_for_comes_before_its_turn(three, bring, ana):
    bring(three[2])
    assert lease.next_case(ana).pk == three[2]


def test_what_is_critical_comes_first_all_the_same(three, bring, ana):
    Case.objects.filter(pk=three[1]).update(lane=0)
    bring(three[2])
    assert lease.next_case(ana).pk == three[1]


def test_what_somebody_else_holds_or_has_decided_is_not_brought(three, bring, ana, ben):
    bring(three[2])
    lease.take(three[2], ben)
    assert lease.next_case(ana).pk == three[0]
