"""Every event that lies behind the worker was folded, or parked; what was not is told."""

from django.db.models import F

from evenhand.desk.signals import queries
from evenhand.desk.signals.models import Partition
from evenhand.desk.web import status
from tests.desk.conftest import post, sent


def test_nothing_is_passed_over_when_all_was_folded(fold):
    fold(sent(post("p1")), sent(post("p2")))
    assert queries.passed_over() == {}
    assert status.problems_found_by_counting() == []


def test_events_that_a_reader_left_behind_are_told_with_their_number(fold):
    fold(sent(post("p1")), sent(post("p2")), sent(post("p3")))
    Partition.objects.update(folded=F("folded") - 2)
    assert queries.passed_over() == {0: 2}
    [problem] = status.problems_found_by_counting()
    assert (problem.code, problem.severity) == ("events_passed_over", "error")
    assert "Partition 0: 2 events" in problem.message
