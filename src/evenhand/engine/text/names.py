"""Names as they sound: what stays the same when a name is written in another script or language."""

from __future__ import annotations

import re
from functools import lru_cache

LEAST_SOUNDS = 3
"""Names with fewer consonants sound alike by chance."""

_CYRILLIC_OR_GREEK = str.maketrans(
    "абвгдежзийклмнопрстуфхцчшщыэюяіїєґαβγδεζηθικλμνοπρσςτυφχω",
    "abvgdessiiklmnoprstufhssssieuaiiegavgdesitiklmnoprsstifho",
    "ъь",
) | {ord("ξ"): "ks", ord("ψ"): "ps"}
"""Cyrillic and Greek, roughly as they sound. Our own table, coarser than any standard of transliteration: what it gives
is compared, never shown."""
_TOGETHER = re.compile("tsch|sch|tch|sh|ch|zh|ts|tz|cz|sz|ph|th|ck|kh|qu|x")
_SOUND = {
    "tsch": "s", "sch": "s", "tch": "s", "sh": "s", "ch": "s", "zh": "s", "ts": "s", "tz": "s", "cz": "s", "sz": "s",
    "ph": "f", "th": "t", "ck": "k", "kh": "h", "qu": "kf", "x": "ks",
}  # fmt: skip
_ALONE = str.maketrans({"c": "k", "q": "k", "z": "s", "w": "f", "v": "f", "j": "i", "y": "i"})
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile("[aeiouh]+")


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """The consonants of a folded name, whether it begins with a vowel, and which one it ends with; with few consonants,
    the whole name.

    Of a name in other letters than Latin, Cyrillic and Greek: the name as it is.
    """
    latin = name.translate(_CYRILLIC_OR_GREEK)
    if not latin.isascii():
        return name
    plain = _TOGETHER.sub(lambda sounds: _SOUND[sounds.group()], latin).translate(_ALONE)
    consonants = _DOUBLED.sub(r"\1", _SILENT.sub("", plain))
    if len(consonants) < LEAST_SOUNDS:
        return plain
    begun = "a" if plain[0] in "aeiouh" else ""
    return begun + consonants + (plain[-1] if plain[-1] in "aeiou" else "")
