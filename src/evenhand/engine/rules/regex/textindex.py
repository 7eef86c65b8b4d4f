"""Which of many literals stand in a text, in one pass (Aho and Corasick 1975), whatever their case."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick

from evenhand.engine.rules.regex.literals import fold_case


class TextIndex:
    """`literals`: each has its place in the sequence as its number."""

    def __init__(self, literals: Sequence[str]) -> None:
        """Raises ValueError: an empty literal."""
        if "" in literals:
            raise ValueError("an empty literal stands in every text: nothing to look for.")
        numbers: dict[str, list[int]] = {}
        for number, literal in enumerate(literals):
            numbers.setdefault(fold_case(literal), []).append(number)
        self._same = list(numbers.values()) if len(numbers) < len(literals) else None
        self._automaton = AhoCorasick(list(numbers), store_patterns=False)

    def find(self, text: str) -> set[int]:
        """The numbers of the literals that stand in a text."""
        return self.find_folded(fold_case(text))

    def find_folded(self, folded: str) -> set[int]:
        """The same for a text that `fold_case` has been over."""
        found = {match[0] for match in self._automaton.find_matches_as_indexes(folded, overlapping=True)}
        return {number for form in found for number in self._same[form]} if self._same else found
