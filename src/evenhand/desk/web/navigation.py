"""The console's main pages, in the order of the header."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User

PAGES = (
    ("web:queue", _("Queue"), Permission.SEE_CASES),
    ("web:night", _("Night"), Permission.DECIDE),
    ("web:numbers", _("Numbers"), Permission.SEE_CASES),
    ("enforcement:deliveries", _("Deliveries"), Permission.SEE_DELIVERIES),
    ("licences:overview", _("Holds"), Permission.SEE_PLATFORM),
    ("web:rules", _("Rules"), Permission.SEE_RULES),
    ("web:banks", _("Banks"), Permission.SEE_BANKS),
    ("policies:index", _("Platform"), Permission.SEE_PLATFORM),
    ("accounts:people", _("People"), Permission.MANAGE_PEOPLE),
    ("accounts:keys", _("API keys"), Permission.MANAGE_KEYS),
    ("audit:ledger", _("Ledger"), Permission.SEE_LEDGER),
    ("web:status", _("Status"), Permission.SEE_STATUS),
)


class Link(Struct, frozen=True):
    url: str
    label: str
    current: bool


def links(request: HttpRequest) -> list[Link]:
    """The pages that this person may open."""
    if not isinstance(request.user, User):
        return []
    return [
        Link(url, str(label), request.path == url or (url != "/" and request.path.startswith(url)))
        for url, label in _open_to(request.user)
    ]


def _open_to(user: User) -> Iterator[tuple[str, object]]:
    for name, label, permission in PAGES:
        if allowed(user, permission):
            with suppress(NoReverseMatch):
                yield reverse(name), label
