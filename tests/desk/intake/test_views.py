"""What the desk keeps of views: counts of each item by its age, for the half-life of reach."""

from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services
from evenhand.desk.intake.queries import views
from evenhand.engine.triage.exposure import NONE, Count, HalfLife
from tests.desk.conftest import post, reported, sent

HOUR = 3_600 * 1_000_000


def test_each_version_of_an_item_is_a_count_of_its_views(fold):
    made = now_micros() - 4 * HOUR
    for hours, seen in ((1, 40), (2, 60), (3, 70)):
        fold(sent(post("p1", created_at=made, views=seen), made + hours * HOUR))
    [counts] = views.counts()
    assert sorted(counts, key=lambda one: one.age) == [Count(HOUR, 40), Count(2 * HOUR, 60), Count(3 * HOUR, 70)]


def test_items_without_an_age_or_views_or_changes_tell_nothing(fold):
    made = now_micros() - 4 * HOUR
    fold(sent(post("p1", views=4)), sent(post("p1", views=9)))
    fold(sent(post("p2", created_at=made)), sent(post("p2", "changed", created_at=made)))
    fold(sent(post("p3", created_at=made, views=5)))
    assert list(views.counts()) == []


def test_views_that_came_with_a_report_count_too(fold):
    made = now_micros() - 4 * HOUR
    fold(sent(post("p1", created_at=made, views=40), made + HOUR))
    fold(reported(post("p1", created_at=made, views=90)))
    [counts] = views.counts()
    assert sorted(one.views for one in counts) == [40, 90]


def test_the_order_stands_on_the_newest_fit_in_force_and_on_the_published_half_life_before(db):
    assert views.half_life() == NONE
    services.keep_fit(HalfLife(5 * HOUR, 4 * HOUR, 6 * HOUR, 300), in_force=True)
    services.keep_fit(HalfLife(6 * HOUR, 5 * HOUR, 7 * HOUR, 310), in_force=False)
    assert views.half_life() == HalfLife(5 * HOUR, 4 * HOUR, 6 * HOUR, 300)
    assert views.newest_fit().items == 310
