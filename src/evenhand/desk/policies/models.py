"""The versions of the platform document, each kept whole."""

from django.db import models

from evenhand.desk.fields import InstantField


class PlatformVersion(models.Model):
    """A document as it was applied. Versions count from 1 without gaps; none is ever changed."""

    version = models.IntegerField(unique=True)
    applied_at = InstantField()
    applied_by = models.CharField(max_length=128)
    """The actor, as the ledger names it."""
    digest = models.CharField(max_length=64)
    """SHA-256 of `document`, in hex."""
    document = models.TextField()
    """`engine.platform.Platform` as canonical JSON."""
    source = models.TextField(default="")
    """The TOML as it was handed in, with its comments; empty when it came in another form."""
    summary = models.JSONField(default=list)
    """What changed, in sentences."""
    policy_versions = models.JSONField(default=dict)
    """Policy id → the version at which its own words last changed."""
