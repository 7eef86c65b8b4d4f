"""What was appealed, as the case page asks."""

from evenhand.desk.cases.models import Case
from evenhand.desk.dueprocess import queries
from evenhand.engine.model import Ref
from tests.desk.conftest import appealed, post, reported


def test_appeals_are_found_by_their_case_and_by_their_item(fold):
    fold(reported(post("p1")), appealed(post("p1"), "ap1", reason="It was a joke"), appealed(post("p2"), "ap2"))
    case = Case.objects.get(appeal_id="ap1")
    assert queries.of_case(case.pk).reason == "It was a joke"
    assert [one.appeal_id for one in queries.on_item(Ref("post", "p1"))] == ["ap1"]
    assert queries.of_case(Case.objects.get(kind="review").pk) is None
