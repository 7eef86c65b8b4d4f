"""Every act that the ledger knows. An act that is not here cannot be recorded."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from evenhand.engine.ledger.entries import ERASED as ERASED_ACT


class Act(TextChoices):
    # what was decided
    DECISION = "decision", _("Decision")
    UNDO = "undo", _("Decision undone")
    REVERSAL = "reversal", _("Decision reversed")
    CLUSTER_DECIDED = "cluster_decided", _("Decision on a cluster of cases")
    CLUSTER_UNDONE = "cluster_undone", _("Decision on a cluster of cases taken back")
    CLUSTER_PARTED = "cluster_parted", _("Cases parted from their cluster")
    SECOND = "second", _("Second person's consent")
    SOLO_DELAY_PASSED = "solo_delay_passed", _("Forced delay passed in solo mode")
    APPEAL_HEARD = "appeal_heard", _("Appeal heard")
    APPEAL_SETTLED = "appeal_settled", _("Appeal settled: its decision was taken back")
    CASE_CORRECTED = "case_corrected", _("Outcome of a case corrected by an appeal")
    OPINION_ASKED = "opinion_asked", _("Second opinion asked of a peer")
    OPINION_WITHDRAWN = "opinion_withdrawn", _("Question to a peer taken back")
    OPINION_GIVEN = "opinion_given", _("Second opinion given")
    # what was looked at
    MEDIA_VIEWED = "media_viewed", _("Media viewed")
    RECORDS_EXPORTED = "records_exported", _("Records exported")
    LEDGER_EXPORTED = "ledger_exported", _("Ledger exported with payloads")
    # what is held without a person
    LICENCE_GRANTED = "licence_granted", _("Licence to hold granted")
    LICENCE_CHANGED = "licence_changed", _("Licence to hold changed")
    LICENCE_WITHDRAWN = "licence_withdrawn", _("Licence to hold withdrawn")
    HOLDS_STOPPED = "holds_stopped", _("Holds by licence stopped")
    HOLDS_RESUMED = "holds_resumed", _("Holds by licence allowed again")
    # how the platform is configured
    PLATFORM_APPLIED = "platform_applied", _("Platform document applied")
    LIKELIHOOD_FITTED = "likelihood_fitted", _("Likelihoods fitted to decisions")
    HALF_LIFE_FITTED = "half_life_fitted", _("Half-life of reach fitted anew")
    DESTINATION_ENABLED = "destination_enabled", _("Destination enabled")
    DESTINATION_DISABLED = "destination_disabled", _("Destination disabled")
    SECRET_MADE = "secret_made", _("Webhook secret made")
    SECRET_ROTATED = "secret_rotated", _("Webhook secret rotated")
    DELIVERY_REPLAYED = "delivery_replayed", _("Delivery replayed")
    DELIVERY_CANCELLED = "delivery_cancelled", _("Delivery cancelled")
    EVENT_REFOLDED = "event_refolded", _("Parked event folded again")
    # what rules do
    RULES_PUBLISHED = "rules_published", _("Rules published")
    RULE_MOVED = "rule_moved", _("Rule moved through its life")
    LABEL_SET = "label_set", _("Label set by hand")
    HELD = "held", _("Item held by a rule or a bank")
    RELEASED = "released", _("Hold ended")
    RULE_ACTED = "rule_acted", _("Action taken by a rule")
    # what is known of media
    BANK_MADE = "bank_made", _("Bank of known media made")
    BANK_CHANGED = "bank_changed", _("Bank of known media changed")
    BANK_RETIRED = "bank_retired", _("Bank of known media retired")
    ENTRY_ADDED = "entry_added", _("Entry added to a bank")
    ENTRY_WITHDRAWN = "entry_withdrawn", _("Entry of a bank withdrawn")
    ENTRY_CHANGED = "entry_changed", _("Entry of a bank changed")
    LIST_MADE = "list_made", _("Hash list connected")
    LIST_CHANGED = "list_changed", _("Hash list changed")
    LIST_REMOVED = "list_removed", _("Hash list removed")
    LIST_SYNCED = "list_synced", _("Hash list synchronised")
    LIST_CONSENTED = "list_consented", _("Mass withdrawal of a hash list agreed to")
    FEEDBACK_GIVEN = "feedback_given", _("Feedback to a hash list confirmed")
    MATCH_WITHDRAWN = "match_withdrawn", _("Match of known media withdrawn")
    RETROSCAN_BEGUN = "retroscan_begun", _("Search of seen media begun")
    RETROSCAN_ENDED = "retroscan_ended", _("Search of seen media ended")
    # who is there, and who is spared
    HOURS_CHANGED = "hours_changed", _("Hours of duty changed")
    WAY_CHANGED = "way_changed", _("Way of being reached changed")
    NIGHT_BEGUN = "night_begun", _("Good night")
    NIGHT_ENDED = "night_ended", _("Good morning")
    PAGED = "paged", _("Person paged")
    PAGE_SILENT = "page_silent", _("Critical case that paged nobody")
    PAGE_ACKNOWLEDGED = "page_acknowledged", _("Page acknowledged")
    CAP_RAISED = "cap_raised", _("Limit of exposure raised")
    LOOKED_ALL_THE_SAME = "looked_all_the_same", _("Known media opened all the same")
    # who may come in
    KEY_CREATED = "key_created", _("API key created")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    USER_CREATED = "user_created", _("User created")
    USER_DEACTIVATED = "user_deactivated", _("User deactivated")
    USER_REACTIVATED = "user_reactivated", _("User reactivated")
    ROLE_GRANTED = "role_granted", _("Role granted")
    ROLE_REVOKED = "role_revoked", _("Role revoked")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    MFA_CHANGED = "mfa_changed", _("Second factor changed")
    SESSIONS_REVOKED = "sessions_revoked", _("Sessions revoked")
    LOGIN_LINK_CREATED = "login_link_created", _("One-time login created")
    LOGIN_ONCE = "login_once", _("One-time login used")
    LOCKED_OUT = "locked_out", _("Locked out after failed sign-ins")
    # what the ledger says of itself
    ERASED = ERASED_ACT, _("Payload erased")
