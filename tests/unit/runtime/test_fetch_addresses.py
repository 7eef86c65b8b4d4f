"""Which addresses may be called."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.runtime.fetch import refusal

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1111"]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "5f00::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_every_other_address_is_refused_with_a_reason(address: str) -> None:
    assert refusal(address)


def test_nat64_is_judged_by_the_address_it_leads_to() -> None:
    assert refusal("64:ff9b::808:808") is None


@given(st.ip_addresses())
def test_whatever_the_standard_library_calls_not_global_is_refused(ip: IPv4Address | IPv6Address) -> None:
    elsewhere = not ip.is_global or ip.is_multicast or ip.is_loopback or ip.is_private or ip.is_reserved
    if elsewhere and ip not in IPv6Network("64:ff9b::/96"):
        assert refusal(str(ip))


@given(st.ip_addresses(v=4))
def test_no_disguise_opens_what_the_plain_address_does_not(ip: IPv4Address) -> None:
    number = int(ip)
    disguises = [
        number,  # IPv4-compatible
        0xFFFF << 32 | number,  # IPv4-mapped
        0xFFFF << 48 | number,  # IPv4-translated
        int(IPv6Address("64:ff9b::")) | number,  # NAT64
        int(IPv6Address("64:ff9b:1::")) | number,  # local NAT64
        0x2002 << 112 | number << 80,  # 6to4
        0x20010000 << 96 | (number ^ 0xFFFFFFFF),  # Teredo
    ]
    for disguise in disguises:
        if refusal(str(ip)):
            assert refusal(str(IPv6Address(disguise)))


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="localhost"):
        refusal(str(ip_address("localhost")))
