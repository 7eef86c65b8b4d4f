"""Lists that need somebody: stale, failing, or waiting for consent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from evenhand.desk.fields import to_micros
from evenhand.desk.media.models import Source
from evenhand.desk.media.queries.sources import is_stale
from evenhand.engine.model import Problem


def lists() -> Iterator[Problem]:
    """One for each list at most: what it asks, else that it is stale, else that it failed."""
    for source in Source.objects.filter(disabled_at__isnull=True, removed_at__isnull=True).order_by("name"):
        if source.asks is not None:
            yield _asks(source.name, source.asks)
        elif is_stale(source):
            yield _stale(source)
        elif source.error:
            yield _fails(source)


def needing() -> list[str]:
    """Names of those that are stale or wait for consent: what everybody on duty has to know."""
    found = Source.objects.filter(disabled_at__isnull=True, removed_at__isnull=True).order_by("name")
    return [one.name for one in found if one.asks is not None or is_stale(one)]


def _asks(name: str, asks: dict[str, Any]) -> Problem:
    return Problem(
        code="list_asks",
        message=_("Hash list %(name)s would withdraw %(count)s of its %(of)s entries, and waits for a person.")
        % {"name": name, "count": asks["withdraw"], "of": asks["of"]},
        what_to_do=_("Ask its owner; agree on its page, or by `evenhand media sync %(name)s --consent`.")
        % {"name": name},
        since=asks["since"],
    )


def _stale(source: Source) -> Problem:
    """Also of a list whose syncs fail: that it is stale is the worse of the two."""
    told = _("Hash list %(name)s is stale: what was added to it since is not matched.") % {"name": source.name}
    if source.error:
        told += " " + _("The last try failed: %(error)s") % {"error": source.error}
        what = _("Mend what it says. It is tried again by itself; `evenhand media sync %(name)s` at once.")
    else:
        what = _("See that an `evenhand worker` or `evenhand serve` runs; `evenhand media sync %(name)s`.")
    since = to_micros(source.last_ok or source.made_at)
    return Problem(code="list_stale", message=told, what_to_do=what % {"name": source.name}, since=since)


def _fails(source: Source) -> Problem:
    return Problem(
        code="list_failing",
        message=_("Hash list %(name)s cannot be synchronised: %(error)s")
        % {"name": source.name, "error": source.error},
        what_to_do=_("Mend what it says. It is tried again by itself; `evenhand media sync %(name)s` at once.")
        % {"name": source.name},
        severity="warning",
        since=to_micros(source.last_ok or source.made_at),
    )
