"""The archive is asked about new entries: every row once, by one way or the other, and on from where it was cut off."""

import os

import numpy as np
import pytest
from msgspec import structs

from evenhand.engine.media import HammingIndex
from evenhand.runtime import archivescan
from evenhand.runtime.archive import Archive, BadArchive, shard_path
from evenhand.runtime.archivescan import scan, scan_shard
from evenhand.runtime.index import save_index
from tests.unit.runtime.test_archive import ROWS, filled


def test_a_scan_tells_each_pair_with_its_row_entry_and_distance(tmp_path):
    [shard, *_] = filled(tmp_path).extents()
    near = ROWS[[5, 250]].copy()
    near[:, 0] ^= 0b111
    index = HammingIndex(near, [70, 71])
    found = scan_shard(index, tmp_path, shard, after=-1)
    assert (found.ids.tolist(), found.entries.tolist(), found.distances.tolist()) == ([5, 250], [70, 71], [3, 3])
    assert (found.rows, found.last) == (300, 299)
    rest = scan_shard(index, tmp_path, structs.replace(shard, last=280), after=5)
    assert (rest.ids.tolist(), rest.rows, rest.last) == ([250], 275, 280)
    nothing = scan_shard(index, tmp_path, shard, after=299)
    assert (nothing.rows, nothing.last) == (0, 299)
    assert nothing.ids.tolist() == nothing.entries.tolist() == nothing.distances.tolist() == []


def test_many_entries_are_asked_the_other_way_round_with_the_same_answer(tmp_path, monkeypatch):
    [_, shard, *_] = filled(tmp_path).extents()
    near = ROWS[::3].copy()
    near[:, 5] ^= 0b11
    index = HammingIndex(np.concatenate([near, near[:9]]), range(5_000, 5_000 + len(near) + 9))
    index.remove([5_001])

    def told(after):
        found = scan_shard(index, tmp_path, shard, after=after)
        return sorted(zip(found.ids.tolist(), found.entries.tolist(), found.distances.tolist(), strict=True))

    one_way = [told(0), told(306)]
    assert [len(some) for some in one_way] == [100, 97]
    monkeypatch.setattr(archivescan, "SWAPPED_FROM", 0)
    monkeypatch.setattr(HammingIndex, "__len__", lambda _: 1)
    assert [told(0), told(306)] == one_way


@pytest.mark.parametrize("most", [0, 10_000], ids=["by processes", "in this process"])
def test_a_scan_goes_in_the_order_of_ids_and_on_from_where_it_was_cut_off(tmp_path, monkeypatch, most):
    monkeypatch.setattr(archivescan, "ROWS", most)
    folder, file = tmp_path / "archive", tmp_path / "new.index"
    archive = filled(folder)
    save_index(file, HammingIndex(ROWS[::100], range(10)), position=0)
    found, last = [], -1
    for part in scan(folder, archive.extents(), file, after=-1):
        found, last = [*found, *part.ids.tolist()], part.last
        if part.shard == 1:
            break
    assert (found, last) == ([0, 100, 200, 300, 400, 500], 599)
    rest = list(scan(folder, archive.extents(), file, after=last))
    assert [(part.shard, part.rows) for part in rest] == [(2, 300), (3, 100)]
    assert [id_ for part in rest for id_ in part.ids.tolist()] == [600, 700, 800, 900]
    before = archive.extents()
    archive.append(ROWS[:1], [5000])
    assert list(scan(folder, before, file, after=999)) == [], "what came since has a round of its own"
    [late] = scan(folder, archive.extents(), file, after=999)
    assert (late.shard, late.rows, late.ids.tolist()) == (3, 1, [5000])
    os.environ.pop("EVENHAND_PARENT", None)


@pytest.mark.parametrize("most", [0, 10_000], ids=["by processes", "in this process"])
def test_a_damaged_shard_is_told_and_never_passed_over(tmp_path, monkeypatch, most):
    monkeypatch.setattr(archivescan, "ROWS", most)
    folder, file = tmp_path / "archive", tmp_path / "new.index"
    archive = filled(folder)
    save_index(file, HammingIndex(ROWS[::100], range(10)), position=0)
    data = bytearray(shard_path(folder, 2).read_bytes())
    data[900] ^= 1
    shard_path(folder, 2).write_bytes(data)
    found = []
    with pytest.raises(BadArchive, match=r"000002\.hashes"):
        found.extend(part.shard for part in scan(folder, archive.extents(), file, after=-1))
    assert found == [0, 1]
    assert Archive(folder, rows=300).extents() == archive.extents(), "only reading it shows the damage"
    os.environ.pop("EVENHAND_PARENT", None)
