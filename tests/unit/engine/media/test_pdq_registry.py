"""Hash kinds: our own, those of installed packages, and what is refused with its reason."""

import hashlib
from importlib.metadata import EntryPoint

import numpy as np
import pytest

from evenhand.engine.media.hashing import pdq
from evenhand.engine.media.registry import GROUP, HashKind, NotAKind, hamming, joined, kinds
from tests.support.photographs import generated


def first_bytes(data):
    return data[:8]


PREFIX = HashKind(name="prefix", bits=64, made_of="bytes", make=first_bytes, distance=hamming, radius=3)
ODD = HashKind(name="odd", bits=12, made_of="bytes", make=first_bytes, distance=hamming)
NAMELESS = HashKind(name="two words", bits=64, made_of="bytes", make=first_bytes, distance=hamming)
PDQ = HashKind(name="pdq", bits=256, made_of="pixels", make=first_bytes, distance=hamming)


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "a_package", __import__("types").SimpleNamespace(**globals()))
    return lambda *names: [EntryPoint(name.lower(), f"a_package:{name}", GROUP) for name in names]


def test_our_own_kinds_hash_pixels_and_files():
    found = kinds()
    assert found["pdq"].make(generated(1)) == pdq(generated(1)).hash
    assert found["md5"].make(b"x") == hashlib.md5(b"x").digest()
    assert found["sha1"].make(b"x") == hashlib.sha1(b"x").digest()
    assert found["sha256"].make(b"x") == hashlib.sha256(b"x").digest()
    assert {kind.name: kind.radius for kind in found.values()} == {"pdq": 31, "md5": 0, "sha1": 0, "sha256": 0}


def test_a_picture_of_one_colour_has_no_pdq():
    assert kinds()["pdq"].make(np.full((50, 50), 9, np.uint8)) is None


def test_an_installed_package_adds_its_kind(installed):
    assert joined(installed("PREFIX"))["prefix"].make(b"0123456789") == b"01234567"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("PDQ", "there is a hash kind 'pdq' already"),
        ("ODD", "12 bits are no whole number of bytes"),
        ("NAMELESS", "'two words' is no name"),
        ("first_bytes", "is a function, not an evenhand HashKind"),
        ("missing", "cannot be loaded"),
    ],
)
def test_what_is_no_kind_is_refused_with_its_reason(name, why, installed):
    with pytest.raises(NotAKind, match=why):
        joined(installed(name))


def test_hashes_of_different_lengths_have_no_distance():
    assert hamming(b"\xff\x00", b"\x0f\x01") == 5
    with pytest.raises(ValueError, match="no distance"):
        hamming(b"1", b"12")
