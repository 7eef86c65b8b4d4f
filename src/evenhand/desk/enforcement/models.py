"""Decisions, the actions they ask for, and the outbox that carries these to the platform."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evenhand.desk.enforcement.second_look import SecondLook
from evenhand.desk.fields import InstantField

__all__ = ["SecondLook"]

LIKE_OTHERS = "system:cluster"
"""The name under which the machine decides a case as people decided others of its cluster. No API key has a colon."""


class Decision(models.Model):
    """What a person, a key with the scope `act`, or a licensed rule decided, under which version of which policy."""

    class Kind(models.TextChoices):
        ACT = "act"
        DISMISS = "dismiss"
        UPHOLD = "uphold", "Appeal rejected: the first decision stands"
        OVERTURN = "overturn", "Appeal accepted: the first decision is taken back"
        REVERSE = "reverse", "A compensating action after the undo window"
        HOLD = "hold", "Hidden while the case waits: no verdict"
        RELEASE = "release", "The end of a hold"

    uid = models.CharField(max_length=32, unique=True)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    policy = models.CharField(max_length=128, null=True)
    policy_version = models.IntegerField(null=True)
    """Version of the platform document in force."""
    reason = models.TextField(default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    key_name = models.CharField(max_length=64, default="")
    """Of an API key; `rule:<name>` for a rule, `licence:<policy>` for a licence."""
    decided_at = InstantField()
    effective_at = InstantField()
    """When its actions leave: until then it can be undone without trace outside."""
    undone_at = InstantField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    needs_second = models.BooleanField(default=False)
    """A two-person action: its deliveries wait for `seconded_by` (in solo mode: for the forced delay)."""
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = InstantField(null=True)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversals")
    overturned_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="overturned")
    """The verdict on an appeal that found it wrong, as long as that verdict stands."""
    case_version = models.IntegerField(null=True)
    seconds = models.FloatField(null=True)
    """From the case's page to the decision."""

    class Meta:
        indexes = [
            models.Index(fields=["item_type", "item_id", "decided_at"], name="decision_by_item"),
            models.Index(fields=["decided_at"], name="decision_by_time"),
            models.Index(
                fields=["id"],
                condition=Q(needs_second=True, seconded_at__isnull=True, undone_at__isnull=True),
                name="decision_waits",
            ),
        ]

    @property
    def closes(self) -> bool:
        """Whether it decided its case: by a person, or as people decided others of its cluster. What a rule did did
        not."""
        if self.kind == self.Kind.HOLD:
            return False
        return self.decided_by_id is not None or self.key_name == LIKE_OTHERS


class ActionTaken(models.Model):
    """One action that a decision asked for, on one item."""

    uid = models.CharField(max_length=32, unique=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="actions")
    action = models.CharField(max_length=128)
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    parameters = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["item_type", "item_id"], name="action_by_item")]


class Hold(models.Model):
    """A reversible, expiring hide while a case waits: by the machine, or by a person who has not decided yet."""

    class End(models.TextChoices):
        DECIDED = "decided"
        """A person decided to act: what they chose takes its place."""
        RELEASED = "released"
        """A person found nothing wrong, or let go of it."""
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"
        """What it rested on was taken back."""

    class Cause(models.TextChoices):
        RULE = "rule"
        BANK = "media"
        """A bank of known media."""
        LICENCE = "licence"
        """The licence of a policy: audits show that such holds are seldom wrong."""
        PERSON = "person"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="hold")
    item_type = models.CharField(max_length=128)
    item_id = models.CharField(max_length=512)
    cause = models.CharField(max_length=8, choices=Cause.choices, default=Cause.RULE, db_default=Cause.RULE)
    """With a colon after it and the name, the name of the signal that asked for it."""
    name = models.CharField(max_length=128)
    """Of the rule or bank; the id of the licensed policy; the pseudonym of a person."""
    reason = models.TextField()
    """What a rule or bank says, which the held person may be told; the figures that a licence stood on."""
    score = models.FloatField(null=True)
    """Of a hold by licence: how likely its case was to break the policy."""
    views = models.FloatField(null=True)
    """Of a hold by licence: views that were still to come when it began, by the order's own estimate."""
    placed_at = InstantField(null=True)
    until = InstantField()
    ended_at = InstantField(null=True)
    end = models.CharField(max_length=10, choices=End.choices, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_type", "item_id"], condition=Q(ended_at__isnull=True), name="one_open_hold"
            )
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="hold_due"),
            models.Index(fields=["cause", "name", "placed_at"], name="hold_by_cause"),
        ]


class Audit(models.Model):
    """A case that a person decides wherever it stands, because chance drew it. In the order of drawing, by id."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="audit")
    policy = models.CharField(max_length=128)
    """The policy that the case proposed last, before it was decided."""
    score = models.FloatField()
    """How likely it was to break that policy, at its highest before it was decided."""
    inclusion = models.FloatField()
    """How likely it was to be drawn."""
    reference = models.FloatField(default=0.05, db_default=0.05)
    """How likely it would have been, had it counted in full."""
    drawn_at = InstantField()

    class Meta:
        indexes = [
            models.Index(fields=["policy", "id"], name="audit_by_policy"),
            models.Index(fields=["drawn_at"], name="audit_by_time"),
        ]


class PolicyLicence(models.Model):
    """What the audits of a policy allow, as last computed (`engine.triage.licence.Licence`)."""

    policy = models.CharField(max_length=128, primary_key=True)
    score = models.FloatField(null=True)
    """Hold from this score on; None: no licence."""
    limit = models.FloatField()
    nearest = models.FloatField()
    audited = models.IntegerField()
    wrong = models.IntegerField()
    bound = models.FloatField()
    once = models.FloatField()
    waiting = models.IntegerField()
    computed_at = InstantField()
    changed_at = InstantField()
    """When the score last changed."""


class Covered(models.Model):
    """A case that a licence covered lately, held or not: what a budget goes to is measured on them."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=128)
    at = InstantField()
    worth = models.FloatField()
    """log2 of the harm that it did each second then, while it was shown."""

    class Meta:
        indexes = [models.Index(fields=["policy", "at"], name="covered_by_policy")]


class LicenceChange(models.Model):
    """A grant, change or withdrawal of a licence, with the figures of the moment."""

    policy = models.CharField(max_length=128)
    at = InstantField()
    before = models.FloatField(null=True)
    score = models.FloatField(null=True)
    limit = models.FloatField()
    audited = models.IntegerField()
    wrong = models.IntegerField()
    bound = models.FloatField()
    entry = models.BigIntegerField()
    """Index of its entry in the ledger."""

    class Meta:
        indexes = [models.Index(fields=["policy", "id"], name="licence_change_by_policy")]


class Calibration(models.Model):
    """How right the likelihoods of a policy were on decisions kept apart, and the curve that puts them right
    (`engine.triage.calibration`)."""

    policy = models.CharField(max_length=128)
    fitted_at = InstantField()
    changed_at = InstantField()
    """When the curve in force last changed."""
    in_force = models.BooleanField()
    """The newest row of a policy counts. False: its curve did no better than the model itself."""
    curve = models.JSONField(null=True)
    """`Curve`, fitted on all decisions; None: too few to tell."""
    before = models.JSONField()
    """`Measured` on the decisions kept apart, as the model said it."""
    after = models.JSONField(null=True)
    """The same as a curve says it that was fitted on the others."""

    class Meta:
        indexes = [models.Index(fields=["policy", "id"], name="calibration_by_policy")]


class HoldStop(models.Model):
    """Somebody switched off all holds by licence, until somebody switches them on again."""

    at = InstantField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = InstantField(null=True)


class Batch(models.Model):
    """One decision for a cluster of cases: it goes through them one by one, and each gets a decision of its own."""

    uid = models.CharField(max_length=32, unique=True)
    cluster = models.BigIntegerField()
    """Its number when it was decided; clusters that are joined lose theirs. 0: of cases that a person took together."""
    kind = models.CharField(max_length=12)
    """`Decision.Kind`: act or dismiss."""
    policy = models.CharField(max_length=128, null=True)
    actions = models.JSONField(default=list)
    """[action, parameters] each."""
    reason = models.TextField(default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = InstantField()
    seconds = models.FloatField(null=True)
    """From the case's page to the decision, for each of its cases."""
    undone_at = InstantField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")


class BatchItem(models.Model):
    """A case of a batch, and how far the batch is with it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"
        """It was not decided; `error` tells why."""
        UNDOING = "undoing"
        UNDONE = "undone"
        STUCK = "stuck"
        """Its decision could not be taken back; `error` tells why."""
        LEFT = "left"
        """The batch was taken back before it came to this case."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="batch_item")
    error = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "case"], name="batch_item_once")]
        indexes = [
            models.Index(fields=["batch", "state"], name="batch_item_by_state"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "undoing"]), name="batch_item_due"),
        ]


class Delivery(models.Model):
    """A row of the outbox: one message to one destination, delivered at least once under one id."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a second person"
        PENDING = "pending"
        DELIVERED = "delivered"
        DEAD = "dead"
        CANCELLED = "cancelled"

    message_id = models.CharField(max_length=64, unique=True)
    destination = models.CharField(max_length=128)
    kind = models.CharField(max_length=32)
    """action, appeal, ignore or test."""
    action = models.ForeignKey(ActionTaken, null=True, on_delete=models.PROTECT, related_name="deliveries")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="deliveries")
    subject = models.CharField(max_length=700, default="")
    """Type and id of the item: what is said of one item arrives in the order in which it was said. Empty: no order."""
    body = models.BinaryField()
    """The message, as JSON, in the desk's own words."""
    sent = models.BinaryField(null=True)
    """What left last: the body in the shape that the destination takes."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    rejections = models.IntegerField(default=0)
    """How many attempts were answered with a status that says: do not repeat this."""
    replayed_at_attempt = models.IntegerField(default=0)
    """Attempts before somebody replayed it: from there the schedule begins anew."""
    created_at = InstantField()
    due_at = InstantField()
    leased_until = InstantField(null=True)
    delivered_at = InstantField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["destination", "due_at", "id"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(fields=["destination", "subject", "id"], condition=Q(state="pending"), name="delivery_order"),
            models.Index(fields=["destination", "id"], name="delivery_by_destination"),
            models.Index(fields=["state", "id"], name="delivery_by_state"),
        ]


class Attempt(models.Model):
    """One try at a delivery, as it went."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    at = InstantField()
    status = models.IntegerField(null=True)
    error = models.TextField(default="")
    milliseconds = models.IntegerField()
    signed_with = models.JSONField(default=list)
    """Ids of the secrets."""


class DestinationState(models.Model):
    """How a destination is doing: its circuit breaker, and why it was disabled."""

    destination = models.CharField(max_length=128, primary_key=True)
    failures = models.IntegerField(default=0)
    """In a row."""
    failing_since = InstantField(null=True)
    open_until = InstantField(null=True)
    disabled_at = InstantField(null=True)
    disabled_reason = models.TextField(default="")
    last_success_at = InstantField(null=True)


class SigningSecret(models.Model):
    """A secret that signs webhooks; sealed with the key of the data folder. Rotation overlaps: each that has not
    expired signs."""

    destination = models.CharField(max_length=128)
    scheme = models.CharField(max_length=8)
    public = models.TextField(default="")
    sealed = models.BinaryField()
    created_at = InstantField()
    shown_at = InstantField(null=True)
    """A symmetric secret is shown once."""
    expires_at = InstantField(null=True)

    class Meta:
        indexes = [models.Index(fields=["destination", "scheme"], name="secret_by_destination")]
