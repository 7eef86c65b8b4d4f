"""Index files: what was saved comes back, and what was damaged says so instead of answering."""

import contextlib
import hashlib
import os
import random
import subprocess
import sys

import msgspec
import numpy as np
import pytest

from evenhand.engine.media import ExactSet, HammingIndex
from evenhand.runtime import index as files
from evenhand.runtime.index import PAGE, BadIndexFile, map_index, map_set, save, save_index, save_set

ROUNDS = int(os.environ.get("EVENHAND_TEST_FUZZ", "100"))
"""Damaged files that are tried; 20,000 take a minute."""


def hashes(count, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "pdq.index"
    save_index(path, HammingIndex(hashes(20), range(20)), position=77)
    return path


def test_an_index_comes_back_with_its_position(saved):
    index, position = map_index(saved)
    assert position == 77
    assert index.search(hashes(20)[3])[0].tolist() == [3]


def test_changes_are_saved_with_it_and_a_mapped_index_can_be_changed_and_saved_again(saved):
    index, _ = map_index(saved)
    index.remove([3])
    index.add(hashes(1, seed=2), [99])
    save_index(saved, index, position=78)

    again, position = map_index(saved)
    assert (position, len(again)) == (78, 20)
    assert again.search(hashes(1, seed=2)[0])[0].tolist() == [99]
    assert again.search(hashes(20)[3])[0].tolist() == []


def test_whoever_has_the_old_file_mapped_keeps_it_when_it_is_replaced(saved):
    old, _ = map_index(saved)
    save_index(saved, HammingIndex(hashes(5, seed=9), range(5)), position=78)
    assert old.search_many(hashes(20)).ids.tolist() == list(range(20))
    assert len(map_index(saved)[0]) == 5
    assert [file.name for file in saved.parent.iterdir()] == ["pdq.index"]


@pytest.mark.parametrize("count", [0, 1])
def test_an_index_of_nothing_and_one_of_one_come_back(tmp_path, count):
    path = tmp_path / "small"
    save_index(path, HammingIndex(hashes(count), range(count)), position=0)
    index, _ = map_index(path)
    assert index.search(hashes(1)[0])[0].tolist() == list(range(count))


def test_a_set_of_exact_hashes_comes_back(tmp_path):
    path = tmp_path / "md5"
    save_set(path, ExactSet(hashes(9)[:, :16], range(9)), position=5)
    listed, position = map_set(path)
    assert position == 5
    assert listed.find(hashes(9)[4, :16].tobytes()).tolist() == [4]
    with pytest.raises(BadIndexFile, match="kind exact, not hamming"):
        map_index(path)


def test_another_process_reads_the_same_file(saved):
    script = (
        "import sys; from pathlib import Path; from evenhand.runtime.index import map_index; "
        "print(len(map_index(Path(sys.argv[1]))[0]))"
    )
    answer = subprocess.run([sys.executable, "-c", script, str(saved)], capture_output=True, text=True, check=True)
    assert answer.stdout == "20\n"


def test_a_write_that_fails_leaves_the_file_that_was_there(saved, monkeypatch):
    def fail(_):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        save_index(saved, HammingIndex(hashes(2), range(2)), position=1)
    assert map_index(saved)[1] == 77
    assert [file.name for file in saved.parent.iterdir()] == ["pdq.index"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: b"", "0 bytes are too few"),
        (lambda data: data[:100], "100 bytes are too few"),
        (lambda data: data[:PAGE], "cut off"),
        (lambda data: data[:-1], "cut off"),
        (lambda data: data + b"x", "something was written to it"),
        (lambda data: b"GIF89a" + data[6:], "no index file"),
        (lambda data: data[:15] + b"2" + data[16:], "another version"),
        (lambda data: data[:60] + b"!" + data[61:], "header does not agree with its checksum"),
        (
            lambda data: data[:PAGE] + bytes([data[PAGE] ^ 1]) + data[PAGE + 1 :],
            "hashes does not agree with its checksum",
        ),
    ],
)
def test_each_kind_of_damage_is_told_with_the_file_and_what_it_is(saved, change, words):
    saved.write_bytes(change(saved.read_bytes()))
    with pytest.raises(BadIndexFile, match=words) as told:
        map_index(saved)
    assert str(told.value).startswith(str(saved))


def test_any_damage_to_any_byte_is_refused(saved):
    """Bytes changed, runs of them wiped or moved, ends cut off: never an answer, never another error."""
    whole = saved.read_bytes()
    chance = random.Random(4)
    for _ in range(ROUNDS):
        data = bytearray(whole)
        at = chance.choice([chance.randrange(len(data)), chance.randrange(PAGE)])
        run = chance.choice([1, 1, 8, 4096])
        how = chance.randrange(3)
        if how == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            data[at : at + run] = chance.randbytes(len(data[at : at + run]))
        else:
            del data[at:]
        if data == whole:
            continue
        saved.write_bytes(data)
        with pytest.raises(BadIndexFile):
            map_index(saved)


def test_damage_that_is_not_looked_for_gives_an_error_or_a_wrong_answer_but_no_crash(saved):
    whole = saved.read_bytes()
    chance = random.Random(5)
    for _ in range(ROUNDS // 3):
        data = bytearray(whole)
        for _ in range(50):
            data[chance.randrange(PAGE, len(data))] = chance.randrange(256)
        saved.write_bytes(data)
        with contextlib.suppress(BadIndexFile, ValueError):
            map_index(saved, verify=False)[0].search_many(hashes(20))


def _with_header(path, **changes):
    """The file with another header, whose checksum is right: what a bug or a forger would write."""
    data = path.read_bytes()
    header = msgspec.json.decode(data[56:PAGE])
    for name, value in changes.items():
        header["parts"][1][name] = value
    text = msgspec.json.encode(header)
    padded = text.ljust(PAGE - 56)
    path.write_bytes(
        data[:16] + len(text).to_bytes(8, "little") + hashlib.sha256(padded).digest() + padded + data[PAGE:]
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at": 2**40}, "ids lies outside of the file"),
        ({"at": 0}, "ids lies outside of the file"),
        ({"shape": [2**62, 2**62]}, "ids lies outside of the file"),
        ({"shape": [-1, -20]}, "ids lies outside of the file"),
        ({"dtype": "|O"}, r"array of \|O"),
        ({"shape": [19]}, "hashes is uint8"),
        ({"name": "other"}, "an index has the arrays"),
        ({"at": "here"}, "header cannot be read"),
    ],
)
def test_a_header_that_lies_is_refused(saved, changes, words):
    _with_header(saved, **changes)
    with pytest.raises(BadIndexFile, match=words):
        map_index(saved, verify=False)


def test_arrays_of_objects_are_never_written(tmp_path):
    with pytest.raises(ValueError, match="not kept"):
        save(tmp_path / "x", {"a": np.array([{}])}, kind="hamming", position=0)
    assert list(tmp_path.iterdir()) == []
