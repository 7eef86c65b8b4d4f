"""A link signs in once, and not for long."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.services import Refused

OneTimeLogin = apps.get_model("accounts", "OneTimeLogin")
pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return services.create_user("kim@example.com", ["moderator"], by="system:test")


def test_a_link_works_once_and_says_so_afterwards(kim, told):
    token = services.one_time_login(kim, by="system:cli")
    name = f"user:{kim.pseudonym}"
    assert queries.one_time_login(token) == "open"
    assert services.use_one_time_login(token) == kim
    assert services.use_one_time_login(token) is None
    assert queries.one_time_login(token) == "used"
    assert told()[1:] == [("login_link_created", "system:cli", name), ("login_once", name, name)]


def test_only_the_hash_of_a_link_is_kept(kim):
    token = services.one_time_login(kim, by="system:cli")
    assert token not in repr(OneTimeLogin.objects.values())


def test_a_link_is_good_for_fifteen_minutes(kim):
    token = services.one_time_login(kim, by="system:cli")
    left = OneTimeLogin.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    OneTimeLogin.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert queries.one_time_login(token) == "expired"
    assert services.use_one_time_login(token) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 5000])
def test_what_is_no_link_signs_nobody_in(token):
    assert queries.one_time_login(token) == "unknown"
    assert services.use_one_time_login(token) is None


def test_who_is_out_gets_no_link_and_an_older_one_does_not_work(kim):
    token = services.one_time_login(kim, by="system:cli")
    services.deactivate(kim, by="system:test")
    assert queries.one_time_login(token) == "unknown"
    assert services.use_one_time_login(token) is None
    with pytest.raises(Refused, match="deactivated"):
        services.one_time_login(kim, by="system:cli")


def test_links_that_are_long_over_are_forgotten(kim):
    services.one_time_login(kim, by="system:cli")
    OneTimeLogin.objects.update(expires_at=timezone.now() - timedelta(days=2))
    services.one_time_login(kim, by="system:cli")
    assert OneTimeLogin.objects.count() == 1
