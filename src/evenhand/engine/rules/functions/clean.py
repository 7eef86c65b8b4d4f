"""Functions that bring strings into a form in which they can be compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import regex
from anyascii import anyascii

from evenhand.engine.rules.function import Family
from evenhand.engine.text.disguise import readings
from evenhand.engine.text.fold import fold, unmask

FAMILY = Family()
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
_FORMS: dict[str, Form] = {"NFC": "NFC", "NFD": "NFD", "NFKC": "NFKC", "NFKD": "NFKD"}
_ONE_EMOJI = r"(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Emoji}\p{EMod})"
_EMOJI = regex.compile(
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3"
    rf"|{_ONE_EMOJI}[\uFE0F\p{{EMod}}]{{0,2}}[\U000E0020-\U000E007F]{{0,16}}"
    rf"(?:\u200D\p{{Extended_Pictographic}}[\uFE0F\p{{EMod}}]{{0,2}}){{0,8}}"
)
"""One emoji with what belongs to it: skin, joined persons, flags. Each repeat is bounded, so time is linear."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SPACE = re.compile(r"\s+")


class _WithoutPunctuation(dict[int, int | None]):
    """For `str.translate`: what becomes of each character, looked up once."""

    def __missing__(self, code: int) -> int | None:
        kept = self[code] = None if unicodedata.category(chr(code))[0] in "PS" else code
        return kept


_WITHOUT_PUNCTUATION = _WithoutPunctuation()


@FAMILY.add("StringClean", cost=60)
def string_clean(
    s: str,
    form: str = "NFKC",
    remove_emoji: bool = False,
    space: bool = True,
    l33t: bool = False,
    homoglyph: bool = True,
    unicode_normalize: bool = True,
    unidecode: bool = False,
    upper: bool = False,
    lower: bool = False,
    remove_space: bool = False,
    remove_punctuation: bool = False,
) -> str:
    """The string, cleaned step by step in this order.

    `remove_emoji`: without emoji. `unicode_normalize`: in the Unicode form `form` (NFC, NFD, NFKC or NFKD).
    `homoglyph`: letters of other scripts that only pass for Latin ones become Latin. `l33t`: digits and signs that
    stand for letters become letters, in lower case. `unidecode`: spelt in ASCII. `remove_punctuation`: without
    punctuation and symbols. `space`: each stretch of white space is one space, none at the ends; `remove_space`: no
    white space at all. `lower`, `upper`: in that case.

    Error: an unknown form.
    """
    if form not in _FORMS:
        raise ValueError(f"{form!r} is no Unicode form: use one of {', '.join(_FORMS)}.")
    s = _EMOJI.sub("", s) if remove_emoji else s
    s = unicodedata.normalize(_FORMS[form], s) if unicode_normalize else s
    s = _latin(s) if homoglyph else s
    s = _letters(s) if l33t else s
    s = anyascii(s) if unidecode else s
    s = s.translate(_WITHOUT_PUNCTUATION) if remove_punctuation else s
    s = _SPACE.sub("" if remove_space else " ", s) if space or remove_space else s
    s = s.strip() if space else s
    s = s.lower() if lower else s
    return s.upper() if upper else s


@FAMILY.add("CleanString", cost=30, total=True)
def clean_string(s: str) -> str:
    """The string as it is compared: lower case, without accents, compatibility forms and invisible characters, each
    stretch of white space one space."""
    return fold(s).text.strip()


@FAMILY.add("Tokenize", cost=10, total=True)
def tokenize(s: str) -> list[str]:
    """The words of a string in lower case, in their order: letters and digits, with apostrophes inside them."""
    return _WORD.findall(s.lower())


@FAMILY.add("ExtractEmoji", cost=20, total=True)
def extract_emoji(s: str) -> list[str]:
    """The emoji of a string in their order, each as it is seen: a flag, a family or a skin tone is part of one
    emoji."""
    return [] if s.isascii() else _EMOJI.findall(s)


def _latin(text: str) -> str:
    lower = text.lower()
    unmasked = unmask(lower)
    if unmasked == lower:
        return text
    if len(lower) != len(text):
        return unmasked
    pairs = zip(text, lower, unmasked, strict=True)
    return "".join(sign if plain == was else plain.upper() if sign.isupper() else plain for sign, was, plain in pairs)


def _letters(text: str) -> str:
    lower = text.lower()
    return next((reading.text for reading in readings(lower)), lower)
