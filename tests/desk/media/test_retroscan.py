"""New entries are held against what was seen before: resumable, without effect when repeated."""

from datetime import timedelta

import pytest

from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.media import services
from evenhand.desk.media.models import Match, RetroScan, Seen
from evenhand.desk.media.services import retroscan
from evenhand.engine.model import Hash
from evenhand.runtime.archive import Archive
from tests.desk.conftest import event
from tests.desk.media.conftest import ACTOR, flipped, hash_of, hashed, listed, pdq, take_in


def scan(*, upto: int | None = None) -> RetroScan | None:
    """Runs a scan; until so many hashes were looked at, when a number is given."""
    retroscan.begin()
    claimed = retroscan.claim()
    if claimed is None:
        return None
    scanner = retroscan.Scanner(claimed, grace=timedelta(0))
    while not scanner.step():
        if upto is not None and claimed.looked >= upto:
            break
    scanner.close()
    return claimed


def test_what_was_seen_before_is_matched_when_its_entry_comes(source, fold):
    fold(event(hashed("1", pdq(flipped(hash_of("a"), 5)))), event(hashed("2", Hash("md5", (b"m" * 16).hex()))))
    assert not Match.objects.exists()
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16))
    assert scan().hits == 2
    fold()
    assert sorted(Match.objects.values_list("item_id", "distance")) == [("1", 5), ("2", 0)]
    assert LedgerEntry.objects.filter(act="retroscan_ended").count() == 1


def test_a_mirrored_picture_is_found_by_a_scan_too(source, fold):
    mirrored = pdq(hash_of("mirrored"), variant="mirrored")
    fold(event(hashed("1", pdq(hash_of("plain")), mirrored)))
    assert Seen.objects.count() == 1
    take_in(source, listed("a", pdq=hash_of("mirrored")))
    assert scan().hits == 1
    fold()
    assert Match.objects.get().item_id == "1"


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(Archive.__init__, "__kwdefaults__", {"rows": 2})


def test_a_scan_that_is_killed_goes_on_where_it_was_and_finds_nothing_twice(source, fold, small_shards):
    fold(*(event(hashed(str(n), pdq(hash_of("a")))) for n in range(7)))
    take_in(source, listed("a"))
    begun = scan(upto=4)
    assert (begun.looked, begun.total, begun.hits, begun.ended_at) == (4, 7, 4, None)
    assert retroscan.claim() is None, "its lease runs: nobody else goes on"
    retroscan.give_back(begun)
    assert retroscan.claim() is not None, "it was given back"
    second = sorted(Seen.objects.values_list("pk", flat=True))[1]
    RetroScan.objects.update(leased_until=0, done={"pdq": second})  # a shard was looked at, and its commit lost
    ended = scan()
    assert ended.pk == begun.pk
    assert (ended.hits, ended.ended_at is None) == (7, False)
    fold()
    assert Match.objects.count() == 7


def test_nothing_is_scanned_when_nothing_came(source, fold):
    take_in(source, listed("a"))
    assert scan() is not None
    assert scan() is None
    services.change_bank("KNOWN", note="n", actor=ACTOR)
    assert scan() is None


def test_a_batch_that_was_matched_before_the_entry_came_and_written_after_is_found(source, fold):
    take_in(source, listed("a"))
    retroscan.begin()
    scanner = retroscan.Scanner(retroscan.claim(), grace=timedelta(hours=1))
    assert not to_the_end_of_a_round(scanner)
    Seen.objects.create(
        kind="pdq", value=hash_of("a"), digest=b"d", item_type="post", item_id="late", field="image", at=1
    )
    assert not to_the_end_of_a_round(scanner)
    assert scanner.scan.hits == 1


def to_the_end_of_a_round(scanner: retroscan.Scanner) -> bool:
    while not (ended := scanner.step()) and not scanner.waits:
        pass
    return ended


@pytest.mark.parametrize("frames", [1.0, 0.5])
def test_a_video_matches_by_most_of_its_frames(source, fold, frames):
    entry = b"".join(hash_of(f"frame{n}") for n in range(10))
    take_in(source, listed("v", vpdq=entry))
    seen = [hash_of(f"frame{n}") if n < 10 * frames else hash_of(f"other{n}") for n in range(10)]
    fold(event(hashed("1", *(Hash("vpdq", one.hex(), quality=90) for one in seen))))
    assert Match.objects.count() == (1 if frames >= 0.8 else 0)
