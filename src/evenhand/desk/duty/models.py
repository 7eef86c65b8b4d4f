"""Who is there when, how they are reached when nobody is, what woke them, and how they were spared."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenhand.desk.fields import InstantField


class Hours(models.Model):
    """One person's week."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=64, default="UTC")
    """A name of the IANA database: its clock is meant, in summer and winter."""
    shifts = models.JSONField(default=list)
    """[day, from, until]: day 0 is Monday; minutes after midnight; `until` up to a day after `from`."""
    place = models.SmallIntegerField(null=True)
    """Who is paged first has the lowest. Null: is not paged, save in a night that they began themselves."""
    digest = models.BooleanField(default=True)
    """Whether the morning's digest comes by mail."""


class Change(models.Model):
    """One stretch of time in which a person's week is another: off, or on duty."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins = InstantField()
    ends = InstantField()
    on = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["ends"], name="duty_change_ends")]


class Way(models.Model):
    """How a person is reached. Its name in the outbox is `page:<pseudonym>:<kind>`."""

    class Kind(models.TextChoices):
        PUSH = "push"
        """An ntfy topic: a POST to its address."""
        MAIL = "mail"
        WEBHOOK = "webhook"
        BROWSER = "browser"
        """Web push: the endpoint, `#`, the browser's public key, `.`, its secret."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=2000)
    made_at = InstantField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="duty_way_once")]


class Night(models.Model):
    """From “good night” to “good morning”. One at a time."""

    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = InstantField()
    until = InstantField()
    cap = models.SmallIntegerField()
    """Pages for one person in this night, at most."""
    shown = models.JSONField(default=dict)
    """What the page said would be held, would page and would wait."""
    ended_at = InstantField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    """Null: its time was over."""

    open = models.BooleanField(null=True, default=True)
    """True or null, never false: so that there is one open night at most."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["open"], name="duty_one_open_night")]
        indexes = [models.Index(fields=["begun_at"], name="duty_night_begun")]


class Alarm(models.Model):
    """A case that nobody was there for."""

    class State(models.TextChoices):
        KNOWN = "known"
        """It waited already when the night began, and the page said so: it wakes nobody."""
        RINGING = "ringing"
        ACKNOWLEDGED = "acknowledged"
        CAPPED = "capped"
        """Whoever could be paged had as many pages as they may have."""
        UNHEARD = "unheard"
        """Nobody acknowledged it, or nobody could be reached."""
        SETTLED = "settled"
        """It was decided, or somebody was there again, before it was acknowledged."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    night = models.ForeignKey(Night, null=True, on_delete=models.PROTECT, related_name="alarms")
    """Null: outside of all rosters, and nobody had said good night."""
    cause = models.CharField(max_length=140)
    """critical, or `rule:<name>`."""
    policy = models.CharField(max_length=128, null=True)
    at = InstantField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RINGING)
    due_at = InstantField(null=True)
    """When it goes on to the next person."""
    settled_at = InstantField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="ringing"), name="duty_alarm_due"),
            models.Index(fields=["at"], name="duty_alarm_at"),
        ]


class Page(models.Model):
    """One person was told of an alarm, by all their ways at once."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="pages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = InstantField()
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the word in its link."""

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="duty_page_by_user")]


class ClearLook(models.Model):
    """A medium was seen without a filter, while a button was held."""

    view = models.ForeignKey("cases.MediaView", on_delete=models.PROTECT, related_name="+")
    begun_at = InstantField()
    ended_at = InstantField(null=True)
    """Null: the page did not say so; until the view's end at most."""


class Allowance(models.Model):
    """More than the cap, for one person, one kind of harm and one day; with its reason."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=128)
    """The one that sets the cap."""
    reason = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = InstantField()
    until = InstantField()

    class Meta:
        indexes = [models.Index(fields=["user", "until"], name="duty_allowance_by_user")]
