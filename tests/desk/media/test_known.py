"""The index at hand: follows the changes, is saved and mapped, and is never another than the database says."""

import random
from pathlib import Path

import pytest

from evenhand.desk.media import services
from evenhand.desk.media.models import Entry
from evenhand.desk.media.queries import known, saved
from evenhand.engine.media.listing import Withdrawn
from tests.desk.media.conftest import ACTOR, flipped, hash_of, listed, take_in


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(saved, "_path", lambda kind: tmp_path / "media" / f"{kind}.index")
    monkeypatch.setattr(known, "SAVED_FROM", 1)
    return tmp_path / "media"


def entries(*names: str) -> list[list[str]]:
    keys = dict(Entry.objects.values_list("pk", "key"))
    index = known.at_hand("pdq")
    return [[keys[entry] for entry, _ in near] for near in index.search_many([hash_of(name) for name in names])]


def test_without_entries_nothing_is_built(bank):
    assert entries("a") == [[]]
    assert known.at_hand("pdq")._index is None


def test_a_saved_index_is_mapped_and_what_came_since_is_added(source, folder, monkeypatch):
    take_in(source, listed("a"), listed("b"))
    assert entries("a", "b") == [["a"], ["b"]]
    assert (folder / "pdq.index").is_file()
    take_in(source, listed("c"), Withdrawn(key="a"))
    known.forget()
    monkeypatch.setattr(known, "build", lambda _kind: pytest.fail("it was built, though a file is there"))
    assert entries("a", "b", "c") == [[], ["b"], ["c"]]


def test_a_damaged_file_is_made_anew(source, folder):
    take_in(source, listed("a"))
    assert entries("a") == [["a"]]
    file = folder / "pdq.index"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    known.forget()
    assert entries("a") == [["a"]]


def test_a_file_of_another_database_is_not_believed(source, folder):
    take_in(source, listed("a"), listed("b"))
    entries("a")
    Entry.objects.filter(key="b").update(review="rejected")  # behind the back of the changes, as a restored backup is
    known.forget()
    assert entries("a", "b") == [["a"], []]


def test_a_process_takes_up_the_file_that_another_one_saved(source, folder):
    take_in(source, listed("a"))
    first, second = known.Known("pdq"), known.Known("pdq")
    assert (len(first.search(hash_of("a"))), len(second.search(hash_of("a")))) == (1, 1)
    take_in(source, listed("b"))
    first._rebuild(known.newest())
    stamp = second._stamp
    assert len(second.search(hash_of("b"))) == 1
    assert second._stamp != stamp


def test_variants_of_one_medium_are_one_entry(bank):
    value = hash_of("a") + hash_of("b")
    [entry] = services.add_entry("KNOWN", {"pdq": value}, actor=ACTOR)
    near = known.at_hand("pdq").search(flipped(hash_of("b"), 4))
    assert near == [(entry.pk, 4)]
    services.withdraw_entry(entry.pk, actor=ACTOR, reason="")
    assert known.at_hand("pdq").search(hash_of("a")) == []


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_and_goes_it_answers_as_the_database_says(source, seed):
    draw = random.Random(seed)
    for _ in range(6):
        changes = [
            listed(key) if draw.random() < 0.6 else Withdrawn(key=key)
            for key in draw.sample("abcdefgh", draw.randint(1, 5))
        ]
        take_in(source, *changes)
        if draw.random() < 0.3:
            known.forget()
        standing = set(Entry.objects.filter(withdrawn_at__isnull=True).values_list("key", flat=True))
        assert entries(*"abcdefgh") == [[key] if key in standing else [] for key in "abcdefgh"]
