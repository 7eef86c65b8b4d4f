"""What people leave at a case besides decisions: notes, and the record of media that they opened."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.models import MediaView, Note
from evenhand.engine.model import Ref

MOST_NOTE = 10_000


def add_note(ref: Ref, user: User, text: str) -> Note:
    """What the next moderator should know of this item. Raises ValueError: empty, or over 10,000 characters."""
    text = text.strip()
    if not 0 < len(text) <= MOST_NOTE:
        raise ValueError(f"A note has 1 to {MOST_NOTE:,} characters; this one has {len(text):,}.")
    return Note.objects.create(item_type=ref.type, item_id=ref.id, author=user, at=timezone.now(), text=text)


def open_media(case_id: int, user: User, ref: Ref, field: str, url: str, filter: str) -> MediaView:  # noqa: A002, PLR0917 (the model's words)
    """Record, before a byte is fetched, that this person opens this media through this filter."""
    with transaction.atomic():
        view = MediaView.objects.create(
            case_id=case_id, viewer=user, item_type=ref.type, item_id=ref.id, field=field, url=url, filter=filter,
            opened_at=timezone.now(),
        )  # fmt: skip
        record(
            Act.MEDIA_VIEWED,
            actor=actor(user),
            obj=f"case:{case_id}",
            payload={"item": [ref.type, ref.id], "field": field, "url": url, "filter": filter, "view": view.pk},
        )
    return view


def close_media(view_id: int, user: User) -> None:
    """Only the viewer closes it, and only once: a later call changes nothing."""
    MediaView.objects.filter(pk=view_id, viewer=user, closed_at__isnull=True).update(closed_at=timezone.now())
