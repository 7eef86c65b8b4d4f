"""What of known media is failing, stale or waiting: nothing is unmatched in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.media.models import Look, RetroScan
from evenhand.desk.media.queries import matching, tallies
from evenhand.desk.media.queries.alarms import lists
from evenhand.engine.model import Problem
from evenhand.runtime import mediakinds

LATE: Final = 120 * 1_000_000
"""Microseconds that a look may wait before somebody is told."""
_MOST = 10
_DAY = 86_400 * 1_000_000


def media() -> Iterator[Problem]:
    """For `evenhand check` and the status page."""
    if not matching.any_bank():
        return
    yield from _waiting()
    yield from _unreachable()
    yield from _gone()
    yield from _undecodable()
    yield from lists()
    yield from _kinds()
    yield from _scans()


def _waiting() -> Iterator[Problem]:
    """By what they wait for: a decoder, a program, a host that is not configured, or only their turn."""
    late = Look.objects.filter(state__in=(Look.State.WAITING, Look.State.FETCHING), since__lt=now_micros() - LATE)
    told = late.values("error").annotate(count=Count("pk"), oldest=Min("since")).order_by("-count")
    for row in told[:_MOST]:
        yield Problem(
            code="media_waits",
            message=ngettext(
                "%(count)s medium waits to be matched: %(why)s",
                "%(count)s media wait to be matched: %(why)s",
                row["count"],
            )
            % {"count": row["count"], "why": row["error"] or _("they have not had their turn.")},
            what_to_do=_("Mend what it says; they are tried again by themselves, or at once on the page of media.")
            if row["error"]
            else _("Give it time after a burst; if the number grows, start an `evenhand worker`."),
            since=to_micros(row["oldest"]),
        )


def _unreachable() -> Iterator[Problem]:
    away = Look.objects.filter(state=Look.State.UNREACHABLE)
    told = away.aggregate(count=Count("pk"), oldest=Min("since"))
    newest = away.order_by("-changed_at").values_list("error", flat=True).first()
    if told["count"]:
        yield Problem(
            code="media_unreachable",
            message=ngettext(
                "%(count)s medium could not be fetched, and is not matched; the last one says: %(why)s",
                "%(count)s media could not be fetched, and are not matched; the last one says: %(why)s",
                told["count"],
            )
            % {"count": told["count"], "why": newest},
            what_to_do=_("They are tried for two days, with longer and longer pauses; then again when somebody asks."),
            severity="warning",
            since=to_micros(told["oldest"]),
        )


def _gone() -> Iterator[Problem]:
    yield from _lately(
        Look.State.GONE,
        "media_gone",
        lambda count: ngettext(
            "%(count)s medium of the last day is gone, and is not matched; the last answer was: %(why)s",
            "%(count)s media of the last day are gone, and are not matched; the last answer was: %(why)s",
            count,
        ),
        _("Nothing, when they were deleted; else see that their addresses are right, and ask again."),
    )


def _undecodable() -> Iterator[Problem]:
    yield from _lately(
        Look.State.UNDECODABLE,
        "media_undecodable",
        lambda count: ngettext(
            "%(count)s medium of the last day cannot be decoded, and is not matched; the last one says: %(why)s",
            "%(count)s media of the last day cannot be decoded, and are not matched; the last one says: %(why)s",
            count,
        ),
        _("Nothing, when they are broken files; a person sees them only where something else asks."),
    )


def _lately(state: Look.State, code: str, message: Callable[[int], str], what_to_do: str) -> Iterator[Problem]:
    """Of the last day: what lies longer was seen by somebody, or never will be."""
    recent = Look.objects.filter(state=state, changed_at__gt=now_micros() - _DAY)
    told = recent.aggregate(count=Count("pk"), oldest=Min("changed_at"))
    if told["count"]:
        newest = recent.order_by("-changed_at").values_list("error", flat=True).first()
        yield Problem(
            code=code,
            message=message(told["count"]) % {"count": told["count"], "why": newest},
            what_to_do=what_to_do,
            severity="warning",
            since=to_micros(told["oldest"]),
        )


def _scans() -> Iterator[Problem]:
    stuck = RetroScan.objects.filter(ended_at__isnull=True, changed_at__lt=now_micros() - 5 * LATE).first()
    if stuck is not None:
        yield Problem(
            code="retroscan_stuck",
            message=_("The search of seen media for new entries stands still at %(looked)s of %(total)s.")
            % {"looked": stuck.looked, "total": stuck.total},
            what_to_do=_("See that an `evenhand worker` or `evenhand serve` runs: it goes on where it was."),
            since=to_micros(stuck.changed_at),
        )


def _kinds() -> Iterator[Problem]:
    told = mediakinds.trouble()
    if told:
        yield Problem(
            code="hash_kinds",
            message=told,
            what_to_do=_("Mend it, and restart the desk: hashes of this kind are neither taken nor matched."),
        )


def miscounted() -> Iterator[Problem]:
    """What is kept of how much matches, held against the entries themselves: for `evenhand check`, not for a page."""
    wrong = tallies.wrong()
    if wrong:
        (bank, source, kind), is_, kept = wrong[0]
        yield Problem(
            code="media_miscounted",
            message=_(
                "%(count)s numbers of what banks hold are wrong; of the first, %(kept)s is kept and %(is)s is so."
            )
            % {"count": len(wrong), "kept": kept, "is": is_}
            + f" (bank {bank}, list {source or '-'}, {kind or 'media'})",
            what_to_do=_(
                "A fault of Evenhand: matching does not suffer by it. `evenhand media bank recount`; report it."
            ),
            severity="warning",
        )
