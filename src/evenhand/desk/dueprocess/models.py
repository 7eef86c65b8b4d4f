"""The second look: appeals, as they came in and as they were heard."""

from django.db import models

from evenhand.desk.fields import InstantField


class Appeal(models.Model):
    """A judged person asks for a second look. It becomes a case of its own."""

    appeal_id = models.CharField(max_length=255, unique=True)
    event_id = models.CharField(max_length=32)
    by_type = models.CharField(max_length=128)
    by_id = models.CharField(max_length=512)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    actions = models.JSONField(default=list)
    policies = models.JSONField(default=list)
    reason = models.TextField(default="")
    appealed_at = InstantField()
    received_at = InstantField()
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, default="")
    """accepted or rejected, once heard."""
    heard_at = InstantField(null=True)
    settled_by = models.ForeignKey("enforcement.Decision", null=True, on_delete=models.PROTECT, related_name="+")
    """What took back the decision that it is about, before anybody heard it."""

    class Meta:
        indexes = [models.Index(fields=["item_type", "item_id"], name="appeal_by_item")]
