"""The platform as code: what `evenhand apply platform.toml` reads, and what every version keeps whole. Values only."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

FieldType = Literal[
    "STRING", "NUMBER", "BOOLEAN", "DATETIME", "URL", "IMAGE", "VIDEO", "AUDIO", "MEDIA", "ID", "USER_ID",
    "RELATED_ITEM", "GEOHASH", "POLICY_ID", "IP_ADDRESS", "EMAIL_ADDRESS",
]  # fmt: skip
Container = Literal["ARRAY", "MAP"]
FieldRole = Literal[
    "creator", "thread", "parent", "created_at", "name", "icon", "background", "deleted", "ip", "email", "views",
    "language",
]  # fmt: skip
Role = Literal["moderator", "child_safety", "legal", "auditor", "admin"]
Lane = Literal["critical", "normal"]

RESERVED_KEYS = frozenset("dusonjkxghr")
"""Letters that the console keeps: d no violation, u undo, s skip, o open media, n note, j/k move, x select, g go to,
h history, r report list. An action may not take one of them."""

DEFAULT_QUEUE = "default"
"""Takes the cases that no other queue takes. It is there even when the document does not name it."""

CHILD_SAFETY_QUEUE = "child_safety"
"""Takes the cases of child-safety policies that no other queue may take; built in where there can be such cases."""

PARTIAL_ITEMS = "partial_items"
"""Stands for `partial_items_url` where destinations are named by their ids; no destination may have it."""

MAX_ID = 128
"""Longest id, in characters. Ids are the platform's own and may be anything printable (Coop's are kept)."""


class Field(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One field of an item type: a key of the items' `data`. Keys that no field names are kept, but mean nothing."""

    name: str
    type: FieldType
    """With a container, the type of the values in it."""
    required: bool = False
    """An item without it is refused (a partial item is not)."""
    container: Container | None = None
    """`ARRAY`: a list of such values. `MAP`: an object of such values."""
    role: FieldRole | None = None
    """What the field means to the desk. Each role once in a type; `thread` also needs `created_at`."""


class ItemType(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A kind of thing on the platform that can be judged."""

    id: str
    """The `typeId` that the platform sends."""
    name: str
    """What people read; also the `contentType` of the older content route, so no two types share a name."""
    kind: Literal["content", "user", "thread"]
    description: str = ""
    fields: tuple[Field, ...] = ()


class Policy(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule of the platform. Policies form a tree; each version of the text is kept."""

    id: str
    """The `policyId` that the platform sends with a report."""
    name: str
    parent: str | None = None
    """Id of the policy that this one belongs to."""
    text: str = ""
    """What the rule says, as the platform's people read it; quoted in statements of reasons."""
    guidance: str = ""
    """How moderators apply it. Not sent to anybody outside the desk."""
    severity: Literal["NONE", "LOW", "MEDIUM", "HIGH", "SEVERE"] = "NONE"
    """Sent to the platform as the policy's penalty."""
    harm: float = 1.0
    """Weight of one view of a violating item: 1 is a nuisance, 100 a life at risk. More than 0."""
    lane: Lane = "normal"
    """`critical` cases come before all others."""
    child_safety: bool = False
    """Only people with the role child_safety see its cases: only queues limited to that role take them, and all
    policies below are child_safety too. A report with `csam: true` proposes the first such policy."""
    dsa: str | None = None
    """Category of the EU transparency database, `STATEMENT_CATEGORY_…`."""
    rules_may: Literal["enqueue", "hold", "act"] = "hold"
    """How far rules may go under it without a person: ask for one, hide until one has decided, or act."""
    hold: str | None = None
    """Id of the action that hides an item while its case waits; its `undo` shows it again. Without one nothing is
    held."""
    alike: Literal["content", "link"] = "content"
    """What makes cases of it one cluster: that all their content says the same, or that they share their links,
    whatever is said around these."""
    like_decided: Literal["ask", "decide"] = "ask"
    """What is done with a new item that says the same as five or more which people decided under it, all in the same
    way: a person is asked, with one key for the same decision; or it is decided like them at once."""
    hold_limit: float = 0.0
    """Cases of this policy may be held without a rule, from the score on at which audits show that at most this share
    of holds is wrong; 0.05 is 5 %. At most 0.5. 0: none are."""
    hold_budget: float = 0.02
    """So large a share of all items of a day may be held that way. At most 1."""
    hold_hours: float = 24.0
    """After so long such a hold ends, whether anybody has decided or not."""
    looks_a_day: float = 0.0
    """So many media of its cases, and of those below it, one person opens a day; then others get them. 0: no limit."""
    clear_seconds_a_day: float = 0.0
    """So long does one person see them without a filter, a day. 0: no limit."""
    pause_minutes: float = 0.0
    """So long does a person who opened one get no other case of it. 0: no pause."""
    second_looks: float = 0.02
    """So large a share of decided cases that proposed it is decided once more, blind: by another person, or, where only
    one may, by that one long after. Nothing follows from it but figures; 0.02 is 2 %. 0: none are. None are under child
    safety, whatever stands here."""
    codes: dict[str, str] = {}
    """What peers call it, by peer: `{ coop = "…", ozone = "…" }`."""
    retired: bool = False
    """No longer offered for new cases; history that names it stays readable."""


class Parameter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that the moderator fills in when taking an action."""

    name: str
    type: Literal["STRING", "NUMBER", "BOOLEAN", "SELECT", "MULTISELECT"]
    required: bool = False
    options: tuple[str, ...] = ()
    """The choices of a `SELECT` or `MULTISELECT`."""
    default: str | float | bool | tuple[str, ...] | None = None
    """Of the parameter's own type."""


class Action(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the platform can be asked to do, by a signed webhook."""

    id: str
    """The `action.id` in the webhook."""
    name: str
    destination: str
    """Id of the destination that gets the webhook."""
    key: str | None = None
    """The one letter, a to z, that takes the action in the console. The console's own letters are not free."""
    undo: str | None = None
    """Id of the action that takes it back. Without one it is irreversible, and the console asks first."""
    applies_to: tuple[str, ...] = ()
    """Ids of item types; empty means all."""
    parameters: tuple[Parameter, ...] = ()
    custom: dict[str, str] = {}
    """Sent as `custom` in the webhook, unchanged."""
    tells: bool = True
    """The judged person is told of it: the webhook carries the message of a template."""
    two_person: bool = False
    """The webhook leaves only when a second person agrees."""
    retired: bool = False
    """No longer offered; history that names it stays readable."""


class Destination(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where webhooks go. Secrets are not written here: `evenhand webhooks secret ID` makes and shows them."""

    id: str
    url: str
    """Absolute, http or https, without user name or password."""
    signature: Literal["v1a", "v1", "coop"] = "v1a"
    """`v1a` Ed25519 or `v1` HMAC of Standard Webhooks, or Coop's own RSA signature."""
    headers: dict[str, str] = {}
    """Sent with each webhook. Everybody who may see the platform sees them."""
    timeout_seconds: float = 20.0
    """How long the receiver may take: more than 0, at most 60."""


class Queue(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A pile of cases. The first queue that takes a case gets it; `default` takes the rest.

    Cases of child-safety policies are only for queues with `roles = ["child_safety"]`; when none takes them, the
    built-in queue `child_safety` does.
    """

    id: str
    name: str
    policies: tuple[str, ...] = ()
    """Takes cases of these policies and of all below them. With `item_types`, a case must match both."""
    item_types: tuple[str, ...] = ()
    """Takes cases of these item types. A queue with neither takes no case by itself."""
    roles: tuple[Role, ...] = ("moderator",)
    """Who may work in it: any one of these roles."""
    description: str = ""


class WordList(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A list that the machine looks for in every item."""

    id: str
    kind: Literal["keyword", "regex", "domain"]
    """`keyword` terms match whole words after normalising; `regex` terms are RE2; `domain` terms match a host and all
    below it."""
    policy: str
    """The policy that a match speaks for."""
    terms: tuple[str, ...]
    probability: float = 0.5
    """How likely an item that matches breaks the policy, from 0 to 1."""
    effect: Literal["note", "enqueue"] = "enqueue"
    """`enqueue` opens a case; `note` only tells on a case that is there."""


class Template(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the judged person is told, in one language. Of several that fit, the one that names the policy (or one above
    it) and the action is taken. Without any the desk has words of its own, in English and German."""

    id: str
    when: Literal["act", "hold", "hold_by_person", "back"]
    """`act`: an action was taken. `hold`: hidden by a rule, a bank or a licence while the case waits.
    `hold_by_person`: by a moderator who has not decided. `back`: what was done is taken back."""
    message: str
    """The words, with placeholders: `{policy}`, `{action}`, `{reason}`, `{until}` (of holds), `{item_type}`,
    `{item_excerpt}`, `{platform}`, `{date}`, `{appeal_url}`. A brace of its own is written twice."""
    language: str = "en"
    """A BCP 47 tag."""
    policies: tuple[str, ...] = ()
    """For these policies and all below them; empty means all."""
    actions: tuple[str, ...] = ()
    """For these actions; empty means all."""


class Platform(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The whole document."""

    name: str
    default_item_type: str | None = None
    """Id of the item type that is meant where a sender names none."""
    language: str = "en"
    """Main language of the platform, a BCP 47 tag."""
    partial_items_url: str | None = None
    """Where the desk asks for the data of items that it knows only by id (Coop's partial items)."""
    partial_items_headers: dict[str, str] = {}
    """Sent when it asks there. Everybody who may see the platform sees them."""
    appeal_destination: str | None = None
    """Id of the destination that hears how an appeal was decided."""
    appeal_url: str | None = None
    """Where a judged person objects. `{decision}` in it stands for the id of the decision."""
    pages_a_night: float = 3.0
    """So often at most is one person woken in a night. 0: never."""
    page_again_minutes: float = 10.0
    """A page that nobody has acknowledged by then goes to the next person."""
    page_rules: tuple[str, ...] = ()
    """Names of rules that page as a critical case does."""
    in_a_row: float = 0.0
    """After so many cases of one kind a person gets another kind, if there is any; critical cases come all the same.
    0: no such limit."""
    repeat_days: float = 14.0
    """Where only one person may decide a case, so many days pass at least before they get it again (`second_looks`)."""
    hold_budget: float = 1.0
    """So large a share of all items of a day may be held by licence under all policies together: the worst of any. Each
    policy has its own share besides. At most 1."""
    item_types: tuple[ItemType, ...] = ()
    policies: tuple[Policy, ...] = ()
    actions: tuple[Action, ...] = ()
    destinations: tuple[Destination, ...] = ()
    queues: tuple[Queue, ...] = ()
    """Their order matters: the first that takes a case gets it."""
    lists: tuple[WordList, ...] = ()
    templates: tuple[Template, ...] = ()


SECTIONS = ("item_types", "policies", "actions", "destinations", "queues", "lists", "templates")
"""The document's lists of objects, each object with an id of its own in it."""
