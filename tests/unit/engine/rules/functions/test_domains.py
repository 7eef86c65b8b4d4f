"""Functions on hosts, links, addresses, cookies, e-mail and telephone numbers."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.rules.values import Expected
from tests.unit.engine.rules.functions.contexts import FixedServices, call, context


@pytest.mark.parametrize("name", ["ExtractDomains", "StringExtractDomains"])
@pytest.mark.parametrize(
    ("s", "domains"),
    [
        ("see https://Shop.Example.com/x?y and example.org.", ["shop.example.com", "example.org"]),
        ("example.com example.com", ["example.com"]),
        ("example[.]com", ["example.com"]),
        ("https://bücher.example", ["xn--bcher-kva.example"]),
        ("no host here", []),
        ("", []),
    ],
)
def test_the_hosts_of_a_string(name, s, domains):
    assert call(name, s=s) == domains


def test_the_hosts_of_a_list():
    assert call("ExtractListDomains", list=["https://a.example", "b.example a.example", ""]) == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize(
    ("s", "urls"),
    [
        ("go to https://example.com/a?b=c#d.", ["https://example.com/a?b=c#d"]),
        ("(see http://example.com/a_(b))", ["http://example.com/a_(b)"]),
        ("www.example.com, HTTPS://EXAMPLE.ORG!", ["www.example.com", "HTTPS://EXAMPLE.ORG"]),
        ("'https://example.com'", ["https://example.com"]),
        ("example.com", []),
        ("", []),
    ],
)
def test_the_links_of_a_string_without_the_sentence_round_them(s, urls):
    assert call("StringExtractURLs", s=s) == urls


@pytest.mark.parametrize("padding", ["x ", "é ", "a[.]b ", "http://", "(("])
def test_no_padding_hides_a_host_or_a_link(padding):
    s = padding * (100_100 // len(padding)) + " https://shop.example/x"
    assert "shop.example" in call("ExtractDomains", s=s)
    assert "shop.example" in call("ExtractListDomains", list=[s])
    assert "https://shop.example/x" in call("StringExtractURLs", s=s)
    assert call("DomainChopper", urls=[s.replace("a[.]b", "ab")]) == ["shop.example"]


@pytest.mark.parametrize("s", ["https://" + ")" * 90_000, "http://" * 14_000, "https://a" + "." * 90_000])
def test_no_string_makes_the_search_for_links_slow(s):
    began = time.process_time()
    call("StringExtractURLs", s=s)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("domain", "tld"),
    [("shop.example.co.uk", "co.uk"), ("Example.COM.", "com"), ("x.github.io", "io"), ("a.unknown", "unknown")],
)
def test_the_public_suffix_of_a_domain(domain, tld):
    assert call("DomainTld", domain=domain) == tld


@pytest.mark.parametrize("domain", ["", "192.0.2.1", "not a domain", "https://example.com/"])
def test_no_domain_has_no_suffix(domain):
    with pytest.raises(Expected):
        call("DomainTld", domain=domain)


def test_urls_are_chopped_to_hosts_or_to_what_is_registered():
    urls = ["https://www.shop.example.co.uk/x", "example.com/y", "http://192.0.2.1/", "nothing", "https://co.uk/"]
    assert call("DomainChopper", urls=urls) == ["www.shop.example.co.uk", "example.com", "192.0.2.1", "co.uk"]
    assert call("DomainChopper", urls=urls, fld=True) == ["example.co.uk", "example.com", "192.0.2.1", "co.uk"]


@pytest.mark.parametrize(
    ("ip", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), (" 10.0.0.1 ", "10.0.0.0/24")],
)
def test_the_network_of_an_address(ip, network):
    assert call("IpNetwork", ip=ip) == network


@pytest.mark.parametrize("ip", ["", "192.0.2", "192.0.2.256", "example.com", "fe80::1%eth0/64"])
def test_no_address_has_no_network(ip):
    with pytest.raises(Expected):
        call("IpNetwork", ip=ip)


def test_mail_exchangers_come_from_the_host():
    run = context(services=FixedServices())
    assert call("MXLookup", run, domain="example.com") == ["mx1.example.com", "mx2.example.com"]
    assert call("MXLookup", run, domain="empty.example") == []
    with pytest.raises(Expected):
        call("MXLookup", run, domain="unknown.example")
    with pytest.raises(ValueError, match="no services"):
        call("MXLookup", context(), domain="example.com")


@pytest.mark.parametrize(
    ("header", "key", "value"),
    [
        ("a=1; b=2", "b", "2"),
        ('a="x y"; a=2', "a", "x y"),
        ("token=a=b==", "token", "a=b=="),
        ("a=", "a", ""),
    ],
)
def test_a_cookie_is_found_by_its_name(header, key, value):
    assert call("ExtractCookie", header=header, key=key) == value


@pytest.mark.parametrize("header", ["", "b=1", "a", "A=1", "xa=1"])
def test_a_cookie_that_is_not_there_has_no_value(header):
    with pytest.raises(Expected):
        call("ExtractCookie", header=header, key="a")


@pytest.mark.parametrize(
    ("email", "local", "domain", "subdomain"),
    [
        ("Kim@Mail.Example.co.uk", "Kim", "mail.example.co.uk", "mail"),
        ("kim+tag@example.com", "kim+tag", "example.com", ""),
        ('"a@b"@a.b.example.com', '"a@b"', "a.b.example.com", "a.b"),
    ],
)
def test_the_parts_of_an_email_address(email, local, domain, subdomain):
    assert call("EmailLocalPart", email=email) == local
    assert call("EmailDomain", email=email) == domain
    assert call("EmailSubdomain", email=email) == subdomain


@pytest.mark.parametrize("name", ["EmailDomain", "EmailSubdomain", "EmailLocalPart"])
@pytest.mark.parametrize("email", ["", "kim", "@example.com", "kim@"])
def test_no_email_address_has_no_parts(name, email):
    with pytest.raises(Expected):
        call(name, email=email)


@pytest.mark.parametrize("email", ["kim@co.uk", "kim@192.0.2.1"])
def test_a_domain_that_nobody_registers_has_no_subdomain(email):
    with pytest.raises(Expected):
        call("EmailSubdomain", email=email)


@pytest.mark.parametrize(
    ("number", "country", "prefix"),
    [("+44 20 7946 0123", "GB", "+44"), ("+12025550123", "US", "+1"), ("+1 (416) 555-0123", "CA", "+1")],
)
def test_the_country_of_a_telephone_number(number, country, prefix):
    assert call("PhoneCountry", phone_number=number) == country
    assert call("PhonePrefix", phone_number=number) == prefix


@pytest.mark.parametrize("number", ["", "020 7946 0123", "not a number", "+999999999999"])
def test_a_number_of_no_country_has_no_value(number):
    with pytest.raises(Expected):
        call("PhoneCountry", phone_number=number)


@given(st.text(max_size=30))
def test_any_string_is_read_or_has_no_value(s):
    for name, parameter in [
        ("DomainTld", "domain"), ("IpNetwork", "ip"), ("EmailSubdomain", "email"), ("PhoneCountry", "phone_number"),
        ("PhonePrefix", "phone_number"), ("Base64Decode", "input"),
    ]:  # fmt: skip
        with contextlib.suppress(Expected):
            assert isinstance(call(name, **{parameter: s}), str)
