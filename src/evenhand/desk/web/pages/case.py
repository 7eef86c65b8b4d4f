"""Everything that the case page shows, gathered in few queries."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, history
from evenhand.desk.enforcement.queries import decisions, holds
from evenhand.desk.intake.queries import history as item_history
from evenhand.desk.media.queries import stranded
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages import choices, reports, why
from evenhand.desk.web.pages.appeal import AppealPart, appeal_part
from evenhand.desk.web.pages.around import Surroundings, surroundings
from evenhand.desk.web.pages.banks.known import KnownPart, known_part
from evenhand.desk.web.pages.cluster import ClusterPart, cluster_part
from evenhand.desk.web.pages.opinions import Said, said
from evenhand.desk.web.pages.rules import whynot
from evenhand.desk.web.pages.timeline import Overturned, overturned
from evenhand.engine.model import Ref


class Lease(Struct, frozen=True):
    """Who holds the case. `mine`: this person, who may decide it."""

    mine: bool
    holder: str
    until: datetime | None


class CasePage(Struct, frozen=True):
    case: Case
    headline: str
    why: list[why.Line]
    """Of an appeal: why the case of the decision that it is about stood where it stood. Its reports, too."""
    around: Surroundings
    reports: reports.Reports
    appeal: AppealPart | None
    policies: list[choices.PolicyChoice]
    actions: list[choices.ActionChoice]
    proposed: choices.ActionChoice | None
    """On a telephone it stands beside “No violation”."""
    holdable: list[float]
    """Hours for which this person may hold its item now; empty when they may not, or it is held."""
    lease: Lease
    barred: bool
    may_decide: bool
    """The role allows it; whether the lease does, `lease` tells."""

    overturned: Overturned | None
    """Of a case whose decision an accepted appeal took back."""
    known_then: str
    """Of an appeal: the headline of the case of the decision that it is about."""
    cluster: ClusterPart | None
    """What stands together with it, and how its like were decided."""
    known: KnownPart | None
    """What banks say of its media, and which of them were not matched yet."""
    rules_in_force: list[str]
    why_not: whynot.WhyNot | None
    """About the rule that the person asked for."""
    was_audit: bool
    """It was drawn at random. Told only when it is decided."""
    opinions: list[Said]
    may_ask: bool
    """A peer, what they think of it."""
    may_escalate: bool

    @property
    def open(self) -> bool:
        return self.case.state == Case.State.OPEN

    @property
    def other_policies(self) -> list[choices.PolicyChoice]:
        return [choice for choice in self.policies if not choice.digit]

    @property
    def more_actions(self) -> list[choices.ActionChoice]:
        return [choice for choice in self.actions if choice.action.key is None]


def case_page(case: Case, user: User, *, policy: str | None = None, why_not: str = "") -> CasePage:
    """`policy` is the one that the person chose, when they were asked back; `why_not`: the rule that they ask about."""
    snapshot = policies.current()
    ref, author = Ref(case.item_type, case.item_id), Ref(case.author_type, case.author_id)
    appeal = appeal_part(case, user)
    source = (appeal and appeal.case) or case.again or case
    around = surroundings(
        ref, user, snapshot, author=author, but=case.pk, decided_at=appeal.decided_at if appeal else None
    )
    counts, seen = history.report_groups(source.pk), history.reports(source.pk)
    reasons = item_history.reasons([one.report_id for one in seen])
    is_appeal = case.kind == Case.Kind.APPEAL
    barred = is_appeal and history.is_barred(case, user)
    proposed, believed_then = (reports.policy_name(one.policy, snapshot) for one in (case, source))
    believed = [one.get("id") for one in case.why.get("policies", [])]
    named = [*believed, *(count.policy for count in counts), *(one.signal.policy for one in around.findings)]
    asked = said(case, user)
    may_decide = allowed(user, Permission.HEAR_APPEALS if is_appeal else Permission.DECIDE) and not barred
    offered = choices.actions(snapshot, ref.type)
    return CasePage(
        case=case,
        headline=(appeal and appeal.result)
        or (why.withdrawn() if stranded.among([case]) else why.headline(case.why, proposed)),
        why=why.lines(source.why, believed_then),
        around=around,
        reports=reports.gathered(source.pk, counts, seen, reasons, snapshot),
        appeal=appeal,
        policies=choices.policies(snapshot, case.policy, named, policy),
        actions=offered,
        proposed=choices.proposed(offered, decisions.usual(policy or case.policy)),
        holdable=[] if is_appeal or around.hold else choices.holdable(policy or case.policy, ref, snapshot),
        lease=_lease(case, user),
        barred=barred,
        may_decide=may_decide,
        overturned=_overturned(case),
        known_then=why.headline(source.why, believed_then) if appeal and source != case else "",
        cluster=cluster_part(case, snapshot),
        known=known_part(around, user, untold=case.kind == Case.Kind.SECOND),
        rules_in_force=whynot.rules_in_force(),
        why_not=whynot.why_not(why_not, ref) if why_not else None,
        opinions=asked,
        may_escalate=allowed(user, Permission.ESCALATE),
        may_ask=may_decide
        and allowed(user, Permission.DECIDE)
        and case.state == Case.State.OPEN
        and not any(one.waits for one in asked),
        was_audit=case.state == Case.State.CLOSED and holds.was_audit(case.pk),
    )


def _overturned(case: Case) -> Overturned | None:
    decision = decisions.overturned(case.pk) if case.state == Case.State.CLOSED else None
    return overturned(decision) if decision else None


def _lease(case: Case, user: User) -> Lease:
    running = case.held_until is not None and case.held_until > timezone.now()
    if not running or case.holder is None:
        return Lease(mine=False, holder="", until=None)
    return Lease(mine=case.holder == user, holder=case.holder.pseudonym, until=case.held_until)
