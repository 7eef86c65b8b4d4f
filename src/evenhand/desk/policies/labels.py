"""What people read for the document's sections and keys."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SECTIONS: dict[str, Promise] = {
    "policies": _("Policies"),
    "item_types": _("Item types"),
    "actions": _("Actions"),
    "queues": _("Queues"),
    "lists": _("Lists"),
    "destinations": _("Destinations"),
}
"""In the order of the overview."""

NOUNS: dict[str, Promise] = {
    "platform": _("Platform"),
    "policies": _("Policy"),
    "item_types": _("Item type"),
    "actions": _("Action"),
    "queues": _("Queue"),
    "lists": _("List"),
    "destinations": _("Destination"),
}

KEYS: dict[str, Promise] = {
    "applies_to": _("Applies to"),
    "appeal_destination": _("Hears how appeals were decided"),
    "child_safety": _("Child safety"),
    "codes": _("Peers’ codes"),
    "container": _("Container"),
    "custom": _("Sent along"),
    "default": _("Default"),
    "default_item_type": _("Item type when none is named"),
    "description": _("Description"),
    "destination": _("Destination"),
    "dsa": _("DSA category"),
    "effect": _("Effect"),
    "fields": _("Fields"),
    "guidance": _("Guidance for moderators"),
    "hold": _("Held by"),
    "harm": _("Harm"),
    "headers": _("Headers"),
    "id": _("Id"),
    "item_types": _("Item types"),
    "key": _("Key"),
    "kind": _("Kind"),
    "lane": _("Lane"),
    "language": _("Language"),
    "name": _("Name"),
    "options": _("Choices"),
    "order": _("Order"),
    "parameters": _("Parameters"),
    "parent": _("Belongs to"),
    "partial_items_headers": _("Headers to the address of partial items"),
    "partial_items_url": _("Address of partial items"),
    "policies": _("Policies"),
    "policy": _("Policy"),
    "probability": _("Probability"),
    "required": _("Required"),
    "retired": _("Retired"),
    "role": _("Role"),
    "roles": _("Roles"),
    "rules_may": _("Rules may"),
    "severity": _("Severity"),
    "signature": _("Signature"),
    "terms": _("Terms"),
    "text": _("What the rule says"),
    "timeout_seconds": _("Time-out in seconds"),
    "two_person": _("Needs a second person"),
    "type": _("Type"),
    "undo": _("Taken back by"),
    "url": _("Address"),
}

HELP: dict[str, Promise] = {
    "applies_to": _("None chosen means all."),
    "child_safety": _("Only people with the role child_safety see its cases; everything below it must have this too."),
    "codes": _("One a line: peer = code"),
    "custom": _("Sent as “custom” in the webhook. One a line: key = value"),
    "destination": _("Where the webhook goes."),
    "effect": _("“enqueue” opens a case; “note” only tells on a case that is there."),
    "fields": _("A row without a name is left out."),
    "harm": _("Of one view of a violating item: 1 is a nuisance, 100 a life at risk."),
    "headers": _("Sent with each webhook, and seen by all who see this page. One a line: Name = value"),
    "hold": _("The action that hides an item while its case waits. Without one nothing is held."),
    "key": _("The letter that takes the action in the console."),
    "lane": _("“critical” comes before everything else."),
    "parameters": _("A row without a name is left out. Choices: one a line."),
    "partial_items_headers": _(
        "Sent with each such request, and seen by all who see this page. One a line: Name = value"
    ),
    "partial_items_url": _("Where the desk asks for items of open cases that it knows only by id or in part."),
    "probability": _("How likely an item that matches breaks the policy, from 0 to 1."),
    "retired": _("No longer offered. History that names it stays readable."),
    "roles": _("Who may work in it: any one of these."),
    "rules_may": _("How far rules may go without a person: ask for one, hide until one has decided, or act."),
    "severity": _("Sent to the platform as the policy’s penalty."),
    "terms": _("One a line."),
    "text": _("As the platform’s people read it; quoted in statements of reasons."),
    "undo": _("Without one the action is irreversible, and the console asks first."),
}
