"""What the ledger's pages are asked with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evenhand.desk.audit.acts import Act
from evenhand.engine.ledger.canonical import MAX_INTEGER


def _like(example: str) -> forms.TextInput:
    return forms.TextInput({"placeholder": example, "autocomplete": "off", "spellcheck": "false"})


class FilterForm(forms.Form):
    """`before` is the cursor of the page; it is carried by links, not typed."""

    act = forms.ChoiceField(label=_("Act"), required=False, choices=[("", _("any")), *Act.choices])
    actor = forms.CharField(label=_("Who"), required=False, max_length=128, widget=_like("user:calm-otter"))
    obj = forms.CharField(label=_("What"), required=False, max_length=255, widget=_like("case:17"))
    before = forms.IntegerField(required=False, min_value=0, max_value=MAX_INTEGER, widget=forms.HiddenInput)


class GrowthForm(forms.Form):
    """The checkpoint that somebody kept."""

    old = forms.IntegerField(label=_("Size of the checkpoint that you kept"), min_value=0, max_value=MAX_INTEGER)
