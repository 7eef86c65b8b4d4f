"""Views of the queue that people save, for themselves or for everybody of a role."""

from __future__ import annotations

from django.db import transaction

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import SavedView
from evenhand.desk.cases.queries.views import Part

LONGEST_NAME = 60
MOST_VIEWS = 50


class BadView(ValueError):
    """Its text says what to do."""


def save_view(name: str, part: Part, user: User, *, shared_with: str = "") -> SavedView:
    """Under a name that is this person's only once: again, it is changed. Raises BadView."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadView(f"A view has a name of 1 to {LONGEST_NAME} characters; this one has {len(name)}.")
    if not part.fields:
        raise BadView("This shows everything: choose what the view is to show first.")
    if shared_with and shared_with not in accounts.roles(user):
        raise BadView(f"You do not have the role {shared_with}: share it with one of yours.")
    with transaction.atomic():
        theirs = SavedView.objects.filter(owner=user)
        if theirs.exclude(name=name).count() >= MOST_VIEWS:
            raise BadView(f"You have {MOST_VIEWS} views already: forget one first.")
        view, _new = theirs.update_or_create(
            owner=user, name=name, defaults={"part": part.fields, "shared_with": shared_with}
        )
    return view


def forget_view(number: int, user: User) -> bool:
    """Only one's own. False: there is none."""
    return SavedView.objects.filter(pk=number, owner=user).delete()[0] > 0
