"""What people leave at a case besides decisions: notes."""

from __future__ import annotations

from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Note
from evenhand.engine.model import Ref

MOST_NOTE = 10_000


def add_note(ref: Ref, user: User, text: str) -> Note:
    """What the next moderator should know of this item. Raises ValueError: empty, or over 10,000 characters."""
    text = text.strip()
    if not 0 < len(text) <= MOST_NOTE:
        raise ValueError(f"A note has 1 to {MOST_NOTE:,} characters; this one has {len(text):,}.")
    return Note.objects.create(item_type=ref.type, item_id=ref.id, author=user, at=timezone.now(), text=text)
