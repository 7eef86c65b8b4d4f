"""Second looks that nobody comes to: for `evenhand check` and the status page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.enforcement.queries import again
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Problem

LONG = timedelta(days=3)


def second_looks() -> Iterator[Problem]:
    late = again.waiting().filter(drawn_at__lt=timezone.now() - LONG)
    oldest = late.first()
    if oldest is None:
        return
    count = late.count()
    yield Problem(
        code="second_looks_wait",
        message=ngettext(
            "%(count)s second look has waited for more than 3 days.",
            "%(count)s second looks have waited for more than 3 days.",
            count,
        )
        % {"count": count},
        what_to_do=_(
            "They come to people who work through the queue from its start. After 14 days one is given up; if there are"
            " too many, lower `second_looks` of their policies in the platform document."
        ),
        severity="warning",
        since=to_micros(oldest.drawn_at),
    )
