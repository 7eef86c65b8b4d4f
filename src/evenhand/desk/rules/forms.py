"""What people fill in about rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evenhand.desk.rules.models import Life

LONGEST_REASON = 2_000
STAGES = (
    (Life.Stage.DRAFT, _("draft: does nothing, and is not counted")),
    (Life.Stage.SHADOW, _("shadow: counted, nothing follows")),
    (Life.Stage.CANARY, _("canary: live for a share of authors")),
    (Life.Stage.LIVE, _("live: what it asks for")),
    (Life.Stage.RETIRED, _("retired: nothing any more")),
)


class MoveForm(forms.Form):
    """One step in the life of a rule."""

    stage = forms.ChoiceField(choices=STAGES, label=_("Stage"))
    owner = forms.CharField(max_length=128, label=_("Who answers for it"))
    reason = forms.CharField(
        max_length=LONGEST_REASON, label=_("Why it takes this step"), widget=forms.Textarea(attrs={"rows": 2})
    )
    share = forms.FloatField(
        min_value=0, max_value=1, initial=0.1, label=_("Share of a canary"), help_text=_("0.1 is one author in ten.")
    )
    cap_per_hour = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        initial=100,
        label=_("Cap"),
        help_text=_("Holds and actions in an hour; above it the rule only asks for a person."),
    )
    low_per_day = forms.FloatField(
        min_value=0, required=False, label=_("Band: from"), help_text=_("Fires in 24 hours. Empty: no lower end.")
    )
    high_per_day = forms.FloatField(
        min_value=0,
        required=False,
        label=_("Band: to"),
        help_text=_("Outside the band it steps back to shadow. Empty: no upper end."),
    )
    expires_at = forms.DateTimeField(
        required=False,
        label=_("Retires by itself on"),
        help_text=_("In UTC. Empty: never."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def step_from(life: Life | None, owner: str) -> MoveForm:
    """The form as it stands before the next step: what holds now, without the reason of the last step."""
    if life is None:
        return MoveForm(initial={"stage": Life.Stage.SHADOW, "owner": owner})
    names = ("stage", "owner", "share", "cap_per_hour", "low_per_day", "high_per_day", "expires_at")
    return MoveForm(initial={name: getattr(life, name) for name in names})
