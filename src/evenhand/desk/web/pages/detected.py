"""What a built-in detector found, in the language of who reads it: told anew from its evidence.

Signals are stored with an English sentence. In other languages it is told from the figures beside it; what rules say
stays in their authors' words, and what banks of known media say in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenhand.desk.web.figures import written
from evenhand.engine.detect.lists import MOST_NAMED
from evenhand.engine.detect.meaning import MORE, step
from evenhand.engine.model import Signal

Evidence = Mapping[str, Any]


def told(signal: Signal) -> str:
    """The sentence to show."""
    english = (get_language() or "en").startswith("en")
    return signal.summary if english else anew(signal)


def anew(signal: Signal) -> str:
    """The sentence from its evidence; as it is stored where that does not hold all of it."""
    tell = _TOLD.get(signal.detector)
    try:
        return (tell(signal.evidence) if tell else "") or signal.summary
    except (KeyError, TypeError, ValueError, IndexError):  # evidence of an older version
        return signal.summary


def _duplicate(found: Evidence) -> str:
    return _("Nearly the same text %(times)s times by %(authors)s authors within %(hours)s h") % {
        "times": _steps(found["copies"]), "authors": _steps(found["authors"]), "hours": written(found["window_hours"]),
    }  # fmt: skip


def _link_burst(found: Evidence) -> str:
    lead = max(found["hosts"], key=lambda one: (one["authors"], one["host"]))
    return _("%(authors)s authors link to %(host)s within %(hours)s h") % {
        "authors": _steps(lead["authors"]), "host": lead["host"], "hours": written(found["window_hours"]),
    }  # fmt: skip


def _reports(found: Evidence) -> str:
    return _(
        "%(people)s people reported this within %(minutes)s min, %(first)s of them never seen to report before; without"
        " a record they count as %(voices)s"
    ) % {
        "people": found["in_window"], "minutes": written(found["window_minutes"]), "first": found["first_time"],
        "voices": written(found["counts_as"]),
    }  # fmt: skip


def _reporter(found: Evidence) -> str:
    return _(
        "The reporter was right in %(right)s of %(decided)s decided reports, %(here)s of %(decided_here)s of those"
        " under this policy: %(share)s (90 %% interval %(low)s to %(high)s)"
    ) % {
        "right": found["upheld"], "decided": found["upheld"] + found["dismissed"],
        "here": found["upheld_here"], "decided_here": found["upheld_here"] + found["dismissed_here"],
        "share": f"{found['accuracy']:.0%}", "low": f"{found['low']:.0%}", "high": f"{found['high']:.0%}",
    }  # fmt: skip


def _listed(found: Evidence) -> str:
    """ "" where there were more matches than are kept."""
    matches = found["matches"]
    if found["found"] > len(matches):
        return ""
    lead = matches[0]["list"]
    terms = list(dict.fromkeys(one["term"] for one in matches if one["list"] == lead))
    named = _("List %(list)s: %(terms)s") % {
        "list": lead, "terms": ", ".join(_("“%(term)s”") % {"term": term} for term in terms[:MOST_NAMED])
    }  # fmt: skip
    if len(terms) > MOST_NAMED:
        named += _(" and %(count)s more") % {"count": len(terms) - MOST_NAMED}
    others = len({one["list"] for one in matches}) - 1
    return named + (_("; other lists: %(count)s") % {"count": others} if others else "")


def _steps(count: int) -> str:
    shown = step(count)
    least = shown.removesuffix(MORE)
    return shown if least == shown else _("%(count)s or more") % {"count": least}


_TOLD: Mapping[str, Callable[[Evidence], str]] = {
    "duplicate": _duplicate, "link_burst": _link_burst, "reports": _reports, "reporter": _reporter, "terms": _listed,
    "links": _listed,
}  # fmt: skip
