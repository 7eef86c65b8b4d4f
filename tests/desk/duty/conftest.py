"""A platform with a critical policy that pages, and people who can be woken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.duty import services
from evenhand.desk.duty.clock import Shift
from evenhand.desk.duty.queries import ways
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

THREAT = """
[[policies]]
id = "threat"
name = "Threats"
harm = 60.0
lane = "critical"
looks_a_day = 2
clear_seconds_a_day = 30
"""
ALWAYS = [Shift(day, 0, 1440) for day in range(7)]


@pytest.fixture
def document():
    """More lines before the document's."""
    return ""


@pytest.fixture
def platform(db, document):
    text = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    text = text.replace("[[actions]]", THREAT + "\n[[actions]]", 1)
    text = text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\nrules_may = "act"\n')
    source = f"{document}\n{text.replace('{queues}', CHILD_SAFETY_QUEUE)}"
    policy_services.apply(policy_services.read(source), actor="system:test")
    return policies.current(fresh=True)


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ways.forget()


@pytest.fixture
def reachable():
    """Has a topic; `place` is theirs in the order of calls."""

    def make(user, place=None, shifts=(), kind="push", address="https://ntfy.example/topic"):
        services.set_hours(user, zone="UTC", shifts=list(shifts), place=place, digest=True, by=user)
        services.set_way(user, kind, address, by=user)
        return user

    return make


@pytest.fixture
def good_night():
    def begin(user, hours=8, cap=3):
        return services.begin(user, until=timezone.now() + timedelta(hours=hours), cap=cap, shown={})

    return begin


def left(kind="page"):
    """Whom the outbox tells, in order."""
    return [row.destination for row in Delivery.objects.filter(kind=kind).order_by("pk")]
