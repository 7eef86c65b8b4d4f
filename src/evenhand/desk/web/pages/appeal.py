"""What whoever hears an appeal must have before their eyes: the decision that it is about, and what that stood on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, history
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.dueprocess import queries as appeals
from evenhand.desk.dueprocess.queries import Appeal
from evenhand.desk.enforcement.queries import decisions
from evenhand.desk.enforcement.queries.decisions import Decision
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import NoSuchVersion, Snapshot
from evenhand.desk.web.pages.timeline import decision_title
from evenhand.engine.platform import Policy


class Judged(Struct, frozen=True):
    """A decision that is appealed."""

    decision: Decision
    title: str
    who: str
    """A pseudonym, or the name of the key or rule."""
    stands: bool
    policy: Policy | None
    """As it read when it was applied."""
    changed: bool
    """It reads differently today."""


class Settled(Struct, frozen=True):
    """Nobody had to hear it: what it is about was taken back."""

    who: str
    at: datetime


class Heard(Struct, frozen=True):
    """Somebody heard it, and their verdict stands."""

    accepted: bool
    who: str
    at: datetime


class AppealPart(Struct, frozen=True):
    appeal: Appeal
    judged: list[Judged]
    """The newest first; empty when the desk knows of none."""
    case: Case | None
    """The case that the newest of them decided: its reports and figures are what it stood on."""
    settled: Settled | None
    heard: Heard | None

    @property
    def decided_at(self) -> datetime | None:
        return self.judged[0].decision.decided_at if self.judged else None

    @property
    def result(self) -> str:
        """In one line; empty while it waits."""
        if self.settled is not None:
            return _("Appeal accepted: %(who)s took the decision back, %(when)s") % _told(self.settled)
        if self.heard is None:
            return ""
        line = (
            _("Appeal accepted by %(who)s, %(when)s")
            if self.heard.accepted
            else _("Appeal rejected by %(who)s, %(when)s")
        )
        return line % _told(self.heard)


def appeal_part(case: Case, user: User) -> AppealPart | None:
    """None where the case hears no appeal."""
    appeal = appeals.of_case(case.pk) if case.kind == Case.Kind.APPEAL else None
    if appeal is None:
        return None
    mine = sight(user)
    about = [one for one in appeals.about(appeal) if one.policy not in mine.hidden]
    standing = {taken.decision_id for taken in decisions.standing_actions(appeal.item_type, appeal.item_id)}
    return AppealPart(
        appeal=appeal,
        judged=[_judged(one, stands=one.pk in standing) for one in about],
        case=_decided_case(about, mine),
        settled=_settled(appeal),
        heard=_heard(case.pk),
    )


def _judged(decision: Decision, *, stands: bool) -> Judged:
    now = policies.current()
    then = _in_force(decision, now)
    policy = then.policies.get(decision.policy or "")
    today = now.policies.get(decision.policy or "")
    return Judged(
        decision=decision,
        title=decision_title(decision, then),
        who=decision.decided_by.pseudonym if decision.decided_by else decision.key_name,
        stands=stands,
        policy=policy,
        changed=policy is not None and (today is None or _words(policy) != _words(today)),
    )


def _in_force(decision: Decision, now: Snapshot) -> Snapshot:
    try:
        return now if decision.policy_version is None else policies.at(decision.policy_version)
    except NoSuchVersion:
        return now


def _words(policy: Policy) -> tuple[str, str, str]:
    return policy.name, policy.text, policy.guidance


def _decided_case(about: list[Decision], mine: Sight) -> Case | None:
    decided = next((one.case_id for one in about if one.case_id), None)
    found = history.case(decided) if decided else None
    return found if found is not None and found.policy not in mine.hidden else None


def _told(end: Settled | Heard) -> dict[str, str]:
    return {"who": end.who, "when": f"{end.at:%Y-%m-%d %H:%M} UTC"}


def _heard(case_id: int) -> Heard | None:
    verdict = decisions.verdict(case_id)
    if verdict is None:
        return None
    who = verdict.decided_by.pseudonym if verdict.decided_by else verdict.key_name
    return Heard(verdict.kind == Decision.Kind.OVERTURN, who, verdict.decided_at)


def _settled(appeal: Appeal) -> Settled | None:
    by, at = appeal.settled_by, appeal.heard_at
    if by is None or at is None:
        return None
    person = by.undone_by or by.decided_by
    return Settled(person.pseudonym if person else by.key_name, at)
