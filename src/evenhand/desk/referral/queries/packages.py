"""Packages that were made of a case."""

from __future__ import annotations

from evenhand.desk.referral.models import Package

__all__ = ["Package"]

MOST = 20


def of_case(case_id: int) -> list[Package]:
    """The newest first."""
    return list(Package.objects.filter(case=case_id).select_related("made_by").order_by("-made_at")[:MOST])
