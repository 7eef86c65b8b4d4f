"""GET /ready: whether this process can keep what it is sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from evenhand.desk.intake.queries import readiness


def ready(_request: HttpRequest) -> HttpResponse:
    """200 `{"ready": true}`, or 503 with the reason. Tells nothing that a stranger may not know."""
    reason = readiness.what_is_missing()
    if reason is None:
        return JsonResponse({"ready": True})
    return JsonResponse({"ready": False, "reason": reason}, status=503, headers={"Retry-After": "5"})
