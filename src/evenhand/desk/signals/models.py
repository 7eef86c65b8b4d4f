"""What the machine tells about items, and how far the fold over the event log has come."""

from django.db import models

from evenhand.desk.fields import InstantField


class Partition(models.Model):
    """One share of the event log. Claimed by lease; `epoch` fences a worker that lost its lease."""

    part = models.IntegerField(primary_key=True)
    owner = models.CharField(max_length=64, default="")
    epoch = models.BigIntegerField(default=0)
    lease_until = InstantField(default=0)
    position = models.TextField(default="")
    """Opaque position of the event log: everything up to it is folded."""
    folded = models.BigIntegerField(default=0)
    folded_at = InstantField(null=True)


class Worker(models.Model):
    """One process or thread that folds. It lives as long as it renews this; shares of partitions are made by it."""

    owner = models.CharField(max_length=64, primary_key=True)
    since = InstantField()
    alive_until = InstantField()


class KeyedState(models.Model):
    """State of the fold, by partition and key: a msgpack value that may expire."""

    part = models.IntegerField()
    key = models.CharField(max_length=768)
    value = models.BinaryField()
    expires_at = InstantField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "key"], name="keyed_state_key")]
        indexes = [models.Index(fields=["expires_at"], name="keyed_state_expiry")]


class Signal(models.Model):
    """One finding of one detector on one event; a repeat must raise."""

    event_id = models.CharField(max_length=32)
    detector = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    at = InstantField()
    policy = models.CharField(max_length=128, null=True)
    probability = models.FloatField(default=0)
    effect = models.CharField(max_length=8)
    summary = models.TextField()
    evidence = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "detector"], name="signal_once")]
        indexes = [models.Index(fields=["item_type", "item_id", "at"], name="signal_by_item")]


class ParkedEvent(models.Model):
    """An event that could not be folded: kept, shown with its age, and folded again on request."""

    event_id = models.CharField(max_length=32, unique=True)
    part = models.IntegerField()
    at = InstantField()
    parked_at = InstantField()
    error = models.TextField()
    body = models.BinaryField()
    source = models.CharField(max_length=64, default="")
    resolved_at = InstantField(null=True)
