"""Addresses of pages that carry along which queue one works through, and which cases one skipped."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode


def queue_url(queue: str | None, **more: str) -> str:
    return _with_query(reverse("web:queue"), queue, more)


def case_url(case_id: int, queue: str | None, **more: str) -> str:
    return _with_query(reverse("web:case", args=[case_id]), queue, more)


def _with_query(url: str, queue: str | None, more: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in {"queue": queue or "", **more}.items() if value})
    return f"{url}?{query}" if query else url
