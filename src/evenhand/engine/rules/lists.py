"""Word lists that rules ask for by name: is a phrase on the list, plain or disguised, and which are in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from evenhand.engine.text.disguise import readings
from evenhand.engine.text.fold import fold, unmask
from evenhand.engine.text.letters import is_wordy
from evenhand.engine.text.words import Words, normal

_REMEMBERED_LENGTH = 64
"""Longer phrases are whole texts, which do not come again."""
_REMEMBERED = 8192
"""So many phrases are remembered, by all lists together, and by each list with its answer."""
_PLURALS = (("ies", "y"), ("es", ""), ("'s", ""), ("s", ""), ("z", ""))


class WordList:
    """The terms of one list, each looked up in constant time however many there are."""

    def __init__(self, terms: Iterable[str]) -> None:
        """Raises ValueError: a term with nothing in it to look for."""
        self.terms = tuple(dict.fromkeys(term.strip() for term in terms))
        for term in self.terms:
            if not normal(term):
                raise ValueError(f"{term!r} holds only spaces or invisible characters: nothing to look for.")
        self._plain = frozenset(map(str.casefold, self.terms))
        self._normal = frozenset(form for term in self.terms for form in _normal_forms(term))
        self._answered = lru_cache(maxsize=_REMEMBERED)(self._reads)

    def __len__(self) -> int:
        return len(self.terms)

    def first(self, phrases: Sequence[str]) -> str | None:
        """The first of the phrases that is on the list, upper and lower case alike."""
        return _first(phrases, self.has)

    def first_normal(self, phrases: Sequence[str]) -> str | None:
        """The same, without regard to accents, look-alike letters, invisible characters and hyphens."""
        return _first(phrases, self.has_normal)

    def first_disguised(self, phrases: Sequence[str], *, plurals: bool = False) -> str | None:
        """The same, through disguises; with `plurals` also the plural of a term."""
        return _first(phrases, lambda phrase: self.has_disguised(phrase, plurals=plurals))

    def has(self, phrase: str) -> bool:
        return phrase.strip().casefold() in self._plain

    def has_normal(self, phrase: str) -> bool:
        return not self._normal.isdisjoint(_normal_forms(phrase))

    def has_disguised(self, phrase: str, *, plurals: bool = False) -> bool:
        """Whether the phrase reads as a term: 5pam, s p a m, spaaaam, sраm with Cyrillic letters, *spam*."""
        return (self._answered if len(phrase) <= _REMEMBERED_LENGTH else self._reads)(phrase, plurals)

    def _reads(self, phrase: str, plurals: bool) -> bool:  # noqa: FBT001 - by position it is remembered quicker
        forms = _remembered(phrase) if len(phrase) <= _REMEMBERED_LENGTH else _readings(phrase)
        if not self._normal.isdisjoint(forms):
            return True
        return plurals and any(one in self._normal for form in forms for one in _singulars(form))

    def find(self, text: str, *, disguised: bool = True) -> list[str]:
        """The terms that stand in a text as whole words, in the order of the text, each once."""
        hits = self._words.find(text)
        return list(dict.fromkeys(self.terms[hit.term] for hit in hits if disguised or not hit.disguised))

    @cached_property
    def _words(self) -> Words:
        return Words(self.terms)


def _first(phrases: Sequence[str], is_on: Callable[[str], bool]) -> str | None:
    return next(filter(is_on, phrases), None)


def _normal_forms(phrase: str) -> tuple[str, str]:
    form = normal(phrase)
    return form, unmask(form)


def _readings(phrase: str) -> tuple[str, ...]:
    """Everything that a phrase may be meant to say, without the signs at its edges."""
    plain = unmask(fold(phrase).text)
    apart = normal(plain)
    said = [reading.text for written in dict.fromkeys((plain, apart)) for reading in readings(written)]
    forms = [normal(phrase), apart, *map(normal, said)]
    return tuple(dict.fromkeys([*forms, *map(_without_edges, forms)]))


_remembered = lru_cache(maxsize=_REMEMBERED)(_readings)


def _without_edges(form: str) -> str:
    wordy = [at for at, letter in enumerate(form) if is_wordy(letter)]
    return form[wordy[0] : wordy[-1] + 1] if wordy else ""


def _singulars(form: str) -> Iterator[str]:
    for ending, instead in _PLURALS:
        if form.endswith(ending):
            yield form.removesuffix(ending) + instead
