"""The ledger as it is kept: entries, the nodes of their Merkle tree, signed checkpoints, sealed payloads.

Triggers (`triggers.py`) let rows be added to these tables and nothing else; a payload may go when an entry says that it
was erased. What was verified and published is noted beside them, and may change.
"""

from django.db import models

from evenhand.desk.fields import EPOCH, InstantField


class Entry(models.Model):
    """One act. `seq` counts from 0 without gaps; `body` is hashed, the other columns are copies of it for searching."""

    seq = models.BigIntegerField(primary_key=True)
    body = models.TextField()
    act = models.CharField(max_length=32)
    actor = models.CharField(max_length=128)
    obj = models.CharField(max_length=255)

    class Meta:
        indexes = [
            models.Index(fields=["act", "seq"], name="entry_by_act"),
            models.Index(fields=["actor", "seq"], name="entry_by_actor"),
            models.Index(fields=["obj", "seq"], name="entry_by_obj"),
        ]


class Node(models.Model):
    """The hash over the entries `idx << level` up to `(idx + 1) << level`; only complete subtrees are kept."""

    pk = models.CompositePrimaryKey("level", "idx")
    level = models.SmallIntegerField()
    idx = models.BigIntegerField()
    hash = models.BinaryField()


class Checkpoint(models.Model):
    """A signed note over the first `size` entries."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    signed_at = InstantField()


class Verification(models.Model):
    """What the last check of the ledger found: of the whole, and of its end alone. It is for whoever runs the desk; an
    outsider runs the check."""

    scope = models.CharField(max_length=8, primary_key=True)
    """`whole` or `tail`."""
    checked_at = InstantField()
    size = models.BigIntegerField()
    broken = models.TextField(default="")
    """The first thing that does not hold."""


class Publication(models.Model):
    """A place outside the desk that keeps checkpoints: what it took last, and what keeps it from taking the next."""

    place = models.CharField(max_length=512, primary_key=True)
    size = models.BigIntegerField(default=0)
    note = models.TextField(default="")
    published_at = InstantField(null=True)
    next_at = InstantField(default=EPOCH)
    """When it is tried again."""
    failing_since = InstantField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(default="")
    contradicts = models.BooleanField(default=False)


class Payload(models.Model):
    """What an entry commits to: salt and canonical JSON, sealed with the key of the data folder."""

    seq = models.BigIntegerField(primary_key=True)
    sealed = models.BinaryField()
