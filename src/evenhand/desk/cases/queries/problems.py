"""What is wrong with cases: for `evenhand check` and the status page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.cases.queries import unknown
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Problem


def partial_items() -> Iterator[Problem]:
    """Open cases lack items because the platform's answers cannot be used."""
    url = policies.current().platform.partial_items_url
    failing = unknown.failing() if url else None
    if failing is None:
        return
    yield Problem(
        code="partial_items",
        message=ngettext(
            "The platform was asked for %(count)s item of open cases, and did not give it: %(fault)s",
            "The platform was asked for %(count)s items of open cases, and did not give them: %(fault)s",
            failing.items,
        )
        % {"count": failing.items, "fault": failing.fault},
        what_to_do=_(
            "Mend what answers at %(url)s. Items are asked for again after 5 minutes and after an hour, then when their"
            " case changes; all at once when partial_items_url or its headers change."
        )
        % {"url": url},
        since=failing.since,
    )
