"""Which characters stand for which: folding of case and accents, what is invisible, what looks alike.

Sources: the Unicode Standard (NFKC, general categories, default ignorable characters); the idea of look-alikes is that
of Unicode Technical Standard 39, the pairs are our own choice and few on purpose.
"""

from __future__ import annotations

import unicodedata

ACCENTS = tuple(
    range(first, last + 1)
    for first, last in [
        (0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),  # European
        (0x0591, 0x05C7), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED),  # Hebrew, Arabic
    ]
)  # fmt: skip
"""Marks that a writer may leave out. The vowel signs of Indic and Thai scripts are not among them: they are letters."""

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
"""What shows nothing though Unicode does not count it among the format characters; with the variation selectors."""
_SURROGATES = range(0xD800, 0xE000)
_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)
"""Where Unicode has A to Z on a disc, on a square and as flags, which compatibility normalising leaves alone."""
_LATIN = 26

_WORD_FOR_LETTER = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ĸ": "k",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
}  # fmt: skip

_ALIKE = {
    "a": "аαɑᴀ", "b": "вβʙ", "c": "сϲᴄ", "d": "ԁᴅ", "e": "еεєᴇ", "f": "ғ", "g": "ɡɢց", "h": "һнηʜհ", "i": "іιɪ",
    "j": "јϳᴊ", "k": "кκᴋ", "l": "ӏʟ", "m": "мᴍ", "n": "ոɴ", "o": "оοσօᴏ", "p": "рρᴘ", "q": "ԛ", "r": "гʀ", "s": "ѕꜱ",
    "t": "тτᴛ", "u": "υμսᴜ", "v": "νѵᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уγүʏ", "z": "ζᴢ",
}  # fmt: skip
LOOKALIKES = {ord(other): latin for latin, others in _ALIKE.items() for other in others}
"""Folded letters of other scripts that pass for a Latin one."""


def fold_letter(letter: str) -> str:
    """One character as it is compared: lower case, without accents, compatibility forms resolved; "" when invisible."""
    if letter.isspace():
        return " "
    if _is_invisible(letter):
        return ""
    plain = _plain(letter)
    bare = "".join(mark for mark in unicodedata.normalize("NFD", plain) if not _is_accent(mark))
    folded = "".join(_WORD_FOR_LETTER.get(part, part) for part in unicodedata.normalize("NFC", bare))
    return " " if folded.isspace() else folded


def _plain(letter: str) -> str:
    known = _WORD_FOR_LETTER.get(letter) or _drawn_letter(ord(letter))
    return known or unicodedata.normalize("NFKC", letter).casefold()


def _is_invisible(letter: str) -> bool:
    return letter in INVISIBLE or unicodedata.category(letter) == "Cf"


def _is_accent(letter: str) -> bool:
    return any(ord(letter) in marks for marks in ACCENTS)


def _drawn_letter(code: int) -> str:
    for first in _ALPHABETS:
        if first <= code < first + _LATIN:
            return chr(ord("a") + code - first)
    return "\ufffd" if code in _SURROGATES else ""


def is_wordy(letter: str) -> bool:
    """Whether the character is part of a word: a letter, a digit, or a mark on one."""
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: written without spaces, so that a word's edge cannot be seen."""


def is_unspaced(letter: str) -> bool:
    return letter >= "\u0e00" and any(first <= ord(letter) <= last for first, last in UNSPACED)
