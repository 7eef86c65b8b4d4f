"""What is wrong with the night stands on the status page, as `evenhand check` tells it."""

from datetime import timedelta

from django.utils import timezone

from evenhand.desk.duty import services
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.web.status import problems


def codes():
    return {problem.code for problem in problems()}


def test_a_night_without_any_way_to_page_is_told(desk, platform, ana, good_night, text):
    assert "night_without_page" not in codes()
    good_night(ana)
    assert "night_without_page" in codes()
    assert "nobody can be paged" in text(desk.get("/status/"))


def test_a_way_that_fails_is_told_with_its_age(desk, platform, ana, reachable, text):
    reachable(ana)
    services.try_ways(ana)
    Delivery.objects.update(attempts=2, last_error="Answered 503.", created_at=timezone.now() - timedelta(hours=3))
    assert "page_channel_failing" in codes()
    page = text(desk.get("/status/"))
    assert f"Pages by {ana.pseudonym}:push do not arrive: Answered 503." in page
    assert "page_channel_failing · for 3 h" in page
