"""The record of media that people opened: what, and from when until when at the latest.

A page with script says every few seconds that it still shows it, and shows it for no longer than one interval after the
desk last heard of it. So a view of which nothing is heard any more ended one interval later, at the latest.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.models import MediaView
from evenhand.desk.cases.queries.looks import INTERVAL, LONGEST, going
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Ref

_MICROSECOND = timedelta(microseconds=1)


def open_media(  # noqa: PLR0917 (the model's words)
    case_id: int,
    user: User,
    ref: Ref,
    field: str,
    url: str,
    filter: str,  # noqa: A002 (the model's word)
    *,
    heard: bool,
) -> MediaView:
    """Record, before a byte is fetched, that this person opens this media through this filter.

    `heard`: its page has script, and will say that it still shows it.
    """
    now = timezone.now()
    with transaction.atomic():
        view = MediaView.objects.create(
            case_id=case_id, viewer=user, item_type=ref.type, item_id=ref.id, field=field, url=url, filter=filter,
            opened_at=now, heard_at=now if heard else None,
        )  # fmt: skip
        record(
            Act.MEDIA_VIEWED,
            actor=actor(user),
            obj=f"case:{case_id}",
            payload={"item": [ref.type, ref.id], "field": field, "url": url, "filter": filter, "view": view.pk},
        )
    return view


def hear(view_ids: Collection[int], user: User) -> list[int]:
    """A page still shows these. Ids of those that have not ended: it must not show the others any longer."""
    now = timezone.now()
    mine = MediaView.objects.filter(pk__in=view_ids, viewer=user)
    mine.filter(going(now)).update(heard_at=now)
    return list(
        mine.filter(closed_at__isnull=True, heard_at=to_micros(now)).order_by("pk").values_list("pk", flat=True)
    )


def close_media(view_id: int, user: User) -> None:
    """Only the viewer closes it, and only once: a later call changes nothing."""
    now = timezone.now()
    view = MediaView.objects.filter(pk=view_id, viewer=user, closed_at__isnull=True)
    if not view.filter(going(now)).update(closed_at=now, ending=MediaView.Ending.CLOSED):
        _end(view, now)


def end_silent() -> None:
    """What nothing is heard of any more has ended."""
    _end(MediaView.objects.filter(closed_at__isnull=True), timezone.now())


def _end(views: QuerySet[MediaView], now: datetime) -> None:
    views.filter(heard_at__lt=now - INTERVAL).update(
        closed_at=F("heard_at") + INTERVAL // _MICROSECOND, ending=MediaView.Ending.SILENT
    )
    views.filter(heard_at__isnull=True, opened_at__lt=now - LONGEST).update(
        closed_at=F("opened_at") + LONGEST // _MICROSECOND, ending=MediaView.Ending.UNHEARD
    )
