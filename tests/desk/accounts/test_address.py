"""Which address a request counts for."""

import pytest
from django.test import RequestFactory

from evenhand.desk.accounts.address import client_ip, counted_ip
from evenhand.runtime.config import Config


@pytest.fixture
def proxies(settings):
    def stand(number):
        settings.CONFIG = Config(proxies=number)

    return stand


def request(remote="192.0.2.7", forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)


@pytest.mark.parametrize(
    ("number", "forwarded", "address"),
    [
        (0, None, "192.0.2.7"),
        (0, "198.51.100.1", "192.0.2.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.7"),
        (1, "not an address", "192.0.2.7"),
        (1, None, "192.0.2.7"),
    ],
)
def test_only_our_own_proxies_are_believed(number, forwarded, address, proxies):
    proxies(number)
    assert client_ip(request(forwarded=forwarded)) == address


def test_a_request_without_an_address_has_none(proxies):
    assert client_ip(request(remote="")) is None


def test_one_household_counts_as_one_address(proxies):
    assert counted_ip(request(remote="2001:db8:1:2:3::4")) == counted_ip(request(remote="2001:db8:1:2:ffff::9"))
    assert counted_ip(request(remote="2001:db8:1:3::4")) != counted_ip(request(remote="2001:db8:1:2::4"))
    assert counted_ip(request(remote="192.0.2.7")) == "192.0.2.7"
