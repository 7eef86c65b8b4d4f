"""Texts of made-up words: ordinary ones, and campaigns in which everybody changes a little."""

from __future__ import annotations

from pathlib import Path

from bench.triage.chance import Chance

WORDS = Path(__file__).parents[1].joinpath("words.txt").read_text("utf-8").split()
EMOJI = ("🔥", "🎉", "👉", "💸", "✨", "📢")
_COMMON = 3


def text(chance: Chance) -> str:
    """12 to 45 words, the common ones more often."""
    return " ".join(_word(chance) for _ in range(chance.whole(12, 45)))


def link(chance: Chance) -> str:
    return f"https://{_word(chance)}-{chance.whole(10, 99)}.example/{chance.whole(1000, 9999)}"


def edited(chance: Chance, original: str) -> str:
    """As people change what they copy: some words replaced, a part moved, something put before, behind or between."""
    words = original.split()
    for _ in range(round(len(words) * (0.02 + 0.13 * chance.uniform()))):
        at = chance.whole(0, len(words) - 1)
        if not words[at].startswith("https:"):
            words[at] = _word(chance)
    if chance.uniform() < 0.2:
        cut = chance.whole(1, len(words) - 1)
        words = words[cut:] + words[:cut]
    if chance.uniform() < 0.3:
        words.insert(chance.whole(0, len(words)), chance.one_of(EMOJI))
    if chance.uniform() < 0.2:
        words += [f"#{_word(chance)}" for _ in range(chance.whole(1, 2))]
    return " ".join(words)


def quoted(chance: Chance, original: str) -> str:
    """Somebody shows it to others with a word of their own."""
    return " ".join([*(_word(chance) for _ in range(chance.whole(4, 8))), f"“{original}”"])


def _word(chance: Chance) -> str:
    return WORDS[int(len(WORDS) * chance.uniform() ** _COMMON)]
