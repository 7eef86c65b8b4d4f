"""Word lists: terms that can be looked for, and a probability that is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import re2

from evenhand.engine.platform.document import Platform, WordList
from evenhand.engine.platform.problems import Problem, quoted
from evenhand.engine.text import hosts, words

REGEX_MEMORY = 1 << 20
"""What one compiled expression may take, in bytes."""
LONGEST_HOST = 253
"""Characters, RFC 1035."""
_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})+\Z")


def check(platform: Platform) -> Iterator[Problem]:
    retired = {policy.id for policy in platform.policies if policy.retired}
    for at, terms in enumerate(platform.lists):
        path = f"lists[{at}]"
        if not 0 <= terms.probability <= 1:
            found = str(terms.probability)
            yield Problem(path=f"{path}.probability", expected="a number from 0 to 1", found=found)
        if terms.policy in retired:
            yield Problem(path=f"{path}.policy", expected="a policy in use", found=f"{quoted(terms.policy)}, retired")
        yield from _terms(terms, path)


def _terms(terms: WordList, path: str) -> Iterator[Problem]:
    if not terms.terms:
        yield Problem(path=f"{path}.terms", expected="at least one term", found="none", example='terms = ["…"]')
    seen: set[str] = set()
    for nth, term in enumerate(terms.terms):
        place = f"{path}.terms[{nth}]"
        if term in seen:
            yield Problem(path=place, expected="each term once", found=f"{quoted(term)} again")
        seen.add(term)
        if not term.strip():
            yield Problem(path=place, expected="a term", found="an empty text")
        elif fault := _FAULTS[terms.kind](term):
            expected, reason = fault
            yield Problem(path=place, expected=expected, found=f"{quoted(term)} ({reason})")


def _keyword_fault(term: str) -> tuple[str, str] | None:
    if any(character.isalnum() for character in words.normal(term)):
        return None
    return "a word, or words with blanks between", "it has neither letters nor digits"


def _domain_fault(term: str) -> tuple[str, str] | None:
    if len(term) <= LONGEST_HOST and _HOST.match(term) and hosts.is_name(term):
        return None
    return "a host name such as shop.example", "no scheme, port, path or * is written here"


def _regex_fault(term: str) -> tuple[str, str] | None:
    expected = "a regular expression that RE2 takes"
    options = re2.Options()
    options.max_mem = REGEX_MEMORY
    options.log_errors = False
    try:
        compiled = re2.compile(term, options)
    except re2.error as error:
        return expected, _reason(error)
    return (expected, "it matches the empty text, hence every item") if compiled.search("") else None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else "unknown"
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


_FAULTS: dict[str, Callable[[str], tuple[str, str] | None]] = {
    "keyword": _keyword_fault,
    "regex": _regex_fault,
    "domain": _domain_fault,
}
