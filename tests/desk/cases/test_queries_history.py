"""What is asked of one case: reports with their records, other cases, notes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.cases import services
from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.cases.queries import history
from evenhand.desk.enforcement.services import Chosen, decide
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported


@pytest.fixture
def case(fold):
    fold(reported(post("p1"), "r1"), reported(post("p1"), "r2", policy="harassment"), reported(post("p1"), "r1"))
    return Case.objects.get()


def test_reports_come_newest_first_with_how_their_reporters_fared(case):
    ReporterTally.objects.create(reporter="user account r2", upheld=3, dismissed=1)
    reports = history.reports(case.pk)
    assert [one.reporter.id for one in reports] == ["r1", "r2", "r1"]
    assert [(one.upheld, one.dismissed) for one in reports] == [(0, 0), (3, 1), (0, 0)]


def test_reports_are_counted_by_the_policy_they_name(case):
    groups = history.report_groups(case.pk)
    assert [(one.policy, one.reports, one.reporters) for one in groups] == [("spam", 2, 1), ("harassment", 1, 1)]


def test_other_cases_of_the_item_and_of_its_author_leave_out_the_one_that_asks(case, fold):
    fold(reported(post("p2")), reported(post("p3", author="bob")))
    mine = history.cases_by(Ref("account", "ann"), but=case.pk)
    assert [one.item_id for one in mine] == ["p2"]
    assert history.cases_of(Ref("post", "p1"), but=case.pk) == []
    assert [one.pk for one in history.cases_of(Ref("post", "p1"), but=0)] == [case.pk]


def test_cases_on_many_items_come_newest_first_in_pages(case, fold):
    fold(reported(post("p2")), reported(post("p3")))
    refs = [Ref("post", id_) for id_ in ("p1", "p2", "p3", "unknown")]
    newest = history.cases_on(refs, limit=2)
    assert len(newest) == 2
    older = history.cases_on(refs, limit=2, before=newest[-1].pk)
    assert sorted(one.item_id for one in [*newest, *older]) == ["p1", "p2", "p3"]
    assert history.cases_on([], limit=2) == []


def test_notes_on_item_and_author_are_found_together(case, ana):
    services.add_note(Ref("post", "p1"), ana, "look at the picture")
    services.add_note(Ref("account", "ann"), ana, "new account")
    services.add_note(Ref("post", "other"), ana, "not this one")
    notes = history.notes([Ref("post", "p1"), Ref("account", "ann")])
    assert [note.text for note in notes] == ["new account", "look at the picture"]


def test_skipped_cases_are_not_given_again(case, fold, ana):
    fold(reported(post("p2")), reported(post("p3")))
    first = services.next_case(ana)
    second = services.next_case(ana, skipped=[first.pk])
    third = services.next_case(ana, skipped=[first.pk, second.pk])
    assert len({first.pk, second.pk, third.pk}) == 3
    assert services.next_case(ana, skipped=[first.pk, second.pk, third.pk]) is None


def test_a_burst_counts_all_reports_and_the_records_of_all_who_made_them(case):
    ReporterTally.objects.create(reporter="user account r2", upheld=3, dismissed=1)
    burst = history.burst(case.pk, timezone.now() - timedelta(hours=1))
    assert (burst.reports, burst.reporters, burst.strangers) == (3, 2, 1)
    assert (burst.upheld, burst.dismissed) == (3, 1)
    assert history.burst(case.pk, timezone.now() + timedelta(hours=1)) is None


def test_a_record_is_told_without_the_case_that_is_looked_at(case, fold, ana):
    fold(reported(post("p2"), "r1"))
    other = Case.objects.get(item_id="p2")
    decide(other.pk, version=1, by=ana, kind="dismiss", policy=None)
    decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    assert [(one.reporter.id, one.upheld, one.dismissed) for one in history.reports(case.pk)] == [
        ("r1", 0, 1),
        ("r2", 0, 0),
        ("r1", 0, 1),
    ]
    burst = history.burst(case.pk, timezone.now() - timedelta(hours=1))
    assert (burst.strangers, burst.upheld, burst.dismissed) == (1, 0, 1)
    assert [(one.upheld, one.dismissed) for one in history.reports(other.pk)] == [(1, 0)]
