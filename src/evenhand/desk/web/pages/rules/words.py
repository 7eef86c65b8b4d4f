"""What the pages about rules call stages, effects and moments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from evenhand.desk.enforcement.queries.agreement import Agreement
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.rules.asks import Ask
from evenhand.desk.web.pages.reports import policy_name

Stage = Literal["draft", "shadow", "canary", "live", "retired", "expired"]
STAGES: dict[str, Promise] = {
    "draft": gettext_lazy("draft"),
    "shadow": gettext_lazy("in shadow"),
    "canary": gettext_lazy("canary"),
    "live": gettext_lazy("live"),
    "retired": gettext_lazy("retired"),
    "expired": gettext_lazy("expired"),
}
CHIPS = {"shadow": "", "canary": "chip-warn", "live": "chip-good", "expired": "chip-critical"}
AGREEMENT_DAYS = 30


class StageShown(Struct, frozen=True):
    """`stage` as it counts now, `word` for people."""

    stage: str
    word: str
    chip: str


def stage(named: str, expires_at: datetime | None = None) -> StageShown:
    """A stage with a name; a day that is past makes it an expired one."""
    over = named in ("shadow", "canary", "live") and expires_at is not None and expires_at <= timezone.now()
    counts = "expired" if over else named
    return StageShown(counts, str(STAGES.get(counts, counts)), CHIPS.get(counts, ""))


def ask(one: Ask, snapshot: Snapshot) -> str:  # noqa: PLR0911 (one for each kind)
    """What a rule asks for, in words."""
    policy = policy_name(one.policy, snapshot) if one.policy else ""
    match one.kind:
        case "enqueue":
            return _("asks for a person: %(policy)s") % {"policy": policy}
        case "hold":
            return _("holds: %(policy)s") % {"policy": policy}
        case "act":
            return _("acts: %(action)s (%(policy)s)") % {"action": snapshot.action_name(one.name), "policy": policy}
        case "label_add":
            return _("labels %(label)s") % {"label": one.name}
        case "label_remove":
            return _("takes the label %(label)s away") % {"label": one.name}
        case "verdict":
            return _("tells the platform %(verdict)s") % {"verdict": one.name}
        case "ban_user":
            return _("asks for a ban")
    return one.name


def agreed(found: Agreement | None) -> str:
    """How often people agreed, never without the number and the time."""
    if found is None:
        return _("no case decided, %(days)s days") % {"days": AGREEMENT_DAYS}
    told = _("%(upheld)s of %(decided)s decided cases upheld, %(days)s days")
    return told % {"upheld": found.upheld, "decided": found.decided, "days": AGREEMENT_DAYS}


def value(one: Any) -> str:  # noqa: PLR0911 (one for each kind)
    """A value of the rules, in words."""
    match one:
        case None:
            return _("nothing")
        case bool():
            return _("yes") if one else _("no")
        case float():
            return f"{one:,.4g}"
        case int():
            return f"{one:,}"
        case list() | tuple():
            return ", ".join(map(value, one)) or _("nothing")
        case {"type": type_, "id": id_}:
            return f"{type_} {id_}"
    return str(one)
