"""What happened to an item and its author before, in one line of time, the newest first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries.history import Note
from evenhand.desk.cases.queries.looks import MediaView
from evenhand.desk.dueprocess.queries import Appeal
from evenhand.desk.enforcement.queries.again import SecondLook
from evenhand.desk.enforcement.queries.history import Decision
from evenhand.desk.intake.queries.history import Version
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.referral.queries.packages import Package
from evenhand.desk.web.pages.reports import policy_name
from evenhand.desk.web.pages.rules.said import rule_in, said
from evenhand.desk.web.pages.why import headline
from evenhand.engine.model import Item, Ref
from evenhand.engine.text.diff import Piece, diff

MOST = 40
_NOT_UNDONE = (Decision.Kind.REVERSE, Decision.Kind.HOLD, Decision.Kind.RELEASE)
"""A hold is released, or ends with its case."""


class Overturned(Struct, frozen=True):
    """An appeal against a decision was accepted: by whom, when, and the case that heard it."""

    who: str
    at: datetime
    case: int | None


class Moment(Struct, frozen=True):
    at: datetime
    kind: Literal["decision", "case", "appeal", "note", "look", "package", "version"]
    title: str
    who: str = ""
    text: str = ""
    about: Ref | None = None
    """The item, when it is not the one of the case."""
    case: int | None = None
    undo: str = ""
    """The uid of a decision that can still be taken back."""
    struck: bool = False
    """It was taken back."""
    overturned: Overturned | None = None
    pieces: list[Piece] = []


def decisions(found: Sequence[Decision], here: Ref, snapshot: Snapshot, *, undoable: bool) -> Iterator[Moment]:
    for decision in found:
        ref = Ref(decision.item_type, decision.item_id)
        over = overturned(decision)
        gone = decision.undone_at is not None or bool(getattr(decision, "taken_back", False)) or over is not None
        yield Moment(
            at=decision.decided_at,
            kind="decision",
            title=decision_title(decision, snapshot),
            who=_who(decision),
            text=said(_rule(decision), decision.reason),
            about=None if ref == here else ref,
            case=decision.case_id,
            undo=decision.uid if undoable and not gone and decision.kind not in _NOT_UNDONE else "",
            struck=gone,
            overturned=over,
        )


def again(look: SecondLook | None, snapshot: Snapshot) -> Iterator[Moment]:
    """A second look, as any decision, as long as nobody is told that it was one."""
    if look is None or look.decided_at is None or look.decided_by is None:
        return
    yield Moment(
        at=look.decided_at,
        kind="decision",
        title=way_title(look.kind, [action for action, _ in look.actions], look.under, snapshot),
        who=look.decided_by.pseudonym,
        text=look.reason,
        case=look.case_id,
        undo=look.uid,
    )


def overturned(decision: Decision) -> Overturned | None:
    """None for a decision that no appeal overturned."""
    verdict = decision.overturned_by
    if verdict is None:
        return None
    return Overturned(verdict.decided_by.pseudonym if verdict.decided_by else "", verdict.decided_at, verdict.case_id)


def decision_title(decision: Decision, snapshot: Snapshot) -> str:
    """What was decided, under which policy, in one line."""
    names = [
        action.name if (action := snapshot.actions.get(one.action)) else one.action for one in decision.actions.all()
    ]
    if decision.kind in (Decision.Kind.HOLD, Decision.Kind.RELEASE):
        return ": ".join([_hold_word(decision), *([", ".join(names)] if names else [])])
    return _title(decision.kind, names, decision.policy, snapshot)


def way_title(kind: str, actions: Sequence[str], policy: str | None, snapshot: Snapshot) -> str:
    """What a decision of this kind would be, under which policy, in one line."""
    names = [action.name if (action := snapshot.actions.get(one)) else one for one in actions]
    return _title(kind, names, policy, snapshot)


def _title(kind: str, names: Sequence[str], policy: str | None, snapshot: Snapshot) -> str:
    what = ", ".join(names) or decision_word(kind)
    under = policy_name(policy, snapshot) if kind == Decision.Kind.ACT else ""
    return f"{what} · {under}" if under else what


def _rule(decision: Decision) -> str:
    """The rule that decided, or whose hold ended; "" where none did."""
    return rule_in(decision.key_name) or (rule_in(decision.reverses.key_name) if decision.reverses else "")


def _who(decision: Decision) -> str:
    """A hold names its rule in its title."""
    if decision.decided_by:
        return decision.decided_by.pseudonym
    holds = decision.kind in (Decision.Kind.HOLD, Decision.Kind.RELEASE)
    return "" if holds and _rule(decision) else decision.key_name


def _hold_word(decision: Decision) -> str:
    rule = _rule(decision)
    if not rule:
        return decision_word(decision.kind)
    held = decision.kind == Decision.Kind.HOLD
    told = _("Held by the rule %(rule)s") if held else _("Hold by the rule %(rule)s ended")
    return told % {"rule": rule}


def decision_word(kind: str) -> str:
    return {
        "act": _("Acted"),
        "dismiss": _("No violation"),
        "uphold": _("Appeal rejected"),
        "overturn": _("Appeal accepted"),
        "reverse": _("Taken back"),
        "hold": _("Held for now"),
        "release": _("Hold ended"),
    }.get(kind, kind)


def cases(found: Sequence[Case], here: Ref, snapshot: Snapshot) -> Iterator[Moment]:
    """Only those that still wait: what was decided is told by its decision."""
    for case in found:
        if case.state == Case.State.OPEN:
            ref = Ref(case.item_type, case.item_id)
            yield Moment(
                at=case.opened_at,
                kind="case",
                title=_("Another case is open"),
                text=headline(case.why, policy_name(case.policy, snapshot)),
                about=None if ref == here else ref,
                case=case.pk,
            )


def appeals(found: Sequence[Appeal]) -> Iterator[Moment]:
    for appeal in found:
        title = {"accepted": _("Appeal, accepted"), "rejected": _("Appeal, rejected")}.get(appeal.outcome, _("Appeal"))
        yield Moment(
            at=appeal.received_at,
            kind="appeal",
            title=_("Appeal, settled: the decision was taken back") if appeal.settled_by_id else title,
            who=appeal.by_id,
            text=appeal.reason,
            case=appeal.case_id,
        )


def notes(found: Sequence[Note], here: Ref) -> Iterator[Moment]:
    for note in found:
        ref = Ref(note.item_type, note.item_id)
        about = None if ref == here else ref
        yield Moment(at=note.at, kind="note", title=_("Note"), who=note.author.pseudonym, text=note.text, about=about)


def looks(found: Sequence[MediaView]) -> Iterator[Moment]:
    for view in found:
        yield Moment(
            at=view.opened_at, kind="look", title=_("Media opened"), who=view.viewer.pseudonym, text=_how_long(view)
        )


def packages(found: Sequence[Package]) -> Iterator[Moment]:
    for package in found:
        title = _("Escalated: a package for %(name)s") % {"name": package.name}
        yield Moment(
            at=package.made_at, kind="package", title=title, who=package.made_by.pseudonym, text=package.reason
        )


def _how_long(view: MediaView) -> str:
    """Until it was closed, or the longest that it can have been."""
    if view.closed_at is None:
        return _("not closed yet")
    seconds = math.ceil((view.closed_at - view.opened_at).total_seconds())
    told = {
        MediaView.Ending.SILENT: _("at most %(seconds)s s: its page was not heard of any more"),
        MediaView.Ending.UNHEARD: _("at most %(seconds)s s: a page without script, which said no goodbye"),
    }.get(MediaView.Ending(view.ending or MediaView.Ending.CLOSED), _("%(seconds)s s, then closed"))
    return told % {"seconds": f"{seconds:,}"}


def versions(found: Sequence[Version], now: Item | None) -> Iterator[Moment]:
    """Each change: as the difference to the words that came after it, or by the names of the fields that changed."""
    later = now
    for version in found:
        if later is not None:
            before = version.item
            same = before.text == later.text
            yield Moment(
                at=version.replaced_at,
                kind="version",
                title=_("The item was changed"),
                text=", ".join(_changed(before, later)) if same else "",
                pieces=[] if same else diff(before.text, later.text),
            )
        later = version.item


def _changed(before: Item, after: Item) -> list[str]:
    """Names of the fields whose values differ."""
    names = dict.fromkeys([*before.data, *after.data])
    return [name.replace("_", " ") for name in names if before.data.get(name) != after.data.get(name)]


def merged(*parts: Iterator[Moment]) -> list[Moment]:
    return sorted((moment for part in parts for moment in part), key=lambda moment: moment.at, reverse=True)[:MOST]
