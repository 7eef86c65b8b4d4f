"""What people fill in to make a bank, and to join a list to one: plain words for each kind of list and its settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from evenhand.desk.media.queries import sources
from evenhand.desk.web import figures, hashlists
from evenhand.desk.web.pages.banks.form import BankForm
from evenhand.engine.media.listing import Setting
from evenhand.runtime import config

KINDS = {
    "hashfile": gettext_lazy("A file on this machine that somebody keeps current"),
    "ncmec": gettext_lazy("NCMEC's hash sharing"),
    "stopncii": gettext_lazy("StopNCII: intimate images whose subjects asked for it"),
    "tech-against-terrorism": gettext_lazy("Tech Against Terrorism's hash list"),
    "threatexchange": gettext_lazy("A privacy group of ThreatExchange"),
}
SETTINGS = {
    "url": gettext_lazy("Address of its API"),
    "user": gettext_lazy("User name that its owner gave you"),
    "password": gettext_lazy("Password"),
    "reason": gettext_lazy("Reason that is sent when yours is not one of theirs"),
    "subscription_key": gettext_lazy("Subscription key"),
    "fetch_functions_key": gettext_lazy("Key for fetching hashes"),
    "feedback_functions_key": gettext_lazy("Key for giving feedback"),
    "token": gettext_lazy("Access token"),
    "group": gettext_lazy("Number of the privacy group"),
    "path": gettext_lazy("Name of the file"),
    "format": gettext_lazy("Format of the file"),
    "hash_kind": gettext_lazy("Kind of its hashes, where they do not say theirs"),
}
_EVERY = (3600, 900, 21_600, 86_400)
_STALE = (86_400, 21_600, 259_200, 604_800)


class NewBankForm(BankForm):
    """A bank that is not there yet."""

    name = forms.CharField(
        max_length=50,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Capitals, digits and _: KNOWN_ADVERTS. It stays as it is."),
    )
    field_order = ("name", "title", "policy", "severity", "hold")


class KindChoice(Struct, frozen=True):
    kind: str
    told: str


class NewListForm(forms.Form):
    """A list of one kind: where it fills, what its connector needs, how often it is asked."""

    name = forms.CharField(
        max_length=64,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Letters, digits, dots, - and _."),
    )
    bank = forms.ChoiceField(label=gettext_lazy("Bank that it fills"))

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settings = hashlists.KINDS[kind].settings
        bank = self.fields["bank"]
        assert isinstance(bank, forms.ChoiceField)
        bank.choices = [(one.bank.name, one.bank.title or one.bank.name) for one in sources.banks()]
        for one in self._settings:
            self.fields[f"set_{one.name}"] = _field(one)
        self.fields["every_seconds"] = _choice(_("It is asked every"), _EVERY)
        self.fields["stale_after_seconds"] = _choice(_("Alarm when it was not taken in for"), _STALE)

    def settings(self) -> dict[str, str]:
        """As the connector reads them: a secret by the place where it is."""
        found = {}
        for one in self._settings:
            value = str(self.cleaned_data.get(f"set_{one.name}") or "").strip()
            if value:
                found[_written(one, value)] = value
        return found


def kind_choices() -> list[KindChoice]:
    return [KindChoice(kind, str(told)) for kind, told in KINDS.items()]


def _written(one: Setting, value: str) -> str:
    if not one.secret:
        return one.name
    return f"{one.name}_env" if value.startswith(hashlists.PREFIX) else f"{one.name}_file"


def _field(one: Setting) -> forms.Field:
    label, folder = SETTINGS[one.name], config.current().data_dir
    if one.choices:
        return forms.ChoiceField(choices=[(name, name) for name in one.choices], label=label, initial=one.default)
    told = ""
    if one.secret:
        where = {"folder": hashlists.folder_of(folder, one.name), "prefix": hashlists.PREFIX}
        told = _("Not the secret itself: the name of a file in %(folder)s, or a variable that begins with %(prefix)s.")
        told %= where
    elif one.name == "path":
        told = _("In %(folder)s.") % {"folder": hashlists.folder_of(folder, "path")}
    return forms.CharField(
        max_length=500, required=one.needed, label=label, help_text=told, initial=one.default,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip


def _choice(label: str, seconds: tuple[int, ...]) -> forms.TypedChoiceField:
    choices = [(one, figures.span(one)) for one in sorted(seconds)]
    return forms.TypedChoiceField(choices=choices, coerce=int, label=label, initial=seconds[0])
