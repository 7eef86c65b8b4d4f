"""The forms of sign-in, of one's own page, and of the pages about people and keys."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evenhand.desk.accounts import lockout, services
from evenhand.desk.accounts.models import User
from evenhand.desk.accounts.preferences import Preferences

CAPITALS = frozenset("EHPTW")
"""Keys of the console that are pressed with Shift: actions have the small letters."""
ROLE_LABELS = {
    "moderator": _("moderator: decides cases, all but child safety"),
    "child_safety": _("child safety: decides all cases; needs a second factor"),
    "legal": _("legal: sees cases, hears appeals, erases, reads the ledger"),
    "auditor": _("auditor: reads the ledger and its proofs, no content"),
    "admin": _("admin: configures the desk, people and keys; no content"),
}
SCOPE_LABELS = {
    "ingest": _("ingest: send items and events"),
    "report": _("report: send reports and appeals"),
    "act": _("act: ask for actions"),
    "read": _("read: read policies, actions, scores, decisions"),
}


class _CountedCode:
    """A field `code` whose wrong guesses are counted in the database, and whose right ones work once."""

    user: User
    authenticator: Authenticator
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        if not lockout.may_try_code(context.request, self.user):
            raise _wrong()
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            lockout.wrong_code(context.request, self.user)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP and not services.use_code(self.authenticator, code):
            raise _wrong()
        return code


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs["autofocus"] = True
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder")


class CodeForm(_CountedCode, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of signing in."""


class CodeAgainForm(_CountedCode, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """Before something that matters."""


class PasswordForm(forms.Form):
    """A new password; the present one first, where there is one."""

    current = forms.CharField(
        label=_("Your password now"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few unrelated words are good."),
        strip=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        given: str = self.cleaned_data["current"]
        if not get_adapter().reauthenticate(self._user, given):
            raise ValidationError(_("That is not your password."))
        return given


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[
            ("system", _("as the device")),
            ("light", _("light")),
            ("dark", _("dark")),
            ("contrast", _("high contrast")),
        ],
    )
    keys_off = forms.BooleanField(label=_("Switch the console's letter and digit keys off"), required=False)
    keys = forms.CharField(
        label=_("Other keys"),
        help_text=_("One on each line: the console's key, an equals sign, yours. “u = z” makes Z undo."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        required=False,
    )

    break_minutes = forms.IntegerField(
        label=_("Propose a pause after so many minutes of work"),
        help_text=_("0: never."),
        min_value=0,
        max_value=720,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("as the browser")), *settings.LANGUAGES]  # type: ignore[attr-defined]

    @staticmethod
    def shown(kept: Preferences) -> dict[str, Any]:
        lines = "\n".join(f"{usual} = {own}" for usual, own in kept.keys.items())
        return {
            "language": kept.language,
            "theme": kept.theme,
            "keys_off": kept.keys_off,
            "keys": lines,
            "break_minutes": kept.break_minutes,
        }

    def clean_break_minutes(self) -> int:
        """Empty: the usual."""
        given = self.cleaned_data["break_minutes"]
        return Preferences().break_minutes if given is None else int(given)

    def clean_keys(self) -> dict[str, str]:
        lines = [line for line in self.cleaned_data["keys"].splitlines() if line.strip()]
        pairs = [_pair(line) for line in lines]
        own = [pressed for _usual, pressed in pairs]
        if twice := next((pressed for pressed in own if own.count(pressed) > 1), None):
            raise ValidationError(_("“%(key)s” cannot do two things.") % {"key": twice})
        return dict(pairs)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLE_LABELS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )


class PersonForm(RolesForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    field_order = ("email", "roles")


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=64, help_text=_("What sends with it, for example “web-frontend”. Never used again.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=list(SCOPE_LABELS.items()), widget=forms.CheckboxSelectMultiple
    )


def _wrong() -> ValidationError:
    return ValidationError(_("That code is not right, or was used already."))


def _pair(line: str) -> tuple[str, str]:
    """Small and capital are one key, save for the console's own capitals."""
    usual, equals, own = (part.strip() for part in line.partition("="))
    if usual not in CAPITALS:
        usual, own = usual.lower(), own.lower()
    if not equals or len(usual) != 1 or len(own) != 1:
        raise ValidationError(_("“%(line)s” is not “key = key”.") % {"line": line.strip()})
    return usual, own
