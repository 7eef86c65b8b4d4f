"""Why a case stands where it stands, in the language of who reads it.

The engine's own sentences are English, and stored with the case. In other languages they are told anew from the
figures; what a detector found stays in its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

Stored = Mapping[str, Any]
"""`engine.triage.harm.Harm`, as it is kept with the case."""
FOR_MACHINES = "microseconds"
APPEAL = "An appeal waits for a second look"
PRIOR = "assumed prior"
UNCONFIRMED = 1.0
"""Value of the term `lane`."""


class Line(Struct, frozen=True):
    sentence: str
    source: str


def lines(why: Stored) -> list[Line]:
    """Each term that is for people, with where it comes from."""
    return [_line(term) for term in why.get("terms", []) if term.get("unit") != FOR_MACHINES]


def headline(why: Stored, policy: str) -> str:
    """The shortest reason; `policy` is the name of the one that the case proposes."""
    stored = str(why.get("headline", ""))
    if _is_english() or not why.get("terms"):
        return _appeal() if stored == APPEAL else stored
    return ": ".join(_short(why, policy))


def _appeal() -> str:
    return _("An appeal waits for a second look")


def _is_english() -> bool:
    return (get_language() or "en").startswith("en")


def _short(why: Stored, policy: str) -> Iterator[str]:
    terms = {term["name"]: term for term in reversed(why["terms"])}
    share = terms.get("probability")
    name = policy or _("no policy named")
    yield f"{name}, {_share(share['value'])}" if share else name
    if "signal" in terms:
        yield terms["signal"]["sentence"].removesuffix(".")
    if "lane" in terms and terms["lane"]["value"] == UNCONFIRMED:
        yield _("would be critical if one with a good record said so")


def _line(term: Mapping[str, Any]) -> Line:
    sentence = term.get("sentence") or f"{term.get('name')} {term.get('value')} {term.get('unit')}"
    source = str(term.get("source", ""))
    if _is_english():
        return Line(sentence, source)
    return Line(_told(term) or sentence, _source(source))


def _told(term: Mapping[str, Any]) -> str:
    """The sentence for a term by its name; "" for one that only its detector can tell."""
    value = float(term["value"])
    sentence = {
        "lane": _lane(value),
        "probability": _("%(share)s likely to break the policy."),
        "harm": _("One view weighs %(value)s."),
        "reach": _("It may reach %(value)s views in all."),
        "half_life": _("Half of the views to come are gathered within %(value)s min."),
        "handling": _("Takes about %(value)s s to decide."),
        "reports": _("%(share)s likely by its reports alone."),
        "author": _("%(share)s likely by its author's decided cases alone."),
    }.get(term["name"], "")
    return sentence % {"share": _share(value), "value": f"{value:.0f}" if value >= 10 else f"{value:g}"}  # noqa: PLR2004 (digits)


def _lane(value: float) -> str:
    if value == UNCONFIRMED:
        return _(
            "Its policy would come before all others if one reporter with a good record, or a signal, said so. Only "
            "reporters without one do: it stands right behind."
        )
    return _("Its policy is critical: it comes before all that is not.")


def _share(value: float) -> str:
    return f"{value:.0%}"


def _source(words: str) -> str:
    """The fixed words in which the engine names where a figure comes from."""
    if words.startswith(PRIOR):
        return words.replace(PRIOR, _("assumed"))
    return {
        "policy": _("policy"),
        "signals, reports and author": _("signals, reports and author"),
        "views so far": _("views so far"),
        "item and reports": _("item and reports"),
        "assumed": _("assumed"),
        "kind, length and media": _("kind, length and media"),
        "decided reports of the reporters": _("decided reports of the reporters"),
        "decided cases of the author": _("decided cases of the author"),
    }.get(words, words)
