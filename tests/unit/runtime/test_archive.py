"""The archive: what was appended is there after any crash, in its order, or it is refused."""

import numpy as np
import pytest

from evenhand.runtime import archive as archives
from evenhand.runtime.archive import Archive, BadArchive, blocks, shard_path, shards

ROWS = np.random.default_rng(1).integers(0, 256, (1000, 32), dtype=np.uint8)


def filled(folder, count=1000, step=37, rows=300):
    archive = Archive(folder, rows=rows)
    for first in range(0, count, step):
        archive.append(ROWS[first : first + step][: count - first], range(first, min(first + step, count)))
    return archive


def ids_in(folder):
    return [int(one) for number in shards(folder) for block in blocks(shard_path(folder, number)) for one in block.ids]


def test_rows_come_back_in_their_order_in_shards_of_the_same_size(tmp_path):
    archive = filled(tmp_path)
    assert len(archive) == len(Archive(tmp_path, rows=300)) == 1000
    assert shards(tmp_path) == [0, 1, 2, 3]
    assert ids_in(tmp_path) == list(range(1000))
    assert [len(list(blocks(shard_path(tmp_path, number)))) for number in (0, 1, 2)] == [1, 1, 1]


def test_a_write_that_was_cut_off_anywhere_is_dropped_and_written_again(tmp_path):
    whole = filled(tmp_path, 100, 50)
    path = shard_path(tmp_path, 0)
    before = path.stat().st_size
    whole.append(ROWS[100:110], range(100, 110))
    data = path.read_bytes()
    for length in range(before, len(data), 7):
        path.write_bytes(data[:length])
        again = Archive(tmp_path, rows=300)
        assert len(again) == 100
        assert ids_in(tmp_path) == list(range(100))
        again.append(ROWS[100:110], range(100, 110))
        assert path.read_bytes() == data


def test_a_seal_that_was_cut_off_loses_nothing(tmp_path, monkeypatch):
    archive = filled(tmp_path, 299)

    def die(*_):
        raise OSError("killed")

    monkeypatch.setattr(archives.Path, "replace", die)
    with pytest.raises(OSError, match="killed"):
        archive.append(ROWS[299:300], [299])
    monkeypatch.undo()

    again = Archive(tmp_path, rows=300)
    assert len(again) == 300
    again.append(ROWS[300:303], [300, 301, 302])
    assert ids_in(tmp_path) == list(range(303))


def test_damage_before_other_blocks_is_told_and_no_row_passed_over_in_silence(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "BLOCK", 20)
    filled(tmp_path, 200, 20)
    path = shard_path(tmp_path, 0)
    data = bytearray(path.read_bytes())
    data[900] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadArchive, match=r"000000\.hashes: the block at byte 824 is damaged"):
        list(blocks(path))


def test_of_a_full_shard_nothing_may_be_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "BLOCK", 100)
    filled(tmp_path)
    path = shard_path(tmp_path, 0)
    data = path.read_bytes()
    third = len(data) // 3
    for damaged in (data[: 2 * third], data[:-1], data[:-1] + bytes([data[-1] ^ 1])):
        path.write_bytes(damaged)
        with pytest.raises(BadArchive, match=r"000000\.hashes"):
            list(blocks(path))


def test_rows_of_one_id_stay_in_one_shard_whatever_its_size(tmp_path):
    archive = Archive(tmp_path, rows=10)
    ids = np.repeat(np.arange(1, 8), [4, 5, 3, 25, 1, 9, 2])
    for some in ([1, 2, 3], [4], [5, 6, 7]):
        at = np.isin(ids, some)
        archive.append(ROWS[: len(ids)][at], ids[at])
    assert [(one.number, one.rows, one.first, one.last, one.full) for one in archive.extents()] == [
        (0, 12, 1, 3, True),
        (1, 25, 4, 4, True),
        (2, 10, 5, 6, True),
        (3, 2, 7, 7, False),
    ]
    assert Archive(tmp_path, rows=10).extents() == archive.extents()
    assert ids_in(tmp_path) == ids.tolist()


def test_rows_that_are_there_or_out_of_order_are_refused(tmp_path):
    archive = filled(tmp_path, 300)
    assert (archive.last, archive.missing) == (299, 300), "a full shard has all rows of its last id"
    with pytest.raises(ValueError, match="in the order of their ids, from 300 on"):
        archive.append(ROWS[:1], [299])
    with pytest.raises(ValueError, match="in the order of their ids"):
        archive.append(ROWS[:2], [302, 301])
    archive.append(ROWS[:2], [301, 302])
    assert archive.missing == 302, "of that one, a crash might have cut some off"


def test_a_shard_is_replaced_in_one_step_and_may_go(tmp_path):
    archive = filled(tmp_path)
    archive.replace(1, ROWS[300:310], range(300, 310))
    archive.replace(3, ROWS[900:950], range(900, 950))
    archive.replace(2, ROWS[:0], [])
    again = Archive(tmp_path, rows=300)
    assert again.extents() == archive.extents()
    assert ids_in(tmp_path) == [*range(310), *range(900, 950)]
    again.append(ROWS[:3], [2000, 2001, 2002])
    assert (len(again), again.last, shards(tmp_path)) == (363, 2002, [0, 1, 3])


def test_shards_that_are_not_in_the_order_of_their_ids_are_refused(tmp_path):
    filled(tmp_path)
    shard_path(tmp_path, 1).rename(shard_path(tmp_path, 9))
    with pytest.raises(BadArchive, match=r"000003\.hashes: the shard is not full, though there is a later one"):
        Archive(tmp_path, rows=300)
    shard_path(tmp_path, 3).unlink()
    with pytest.raises(BadArchive, match="the shards are not in the order of their ids"):
        Archive(tmp_path, rows=300)


def test_a_file_that_is_no_shard_is_refused(tmp_path):
    filled(tmp_path)
    shard_path(tmp_path, 0).write_bytes(b"something else, and long enough to have a head")
    with pytest.raises(BadArchive, match=r"000000\.hashes: it does not begin as a shard does"):
        Archive(tmp_path, rows=300)
