"""Versions of the rule project, the life of each rule, what rules and people marked, and how often rules fired."""

from django.db import models

from evenhand.desk.fields import InstantField


class ProjectVersion(models.Model):
    """All rule files as they were published together. Versions count from 1 without gaps; none is ever changed."""

    version = models.IntegerField(unique=True)
    published_at = InstantField()
    published_by = models.CharField(max_length=128)
    """The actor, as the ledger names it."""
    note = models.TextField(default="")
    """What the publisher says about it."""
    digest = models.CharField(max_length=64)
    """SHA-256 of `content`, in hex."""
    content = models.TextField()
    """`engine.rules` sources and configuration as canonical JSON: {"sources": {path: text}, "config": {…}}, with the
    texts of tests and of configuration by path."""
    rules = models.JSONField(default=list)
    """Names of the rules in it, in their order."""
    tests = models.JSONField(default=dict)
    """What its tests said when it was published: {"passed": n, "failed": n}."""


class Life(models.Model):
    """Where a rule stands in its life: a row for each change, the newest counts."""

    class Stage(models.TextChoices):
        DRAFT = "draft"
        """Checked, and can be tried; it does nothing."""
        SHADOW = "shadow"
        """Runs on everything and is counted; nothing follows."""
        CANARY = "canary"
        """Live for a share of the authors, the same ones each time."""
        LIVE = "live"
        RETIRED = "retired"

    rule = models.CharField(max_length=128)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    owner = models.CharField(max_length=128)
    """Who answers for the rule."""
    reason = models.TextField()
    share = models.FloatField(default=0.1)
    """Of a canary: the share of authors for whom it is live, 0 to 1."""
    cap_per_hour = models.IntegerField(default=100)
    """How often it may hold or act in an hour of event time; beyond that it only asks for a person."""
    low_per_day = models.FloatField(null=True)
    high_per_day = models.FloatField(null=True)
    """The band of fires for each day in which it stays live; outside it steps back to shadow."""
    expires_at = InstantField(null=True)
    changed_at = InstantField()
    changed_by = models.CharField(max_length=128)

    class Meta:
        indexes = [models.Index(fields=["rule", "id"], name="life_by_rule")]


class Hits(models.Model):
    """How often a rule fired in one hour of event time, by the stage that it was in."""

    rule = models.CharField(max_length=128)
    hour = models.BigIntegerField()
    """Hours since 1970 UTC."""
    stage = models.CharField(max_length=8)
    fired = models.IntegerField(default=0)
    capped = models.IntegerField(default=0)
    """Of those: how often it would have held or acted, had it not reached its cap."""
    failed = models.IntegerField(default=0)
    """How often an error left it without an answer, or without one of its effects."""
    error = models.TextField(default="")
    """The last such error."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "hour", "stage"], name="hits_once")]


class SavedQuery(models.Model):
    """A question to the stored items that somebody keeps for all of the desk."""

    name = models.CharField(max_length=100, unique=True)
    expression = models.TextField()
    item_type = models.CharField(max_length=128, default="")
    """Empty: all types."""
    days = models.IntegerField()
    path = models.CharField(max_length=200, default="")
    """Whose most frequent values are shown."""
    saved_by = models.CharField(max_length=128)
    """The actor, as the ledger names it."""
    saved_at = InstantField()


class Label(models.Model):
    """A mark on an entity, set by a rule or a person. The newest of each origin counts; a person's beats a rule's."""

    entity_type = models.CharField(max_length=128)
    entity_id = models.CharField(max_length=512)
    label = models.CharField(max_length=128)
    manual = models.BooleanField()
    status = models.CharField(max_length=8)
    """added or removed."""
    since = InstantField()
    expires_at = InstantField(null=True)
    reason = models.TextField(default="")
    by = models.CharField(max_length=160)
    """rule:<name>, or the actor as the ledger names it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity_type", "entity_id", "label", "manual"], name="label_once")
        ]
        indexes = [models.Index(fields=["label", "status", "since"], name="label_by_name")]
