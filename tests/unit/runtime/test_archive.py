"""The archive: what was appended is there after any crash, and every row is asked once."""

import os

import numpy as np
import pytest

from evenhand.engine.media import HammingIndex
from evenhand.runtime import archive as archives
from evenhand.runtime.archive import Archive, BadArchive, blocks, scan, scan_shard, shard_path
from evenhand.runtime.index import save_index

ROWS = np.random.default_rng(1).integers(0, 256, (1000, 32), dtype=np.uint8)


def filled(folder, count=1000, step=37, rows=300):
    archive = Archive(folder, rows=rows)
    for first in range(0, count, step):
        archive.append(ROWS[first : first + step][: count - first], range(first, min(first + step, count)))
    return archive


def ids_in(folder):
    return [
        int(one)
        for number in Archive(folder).shards()
        for block in blocks(shard_path(folder, number))
        for one in block.ids
    ]


def test_rows_come_back_in_their_order_in_shards_of_the_same_size(tmp_path):
    archive = filled(tmp_path)
    assert len(archive) == len(Archive(tmp_path, rows=300)) == 1000
    assert archive.shards() == [0, 1, 2, 3]
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


def test_a_scan_tells_each_pair_with_its_row_entry_and_distance(tmp_path):
    filled(tmp_path)
    near = ROWS[[5, 250]].copy()
    near[:, 0] ^= 0b111
    index = HammingIndex(near, [70, 71])
    found = scan_shard(index, tmp_path, 0)
    assert (found.ids.tolist(), found.entries.tolist(), found.distances.tolist()) == ([5, 250], [70, 71], [3, 3])
    assert found.rows == 300
    rest = scan_shard(index, tmp_path, 0, after=6)
    assert rest.ids.tolist() == [250]
    nothing = scan_shard(index, tmp_path, 0, after=300)
    assert nothing.ids.tolist() == nothing.entries.tolist() == nothing.distances.tolist() == []


def test_many_entries_are_asked_the_other_way_round_with_the_same_answer(tmp_path, monkeypatch):
    filled(tmp_path)
    near = ROWS[::3].copy()
    near[:, 5] ^= 0b11
    index = HammingIndex(np.concatenate([near, near[:9]]), range(5_000, 5_000 + len(near) + 9))
    index.remove([5_001])

    def told(after):
        found = scan_shard(index, tmp_path, 1, after=after)
        return sorted(zip(found.ids.tolist(), found.entries.tolist(), found.distances.tolist(), strict=True))

    one_way = [told(0), told(7)]
    assert len(one_way[0]) == 100
    monkeypatch.setattr(archives, "SWAPPED_FROM", 0)
    monkeypatch.setattr(HammingIndex, "__len__", lambda _: 1)
    assert [told(0), told(7)] == one_way


def test_a_scan_by_processes_goes_on_where_it_was_cut_off(tmp_path):
    folder, file = tmp_path / "archive", tmp_path / "new.index"
    filled(folder)
    save_index(file, HammingIndex(ROWS[::100], range(10)), position=0)
    done, pairs = {}, []
    for part in scan(folder, file):
        done[part.shard] = part.rows
        pairs += part.ids.tolist()
        if len(done) == 2:
            break
    assert pairs == [0, 100, 200, 300, 400, 500]
    for part in scan(folder, file, done=done):
        assert part.shard not in done
        pairs += part.ids.tolist()
    assert pairs == list(range(0, 1000, 100))
    Archive(folder, rows=300).append(ROWS[:1], [5000])
    [last] = scan(folder, file, done={0: 300, 1: 300, 2: 300, 3: 100})
    assert (last.shard, last.ids.tolist()) == (3, [5000])
    assert os.environ.pop("EVENHAND_PARENT") == str(os.getpid())
