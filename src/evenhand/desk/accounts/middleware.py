"""The person behind a request: their language, whether they gave a second factor, when their session was last seen."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from evenhand.desk.accounts import services
from evenhand.desk.accounts.address import client_ip

SEEN_EVERY_SECONDS = 60
_MOST_SESSIONS = 10_000
_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class PersonMiddleware:
    """Stands after authentication and LocaleMiddleware. Without a session cookie (machines) it asks nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._seen: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self._get_response(request)
        request.user.second_factor = _gave_second_factor(request)
        self._note_activity(request)
        _speak(request, request.user.preferences.get("language", ""))
        return self._get_response(request)

    def _note_activity(self, request: HttpRequest) -> None:
        """At most once a minute for a session, as far as this process knows."""
        key = request.session.session_key or ""
        now = time.monotonic()
        if now - self._seen.get(key, -SEEN_EVERY_SECONDS) < SEEN_EVERY_SECONDS:
            return
        if len(self._seen) >= _MOST_SESSIONS:
            self._seen.clear()
        self._seen[key] = now
        services.note_activity(key, ip=client_ip(request), agent=request.headers.get("User-Agent", ""))


def _gave_second_factor(request: HttpRequest) -> bool:
    return any(entry["method"] == "mfa" for entry in get_authentication_records(request, request.user))


def _speak(request: HttpRequest, language: str) -> None:
    if language in _LANGUAGES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
