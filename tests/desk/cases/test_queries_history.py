"""What is asked of one case: reports with their records, other cases, notes, exposure."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.cases import services
from evenhand.desk.cases.models import Case, MediaView, ReporterTally
from evenhand.desk.cases.queries import history
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


def test_exposure_counts_what_was_opened_and_how_long_it_stood_open(case, ana, ben):
    now = timezone.now()
    view = {"case": case, "item_type": "post", "item_id": "p1", "field": "images", "url": "u", "filter": "grey+blur"}
    MediaView.objects.create(viewer=ana, opened_at=now, closed_at=now + timedelta(seconds=7), **view)
    MediaView.objects.create(viewer=ana, opened_at=now, **view)
    MediaView.objects.create(viewer=ana, opened_at=now - timedelta(days=1), closed_at=now, **view)
    MediaView.objects.create(viewer=ben, opened_at=now, closed_at=now + timedelta(seconds=9), **view)
    assert history.exposure(ana, now - timedelta(hours=1)) == history.Exposure(opened=2, seconds=7)


def test_a_view_is_open_to_its_viewer_until_it_is_closed(case, ana, ben):
    view = services.open_media(case.pk, ana, Ref("post", "p1"), "images", "https://pics.example/1", "grey+blur")
    assert history.open_view(view.pk, ana) == view
    assert history.open_view(view.pk, ben) is None
    assert history.open_views(case.pk, ana) == [view.pk]
    services.close_media(view.pk, ana)
    assert history.open_view(view.pk, ana) is None
    assert history.open_views(case.pk, ana) == []


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
