"""Users of python-threatexchange's index find theirs."""

import io

import pytest

from evenhand.engine.media.hamming.threatexchange import BadStream, ThreatExchangeIndex
from tests.unit.engine.media.hamming_kernels import flipped, hashes

ROWS = hashes(20, seed=1)
HEX = [row.tobytes().hex() for row in ROWS]


def index():
    return ThreatExchangeIndex.build((text, {"number": number}) for number, text in enumerate(HEX))


def told(results):
    return [(one.similarity_info.distance, one.metadata) for one in results]


def test_a_query_tells_distance_and_entry_nearest_first():
    made = index()
    made.add(flipped(ROWS[3], [1, 2, 3]).tobytes().hex(), "added")
    assert told(made.query(HEX[3].upper())) == [(0, {"number": 3}), (3, "added")]
    assert told(made.query(flipped(ROWS[3], range(0, 64, 2)).tobytes().hex())) == []
    assert len(made) == 21


def test_it_comes_back_from_a_stream_even_with_one_entry_or_none():
    for entries in ([], [(HEX[0], None)], [(text, [number]) for number, text in enumerate(HEX)]):
        stream = io.BytesIO()
        ThreatExchangeIndex(entries).serialize(stream)
        stream.seek(0)
        again = ThreatExchangeIndex.deserialize(stream)
        assert len(again) == len(entries)
        for text, entry in entries:
            assert told(again.query(text)) == [(0, entry)]
        again.add(HEX[0], "later")
        assert told(again.query(HEX[0]))[-1] == (0, "later")


def test_what_cannot_be_told_in_json_is_not_written():
    with pytest.raises(TypeError):
        ThreatExchangeIndex([(HEX[0], object())]).serialize(io.BytesIO())


def test_streams_that_are_something_else_or_damaged_are_refused():
    stream = io.BytesIO()
    index().serialize(stream)
    whole = stream.getvalue()
    with pytest.raises(BadStream, match="no index"):
        ThreatExchangeIndex.deserialize(io.BytesIO(b"\x80\x04pickle"))
    for at in range(0, len(whole), 37):
        with pytest.raises(BadStream):
            ThreatExchangeIndex.deserialize(io.BytesIO(whole[:at]))
        changed = bytearray(whole)
        changed[at] ^= 1
        with pytest.raises(BadStream):
            ThreatExchangeIndex.deserialize(io.BytesIO(changed))


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "a" * 63, " " + "a" * 63, "é" * 64, "a" * 62 + "\n\n"])
def test_what_is_no_hash_is_refused_and_nothing_of_the_batch_is_added(text):
    made = index()
    with pytest.raises(ValueError, match="64 hex digits"):
        made.query(text)
    with pytest.raises(ValueError, match="64 hex digits"):
        made.add_all([(HEX[0], 1), (text, 2)])
    assert len(made.query(HEX[0])) == 1
