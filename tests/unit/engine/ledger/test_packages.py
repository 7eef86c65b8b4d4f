"""Zips of files: what goes in comes out, and what is no package is refused with a sentence."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.ledger import packages
from evenhand.engine.ledger.packages import PackageError, check, pack, unpack

NAMES = st.text(alphabet="abc/-.", min_size=1, max_size=12).filter(lambda name: not name.endswith("/"))
FILES = st.dictionaries(NAMES, st.binary(max_size=60), max_size=5)


@given(FILES)
def test_what_is_packed_is_unpacked_and_the_same_files_make_the_same_zip(files):
    assert unpack(pack(files)) == files
    assert pack(dict(reversed(files.items()))) == pack(files)


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(content):
    with pytest.raises(PackageError):
        unpack(content)


def test_too_much_is_not_unpacked(monkeypatch):
    content = pack({"a": b"x" * 1_000, "b": b""})
    monkeypatch.setattr(packages, "MOST_BYTES", 999)
    with pytest.raises(PackageError, match="more than"):
        unpack(content)


def test_a_name_that_stands_twice_is_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"2")
    with pytest.raises(PackageError, match="twice"):
        unpack(out.getvalue())


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [(None, "no manifest.json"), (b"[]", "manifest.json"), (b"\xff", "manifest.json"), (b'{"a": 1}', "manifest.json")],
)
def test_what_has_no_manifest_is_no_package(manifest, complaint):
    with pytest.raises(PackageError, match=complaint):
        check({"manifest.json": manifest} if manifest is not None else {}, [])
