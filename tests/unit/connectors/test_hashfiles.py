"""Hash lists in files: every row says something, or why it says nothing, whatever stands there."""

import json
import time
from base64 import b64encode
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors.hashfiles import FORMATS, HashFile, from_config, hma, jsonstream, vics, vpdqtext
from evenhand.engine.media.listing import Listed, ListFailed, Withdrawn
from tests.support.hashlists.shelf import Shelf

MD5 = "AB" * 16
MEDIUM = {"MediaID": 1, "Category": 2, "MD5": MD5, "SHA1": "", "IsPrecategorized": "true", "IsDistributed": "False",
          "Series": "Example", "Tags": "one, two", "DateUpdated": "/Date(1700000000000)/"}  # fmt: skip
SET_2 = {"@odata.context": "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media"}
SET_1 = {"odata.metadata": "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"}


def of_vics(document, encoding="utf-8"):
    written = document if isinstance(document, str) else json.dumps(document)
    return [found for _, found in vics.read(BytesIO(written.encode(encoding)))]


@pytest.mark.parametrize("context", [SET_1, SET_2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_hash_set_of_project_vic_is_read_with_its_category_as_it_stands(context, encoding):
    [one] = of_vics(context | {"value": [MEDIUM]}, encoding)
    assert one == Listed(
        key=f"md5:{MD5.lower()}",
        hashes={"md5": b"\xab" * 16},
        classification="2",
        tags=("one", "two", "IsPrecategorized"),
        note="Example",
        at=1_700_000_000_000_000,
    )


def test_photodna_is_kept_as_its_bytes():
    [one] = of_vics({"value": [MEDIUM | {"PhotoDNA": b64encode(b"z" * 144).decode()}]})
    assert one.hashes["pdna"] == b"z" * 144


def test_a_case_files_media_are_read_wherever_they_stand():
    case = {"CaseID": "c", "Media": [MEDIUM, MEDIUM | {"MD5": "CD" * 16, "MediaFiles": [{"FileName": "x"}]}], "Zone": 1}
    assert [one.classification for one in of_vics({"value": [case]})] == ["2", "2"]


def test_a_case_that_is_larger_than_what_is_held_at_once_is_read_too():
    media = [MEDIUM | {"MD5": f"{n:032x}", "Note": "x" * 300} for n in range(8_000)]
    found = of_vics(json.dumps({"value": [{"CaseID": "c", "Media": media, "End": {}}]}, indent=1))
    assert [one.key for one in found] == [f"md5:{n:032x}" for n in range(8_000)]


def test_a_broken_medium_is_named_by_line_field_reason_and_example():
    document = json.dumps({"value": [MEDIUM, MEDIUM | {"SHA1": "zz"}, MEDIUM]}, indent=0)
    rows = list(vics.read(BytesIO(document.encode())))
    [(line, why)] = [(line, found) for line, found in rows if isinstance(found, str)]
    assert (line, len(rows)) == (14, 3)
    assert "sha1: hex" in why
    assert "“zz”" in why


def test_json_that_breaks_off_is_told_with_its_line_after_what_was_good():
    document = json.dumps({"value": [MEDIUM, MEDIUM]}, indent=0)[:-150]
    rows = vics.read(BytesIO(document.encode()))
    assert isinstance(next(rows)[1], Listed)
    with pytest.raises(jsonstream.NotJson, match=r"line 1\d: "):
        list(rows)


def test_long_files_are_read_in_linear_time():
    def seconds(count: int) -> float:
        document = json.dumps({"value": [MEDIUM | {"MD5": f"{n:032x}"} for n in range(count)]}).encode()
        began = time.process_time()
        assert sum(1 for _ in vics.read(BytesIO(document))) == count
        return time.process_time() - began

    assert seconds(16_000) < 12 * max(seconds(4_000), 0.02)


@pytest.mark.parametrize(
    "hostile", ["[" * 200_000, '{"value":[' * 50_000, '{"value":[' + "9" * 300_000, '{"value":["' + "x" * 3_000_000]
)
def test_hostile_json_is_refused_soon(hostile):
    began = time.process_time()
    with pytest.raises(jsonstream.NotJson):
        of_vics(hostile)
    assert time.process_time() - began < 5


CONTENT = {"id": 7, "disable_until_ts": 1, "bank": {"name": "EXAMPLE"}, "note": "a note",
           "signals": {"pdq": "ab" * 32, "video_md5": MD5}}  # fmt: skip


def of_hma(written: str):
    return [found for _, found in hma.read(BytesIO(written.encode()), 1_000)]


def test_an_export_of_hma_is_read_as_a_list_and_line_by_line():
    expected = Listed(key="EXAMPLE/7", hashes={"pdq": b"\xab" * 32, "video_md5": b"\xab" * 16}, note="a note")
    assert of_hma(json.dumps([CONTENT])) == [expected]
    assert of_hma(json.dumps(CONTENT) + "\n\n{\n" + json.dumps(CONTENT))[::2] == [expected, expected]


def test_what_hma_has_switched_off_is_not_matched():
    off = [CONTENT | {"disable_until_ts": ts} for ts in (0, 1_001, 999)]
    assert [type(one) for one in of_hma(json.dumps(off))] == [Withdrawn, Withdrawn, Listed]


def test_an_export_without_signals_says_what_to_do():
    [why] = of_hma(json.dumps({"id": 7}))
    assert "include_signals" in why


def test_a_film_of_vpdq_is_its_good_frames():
    lines = ["0,100," + "ab" * 32 + ",0.0", "1,49," + "cd" * 32 + ",1.0", "2,50," + "ef" * 32 + ",2.0", "3,x,,"]
    rows = [found for _, found in vpdqtext.read(lines, "film.txt")]
    assert rows[1] == Listed(key="film.txt", hashes={"vpdq": b"\xab" * 32 + b"\xef" * 32})
    assert "quality" in rows[0]
    assert "“x”" in rows[0]


def test_a_file_is_a_list_that_withdraws_what_is_not_in_it_any_more(tmp_path):
    path = tmp_path / "example.csv"
    path.write_text(f"{MD5},example\n{'cd' * 16}\n")
    shelf = Shelf().pull(from_config({"path": str(path)}))
    assert len(shelf.held) == 2
    path.write_text(f"{MD5},example\nbroken\n")
    assert len(shelf.pull(from_config({"path": str(path)})).held) == 2
    assert "line 2" in shelf.refused[0]
    path.write_text(f"{MD5},example\n")
    assert len(shelf.pull(from_config({"path": str(path)})).held) == 1


@pytest.mark.parametrize("config", [{}, {"path": 7}, {"path": "x", "format": "pickle"}])
def test_a_wrong_configuration_is_told(config):
    with pytest.raises(ListFailed):
        from_config(config)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ListFailed, match="gone"):
        list(HashFile(tmp_path / "gone", "csv").pull(""))


def test_a_file_of_another_format_is_given_up(tmp_path):
    path = tmp_path / "wrong"
    path.write_text("wrong\n" * 2_000)
    with pytest.raises(ListFailed, match="cannot be read as csv"):
        list(HashFile(path, "csv").pull(""))


ROWS = st.text(alphabet='{}[]",:\\\n 0159aetruflsnx-', max_size=120)
MEDIA = st.fixed_dictionaries({}, optional={
    name: st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.text(max_size=3), max_size=2)
    for name in (*MEDIUM, "signals", "id", "bank", "disable_until_ts", "Media", "PhotoDNA")
})  # fmt: skip


@given(
    st.sampled_from(FORMATS),
    st.binary(max_size=200)
    | ROWS.map(str.encode)
    | ROWS.map(lambda text: b'{"value":[' + text.encode())
    | st.lists(MEDIA, max_size=3).map(lambda media: json.dumps({"value": media}).encode())
    | st.lists(MEDIA, max_size=3).map(lambda media: json.dumps(media).encode()),
)
def test_no_file_raises_anything_but_what_is_documented(tmp_path_factory, form, junk):
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(junk)
    try:
        pages = list(HashFile(path, form).pull(""))
    except ListFailed:
        return
    assert pages[-1].complete
