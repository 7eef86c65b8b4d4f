"""Taking lists in: nothing lost, nothing twice, the cursor after a whole range, mass withdrawals with consent."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.media import services
from evenhand.desk.media.models import Change, Entry, Source, Sync
from evenhand.desk.media.queries.problems import media as problems
from evenhand.desk.media.queries.sources import called
from evenhand.desk.media.services import syncing
from evenhand.engine.media.listing import Listed, ListFailed, Withdrawn
from evenhand.runtime import holders
from tests.desk.media.conftest import ACTOR, Shelf, hash_of, listed, page, take_in


def standing() -> set[str]:
    return set(Entry.objects.filter(withdrawn_at__isnull=True).values_list("key", flat=True))


def test_the_cursor_moves_after_a_whole_range(source):
    services.sync(
        "example-list", Shelf(page(listed("a"), complete=False, cursor="half"), page(listed("b"), cursor="end"))
    )
    assert (called("example-list").cursor, standing()) == ("end", {"a", "b"})


def test_a_range_that_breaks_off_keeps_what_came_and_begins_again_where_it_began(source):
    shelf = Shelf(page(listed("a"), complete=False, cursor="half"), ListFailed("The list does not answer."))
    with pytest.raises(ListFailed):
        services.sync("example-list", shelf)
    kept = called("example-list")
    assert (kept.cursor, kept.error, kept.failures, standing()) == ("", "The list does not answer.", 1, {"a"})
    assert [problem.code for problem in problems()] == ["list_failing"]
    services.sync("example-list", again := Shelf(page(listed("a"), listed("b"))))
    assert again.asked == [""]
    assert (called("example-list").error, standing()) == ("", {"a", "b"})
    assert Sync.objects.last().unchanged == 1


def test_what_is_taken_in_twice_changes_nothing_the_second_time(source):
    take_in(source, listed("a"), listed("b", pdq=hash_of("b"), md5=b"m" * 16))
    before = (Change.objects.count(), LedgerEntry.objects.count())
    take_in(source, listed("a"), listed("b", pdq=hash_of("b"), md5=b"m" * 16))
    assert (Change.objects.count(), LedgerEntry.objects.count()) == before
    assert Entry.objects.count() == 3


def test_another_hash_of_the_same_medium_takes_the_place_of_the_first(source):
    take_in(source, listed("a"))
    take_in(source, listed("a", pdq=hash_of("other")))
    [entry] = Entry.objects.filter(withdrawn_at__isnull=True)
    assert bytes(entry.value) == hash_of("other")


def test_what_comes_out_of_order_counts_by_its_time(source):
    take_in(source, Withdrawn(key="a", at=3), listed("a", at=2))
    assert standing() == set()
    take_in(source, listed("b", at=5), Withdrawn(key="b", at=4))
    assert standing() == {"b"}
    take_in(source, Withdrawn(key="b", at=1))
    assert standing() == {"b"}


def test_a_record_that_cannot_be_taken_is_told_and_keeps_no_other_out(source):
    synced = services.sync("example-list", Shelf(page(Listed(key="bad", hashes={"pdq": b"short"}), listed("a"))))
    assert standing() == {"a"}
    assert synced.counts.refused == ("bad: A hash of kind pdq has 32 bytes (64 hex digits), not 5.",)


def test_a_whole_list_withdraws_what_it_no_longer_names(source):
    services.sync("example-list", Shelf(page(listed("a"), listed("b"), whole=True)))
    services.sync("example-list", Shelf(page(listed("b"), listed("c"), whole=True)))
    assert standing() == {"b", "c"}


def test_a_mass_withdrawal_stops_and_asks(source):
    keys = [f"k{n}" for n in range(300)]
    take_in(source, *map(listed, keys))
    gone = Shelf(page(*(Withdrawn(key=key) for key in keys[:150]), listed("new"), cursor="c2"))
    with pytest.raises(services.NeedsConsent) as told:
        services.sync("example-list", gone)
    assert (told.value.withdraw, told.value.of) == (150, 301)
    assert (len(standing()), called("example-list").cursor) == (301, "c1")
    assert [problem.code for problem in problems()] == ["list_asks"]
    services.consent("example-list", actor=ACTOR)
    services.sync("example-list", gone)
    assert (len(standing()), called("example-list").cursor, list(problems())) == (151, "c2", [])
    assert LedgerEntry.objects.filter(act="list_consented").count() == 1


def test_consent_is_to_so_many_withdrawals_and_no_more(source):
    keys = [f"k{n}" for n in range(300)]
    take_in(source, *map(listed, keys))
    with pytest.raises(services.NeedsConsent):
        services.sync("example-list", Shelf(page(*(Withdrawn(key=key) for key in keys[:110]))))
    services.consent("example-list", actor=ACTOR)
    with pytest.raises(services.NeedsConsent):
        services.sync("example-list", Shelf(page(*(Withdrawn(key=key) for key in keys))))
    assert len(standing()) == 300


def test_a_small_list_may_withdraw_all_it_has(source):
    take_in(source, listed("a"), listed("b"))
    take_in(source, Withdrawn(key="a"), Withdrawn(key="b"))
    assert standing() == set()


def test_two_processes_do_not_take_in_one_list_at_once(source):
    class Nested(Shelf):
        def pull(self, cursor):
            with pytest.raises(services.Busy):
                services.sync("example-list", Shelf())
            return super().pull(cursor)

    services.sync("example-list", Nested(page(listed("a"))))
    assert standing() == {"a"}


def test_a_list_that_was_not_synchronised_for_long_is_stale(source):
    services.change_source("example-list", stale_after_seconds=1, actor=ACTOR)
    type(source).objects.update(made_at=0)
    assert [problem.code for problem in problems()] == ["list_stale"]


def test_secrets_are_not_kept_in_a_list(bank):
    with pytest.raises(services.Invalid, match="password_env"):
        services.make_source("x", bank="KNOWN", kind="example", config={"password": "p"}, actor=ACTOR)


@pytest.mark.parametrize("seed", range(12))
def test_what_stands_is_what_the_last_word_on_each_key_says(source, seed):
    """The law of a list: ranges in order, times within them in any; a later time wins, then the later word. Who takes
    back what was never listed says nothing."""
    draw = random.Random(seed)
    says: dict[str, tuple[int, bool]] = {}
    known: set[str] = set()
    for _ in range(draw.randint(1, 5)):
        changes = [(draw.choice("abc"), draw.random() < 0.5, draw.randint(0, 3)) for _ in range(draw.randint(0, 4))]
        take_in(source, *(listed(key, at=at) if on else Withdrawn(key=key, at=at) for key, on, at in changes))
        known |= {key for key, on, _ in changes if on}
        for key, on, at in changes:
            if key in known and (key not in says or at >= says[key][0]):
                says[key] = (at, on)
    assert standing() == {key for key, (_, on) in says.items() if on}


def test_a_list_whose_process_was_killed_is_free_at_once(source):
    gone = f"{holders.this_process().rsplit(' ', 1)[0]} 1"
    until = timezone.now() + timedelta(minutes=4)
    Source.objects.update(leased_until=until, leased_by=gone, next_at=timezone.now())
    Sync.objects.create(source=source, begun_at=timezone.now())
    assert syncing.due() == [source.name]
    assert services.sync(source.name, Shelf(page(listed("a")))).counts.added == 1
    broken, done = Sync.objects.order_by("pk")
    assert (broken.error, done.error) == ("It broke off: its process ended.", "")
    assert Source.objects.get().leased_by == ""


@pytest.mark.parametrize("by", ["another-machine 7 1", ""])
def test_a_list_that_a_process_elsewhere_takes_in_says_until_when(source, by):
    until = timezone.now() + timedelta(minutes=4)
    Source.objects.update(leased_until=until, leased_by=by, next_at=timezone.now())
    assert syncing.due() == []
    with pytest.raises(services.Busy, match=f"Should that end, it is free at {until:%H:%M:%S} UTC"):
        services.sync(source.name, Shelf(page(listed("a"))))


def test_a_list_that_this_process_takes_in_is_held_by_it(source):
    class Looking(Shelf):
        def pull(self, cursor):
            assert not holders.is_gone(Source.objects.get().leased_by)
            with pytest.raises(services.Busy):
                services.sync(source.name, Shelf())
            yield from super().pull(cursor)

    services.sync(source.name, Looking(page(listed("a"))))
