"""Finds the words and phrases of many lists in one pass, through disguises, and tells which characters they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from evenhand.engine.text.disguise import Reading, readings
from evenhand.engine.text.fold import Folded, fold, unmask
from evenhand.engine.text.letters import is_unspaced, is_wordy

LOOSE_LENGTH = 4
"""Shortest word that is looked for inside a run of letters set apart, where the edges of words cannot be seen."""
_JOINTS = str.maketrans("-_", "  ")
"""What joins words is a space, on both sides: "self-harm" is "self harm"."""


class Hit(Struct, frozen=True, order=True):
    """`text[start:end]` of the original reads as `terms[term]`; disguised when it is not written that way."""

    start: int
    end: int
    term: int
    disguised: bool = False


def normal(term: str) -> str:
    """The term as it is looked for; empty when nothing is left to look for."""
    return fold(term).text.translate(_JOINTS).strip()


class Words:
    """An Aho-Corasick automaton (Aho and Corasick 1975) over `terms`; as a term's edges are words', so are a hit's."""

    def __init__(self, terms: Sequence[str]) -> None:
        """Raises ValueError: a term with nothing in it to look for."""
        self._terms: dict[str, list[int]] = {}
        for index, term in enumerate(terms):
            for form in dict.fromkeys((normal(term), unmask(normal(term)))):
                if not form:
                    raise ValueError(f"{term!r} holds only spaces or invisible characters: nothing to look for.")
                self._terms.setdefault(form, []).append(index)
        self._forms = list(self._terms)
        self._automaton = AhoCorasick(self._forms, store_patterns=False)

    def find(self, text: str) -> list[Hit]:
        """Every hit in `text`, in the order of the text, in time linear in it and in the number of hits."""
        folded = fold(text)
        found = dict.fromkeys(self._plain(folded, folded.text, disguised=False))
        unmasked = unmask(folded.text)
        if unmasked != folded.text:
            found |= dict.fromkeys(self._plain(folded, unmasked, disguised=True))
        for reading in readings(unmasked):
            found |= dict.fromkeys(self._disguised(folded, reading))
        return sorted(_without_repeats(found))

    def _plain(self, folded: Folded, text: str, *, disguised: bool) -> Iterator[Hit]:
        for form, start, end in self._matches(text):
            if stands_alone(text, start, end):
                yield from self._hits(form, folded.span(start, end), disguised=disguised)

    def _disguised(self, folded: Folded, reading: Reading) -> Iterator[Hit]:
        for form, start, end in self._matches(reading.text):
            if not reading.changed_by(start, end):
                continue
            loose = end - start >= LOOSE_LENGTH and reading.in_run(start, end)
            if loose or stands_alone(reading.text, start, end):
                first, last = reading.starts[start], reading.starts[end - 1] + 1
                yield from self._hits(form, folded.span(first, last), disguised=True)

    def _matches(self, text: str) -> list[tuple[int, int, int]]:
        return self._automaton.find_matches_as_indexes(text.translate(_JOINTS), overlapping=True)  # type: ignore[no-any-return]

    def _hits(self, form: int, span: tuple[int, int], *, disguised: bool) -> Iterator[Hit]:
        for term in self._terms[self._forms[form]]:
            yield Hit(*span, term, disguised)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the edges of `text[start:end]` are edges of words. An edge that is no letter, or one of a script that
    writes no spaces, needs none."""
    return not _joined(text, start - 1, start) and not _joined(text, end - 1, end)


def _joined(text: str, before: int, after: int) -> bool:
    if before < 0 or after >= len(text):
        return False
    left, right = text[before], text[after]
    if not (is_wordy(left) and is_wordy(right)):
        return False
    return not (is_unspaced(left) or is_unspaced(right))


def _without_repeats(hits: Iterable[Hit]) -> list[Hit]:
    """Of the same term at the same place, the hit that needs no disguise."""
    plain = {(hit.start, hit.end, hit.term) for hit in hits if not hit.disguised}
    return [hit for hit in hits if not hit.disguised or (hit.start, hit.end, hit.term) not in plain]
