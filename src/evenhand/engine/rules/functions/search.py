"""Functions that look for words and patterns in a string."""

from __future__ import annotations

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.regex import compile_pattern
from evenhand.engine.rules.values import Constant
from evenhand.engine.text.words import stands_alone

FAMILY = Family()
_MODES = {"any": any, "all": all}


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
    while start >= 0:
        if stands_alone(text, start, start + len(phrase)):
            return True
        start = text.find(phrase, start + 1)
    return False
