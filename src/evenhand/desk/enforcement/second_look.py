"""A blind second look at a decision, kept apart from decisions: whoever asks for these never meets one."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evenhand.desk.fields import InstantField


class SecondLook(models.Model):
    """A decided case that somebody decides again without being told, and from which nothing follows. By another person,
    or, at a desk of one, by the same one long after."""

    uid = models.CharField(max_length=32, unique=True)
    """As of a decision: it can be taken back by it."""
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="second_look")
    first = models.OneToOneField("enforcement.Decision", on_delete=models.PROTECT, related_name="second_look")
    """The decision that is looked at again."""
    policy = models.CharField(max_length=128, default="", blank=True)
    """The policy that the case proposed, whatever was decided; "" for none."""
    share = models.FloatField()
    """How likely it was to be drawn."""
    drawn_at = InstantField()
    kind = models.CharField(max_length=12, default="", blank=True)
    """`Decision.Kind`: act or dismiss, once decided."""
    under = models.CharField(max_length=128, null=True)
    """The policy that this look found broken."""
    actions = models.JSONField(default=list)
    """[action, parameters] each."""
    reason = models.TextField(default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = InstantField(null=True)
    effective_at = InstantField(null=True)
    """Until then it can be taken back, and nobody is told that it was a second look."""
    seconds = models.FloatField(null=True)
    needs_second = models.BooleanField(default=False)
    """It chose an action that takes two people."""
    withdrawn_at = InstantField(null=True)
    """It will not be decided: the first decision was taken back, the item has a case again, or nobody came to it."""
    first_told_at = InstantField(null=True)
    second_told_at = InstantField(null=True)
    """When each of the two saw how the other decided."""

    class Meta:
        indexes = [
            models.Index(fields=["policy", "decided_at"], name="second_look_by_policy"),
            models.Index(fields=["decided_by", "decided_at"], name="second_look_by_person"),
            models.Index(
                fields=["drawn_at"],
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
                name="second_look_waits",
            ),
        ]

    @property
    def may_be_told(self) -> bool:
        """It is decided, and cannot be taken back any more."""
        return self.effective_at is not None and self.effective_at <= timezone.now()

    key_name = ""
    undone_at: datetime | None = None
    seconded_at: datetime | None = None
    """As of a decision: only a person looks again, what they take back waits again, and nobody consents to it."""
