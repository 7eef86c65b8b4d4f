"""A case put before others: what a peer thinks of its item, and packages for people outside."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenhand.desk.fields import InstantField


class Opinion(models.Model):
    """A moderator asks a peer, who sees the item without names and without what anybody thinks of it. Nothing follows
    from the answer: whoever decides the case has read it, and is free."""

    class Answer(models.TextChoices):
        YES = "yes"
        """It breaks `policy`."""
        NO = "no"
        UNSURE = "unsure"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = InstantField()
    until = InstantField()
    """Unanswered by then, it is asked no more."""
    withdrawn_at = InstantField(null=True)
    answered_at = InstantField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, default="", blank=True)
    policy = models.CharField(max_length=128, null=True)
    text = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "peer"], condition=Q(withdrawn_at=None), name="opinion_once")
        ]
        indexes = [
            models.Index(fields=["case", "asked_at"], name="opinion_by_case"),
            models.Index(
                fields=["peer", "until"], condition=Q(answered_at=None, withdrawn_at=None), name="opinion_waiting"
            ),
            models.Index(fields=["asked_at"], name="opinion_asked"),
        ]


class Package(models.Model):
    """A case was made into a package for somebody outside. The desk keeps that, and no copy."""

    class Recipient(models.TextChoices):
        COUNSEL = "counsel"
        POLICE = "police"
        PLATFORM = "platform"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = InstantField()
    recipient = models.CharField(max_length=8, choices=Recipient.choices)
    name = models.CharField(max_length=120)
    """Who that is."""
    reason = models.TextField()
    manifest = models.CharField(max_length=64, unique=True)
    """SHA-256 of its manifest, as in the ledger."""

    class Meta:
        indexes = [models.Index(fields=["case", "made_at"], name="package_by_case")]
