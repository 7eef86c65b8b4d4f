"""What HMA's listener holds in memory is what the database says, and lists come and go under the same name."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.media import services
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.watch import Watch
from evenhand.desk.media.models import Entry
from evenhand.desk.media.queries import contents
from evenhand.desk.media.queries.facts import Facts
from evenhand.engine.media.listing import Withdrawn
from tests.desk.media.conftest import ACTOR, hash_of, listed, take_in


def expected() -> dict[int, tuple[str, int, bool]]:
    """By entry that matches: its bank, the first hash of its medium, and whether it is off."""
    first: dict[tuple, int] = {}
    for row in Entry.objects.order_by("pk"):
        first.setdefault((row.bank_id, row.source_id, row.key), row.pk)
    standing = Entry.objects.filter(withdrawn_at__isnull=True, bank__retired_at__isnull=True).select_related("bank")
    return {
        row.pk: (row.bank.name, first[row.bank_id, row.source_id, row.key], row.disabled_until is not None)
        for row in standing.exclude(review="rejected")
    }


def told(facts: Facts) -> dict[int, tuple[str, int, bool]]:
    found = facts.of(list(Entry.objects.values_list("pk", flat=True)))
    return {entry: (fact.bank.name, fact.medium, fact.off) for entry, fact in found.items()}


@pytest.mark.parametrize("seed", range(5))
def test_facts_that_follow_are_those_of_the_database(source, seed):
    draw, facts = random.Random(seed), Facts()
    facts.follow()
    for _ in range(8):
        step = draw.random()
        key = draw.choice("abcdef")
        standing = Entry.objects.filter(withdrawn_at__isnull=True).values_list("pk", flat=True)
        if step < 0.4 or not standing:
            take_in(source, listed(key, pdq=hash_of(key), md5=hash_of(key)[:16]))
        elif step < 0.55:
            take_in(source, Withdrawn(key=key))
        elif step < 0.65:
            services.add_entry("KNOWN", {"pdq": hash_of(key)}, key=key, actor=ACTOR)
        else:
            off = timezone.now() + timedelta(days=1)
            changes = [{"disabled_until": off}, {"enable": True}, {"review": "rejected"}, {"review": "kept"}]
            services.change_entry(draw.choice(list(standing)), actor=ACTOR, **draw.choice(changes))
        facts.follow()
        assert told(facts) == expected()
    fresh = Facts()
    fresh.follow()
    assert told(fresh) == expected()
    assert fresh.counts() == facts.counts()


def test_a_removed_list_is_not_among_the_exchanges_and_stands_in_no_bank_s_way(bank):
    services.make_source("gone", bank="KNOWN", kind="hashfile", config={"path": "a.csv"}, actor=ACTOR)
    services.make_source("stays", bank="KNOWN", kind="hashfile", config={"path": "b.csv"}, actor=ACTOR)
    assert contents.shares_bank(contents.list_called("stays"))
    services.remove_source("gone", typed="gone", actor=ACTOR)
    assert [one.name for one in contents.lists()] == ["stays"]
    assert not contents.shares_bank(contents.list_called("stays"))


def test_an_own_entry_beside_a_list_is_not_its_own(source):
    take_in(source, listed("a"))
    assert not contents.shares_bank(contents.list_called(source.name))
    services.add_entry("KNOWN", {"pdq": hash_of("mine")}, actor=ACTOR)
    assert contents.shares_bank(contents.list_called(source.name))


def test_a_mistake_in_following_is_told_and_the_thread_goes_on(transactional_db, monkeypatch):
    watch = Watch(stale_after=30)

    def broken(_self):
        raise ValueError("a damaged row")

    with monkeypatch.context() as patched:
        patched.setattr(Facts, "follow", broken)
        watch.look()
    with pytest.raises(Refusal, match="ValueError"):
        watch.check()
    watch.look()
    assert watch.trouble() == ""
