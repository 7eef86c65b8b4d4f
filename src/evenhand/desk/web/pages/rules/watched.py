"""Whether anybody can have watched a rule before it goes live: how long it ran in shadow, on what, and how it fired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.fields import to_micros
from evenhand.desk.intake.queries import events
from evenhand.desk.rules import queries
from evenhand.desk.rules.queries.hits import HOUR
from evenhand.desk.web import figures
from evenhand.desk.web.pages.rules.rule import RulePage, Step

SHORTEST = timedelta(hours=1)
"""In shadow; who moves a rule on sooner is told so once."""
_WATCHED = ("shadow", "canary")


def unwatched(page: RulePage) -> list[str]:
    """The facts about a rule that nobody can have watched well, or that no test names; none about others, nor about one
    that is not on its way to live."""
    since = _since(page.steps)
    if since is None:
        return []
    ran = timezone.now() - since
    hits = queries.hits(page.name, since_hour=to_micros(since) // HOUR)
    fired = sum(one.fired for one in hits if one.stage in _WATCHED)
    if ran >= SHORTEST and fired and page.tests:
        return []
    told = _("%(rule)s has run in shadow for %(span)s on %(events)s, and fired %(times)s.") % {
        "rule": page.name,
        "span": figures.span(ran.total_seconds()),
        "events": events_told(events.came(since=to_micros(since))),
        "times": times_told(fired),
    }
    return [told] if page.tests else [told, _("No test names it.")]


def _since(steps: Sequence[Step]) -> datetime | None:
    """When it came into the shadow that it has not left since; `steps` are newest first."""
    since = None
    for step in steps:
        if step.stage.stage not in _WATCHED:
            break
        since = step.at
    return since


def events_told(count: int) -> str:
    if count > events.MOST:
        return _("more than %(count)s events") % {"count": figures.number(events.MOST)}
    return ngettext("%(count)s event", "%(count)s events", count) % {"count": figures.number(count)}


def times_told(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": figures.number(count)}
