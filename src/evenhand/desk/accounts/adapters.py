"""Where the desk differs from allauth: who may come in, how a code is drawn, what is kept sealed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from evenhand.desk.accounts.address import client_ip
from evenhand.desk.accounts.models import User
from evenhand.runtime import secrets

_SEALED_FOR = "second factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody signs up, nobody gets mail, and the deactivated look like the unknown."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and this password do not open the desk."),
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the address in `User`; allauth's own table of addresses stays empty here."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: a password alone must not take it away."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"].startswith("mfa")] or methods

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - "unknown", for a column that must be filled


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Secrets of authenticator apps are sealed with a key of the data folder, not readable from a database dump."""

    def encrypt(self, text: str) -> str:
        return b64encode(secrets.seal(_key(), text.encode(), _SEALED_FOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unseal(_key(), b64decode(encrypted_text), _SEALED_FOR).decode()

    def build_totp_svg(self, url: str) -> str:
        """An <svg> to stand in the page itself; black on white whatever the theme, since cameras want that."""
        drawn: bytes = qrcode.make(url, image_factory=SvgPathFillImage).to_string()
        return drawn.decode()


def _key() -> bytes:
    return secrets.read_or_make(settings.CONFIG.data_dir, "second-factor.key")
