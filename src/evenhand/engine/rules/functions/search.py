"""Functions that look for words and patterns in a string."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.regex import compile_pattern
from evenhand.engine.rules.values import Constant
from evenhand.engine.text.words import stands_alone

FAMILY = Family()
_MODES = {"any": any, "all": all}
_MOST_COMPARED = 1_000_000
"""Characters of hits that did not stand alone, after which the rest of the text is read the slow way."""


@FAMILY.add("TextContains", cost=5, total=True)
def text_contains(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text as whole words, upper and lower case alike. An empty phrase is in no text."""
    return has_words(text.casefold(), phrase.casefold())


@FAMILY.add("StringContains", cost=5, total=True)
def string_contains(s: str, phrase: str, substrings: bool = False, case_sensitive: bool = False) -> bool:
    """Whether a phrase stands in a string: as whole words, or anywhere with `substrings`. Upper and lower case are
    alike unless `case_sensitive`. An empty phrase is in no string."""
    if not case_sensitive:
        s, phrase = s.casefold(), phrase.casefold()
    return phrase != "" and phrase in s if substrings else has_words(s, phrase)


@FAMILY.add("RegexMatch", cost=20)
def regex_match(pattern: Constant[str], target: str, case_insensitive: bool = False) -> bool:
    """Whether a regular expression matches anywhere in a string. `pattern` is one of Python's `re`.

    Error: no regular expression; or it needs more than 5 ms, which only look-around and back-references can.
    """
    return compile_pattern(pattern, case_insensitive=case_insensitive).search(target)


@FAMILY.add("RegexMatchMap", cost=60)
def regex_match_map(
    pattern: Constant[str], target: list[str], mode: str = "any", case_insensitive: bool = False
) -> bool:
    """Whether a regular expression matches in any of the strings of a list, or in all of them.

    `mode`: "any" or "all". Error: another mode; no regular expression; more than 5 ms for one string.
    """
    if mode not in _MODES:
        raise ValueError(f'mode is {mode!r}: write "any" or "all".')
    compiled = compile_pattern(pattern, case_insensitive=case_insensitive)
    return _MODES[mode](map(compiled.search, target))


@FAMILY.add("CountRegexMatches", cost=60)
def count_regex_matches(patterns: Constant[list[str]], target: str, case_insensitive: bool = False) -> int:
    """How often regular expressions match in a string, all of them together; matches of one do not overlap.

    Error: no regular expression; more than 5 ms for one of them.
    """
    return sum(compile_pattern(one, case_insensitive=case_insensitive).count(target) for one in patterns)


def has_words(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text as whole words."""
    start = text.find(phrase) if phrase else -1
    left = _MOST_COMPARED
    while start >= 0:
        if stands_alone(text, start, start + len(phrase)):
            return True
        left -= len(phrase)
        if left < 0:
            return any(stands_alone(text, at, at + len(phrase)) for at in _occurrences(text, phrase, start + 1))
        start = text.find(phrase, start + 1)
    return False


def _occurrences(text: str, phrase: str, start: int) -> Iterator[int]:
    """Where the phrase stands from `start` on, in linear time however it repeats itself (Knuth, Morris, Pratt 1977)."""
    back, matched = [0], 0
    for sign in phrase[1:]:
        while matched and phrase[matched] != sign:
            matched = back[matched - 1]
        matched += phrase[matched] == sign
        back.append(matched)
    matched = 0
    for at in range(start, len(text)):
        while matched and (matched == len(phrase) or phrase[matched] != text[at]):
            matched = back[matched - 1]
        matched += phrase[matched] == text[at]
        if matched == len(phrase):
            yield at - matched + 1
