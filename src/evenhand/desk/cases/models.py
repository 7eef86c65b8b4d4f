"""What a person decides: cases, who holds them, and what was looked at."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenhand.desk.fields import InstantField
from evenhand.engine.triage.lane import NORMAL


class Cluster(models.Model):
    """Cases on items that say the same (`engine.triage.clusters`): they are shown, held and decided as one."""

    opened_at = InstantField()
    parted_at = InstantField(null=True)
    """When a person said that some of it were not the same. From then on nothing is joined with it as a whole; what is
    new and says the same still comes to it."""


class Case(models.Model):
    """One subject with its reports, signals and history, waiting for one decision."""

    class Kind(models.TextChoices):
        REVIEW = "review"
        APPEAL = "appeal"
        SECOND = "second", "A blind second look: shown as a review, and nothing follows from it"

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    class Outcome(models.TextChoices):
        UPHELD = "upheld"
        """The reports were right: an action was taken."""
        DISMISSED = "dismissed"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REVIEW)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    author_type = models.CharField(max_length=128, default="")
    author_id = models.CharField(max_length=512, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default="", blank=True)
    queue = models.CharField(max_length=128, default="default")
    policy = models.CharField(max_length=128, null=True)
    """The policy that the case proposes."""
    lane = models.SmallIntegerField(default=NORMAL)
    """`engine.triage.lane`: 0 critical, 1 unconfirmed, 2 normal. A lower one comes before all of a higher one."""
    rank = models.FloatField(default=0)
    """log2 of the expected harm that waiting does for each second of handling; higher comes first."""
    why = models.JSONField(default=dict)
    """`engine.triage.harm.Harm` as stored: each term with its source."""
    opened_at = InstantField()
    changed_at = InstantField()
    closed_at = InstantField(null=True)
    version = models.IntegerField(default=1)
    """Goes up with each decision and undo: a decision on an older version is a conflict."""
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    held_until = InstantField(null=True)
    """Lease: while it runs, only `holder` may decide."""
    appeal_id = models.CharField(max_length=255, null=True, unique=True)
    again = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    """Of a second look: the decided case that is looked at again."""
    cluster = models.ForeignKey(Cluster, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False)
    behind = models.BooleanField(default=False, db_default=False)
    """It stands in no row of the queue of its own: a case of its cluster, in the same queue, comes before it."""
    deciding = models.BooleanField(default=False, db_default=False)
    """The decision on its cluster is on its way to it; it stands in no row meanwhile."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_type", "item_id"], condition=Q(state="open", kind="review"), name="one_open_review"
            )
        ]
        indexes = [
            models.Index(
                fields=["queue", "lane", "-rank", "id"], condition=Q(state="open", behind=False), name="case_order"
            ),
            models.Index(
                fields=["lane", "-rank", "id"], condition=Q(state="open", behind=False), name="case_order_all"
            ),
            models.Index(
                fields=["cluster", "queue", "lane", "-rank", "id"],
                condition=Q(state="open", cluster__isnull=False),
                name="case_cluster_order",
            ),
            models.Index(
                fields=["cluster"], condition=Q(cluster__isnull=False, state="closed"), name="case_cluster_closed"
            ),
            models.Index(
                fields=["cluster", "queue"],
                condition=Q(cluster__isnull=False, state="open", behind=False),
                name="case_cluster_heads",
            ),
            models.Index(
                fields=["cluster"],
                condition=Q(cluster__isnull=False, state="open", holder__isnull=False),
                name="case_cluster_held",
            ),
            models.Index(fields=["queue", "lane", "opened_at", "state"], condition=Q(state="open"), name="case_oldest"),
            models.Index(fields=["item_type", "item_id"], name="case_by_item"),
            models.Index(fields=["author_type", "author_id", "id"], name="case_by_author"),
            models.Index(fields=["changed_at", "id"], condition=Q(state="open"), name="case_changed"),
            models.Index(fields=["state", "closed_at"], condition=Q(again__isnull=False), name="case_again"),
        ]

    @property
    def shown_kind(self) -> str:
        """What it looks like: nobody is told of a second look that it is one."""
        return self.Kind.REVIEW if self.kind == self.Kind.SECOND else self.kind

    @property
    def came_at(self) -> datetime:
        """When its subject first became a case, as people are told."""
        came: datetime = self.again.opened_at if self.again else self.opened_at
        return came


class ClusterSample(models.Model):
    """What a case's item says, kept to be compared with what comes; one for all that say exactly the same."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="+")
    sample = models.BinaryField()
    """`engine.triage.clusters.Sample`, as msgpack."""
    at = InstantField(db_index=True)


class ClusterKey(models.Model):
    """Under which keys a sample is found."""

    key = models.BigIntegerField()
    sample = models.ForeignKey(ClusterSample, on_delete=models.CASCADE, related_name="keys", db_index=False)
    """No index: a sample knows its keys."""

    class Meta:
        indexes = [models.Index(fields=["key"], name="cluster_by_key")]


class CaseBar(models.Model):
    """This person may not decide this case (an appeal is never heard by who decided first)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bars")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_bar_once")]


class CaseReport(models.Model):
    """Which case gathered which report."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    report_id = models.CharField(max_length=64, unique=True)
    reporter = models.CharField(max_length=700)
    """kind, type and id of the reporter, joined by a space."""
    policy = models.CharField(max_length=128, null=True)
    csam = models.BooleanField(default=False)
    received_at = InstantField()
    counted = models.CharField(max_length=9, default="", db_default="", blank=True)
    """How it was counted in its reporter's record when its case was decided: "upheld", "dismissed", or not at all."""

    class Meta:
        indexes = [
            models.Index(fields=["case", "reporter"], name="case_report_reporters"),
            models.Index(fields=["case", "received_at"], name="case_report_newest"),
        ]


class ReporterTally(models.Model):
    """How a reporter's decided reports under one policy turned out."""

    reporter = models.CharField(max_length=700)
    policy = models.CharField(max_length=128, default="", blank=True)
    """"" for reports that named none."""
    upheld = models.IntegerField(default=0)
    dismissed = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reporter", "policy"], name="reporter_tally_once")]


class Note(models.Model):
    """What a moderator wants the next one to know about an item or its author."""

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = InstantField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["item_type", "item_id", "at"], name="note_by_item")]


class SavedView(models.Model):
    """A part of the queue under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    part = models.JSONField()
    """`queries.views.Part`, without what does not matter."""
    shared_with = models.CharField(max_length=16, default="", blank=True)
    """A role, all of whom see it; "" for the owner alone."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once")]


class MediaView(models.Model):
    """Somebody opened media: who, what, through which filter, from when until when at the latest."""

    class Ending(models.TextChoices):
        CLOSED = "closed"
        """They closed it, decided the case, or left the page, which said goodbye."""
        SILENT = "silent"
        """Its page was not heard of for one interval, and showed it no longer than that."""
        UNHEARD = "unheard"
        """A page without script, which cannot be heard of, did not say goodbye: as long as a session lasts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="media_views")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    field = models.CharField(max_length=128)
    url = models.TextField()
    filter = models.CharField(max_length=32)
    opened_at = InstantField()
    heard_at = InstantField(null=True)
    """When its page last said that it still shows it. Null: it never did, as a page without script cannot."""
    closed_at = InstantField(null=True)
    """It was shown until then at most; `ending` tells how that is known."""
    ending = models.CharField(max_length=8, choices=Ending.choices, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["viewer", "opened_at"], name="media_view_by_viewer"),
            models.Index(fields=["case", "opened_at"], name="media_view_by_case"),
            models.Index(fields=["heard_at"], condition=Q(closed_at__isnull=True), name="media_view_open"),
        ]


class Wanted(models.Model):
    """An item of an open case that the platform is asked for: the desk has it only by its id or in part."""

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    since = InstantField()
    tries = models.SmallIntegerField(default=0)
    asked_at = InstantField(null=True)
    due_at = InstantField(null=True)
    """When it is asked for next; null when it was answered or given up."""
    fault = models.TextField(default="")
    """Why the last request did not bring it; empty when it did, or when the platform does not know the item."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_type", "item_id"], name="wanted_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="wanted_due"),
            models.Index(fields=["asked_at"], name="wanted_asked"),
        ]


class Asking(models.Model):
    """How far open cases were looked through for items to ask for. One row."""

    address = models.CharField(max_length=64, default="")
    """Digest of the address and headers that were asked. With another one everything is asked for again."""
    seen_at = InstantField(default=0)
    seen_id = models.BigIntegerField(default=0)
    """Cases up to this `changed_at` and id were looked through."""
    rests_until = InstantField(default=0)
    """After an answer that could not be used, nothing is asked until then."""
