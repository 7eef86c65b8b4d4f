"""Open cases that were ranked before what is in force now."""

from __future__ import annotations

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries import curves
from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.intake.queries import views
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Micros, Ref

_UNAWARE: Micros = int(2 * policies.STALE_SECONDS * 1_000_000)
"""After a new document, so long somebody may still rank under the one before it."""


def refs(most: int) -> list[Ref]:
    """Their items, those first that wait longest for it."""
    found = Case.objects.filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW, changed_at__lt=_since())
    rows = found.order_by("changed_at", "id").values_list("item_type", "item_id")[:most]
    return [Ref(*row) for row in rows]


def _since() -> Micros:
    """When the document, the half-life or a curve came into force, whichever is newest; of a document, when all know
    it."""
    version = policies.current().version
    known = to_micros(policies.stored(version).applied_at) + _UNAWARE if version else 0
    return max(known if known <= now_micros() else 0, views.in_force_since(), curves.in_force().since)
