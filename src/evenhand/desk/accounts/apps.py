from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "evenhand.desk.accounts"
    label = "accounts"

    def ready(self) -> None:
        from axes.signals import user_locked_out

        user_locked_out.connect(_on_lockout, dispatch_uid="accounts.lockout")


def _on_lockout(request: HttpRequest, username: str, ip_address: str | None, **_: Any) -> None:
    """axes says so on each refused request too; only the guess that crossed the limit was counted."""
    from evenhand.desk.accounts.services import note_lockout

    if request.axes_failures_since_start is not None:  # type: ignore[attr-defined]
        note_lockout(username, ip_address)
