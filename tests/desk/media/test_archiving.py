"""The archive of seen hashes is the database's: filled from it, mended where they differ, never the truth itself."""

import random
import threading
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction

from evenhand.desk import sql
from evenhand.desk.media.models import RetroScan, Seen
from evenhand.desk.media.queries import seen
from evenhand.desk.media.services import archiving, retroscan
from evenhand.engine.model import Hash
from evenhand.runtime import archivescan
from evenhand.runtime.archive import Archive, blocks, shard_path, shards
from tests.desk.conftest import event
from tests.desk.media.conftest import flipped, hash_of, hashed, listed, pdq, take_in


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch, log):
    monkeypatch.setattr(Archive.__init__, "__kwdefaults__", {"rows": 4})


def see(name: str, value: bytes, kind: str = "pdq") -> int:
    return Seen.objects.create(
        kind=kind, value=value, digest=sha256(value).digest()[:16], item_type="post", item_id=name, field="image",
        url=f"https://m.example/{name}", at=1,
    ).pk  # fmt: skip


def see_many(count: int) -> list[int]:
    return [see(str(n), hash_of(str(n))) for n in range(count)]


def fill() -> None:
    with archiving.held() as kept:
        for _ in kept.fill(seen.settled()):
            pass


def kept_ids(kind: str = "pdq") -> list[int]:
    folder = archiving.folder() / kind
    return [int(id_) for number in shards(folder) for block in blocks(shard_path(folder, number)) for id_ in block.ids]


def keep_in_turns() -> None:
    """As often as every shard is looked at."""
    for _ in range(2 * len(shards(archiving.folder() / "pdq")) + 1):
        archiving.keep()


def hits() -> set[str]:
    """Names of what a scan finds, by the rows that it asks the database for."""
    retroscan.begin()
    scanner = retroscan.Scanner(retroscan.claim(), grace=timedelta(0))
    found: set[int] = set()
    scanner._settle_all = scanner._settle

    def settle(part, *, over):
        found.update(part.hits)
        scanner._settle_all(part, over=over)

    scanner._settle = settle
    while not scanner.step():
        pass
    return set(Seen.objects.filter(pk__in=found).values_list("item_id", flat=True))


def test_it_takes_in_each_hash_once_with_its_variants(source):
    see_many(9)
    see("turned", hash_of("turned") + hash_of("mirrored"))
    see("by its bytes", b"m" * 16, "md5")
    see("video", b"".join(hash_of(f"frame{n}") for n in range(7)), "vpdq")
    fill()
    archiving.keep()
    late = see("late", hash_of("late"))
    archiving.keep()
    ids = dict(Seen.objects.values_list("item_id", "pk"))
    assert kept_ids() == [*sorted(ids[str(n)] for n in range(9)), ids["turned"], ids["turned"], late]
    assert kept_ids("vpdq") == [ids["video"]] * 7
    with archiving.held() as kept:
        assert kept.filled.exact == 1


@pytest.mark.parametrize("block", [1, 3, 1_000])
def test_a_scan_finds_what_a_look_at_each_row_would_find(source, fold, monkeypatch, block):
    """By the archive and the two ways of looking up exact hashes; the test looks at each pair of row and entry."""
    monkeypatch.setattr(retroscan, "BLOCK", block)
    chance = random.Random(block)
    entries = [hash_of(f"entry{n}") for n in range(6)]
    exact = [bytes([n]) * 16 for n in range(6)]
    expected = set()
    for n in range(40):
        bits = chance.choice([0, 20, 31, 32, 60, 256])
        value = flipped(chance.choice(entries), bits)
        if chance.random() < 0.3:
            value = hash_of(f"plain{n}") + value
        see(f"picture{n}", value)
        expected |= {f"picture{n}"} if bits <= 31 else set()
        digest = chance.choice([*exact, b"x" * 16, b"y" * 16])
        see(f"file{n}", digest, "md5")
        expected |= {f"file{n}"} if digest in exact else set()
    take_in(source, *(listed(f"e{n}", pdq=entry, md5=exact[n]) for n, entry in enumerate(entries)))
    assert hits() == expected
    scan = RetroScan.objects.get()
    assert (scan.looked, scan.total) == (len(kept_ids()) + 40, len(kept_ids()) + 40)


def test_what_was_erased_is_not_answered_and_its_bytes_go(source):
    ids = see_many(10)
    fill()
    erased = [ids[1], ids[5], ids[9]]
    Seen.objects.filter(pk__in=erased).delete()
    take_in(source, *(listed(str(n), pdq=hash_of(str(n))) for n in range(10)))
    assert hits() == {"0", "2", "3", "4", "6", "7", "8"}
    keep_in_turns()
    assert kept_ids() == [id_ for id_ in ids if id_ not in erased]
    stored = b"".join(file.read_bytes() for file in archiving.folder().rglob("*.hashes"))
    assert not [n for n in (1, 5, 9) if hash_of(str(n)) in stored]
    Seen.objects.all().delete()
    keep_in_turns()
    assert kept_ids() == []


def damage(number: int) -> None:
    path = shard_path(archiving.folder() / "pdq", number)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(number: int) -> None:
    path = shard_path(archiving.folder() / "pdq", number)
    path.write_bytes(path.read_bytes()[:-20])


def lose(number: int) -> None:
    shard_path(archiving.folder() / "pdq", number).unlink()


def lose_what_was_told(number: int) -> None:
    (archiving.folder() / "filled.json").unlink()


def write_nonsense(number: int) -> None:
    shard_path(archiving.folder() / "pdq", number).write_bytes(b"nonsense" * 100)


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("harm", [damage, cut, lose, lose_what_was_told, write_nonsense])
def test_an_archive_that_came_to_harm_is_mended_and_nothing_is_missed(source, harm, number):
    ids = see_many(10)
    fill()
    assert shards(archiving.folder() / "pdq") == [0, 1, 2]
    harm(number)
    take_in(source, *(listed(str(n), pdq=hash_of(str(n))) for n in range(10)))
    assert hits() == {str(n) for n in range(10)}
    assert sorted(set(kept_ids())) == ids


@pytest.mark.parametrize("come_since", [0, 1, 2, 3, 4, 5])
def test_after_a_restored_backup_it_has_what_that_database_has(source, come_since):
    ids = see_many(10)
    fill()
    Seen.objects.filter(pk__gte=ids[6]).delete()
    give_out_from(ids[5])
    others = {f"other{n}" for n in range(come_since)}
    for name in sorted(others):
        see(name, hash_of(name))
    take_in(source, *(listed(name, pdq=hash_of(name)) for name in others), listed("a", pdq=hash_of("8")))
    assert hits() == others


def give_out_from(id_: int) -> None:
    """Ids go on behind this one, as in a database that was restored."""
    if connection.vendor == "postgresql":
        sql.rows("SELECT setval(pg_get_serial_sequence('media_seen', 'id'), %s)", (id_,))
    else:
        sql.run("UPDATE sqlite_sequence SET seq = %s WHERE name = 'media_seen'", (id_,))


def test_a_filling_that_was_cut_off_before_it_was_told_leaves_nothing_out(source, monkeypatch):
    ids = see_many(6)
    see("turned", hash_of("turned") + hash_of("mirrored"))

    def die(*_):
        raise OSError("killed")

    with monkeypatch.context() as killed:
        killed.setattr(archiving.Kept, "_tell", die)
        with pytest.raises(OSError, match="killed"):
            fill()
    assert kept_ids()
    fill()
    assert sorted(set(kept_ids())) == [*ids, Seen.objects.get(item_id="turned").pk]
    take_in(source, listed("a", pdq=hash_of("mirrored")), listed("b", pdq=hash_of("5")))
    assert hits() == {"turned", "5"}


def test_a_scan_whose_archive_cannot_be_written_says_so_and_goes_on_when_it_can(source, monkeypatch):
    see_many(3)
    take_in(source, listed("a", pdq=hash_of("1")))
    archiving.folder().write_text("a file where the folder should be")
    retroscan.begin()
    scan = retroscan.claim()
    scanner = retroscan.Scanner(scan, grace=timedelta(0))
    assert not scanner.step()
    assert scanner.waits
    assert "The archive of seen hashes cannot be used: " in RetroScan.objects.get().error
    archiving.folder().unlink()
    assert not scanner.step(), "not tried again at once"
    monkeypatch.setattr(scanner, "_not_before", 0.0)
    while not scanner.step():
        pass
    assert (scan.hits, RetroScan.objects.get().error) == (1, "")


def test_it_is_one_processs_at_a_time(source):
    see_many(2)
    with archiving.held():
        archiving.keep()
        assert not (archiving.folder() / "pdq").exists()
    archiving.keep()
    assert len(kept_ids()) == 2


def test_a_scan_by_processes_is_closed_in_the_middle_and_the_archive_is_free(source, monkeypatch):
    monkeypatch.setattr(archivescan, "ROWS", 0)
    see_many(10)
    take_in(source, listed("a", pdq=hash_of("9")))
    retroscan.begin()
    scan = retroscan.claim()
    scanner = retroscan.Scanner(scan, grace=timedelta(0))
    while not scan.looked:
        scanner.step()
    scanner.close()
    assert list(archiving.folder().glob("*.new")) == []
    with archiving.held(wait=False) as kept:
        assert kept is not None


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_ids_that_were_given_out_and_not_committed_yet_are_waited_for(source, fold):
    fold(event(hashed("1", pdq(hash_of("a")), Hash("md5", "00" * 16))))
    held, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            see("slow", hash_of("slow"))
            held.set()
            go_on.wait(20)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(20)
    see("quick", hash_of("quick"))
    assert seen.settled(patience=0.1) is None
    see("not held up", hash_of("not held up"))
    threading.Timer(0.1, go_on.set).start()
    until = seen.settled(patience=20)
    writer.join()
    assert set(Seen.objects.filter(pk__lte=until).values_list("item_id", flat=True)) >= {"slow", "quick"}
