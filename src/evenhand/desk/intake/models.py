"""What is known of items and reports. Written only by the fold over the event log (services.project)."""

from django.db import models

from evenhand.desk.fields import InstantField


class Item(models.Model):
    """The latest state of an item, and when the platform sent it."""

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    kind = models.CharField(max_length=8)
    creator_type = models.CharField(max_length=128, default="")
    creator_id = models.CharField(max_length=512, default="")
    thread_type = models.CharField(max_length=128, default="")
    thread_id = models.CharField(max_length=512, default="")
    name = models.TextField(default="")
    text = models.TextField(default="")
    folded = models.TextField(default="", db_default="")
    """What is indexed in the place of the text, where that has runs without spaces (`engine.text.unspaced`)."""
    data = models.TextField()
    """The whole `engine.model.Item` as JSON."""
    views = models.BigIntegerField(null=True)
    deleted = models.BooleanField(default=False)
    partial = models.BooleanField(default=False)
    created_at = InstantField(null=True)
    first_seen = InstantField()
    last_seen = InstantField()
    versions = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_type", "item_id"], name="item_key")]
        indexes = [
            models.Index(fields=["creator_type", "creator_id", "id"], name="item_by_creator"),
            models.Index(fields=["thread_type", "thread_id", "created_at"], name="item_by_thread"),
        ]


class Pointer(models.Model):
    """An item points at another: it answers it, or names it in a field that has no role of its own. Who made an item,
    and its thread, are columns of the item."""

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    field = models.CharField(max_length=128)
    """The role `parent`, or the name of the field."""
    to_type = models.CharField(max_length=128)
    to_id = models.CharField(max_length=512)

    class Meta:
        indexes = [models.Index(fields=["to_type", "to_id", "id"], name="pointer_to")]


class ItemVersion(models.Model):
    """What an item said before it was changed."""

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    seen_at = InstantField()
    replaced_at = InstantField()
    data = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["item_type", "item_id", "replaced_at"], name="item_version_by_item")]


class Report(models.Model):
    """Somebody says that an item breaks a policy. Append-only: counted by query, never by a counter."""

    report_id = models.CharField(max_length=64, unique=True)
    event_id = models.CharField(max_length=32)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    reporter_kind = models.CharField(max_length=16)
    reporter_type = models.CharField(max_length=128, default="")
    reporter_id = models.CharField(max_length=512, default="")
    policy = models.CharField(max_length=128, null=True)
    reason = models.TextField(default="")
    csam = models.BooleanField(default=False)
    reported_at = InstantField()
    received_at = InstantField()
    source = models.CharField(max_length=64, default="")
    in_thread = models.JSONField(default=list)
    """The items that the reporter pointed at in a thread: [[type, id], …]."""

    class Meta:
        indexes = [
            models.Index(fields=["item_type", "item_id", "received_at"], name="report_by_item"),
            models.Index(fields=["reporter_type", "reporter_id", "received_at"], name="report_by_reporter"),
        ]


class ViewFit(models.Model):
    """How fast views come on the platform, as its own counts tell (`engine.triage.exposure`); times in microseconds."""

    fitted_at = InstantField()
    half_life = models.BigIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    items = models.IntegerField()
    """How many it was fitted to."""
    in_force = models.BooleanField(default=False)
    """The order of cases stands on the newest one that is; a fit that differs little from it changes nothing."""
