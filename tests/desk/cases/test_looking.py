"""How long media was open: an upper bound whatever became of the page, and how it ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.cases import services
from evenhand.desk.cases.models import Case, MediaView
from evenhand.desk.cases.queries import looks
from evenhand.desk.cases.queries.looks import INTERVAL, LONGEST
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported

SECOND = timedelta(seconds=1)


@pytest.fixture
def case(fold):
    fold(reported(post("p1")))
    return Case.objects.get()


@pytest.fixture
def clock(monkeypatch):
    """Time that passes when it is told to."""

    class Clock:
        now = timezone.now()

        def passes(self, by: timedelta) -> None:
            self.now += by

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def look(case, ana):
    def look(*, heard: bool = True) -> MediaView:
        return services.open_media(
            case.pk, ana, Ref("post", "p1"), "images", "https://pics.example/1", "grey+blur", heard=heard
        )

    return look


def took(view: MediaView) -> tuple[timedelta | None, str]:
    view.refresh_from_db()
    return view.closed_at and view.closed_at - view.opened_at, view.ending


def test_a_view_that_is_closed_took_until_then(clock, look, ana):
    view = look()
    clock.passes(4 * SECOND)
    services.close_media(view.pk, ana)
    clock.passes(4 * SECOND)
    services.close_media(view.pk, ana)
    assert took(view) == (4 * SECOND, "closed")


def test_a_view_goes_on_as_long_as_its_page_is_heard(clock, look, ana):
    view = look()
    for _ in range(20):
        clock.passes(INTERVAL)
        services.end_silent()
        assert services.hear([view.pk], ana) == [view.pk]
    assert looks.open_view(view.pk, ana) == view
    assert took(view) == (None, "")


def test_a_view_whose_browser_was_killed_ends_one_interval_after_it_was_last_heard_of(clock, look, ana):
    view = look()
    clock.passes(7 * SECOND)
    services.hear([view.pk], ana)
    clock.passes(timedelta(hours=3))
    services.end_silent()
    assert took(view) == (7 * SECOND + INTERVAL, "silent")


def test_it_has_ended_before_anybody_writes_that_down(clock, look, ana):
    view = look()
    clock.passes(INTERVAL + SECOND)
    assert looks.open_view(view.pk, ana) is None
    assert services.hear([view.pk], ana) == []


@pytest.mark.parametrize("last_word", ["goodbye", "decision"])
def test_a_goodbye_that_comes_after_a_long_silence_does_not_lengthen_it(clock, look, ana, last_word):
    view = look()
    clock.passes(timedelta(minutes=9))
    for one in looks.open_views(view.case_id, ana) if last_word == "decision" else [view.pk]:
        services.close_media(one, ana)
    assert took(view) == (INTERVAL, "silent")


def test_a_page_without_script_is_taken_to_show_it_as_long_as_a_session_lasts_unless_it_is_closed(clock, look, ana):
    left, closed = look(heard=False), look(heard=False)
    clock.passes(timedelta(hours=1))
    services.end_silent()
    services.close_media(closed.pk, ana)
    clock.passes(LONGEST)
    services.end_silent()
    assert took(closed) == (timedelta(hours=1), "closed")
    assert took(left) == (LONGEST, "unheard")


def test_a_page_that_turns_out_to_have_script_is_heard_from_then_on(clock, look, ana):
    view = look(heard=False)
    clock.passes(SECOND)
    assert services.hear([view.pk], ana) == [view.pk]
    clock.passes(2 * INTERVAL)
    services.end_silent()
    assert took(view) == (SECOND + INTERVAL, "silent")


def test_many_are_heard_at_once_and_only_ones_own(clock, look, ana, ben, django_assert_max_num_queries):
    views = [look().pk for _ in range(30)]
    clock.passes(SECOND)
    with django_assert_max_num_queries(2):
        assert services.hear([*views, 10**15], ana) == views
    assert services.hear(views, ben) == []


def test_a_view_that_ended_does_not_begin_again(clock, look, ana):
    view = look()
    services.close_media(view.pk, ana)
    before = took(view)
    clock.passes(SECOND)
    assert services.hear([view.pk], ana) == []
    services.end_silent()
    assert took(view) == before


def test_a_view_is_open_to_its_viewer_until_it_is_closed(look, ana, ben):
    view = look()
    assert looks.open_view(view.pk, ana) == view
    assert looks.open_view(view.pk, ben) is None
    assert looks.open_views(view.case_id, ana) == [view.pk]
    services.close_media(view.pk, ana)
    assert looks.open_view(view.pk, ana) is None
    assert looks.open_views(view.case_id, ana) == []


def test_exposure_counts_what_was_opened_and_how_long_it_stood_open_at_most(case, ana, ben):
    now = timezone.now()
    view = {"case": case, "item_type": "post", "item_id": "p1", "field": "images", "url": "u", "filter": "grey+blur"}
    MediaView.objects.create(viewer=ana, opened_at=now, closed_at=now + timedelta(seconds=6.2), **view)
    MediaView.objects.create(viewer=ana, opened_at=now, **view)
    MediaView.objects.create(viewer=ana, opened_at=now - timedelta(days=1), closed_at=now, **view)
    MediaView.objects.create(viewer=ben, opened_at=now, closed_at=now + timedelta(seconds=9), **view)
    assert looks.exposure(ana, now - timedelta(hours=1)) == looks.Exposure(opened=2, seconds=7)
