"""What format a file of hashes has shows in it; all are read through one door."""

import json

import pytest

from evenhand.connectors.hashfiles import form_of, rows
from evenhand.engine.media.listing import Listed, Withdrawn
from tests.unit.engine.media.photographs import photograph, saved

MD5, PDQ = "ab" * 16, "cd" * 32
VICS = {"@odata.context": "x", "value": [{"MediaID": 1, "Category": 2, "MD5": MD5}]}
CONTENT = {"id": 7, "disable_until_ts": 1, "bank": {"name": "EXAMPLE"}, "signals": {"pdq": PDQ}}
ROW = {"type": "md5", "value": MD5, "label": "advert"}
FILES = {
    "bare hashes": (f"{MD5}\n", "csv"),
    "our columns": (f"type,value\nmd5,{MD5}\n", "csv"),
    "nothing": ("", "csv"),
    "Project VIC, in one line": (json.dumps(VICS), "vics"),
    "Project VIC, over many lines": (json.dumps(VICS, indent=2), "vics"),
    "Project VIC, as a list": (json.dumps(VICS["value"]), "vics"),
    "Project VIC, with a mark before it": ("\ufeff" + json.dumps(VICS), "vics"),
    "HMA, as a list": (json.dumps([CONTENT], indent=1), "hma"),
    "HMA, line by line": (json.dumps(CONTENT) + "\n" + json.dumps(CONTENT | {"id": 8}), "hma"),
    "JSON, a list of objects": (json.dumps([ROW]), "json"),
    "JSON, a line for each": (json.dumps(ROW) + "\n", "json"),
    "JSON, a list of bare hashes": (json.dumps([MD5]), "json"),
    "vPDQ's text": (f"0,100,{PDQ},0.0\n", "vpdq"),
}


def read(path, form: str, **more: object) -> list[Listed | Withdrawn | str]:
    return [found for _line, found in rows(path, form, now=1_000.0, **more)]


@pytest.mark.parametrize("name", FILES)
def test_a_file_shows_what_it_is_and_is_read_as_that(name, tmp_path):
    text, form = FILES[name]
    path = tmp_path / "list"
    path.write_text(text, "utf-8")
    assert form_of(path) == form
    found = read(path, form)
    assert all(isinstance(one, Listed) for one in found), found
    assert bool(found) == bool(text)


def test_rows_of_json_say_what_the_same_rows_of_csv_say(tmp_path):
    (tmp_path / "csv").write_text(f"type,value,label,source_id,deleted\nmd5,{MD5},advert,1,\n,{PDQ},,2,true\n")
    told = [ROW | {"source_id": 1}, {"value": PDQ, "source_id": "2", "deleted": True, "label": None}]
    (tmp_path / "json").write_text(json.dumps(told))
    assert read(tmp_path / "json", "json") == read(tmp_path / "csv", "csv")


def test_a_row_of_json_that_says_nothing_is_told_with_its_line_and_keeps_no_other_out(tmp_path):
    path = tmp_path / "list.json"
    path.write_text("\n".join([json.dumps(ROW), "{", json.dumps({"hash": MD5}), "3", json.dumps({"value": "xy"})]))
    good, *bad = rows(path, form_of(path), now=0.0)
    assert isinstance(good[1], Listed)
    assert [line for line, _why in bad] == [2, 3, 4, 5]
    assert "type" in bad[1][1]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (saved(photograph("chelsea.png", 64), "PNG"), "it is a PNG"),
        (saved(photograph("chelsea.png", 64), "JPEG"), "it is a JPEG"),
        (b"\0\1\2" * 9, "it is binary"),
    ],
)
def test_a_file_that_is_no_text_is_told_in_one_sentence(data, told, tmp_path):
    path = tmp_path / "base.png"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"^This is no text file, {told}[^\n]*[.]$"):
        form_of(path)
    with pytest.raises(ValueError, match="no text file"):
        read(path, "csv")


def test_how_far_it_is_read_is_told_in_bytes(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(f"{MD5}\n" * 30_000)
    told: list[int] = []
    read(path, "csv", done=told.append)
    assert 0.9 * path.stat().st_size <= sum(told) <= path.stat().st_size
