"""What is told before a rule goes live that nobody can have watched well."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.intake.queries import events
from evenhand.desk.rules import queries
from evenhand.desk.web import figures


def unwatched(rule: str) -> list[str]:
    """The facts about a rule that nobody can have watched well, or that no test names; none about others, nor about one
    that is not on its way to live."""
    found = queries.watched(rule)
    if found is None or found.well:
        return []
    told = _("%(rule)s has run in shadow for %(span)s on %(events)s, and fired %(times)s.") % {
        "rule": rule,
        "span": figures.span(found.ran.total_seconds()),
        "events": events_told(found.events),
        "times": times_told(found.fired),
    }
    return [told] if found.tested else [told, _("No test names it.")]


def events_told(count: int) -> str:
    if count > events.MOST:
        return _("more than %(count)s events") % {"count": figures.number(events.MOST)}
    return ngettext("%(count)s event", "%(count)s events", count) % {"count": figures.number(count)}


def times_told(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": figures.number(count)}
