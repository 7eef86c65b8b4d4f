"""What the desk sends: the bodies of its webhooks, as a receiver may rely on them."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType


class WebhookItem(Struct, frozen=True, rename="camel"):
    id: str
    type_id: str
    type_name: str | UnsetType = UNSET


class WebhookUser(Struct, frozen=True, rename="camel"):
    id: str
    type_id: str


class WebhookPolicy(Struct, frozen=True):
    id: str
    name: str
    penalty: str | UnsetType = UNSET


class WebhookAction(Struct, frozen=True):
    id: str


class WebhookDecision(Struct, frozen=True, rename="camel"):
    """`actor` is a moderator's pseudonym, or the name of an API key."""

    id: str
    kind: str | UnsetType = UNSET
    decided_at: str | UnsetType = UNSET
    policy_version: int | UnsetType | None = UNSET
    actor: str | UnsetType = UNSET


class WebhookTold(Struct, frozen=True):
    """What to tell the judged person, whole: from a template of the platform document, or in the desk's own words."""

    text: str
    language: str
    """The author's, as far as they, the item or the platform have one for which there are words; a BCP 47 tag."""
    template: str


class WebhookStatement(Struct, frozen=True, rename="camel"):
    """Statement of reasons, for the person who is judged."""

    explanation: str
    automated_decision: bool
    policies: list[WebhookPolicy] | UnsetType = UNSET
    policy_version: int | UnsetType | None = UNSET
    after_reports: bool | UnsetType = UNSET
    message: WebhookTold | UnsetType = UNSET


class WebhookHold(Struct, frozen=True):
    """What this action hides is only held. `statements`: for the person who wrote it, by language."""

    until: str
    """It is shown again then at the latest, by an action of its own."""
    statements: dict[str, str]


class ActionWebhook(Struct, frozen=True, rename="camel"):
    """Take this action. `custom` holds what the platform document gives the action, and its parameters. A destination
    with Coop's signature gets Coop's keys alone: none of `type`, `id`, `decision`, `parameters`, `statementOfReasons`,
    `hold`.
    """

    action: WebhookAction
    item: WebhookItem
    policies: list[WebhookPolicy]
    rules: list[dict[str, Any]]
    custom: dict[str, Any]
    type: Literal["action"] | UnsetType = UNSET
    id: str | UnsetType = UNSET
    parameters: dict[str, Any] | UnsetType = UNSET
    decision: WebhookDecision | UnsetType = UNSET
    statement_of_reasons: WebhookStatement | UnsetType = UNSET
    undoes: str | UnsetType = UNSET
    hold: WebhookHold | UnsetType = UNSET
    creator: WebhookUser | UnsetType = UNSET
    actor_email: str | UnsetType = UNSET
    actor_note: str | UnsetType = UNSET
    decision_reason: str | UnsetType = UNSET
    user_strike_count: int | UnsetType = UNSET


class AppealWebhook(Struct, frozen=True, rename="camel"):
    """An appeal was heard: `ACCEPT` takes the first decision back."""

    appeal_id: str
    appeal_decision: Literal["ACCEPT", "REJECT"]
    appealed_by: WebhookUser
    item: WebhookItem
    custom: dict[str, Any]
    type: Literal["appeal"] | UnsetType = UNSET
    decision: WebhookDecision | UnsetType = UNSET
    decision_reason: str | UnsetType = UNSET
    statement_of_reasons: WebhookStatement | UnsetType = UNSET


WEBHOOKS = {
    "action": ("An action to take", ActionWebhook),
    "appeal": ("An appeal was heard", AppealWebhook),
}
HEADERS = {
    "webhook-id": "The same in every attempt at one message: the receiver's idempotency key.",
    "webhook-timestamp": "Seconds since 1970, of this attempt. Refuse what is older than five minutes.",
    "webhook-signature": "Space-separated `v1a,` (Ed25519) or `v1,` (HMAC-SHA256) signatures, in base64, of"
    " id.timestamp.body (Standard Webhooks 1.0.0).",
    "coop-signature": "RSASSA-PKCS1-v1_5 with SHA-256 of the body, in base64; for destinations that switch from Coop.",
}
