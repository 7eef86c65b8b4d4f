"""What people fill in about a bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evenhand.desk.media.queries.browsing import Bank
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.banks.words import HOLDS

_MOST_HOURS = 24 * 365
_LARGEST_RADIUS = 31
SEVERITIES = (("", _("as the policy has it")), *((one, one) for one in ("NONE", "LOW", "MEDIUM", "HIGH", "SEVERE")))


class BankForm(forms.Form):
    """What a match in it means."""

    title = forms.CharField(max_length=200, required=False, label=_("Title"))
    policy = forms.ChoiceField(label=_("Policy"))
    severity = forms.ChoiceField(choices=SEVERITIES, required=False, label=_("Severity"))
    hold = forms.ChoiceField(choices=tuple(HOLDS.items()), label=_("Hold"))
    hold_hours = forms.IntegerField(min_value=1, max_value=_MOST_HOURS, label=_("Hours of a hold"))
    enabled_share = forms.FloatField(
        min_value=0,
        max_value=1,
        label=_("Share"),
        help_text=_("1 is on for all media, 0 is off."),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    radius = forms.IntegerField(
        min_value=0,
        max_value=_LARGEST_RADIUS,
        label=_("Distance"),
        help_text=_("Up to which a picture counts as alike, of 256 bits."),
    )
    note = forms.CharField(max_length=2_000, required=False, label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = policies.current(fresh=True).policies.values()
        field = self.fields["policy"]
        assert isinstance(field, forms.ChoiceField)
        kept = self.initial.get("policy") or self.data.get("policy")
        field.choices = [(one.id, one.name) for one in known if not one.retired or one.id == kept]

    @classmethod
    def of(cls, bank: Bank) -> BankForm:
        """As it stands."""
        return cls(initial={name: getattr(bank, name) for name in cls.base_fields})
