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
    "templates": _("Templates"),
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
    "templates": _("Template"),
}

KEYS: dict[str, Promise] = {
    "actions": _("Actions"),
    "alike": _("One cluster by"),
    "appeal_url": _("Address of objections"),
    "applies_to": _("Applies to"),
    "appeal_destination": _("Hears how appeals were decided"),
    "child_safety": _("Child safety"),
    "clear_seconds_a_day": _("Seconds without a filter, a person and day"),
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
    "hold_budget": _("Holds by licence: share of a day’s items"),
    "hold_hours": _("Holds by licence: hours"),
    "hold_limit": _("Holds by licence: share that may be wrong"),
    "id": _("Id"),
    "in_a_row": _("Cases of one kind in a row"),
    "item_types": _("Item types"),
    "key": _("Key"),
    "kind": _("Kind"),
    "lane": _("Lane"),
    "language": _("Language"),
    "like_decided": _("A new copy of what people decided"),
    "looks_a_day": _("Media opened, a person and day"),
    "message": _("What the person is told"),
    "name": _("Name"),
    "options": _("Choices"),
    "order": _("Order"),
    "page_again_minutes": _("Minutes until a page goes to the next person"),
    "page_rules": _("Rules that page"),
    "pages_a_night": _("Pages, a person and night"),
    "parameters": _("Parameters"),
    "parent": _("Belongs to"),
    "partial_items_headers": _("Headers to the address of partial items"),
    "partial_items_url": _("Address of partial items"),
    "pause_minutes": _("Minutes of pause after one was opened"),
    "policies": _("Policies"),
    "policy": _("Policy"),
    "probability": _("Probability"),
    "repeat_days": _("Days until the only person gets a case again"),
    "required": _("Required"),
    "retired": _("Retired"),
    "role": _("Role"),
    "roles": _("Roles"),
    "rules_may": _("Rules may"),
    "second_looks": _("Second looks: share of decided cases"),
    "severity": _("Severity"),
    "signature": _("Signature"),
    "tells": _("Tells the judged person"),
    "terms": _("Terms"),
    "text": _("What the rule says"),
    "timeout_seconds": _("Time-out in seconds"),
    "two_person": _("Needs a second person"),
    "type": _("Type"),
    "undo": _("Taken back by"),
    "url": _("Address"),
    "when": _("When"),
}

HELP: dict[str, Promise] = {
    "actions": _("None chosen means all."),
    "alike": _("“content”: all of it says the same. “link”: it has the same links, whatever is said around them."),
    "appeal_url": _("Where a judged person objects; {decision} in it stands for the id of the decision."),
    "applies_to": _("None chosen means all."),
    "child_safety": _("Only people with the role child_safety see its cases; everything below it must have this too."),
    "clear_seconds_a_day": _("Counted with all policies below it. 0: no limit."),
    "codes": _("One a line: peer = code"),
    "custom": _("Sent as “custom” in the webhook. One a line: key = value"),
    "destination": _("Where the webhook goes."),
    "effect": _("“enqueue” opens a case; “note” only tells on a case that is there."),
    "fields": _("A row without a name is left out."),
    "harm": _("Of one view of a violating item: 1 is a nuisance, 100 a life at risk."),
    "headers": _("Sent with each webhook, and seen by all who see this page. One a line: Name = value"),
    "hold": _("The action that hides an item while its case waits. Without one nothing is held."),
    "hold_budget": _("So many of all items of a day may be held that way at most; 0.02 is 2 %."),
    "hold_hours": _("Then it ends, whether anybody has decided or not."),
    "hold_limit": _(
        "From the score on at which audits show that no more are wrong, cases are held by themselves; 0.05 is 5 %."
        " 0: none are."
    ),
    "in_a_row": _("Then another kind comes, if there is any; critical cases come all the same. 0: no such limit."),
    "key": _("The letter that takes the action in the console."),
    "lane": _("“critical” comes before everything else."),
    "like_decided": _(
        "“ask”: a person decides, with one key. “decide”: at once, when people decided five or more, all in one way."
    ),
    "looks_a_day": _("Counted with all policies below it; after that, its cases are others’. 0: no limit."),
    "language": _("A tag like en, de or pt-BR."),
    "message": _(
        "With {policy}, {action}, {reason}, {until} (of holds), {item_type}, {item_excerpt}, {platform}, {date} and"
        " {appeal_url}. What could not be filled in is refused, here and before it is sent."
    ),
    "page_again_minutes": _("When nobody has acknowledged it."),
    "page_rules": _("Names of rules that wake somebody as a critical case does. One a line."),
    "pages_a_night": _("So often at most is one person woken. 0: never."),
    "parameters": _("A row without a name is left out. Choices: one a line."),
    "partial_items_headers": _(
        "Sent with each such request, and seen by all who see this page. One a line: Name = value"
    ),
    "partial_items_url": _("Where the desk asks for items of open cases that it knows only by id or in part."),
    "pause_minutes": _("So long does who opened one get no other case of it. 0: no pause."),
    "probability": _("How likely an item that matches breaks the policy, from 0 to 1."),
    "repeat_days": _("Where only one person may decide it. See the second looks of policies."),
    "retired": _("No longer offered. History that names it stays readable."),
    "roles": _("Who may work in it: any one of these."),
    "rules_may": _("How far rules may go without a person: ask for one, hide until one has decided, or act."),
    "second_looks": _(
        "So many are decided once more, blind, by another person; nothing follows from it but figures. 0.02 is 2 %."
        " 0: none, and none under child safety."
    ),
    "severity": _("Sent to the platform as the policy’s penalty."),
    "tells": _("Its webhook carries the message of a template."),
    "terms": _("One a line."),
    "text": _("As the platform’s people read it; quoted in statements of reasons."),
    "undo": _("Without one the action is irreversible, and the console asks first."),
    "when": _(
        "“act”: an action was taken. “hold”: hidden by a machine. “hold_by_person”: hidden by a moderator who has not"
        " decided. “back”: taken back."
    ),
}
