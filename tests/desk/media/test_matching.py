"""What comes near an entry becomes a signal and a case; what is withdrawn takes that back."""

from datetime import timedelta

import pytest
from django.db import connection  # noqa: F401 (asked by skipif)
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.cases.models import Case
from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Look, Match, Seen
from evenhand.desk.media.queries import known, matching
from evenhand.desk.media.services import withdrawing
from evenhand.desk.signals.queries import of_items
from evenhand.engine.media.listing import Withdrawn
from evenhand.engine.model import Hash, Media, Ref
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import ACTOR, flipped, hash_of, hashed, listed, pdq, take_in

ONE = Ref("post", "1")


def signal(ref: Ref = ONE):
    found = [one for one in of_items([ref]).get(ref, []) if one.detector.startswith("media:")]
    return found[0] if found else None


def test_a_picture_near_an_entry_opens_a_case_that_says_which_list_and_how_near(source, fold):
    take_in(source, listed("a"))
    fold(sent(post("1")), event(hashed("1", pdq(flipped(hash_of("a"), 8)))))
    entry = Entry.objects.get()
    assert signal().summary == f"Looks like entry {entry.pk} of list example-list (distance 8 of 256)"
    assert (signal().policy, signal().effect) == ("spam", "enqueue")
    assert Case.objects.get().policy == "spam"
    assert Match.objects.get().distance == 8


def test_what_is_farther_than_the_radius_of_the_bank_is_no_match(source, fold):
    take_in(source, listed("a"))
    services.change_bank("KNOWN", radius=7, actor=ACTOR)
    fold(event(hashed("1", pdq(flipped(hash_of("a"), 8)))))
    assert signal() is None


def test_an_entry_matches_as_soon_as_it_is_added_and_no_longer_when_it_is_withdrawn(bank, fold):
    assert matching.match("pdq", [hash_of("a")])[hash_of("a")] == []
    [entry] = services.add_entry("KNOWN", {"pdq": hash_of("a")}, actor=ACTOR)
    assert [near.entry for near in matching.match("pdq", [hash_of("a")])[hash_of("a")]] == [entry.pk]
    services.withdraw_entry(entry.pk, actor=ACTOR, reason="A mistake.")
    assert matching.match("pdq", [hash_of("a")])[hash_of("a")] == []
    services.add_entry("KNOWN", {"pdq": hash_of("a")}, actor=ACTOR)
    assert len(matching.match("pdq", [hash_of("a")])[hash_of("a")]) == 1
    assert len(known.at_hand("pdq")) == 1


def test_the_same_file_is_found_by_its_digest(source, fold):
    take_in(source, listed("a", md5=b"m" * 16))
    fold(event(hashed("1", Hash("md5", (b"m" * 16).hex()))))
    assert signal().summary.startswith("The same file as entry ")


def test_what_is_switched_off_does_not_match(source, fold):
    take_in(source, listed("a"))
    entry = Entry.objects.get()
    services.change_entry(entry.pk, actor=ACTOR, disabled_until=timezone.now() + timedelta(days=1))
    assert matching.match("pdq", [hash_of("a")])[hash_of("a")] == []
    services.change_entry(entry.pk, actor=ACTOR, enable=True)
    assert len(matching.match("pdq", [hash_of("a")])[hash_of("a")]) == 1


def test_a_bank_that_is_on_for_a_share_takes_part_for_that_share_and_always_the_same(source):
    names = [f"n{n}" for n in range(200)]
    take_in(source, *(listed(name) for name in names))
    services.change_bank("KNOWN", enabled_share=0.25, actor=ACTOR)
    values = [hash_of(name) for name in names]
    first = {value for value, near in matching.match("pdq", values).items() if near}
    assert 25 < len(first) < 75
    assert first == {value for value, near in matching.match("pdq", values).items() if near}
    assert all(matching.match("pdq", values, share=False).values())


def test_a_withdrawn_entry_takes_back_what_rested_on_it_alone(source, fold):
    take_in(source, listed("a"))
    fold(sent(post("1")), event(hashed("1", pdq(hash_of("a")))))
    before = Case.objects.get().rank
    take_in(source, Withdrawn(key="a", reason="Listed by mistake."))
    assert (signal().summary, signal().effect, signal().probability) == ("Withdrawn: Listed by mistake.", "note", 0)
    assert Match.objects.get().withdrawn_why == "Listed by mistake."
    assert Case.objects.get().rank < before
    assert LedgerEntry.objects.filter(act="match_withdrawn").count() == 1


def test_what_rests_on_a_second_list_too_stays_with_what_is_left(source, other_list, fold):
    take_in(source, listed("a"))
    take_in(other_list, listed("b", pdq=hash_of("a")))
    fold(event(hashed("1", pdq(hash_of("a")))))
    both = signal()
    assert "2 lists agree" in both.summary
    take_in(source, Withdrawn(key="a"))
    assert signal().evidence["lists"] == ["other-list"]
    assert signal().effect == "enqueue"
    assert 0 < signal().probability < both.probability


def test_a_rejected_entry_is_not_matched_whatever_its_list_says(source, fold):
    take_in(source, listed("a"))
    fold(event(hashed("1", pdq(hash_of("a")))))
    services.change_entry(Entry.objects.get().pk, actor=ACTOR, review="rejected")
    assert signal().summary == "Withdrawn: Rejected here."
    take_in(source, listed("a"))
    assert matching.match("pdq", [hash_of("a")])[hash_of("a")] == []


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ({"withdrawn_at": 1, "withdrawn_why": "The list withdrew it."}, "The list withdrew it."),
        ({"review": "rejected"}, "Rejected here."),
    ],
)
def test_a_match_that_was_written_after_its_entry_went_is_withdrawn_by_the_next_turn(source, fold, gone, why):
    take_in(source, listed("a"), listed("b"))
    fold(event(hashed("1", pdq(hash_of("a")))), event(hashed("2", pdq(hash_of("b")))))
    Entry.objects.filter(key="a").update(**gone)
    assert withdrawing.settle() == 1
    assert list(Match.objects.order_by("item_id").values_list("item_id", "withdrawn_why")) == [("1", why), ("2", "")]
    assert withdrawing.settle() == 0


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL plans by what it counted")
def test_that_turn_reads_no_entries_but_those_of_matches(bank):
    plan = sql.rows(f"EXPLAIN QUERY PLAN {withdrawing._GONE}", ("rejected", 10))
    first, second = (row[-1] for row in plan)
    assert first.startswith("SCAN m")
    assert second == "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)"


def test_without_a_bank_nothing_is_looked_at(fold, platform):
    picture = Media(kind="image", url="https://m.example/1.png", field="image")
    fold(sent(post("1", media=(picture,))), event(hashed("1", pdq(hash_of("a")))))
    assert not Look.objects.exists()
    assert not Seen.objects.exists()
