"""Why a case stands where it stands, in the language of who reads it.

The engine's own sentences are English, and stored with the case. In other languages they are told anew from the
figures; what a detector found stays in its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import category

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.web.figures import written
from evenhand.desk.web.pages.rules.said import said
from evenhand.engine.detect.rulelife import PREFIX as RULE
from evenhand.engine.triage.telling import span

Stored = Mapping[str, Any]
"""`engine.triage.harm.Harm`, as it is kept with the case."""
LONGEST = 120
"""Of a headline, in characters."""
FOR_MACHINES = "microseconds"
APPEAL = "An appeal waits for a second look"
PRIOR = "assumed prior"
FITTED = re.compile(r"fitted on (\d+) items")
CALIBRATED = re.compile(r"calibrated on (\d+) decisions")
UNCONFIRMED = 1.0
"""Value of the term `lane`."""


class Line(Struct, frozen=True):
    """One term. `rule`: the rule that it is from, and `version` that rule's; "" for other terms."""

    sentence: str
    source: str
    rule: str = ""
    version: str = ""


def lines(why: Stored, policy: str) -> list[Line]:
    """Each term that is for people, with where it comes from; `policy` as for `headline`."""
    return [_line(term, policy) for term in why.get("terms", []) if term.get("unit") != FOR_MACHINES]


def headline(why: Stored, policy: str) -> str:
    """The shortest reason; `policy` is the name of the one that the case proposes."""
    stored = str(why.get("headline", ""))
    if _is_english() or not why.get("terms"):
        return _appeal() if stored == APPEAL else short(stored)
    return short(_short(why, policy))


def withdrawn() -> str:
    """The reason of a case that rests on nothing any more."""
    return _("What it rested on was withdrawn, and nothing else speaks for it")


def short(words: str) -> str:
    """In one line that a heading has place for. A rule's sentence may hold words of the item: characters that turn or
    hide text do nothing here."""
    plain = " ".join("".join(one if category(one)[0] != "C" else " " for one in words).split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def _appeal() -> str:
    return _("An appeal waits for a second look")


def _is_english() -> bool:
    return (get_language() or "en").startswith("en")


def _short(why: Stored, policy: str) -> str:
    terms = {term["name"]: term for term in reversed(why["terms"])}
    share = terms.get("probability")
    name = policy or _("no policy named")
    likely = f"{name}, {_share(share['value'])}" if share else name
    return f"{likely}: {'; '.join(_causes(terms)) or _('nothing speaks for it')}"


def _causes(terms: Stored) -> Iterator[str]:
    if reporters := terms.get("reports", {}).get("figures", {}).get("reporters"):
        yield _people(int(reporters))
    if "signal" in terms:
        yield _found(terms["signal"]).removesuffix(".")
    if "lane" in terms and terms["lane"]["value"] == UNCONFIRMED:
        yield _("would be critical if one with a good record said so")


def _found(term: Stored) -> str:
    sentence, source = str(term["sentence"]), str(term.get("source", ""))
    rule = source.removeprefix(RULE).partition(" ")[0] if source.startswith(RULE) else ""
    told = said(rule, sentence) if rule else sentence
    return _("rule %(rule)s: %(told)s") % {"rule": rule, "told": told} if rule and told else sentence


def _by_rule(rule: str, sentence: str) -> str:
    return said(rule, sentence) or _("The rule %(rule)s fired.") % {"rule": rule}


def _people(reporters: int) -> str:
    return ngettext("%(count)s reporter", "%(count)s reporters", reporters) % {"count": reporters}


def _line(term: Mapping[str, Any], policy: str) -> Line:
    sentence = term.get("sentence") or f"{term.get('name')} {term.get('value')} {term.get('unit')}"
    source = str(term.get("source", ""))
    if source.startswith(RULE):
        rule, _space, version = source.removeprefix(RULE).partition(" ")
        return Line(short(_by_rule(rule, sentence)), source, rule, version)
    if _is_english():
        return Line(sentence, source)
    return Line(_told(term, policy) or sentence, _source(source))


def _told(term: Mapping[str, Any], policy: str) -> str:
    """The sentence for a term by its name; "" for one that only its detector can tell, or that was kept without its
    figures."""
    value, figures, name = float(term["value"]), term.get("figures") or {}, term["name"]
    if name in _BY_FIGURES:
        return _BY_FIGURES[name](value, figures) if figures else ""
    if name == "probability":
        told = _("%(share)s likely to break “%(policy)s”.")
        return told % {"share": _share(value), "policy": policy or _("no policy named")}
    sentence = {
        "lane": _lane(value, figures),
        "harm": _("One view weighs %(value)s."),
        "handling": _("Takes about %(value)s s to decide."),
        "half_life": _("Half of the views to come are gathered within %(span)s."),
    }.get(name, "")
    return sentence % {"value": written(value, ".0f" if name == "handling" else "g"), "span": _span(value)}


def _lane(value: float, figures: Stored) -> str:
    if value == UNCONFIRMED:
        return _(
            "Its policy would come before all others if one reporter with a good record, or a signal, said so. Only "
            "reporters without one do: it stands right behind."
        )
    if figures.get("flagged"):
        return _("Reported as child sexual abuse material: comes before all others.")
    return _("Its policy is critical: it comes before all that is not.")


def _reach(_views: float, figures: Stored) -> str:
    return _("About %(left)s views were still to come when this was computed.") % {"left": f"{figures['left']:.0f}"}


def _reports(share: float, figures: Stored) -> str:
    """The arithmetic: who counts by themselves, and what all others count as."""
    reporters, proven = int(figures["reporters"]), int(figures["proven"])
    known = [_("%(count)s with a good record") % {"count": proven}] if proven else []
    if rest := reporters - proven:
        told = _("%(rest)s without a good record, who count as %(voices)s")
        known.append(told % {"rest": rest, "voices": written(figures["voices"], ".1f")})
    told = _("%(people)s: %(known)s; %(share)s likely by this alone.")
    return told % {"people": _people(reporters), "known": _(" and ").join(known), "share": _share(share)}


def _author(_share: float, figures: Stored) -> str:
    if not figures["decided"]:
        return _("Author: no decided case.")
    return _("Author: %(upheld)s of %(decided)s decided cases led to an action.") % {
        "upheld": int(figures["upheld"]), "decided": int(figures["decided"])
    }  # fmt: skip


_BY_FIGURES = {"reach": _reach, "reports": _reports, "author": _author}


def _span(minutes: float) -> str:
    count, unit = span(minutes)
    days = ngettext("%(count)s day", "%(count)s days", int(count))
    told = {"min": _("%(count)s min"), "h": _("%(count)s h"), "days": days}
    return told[unit] % {"count": written(count, ".3g")}


def _share(value: float) -> str:
    return f"{value:.0%}"


def _source(words: str) -> str:
    """The fixed words in which the engine names where a figure comes from."""
    if words.startswith(PRIOR):
        return words.replace(PRIOR, _("assumed"))
    if fitted := FITTED.fullmatch(words):
        items = int(fitted.group(1))
        return ngettext("fitted on %(count)s item", "fitted on %(count)s items", items) % {"count": written(items, "d")}
    if calibrated := CALIBRATED.fullmatch(words):
        count = int(calibrated.group(1))
        told = ngettext("calibrated on %(count)s decision", "calibrated on %(count)s decisions", count)
        return told % {"count": written(count, "d")}
    return {
        "policy": _("policy"),
        "signals, reports and author": _("signals, reports and author"),
        "views so far": _("views so far"),
        "latest report": _("latest report"),
        "item and reports": _("item and reports"),
        "assumed": _("assumed"),
        "kind, length and media": _("kind, length and media"),
        "decided reports of the reporters": _("decided reports of the reporters"),
        "decided cases of the author": _("decided cases of the author"),
    }.get(words, words)
