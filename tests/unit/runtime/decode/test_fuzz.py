"""Mutated files of every kind: the short form; EVENHAND_TEST_FUZZ=100000 is the full one (minutes)."""

import os

import pytest

from tests.fuzz_media import run

COUNT = int(os.environ.get("EVENHAND_TEST_FUZZ", "400"))


@pytest.mark.timeout(max(120, COUNT // 20))
def test_every_mutated_file_gives_hashes_or_a_verdict_and_the_desk_goes_on() -> None:
    tally = run(COUNT, seed=COUNT)
    assert sum(tally.verdicts.values()) == COUNT
    assert tally.verdicts["hashed"]
    assert tally.verdicts["not decodable"]
