"""Texts of made-up words: ordinary ones, and campaigns in which everybody changes a little.

What people do to a text that they copy is ASSUMED: most add, drop or move something, some rewrite it. A rewritten one
is not found by any careful comparison; they are as many as specs/triage.md §4.2 takes for missed (recall .85).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.triage.chance import Chance

WORDS = Path(__file__).parents[1].joinpath("words.txt").read_text("utf-8").split()
EMOJI = ("🔥", "🎉", "👉", "💸", "✨", "📢")
LOOKALIKES = str.maketrans({"a": "а", "o": "о", "e": "е", "p": "р", "c": "с"})
"""Cyrillic ones."""
REWRITTEN = 0.15
PLAIN = 0.3
"""Share of texts without capitals and full stops. ASSUMED."""
_COMMON = 3


def text(chance: Chance) -> str:
    """12 to 45 words in sentences, the common words more often."""
    words = [_word(chance) for _ in range(chance.whole(12, 45))]
    if chance.uniform() < PLAIN:
        return " ".join(words)
    sentences = []
    while words:
        length = chance.whole(5, 12)
        sentences.append(_sentence(words[:length], chance.one_of(".!?.")))
        words = words[length:]
    return " ".join(sentences)


def _sentence(words: list[str], end: str) -> str:
    said = " ".join(words)
    return f"{said[0].upper()}{said[1:]}{end}"


def link(chance: Chance) -> str:
    return f"https://{_word(chance)}-{chance.whole(10, 99)}.example/{chance.whole(1000, 9999)}"


def edited(chance: Chance, original: str) -> str:
    """One copy: a third as it was; else changed once or twice in the ways in which people do it."""
    if chance.uniform() < REWRITTEN:
        return _rewritten(chance, original)
    copy = original
    for _ in range(chance.index((0.35, 0.40, 0.25))):
        copy = chance.one_of(_EDITS)(chance, copy)
    return copy


def quoted(chance: Chance, original: str) -> str:
    """Somebody shows it to others with a word of their own, half of them without quotation marks."""
    own = _sentence([_word(chance) for _ in range(chance.whole(4, 8))], ":")
    return f"{own} “{original}”" if chance.uniform() < 0.5 else f"{own} {original}"


def _rewritten(chance: Chance, original: str) -> str:
    """Two to fifteen in a hundred words are others."""
    words = original.split()
    for _ in range(max(1, round(len(words) * (0.02 + 0.13 * chance.uniform())))):
        at = chance.whole(0, len(words) - 1)
        if not words[at].startswith("https:"):
            words[at] = _word(chance)
    return " ".join(words)


def _moved(chance: Chance, copy: str) -> str:
    """A part from the end comes first: whole sentences where there are some."""
    parts = copy.replace(". ", ".\n").replace("! ", "!\n").replace("? ", "?\n").split("\n")
    if len(parts) == 1:
        parts = copy.split()
    cut = chance.whole(1, len(parts) - 1) if len(parts) > 1 else 0
    return " ".join([*parts[cut:], *parts[:cut]])


def _added(chance: Chance, copy: str) -> str:
    return f"{copy} {_sentence([_word(chance) for _ in range(chance.whole(1, 4))], '!')}"


def _emoji(chance: Chance, copy: str) -> str:
    words = copy.split()
    words.insert(chance.whole(0, len(words)), chance.one_of(EMOJI))
    return " ".join(words)


def _hashtag(chance: Chance, copy: str) -> str:
    return f"{copy} #{_word(chance)}"


def _shouted(_chance: Chance, copy: str) -> str:
    return copy if "https:" in copy else copy.upper()


def _disguised(chance: Chance, copy: str) -> str:
    """Some words in letters that look alike."""
    words = copy.split()
    return " ".join(
        word.translate(LOOKALIKES) if chance.uniform() < 0.2 and not word.startswith("https:") else word
        for word in words
    )


_EDITS: tuple[Callable[[Chance, str], str], ...] = (_moved, _added, _emoji, _emoji, _hashtag, _shouted, _disguised)


def _word(chance: Chance) -> str:
    return WORDS[int(len(WORDS) * chance.uniform() ** _COMMON)]
