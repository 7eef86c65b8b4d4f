"""Known media: banks, the lists that fill them, what was seen of media, and what matched.

Of media only hashes and pointers are kept, never a byte of it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenhand.desk.fields import InstantField


class Bank(models.Model):
    """Entries that stand for one policy. Ours: a list is somebody else's, and fills a bank."""

    class Holds(models.TextChoices):
        NEVER = "never", "never: a match asks for a person"
        CONFIRMED = "confirmed", "when a second list agrees"
        ALWAYS = "always", "at each exact match, and when a second list agrees"

    name = models.CharField(max_length=50)
    """[A-Z_][A-Z0-9_]*, as HMA names its banks. With `media:` before it, the name of a signal."""
    title = models.CharField(max_length=200, default="")
    policy = models.CharField(max_length=128)
    severity = models.CharField(max_length=8, default="")
    """NONE, LOW, MEDIUM, HIGH or SEVERE; empty: as the policy has it."""
    enabled_share = models.FloatField(default=1.0)
    """Of matching media, chosen by their hash, for how many a match counts: 0 is off."""
    radius = models.SmallIntegerField(default=31)
    """Largest Hamming distance at which a perceptual hash matches."""
    hold = models.CharField(max_length=9, choices=Holds.choices, default=Holds.NEVER)
    """Whether a match may hide an item while its case waits; never for a perceptual match of one list alone."""
    hold_hours = models.IntegerField(default=72)
    note = models.TextField(default="")
    made_at = InstantField()
    retired_at = InstantField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(retired_at__isnull=True), name="bank_by_name")
        ]


class Source(models.Model):
    """Where entries come from: a hash list of somebody else, or a file."""

    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    """Which connector speaks to it; `file` for what is imported by hand."""
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="sources")
    config = models.JSONField(default=dict)
    """What the connector needs, without secrets: these are named by environment variable or file."""
    cursor = models.TextField(default="")
    """Where the next synchronisation begins: moves only when a whole range was taken in."""
    list_version = models.CharField(max_length=128, default="")
    every_seconds = models.IntegerField(default=3600)
    """Between synchronisations; 0: only when asked."""
    stale_after_seconds = models.IntegerField(default=86_400)
    last_try = InstantField(null=True)
    last_ok = InstantField(null=True)
    next_at = InstantField(null=True)
    leased_until = InstantField(null=True)
    leased_by = models.CharField(max_length=128, default="", blank=True)
    """The process that takes it in (`runtime.holders`): a lease ends with it, where that can be known."""
    error = models.TextField(default="")
    """Why the last synchronisation failed; empty when it did not."""
    failures = models.IntegerField(default=0)
    """In a row."""
    asks = models.JSONField(null=True)
    """A withdrawal so large that a person has to agree: {"withdraw", "of", "since", "digest"}; which entries: Going."""
    consented = models.IntegerField(default=0)
    """So many withdrawals a person agreed to for the next synchronisation: those of Going, and no others."""
    upheld = models.IntegerField(default=0)
    dismissed = models.IntegerField(default=0)
    """Decided cases on media that matched its entries: a medium once, however many of its hashes match."""
    reasons = models.JSONField(default=dict)
    """By kind of hash: the reasons that its owner takes against a medium, where it takes no others."""
    compared_at = InstantField(null=True)
    """When it was last held against the other lists (Alike); until then it is no second voice."""
    made_at = InstantField()
    disabled_at = InstantField(null=True)
    removed_at = InstantField(null=True)
    """Its entries are kept, withdrawn; its name is free."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(removed_at__isnull=True), name="source_by_name")
        ]


class Alike(models.Model):
    """Two lists that count as one voice. Kept from both sides; measured when one of them is taken in."""

    one = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    share = models.FloatField(null=True)
    """Of the media of `one`, so much is in `other`; None: they have one owner."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="alike_once")]


class Going(models.Model):
    """A listed medium that a list would withdraw, and has to ask for."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="going")
    key = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="going_once")]


class Tally(models.Model):
    """How much of a bank matches now, by where it is from: kept with each change, since counting takes seconds."""

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="tallies")
    source = models.ForeignKey(Source, null=True, on_delete=models.CASCADE, related_name="tallies")
    """None: added here."""
    kind = models.CharField(max_length=16, blank=True)
    """Hashes of this kind; empty: listed media, each once."""
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "bank", "kind"], name="tally_once"),
            models.UniqueConstraint(fields=["bank", "kind"], condition=Q(source__isnull=True), name="own_tally_once"),
        ]


class Sync(models.Model):
    """One synchronisation, or import, as it went."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="syncs")
    begun_at = InstantField()
    ended_at = InstantField(null=True)
    pages = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    """Records that could not be read."""
    total = models.IntegerField(null=True)
    """Changes of the range, where the list tells."""
    error = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["source", "-id"], name="sync_newest")]


class Entry(models.Model):
    """One hash of one listed medium. Hashes of the same medium share bank, source and key."""

    class Review(models.TextChoices):
        NONE = "", "not reviewed"
        KEPT = "kept"
        REJECTED = "rejected", "rejected: never matched"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="entries")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="entries")
    """None: added here."""
    key = models.CharField(max_length=255)
    """The medium's id at its source."""
    kind = models.CharField(max_length=16)
    """pdq, md5, sha1, sha256, video_md5, vpdq, or another, which is matched byte by byte."""
    value = models.BinaryField()
    """The hash; several of 32 bytes for pdq (the medium, then its variants) and vpdq (its frames)."""
    digest = models.BinaryField(max_length=16)
    """The first 16 bytes of the SHA-256 of the value: what is looked up."""
    classification = models.CharField(max_length=64, default="")
    tags = models.JSONField(default=list)
    note = models.CharField(max_length=255, default="")
    list_version = models.CharField(max_length=128, default="")
    listed_at = InstantField(null=True)
    """As its source says."""
    first_seen = InstantField()
    last_seen = InstantField()
    withdrawn_at = InstantField(null=True)
    withdrawn_why = models.TextField(default="")
    disabled_until = InstantField(null=True)
    review = models.CharField(max_length=8, choices=Review.choices, default=Review.NONE, blank=True)
    upheld = models.IntegerField(default=0)
    dismissed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key", "kind", "digest"], name="entry_once"),
            models.UniqueConstraint(
                fields=["bank", "key", "kind", "digest"], condition=Q(source__isnull=True), name="own_entry_once"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "digest"], name="entry_by_hash"),
            models.Index(fields=["bank", "id"], name="entry_by_bank"),
        ]


class Change(models.Model):
    """What was added to the entries that match, or removed from them, in order: indexes at hand follow it."""

    class Kind(models.TextChoices):
        ADDED = "added"
        REMOVED = "removed"

    seq = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    """That of the entry's hash."""
    what = models.CharField(max_length=7, choices=Kind.choices)


class Look(models.Model):
    """One medium of one item that the desk has to hash."""

    class State(models.TextChoices):
        WAITING = "waiting"
        FETCHING = "fetching"
        HASHED = "hashed"
        UNDECODABLE = "undecodable"
        UNREACHABLE = "unreachable"
        GONE = "gone"
        GIVEN = "given"

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    field = models.CharField(max_length=256)
    url = models.TextField()
    digest = models.BinaryField(max_length=16)
    """Of the address."""
    kind = models.CharField(max_length=5)
    state = models.CharField(max_length=11, choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    since = InstantField()
    due_at = InstantField(null=True)
    """When it is tried next; null when it is done, or given up."""
    leased_until = InstantField(null=True)
    changed_at = InstantField()
    error = models.TextField(default="")
    """Why it is not hashed, in a sentence; of one that is, what is odd about it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_type", "item_id", "field", "digest"], name="look_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="look_due"),
            models.Index(fields=["state", "since"], condition=~Q(state="hashed"), name="look_open"),
        ]


class Seen(models.Model):
    """A hash that was seen on an item: what new entries are held against."""

    kind = models.CharField(max_length=16)
    value = models.BinaryField()
    """The hash, and for pdq those of its variants; 32 bytes each. For vpdq those of its frames."""
    digest = models.BinaryField(max_length=16)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    field = models.CharField(max_length=256)
    url = models.TextField(default="")
    flat = models.BooleanField(default=False)
    whole = models.BooleanField(default=True)
    """False where limits left a part of the medium unseen."""
    medium = models.CharField(max_length=32, blank=True, default="", db_default="")
    """Its name, where its address does not make it: of what came without one."""
    at = InstantField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_type", "item_id", "field", "kind", "digest"], name="seen_once")
        ]
        indexes = [models.Index(fields=["kind", "digest"], name="seen_by_hash")]


class Match(models.Model):
    """A medium of an item is near an entry."""

    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    field = models.CharField(max_length=256)
    medium = models.CharField(max_length=32, blank=True, default="", db_default="")
    """Which of the media of this field (`knownmedia.medium`); empty in rows of old, where nobody wrote it down."""
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="matches")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="matches")
    event_id = models.CharField(max_length=32)
    distance = models.SmallIntegerField()
    variant = models.CharField(max_length=32, default="")
    flat = models.BooleanField(default=False)
    at = InstantField()
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, default="", blank=True)
    """upheld or dismissed, as its case was decided; empty while it was not."""
    withdrawn_at = InstantField(null=True)
    withdrawn_why = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_type", "item_id", "field", "medium", "entry"], name="match_once")
        ]
        indexes = [
            models.Index(fields=["bank", "-id"], name="match_by_bank"),
            models.Index(fields=["entry", "withdrawn_at"], name="match_by_entry"),
            models.Index(fields=["medium"], name="match_by_medium"),
        ]


class Feedback(models.Model):
    """What we tell the owner of a list about an entry: proposed by a decision, sent when a person confirmed it."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        SENT = "sent"
        FAILED = "failed"
        REFUSED = "refused"
        DROPPED = "dropped"

    class Opinion(models.TextChoices):
        UP = "up", "we agree"
        DOWN = "down", "we disagree"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="feedback")
    opinion = models.CharField(max_length=4, choices=Opinion.choices)
    reason = models.CharField(max_length=255, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    match = models.ForeignKey(Match, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = InstantField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = InstantField(null=True)
    sent_at = InstantField(null=True)
    due_at = InstantField(null=True)
    tries = models.SmallIntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "opinion"], condition=Q(state__in=["proposed", "confirmed"]), name="feedback_once"
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="feedback_due")]


class RetroScan(models.Model):
    """New entries (those of changes `since` < seq ≤ `until`) held against everything that was seen before."""

    since = models.BigIntegerField()
    until = models.BigIntegerField()
    entries = models.IntegerField(default=0)
    done = models.JSONField(default=dict)
    """Ids of Seen up to which each kind was asked; and how far the look-up of this round's exact hashes got."""
    total = models.BigIntegerField(default=0)
    looked = models.BigIntegerField(default=0)
    hits = models.IntegerField(default=0)
    begun_at = InstantField()
    changed_at = InstantField()
    ended_at = InstantField(null=True)
    leased_until = InstantField(null=True)
    error = models.TextField(default="")
