"""Hosts in a text: as browsers read them, and as people write them past filters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.text import hosts


def named(text):
    return [link.host for link in hosts.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "https://Evil.example/path?x=1.",
        "(https://evil.example)",
        "[here](http://evil.example/a)",
        "evil.example",
        "evil.example.",
        "**evil.example**",
        "http://user:secret@evil.example:8080/",
        "http://good.example@evil.example/",
        "http://evil.example\\@good.example",
        "https:evil.example",
        "http:/evil.example",
        "hxxps://evil[.]example/x",
        "evil (dot) example",
        "evil[dot]example",
        "https://ev%69l.example",
        "https://evil。example",
        "Ｅvil．example",
        "?next=http://evil.example/",
        "evil.example:443",
        "someone@evil.example",
    ],
)
def test_the_host_is_the_one_that_would_be_called(text):
    assert named(text) == ["evil.example"]


@pytest.mark.parametrize("text", ["bücher.example", "https://xn--bcher-kva.example", "BÜCHER.example"])
def test_international_names_are_told_in_punycode(text):
    assert named(text) == ["xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "text", ["Wait. What?", "e.g. 3.5", "v1.2.3", "C:\\temp\\a.txt", "a..b", "...", "https://localhost", ""]
)
def test_what_is_no_host_is_none(text):
    assert named(text) == []


def test_a_path_that_looks_like_a_host_is_no_host():
    assert named("https://good.example/evil.example") == ["good.example"]


def test_addresses_are_hosts():
    assert named("http://192.0.2.7:80/") == ["192.0.2.7"]


def test_a_link_is_told_apart_from_a_word_with_a_dot():
    explicit = {link.host: link.explicit for link in hosts.find("see https://a.example b.example www.c.example")}
    assert explicit == {"a.example": True, "b.example": False, "www.c.example": True}


def test_the_characters_are_those_of_the_original_also_behind_harmless_dots():
    text = "go to a[.]b[.]example now"
    assert [text[link.start : link.end] for link in hosts.find(text)] == ["a[.]b[.]example"]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.text("ab.:/@%[]()。é2e ", max_size=50))
def test_every_link_lies_in_the_text_and_names_a_host(text):
    for link in hosts.find(text):
        assert 0 <= link.start < link.end <= len(text)
        assert link.host.isascii()
        assert "." in link.host
        assert len(link.host) <= hosts.LONGEST


def test_a_host_stands_below_its_domains():
    assert list(hosts.above("a.b.example")) == ["a.b.example", "b.example", "example"]


@pytest.mark.parametrize(
    ("term", "host"), [("*.Evil.Example", "evil.example"), ("bücher.example.", "xn--bcher-kva.example")]
)
def test_a_term_of_a_domain_list_is_read_as_a_host(term, host):
    assert hosts.normal(term) == host


@pytest.mark.parametrize("term", ["https://a.example", "a b", "a.example/x", "", "-a.example"])
def test_a_term_that_is_no_host_name_is_refused(term):
    with pytest.raises(ValueError, match="no host name"):
        hosts.normal(term)
