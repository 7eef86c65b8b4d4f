"""The made-up owner of hash lists, and the connector to it."""

import hashlib

import pytest

from evenhand.connectors.demo import pictures
from evenhand.connectors.demo.hashlist import ExchangeList
from evenhand.connectors.demo.platform import Platform
from evenhand.connectors.demo.receiver import Receiver
from evenhand.engine.media.listing import Listed, ListFailed, Withdrawn
from evenhand.runtime import config


@pytest.fixture
def receiver(monkeypatch):
    receiver = Receiver(0, Platform(), lambda *_: "")
    receiver.start()
    allowed = config.Config(allow_private=(f"127.0.0.1:{receiver.port}",))
    monkeypatch.setattr(config, "current", lambda: allowed)
    yield receiver
    receiver.stop()


@pytest.fixture
def emblems(receiver):
    return ExchangeList({"url": f"http://127.0.0.1:{receiver.port}", "list": "emblems"})


def pulled(list_, cursor=""):
    [page] = list_.pull(cursor)
    return page


def test_it_lists_hashes_of_the_demos_own_drawings(emblems):
    first = pulled(emblems).changes[0]
    assert isinstance(first, Listed)
    assert first.hashes["sha256"] == hashlib.sha256(pictures.png("placeholder-0")).digest()
    assert len(first.hashes["pdq"]) == 32


def test_it_fails_once_withdraws_an_entry_and_returns(emblems):
    first = pulled(emblems)
    assert first.complete
    with pytest.raises(ListFailed, match="answered 503"):
        pulled(emblems, first.cursor)
    again = pulled(emblems, first.cursor)
    assert (again.changes, again.cursor) == ((), first.cursor)
    later = pulled(emblems, again.cursor)
    assert later.changes == (Withdrawn(key="EHX-1002", reason="Listed by mistake: it is a harbour."),)
    assert pulled(emblems, later.cursor).changes == ()


def test_who_begins_anew_after_a_restart_of_the_owner_misses_nothing(emblems):
    assert pulled(emblems, "4").cursor == "4"


def test_it_hears_each_opinion_once(emblems, receiver):
    entry = Listed(key="EHX-1001", hashes={})
    emblems.feedback(entry, "down", "A harbour.")
    emblems.feedback(entry, "down", "A harbour.")
    assert receiver.exchange.opinions == [{"key": "EHX-1001", "opinion": "down", "reason": "A harbour."}]


def test_a_configuration_that_lacks_something_says_what():
    with pytest.raises(ListFailed, match="lacks list"):
        ExchangeList({"url": "http://127.0.0.1"})
