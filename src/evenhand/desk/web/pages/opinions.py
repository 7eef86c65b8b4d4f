"""Second opinions: what a peer is shown, without names and without what anybody thinks; what the case page tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries import facts as case_facts
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.fields import from_micros
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.referral.queries import opinions
from evenhand.desk.referral.queries.agreement import agreement
from evenhand.desk.referral.queries.opinions import Opinion
from evenhand.desk.web.figures import accurate
from evenhand.desk.web.pages.content import content
from evenhand.desk.web.pages.reports import policy_name
from evenhand.engine.model import Item, Media, Ref
from evenhand.engine.platform import Policy
from evenhand.engine.text.redact import redact

HANDLES = frozenset({"handle", "username", "user_name", "display_name", "name", "nickname", "email"})
"""Fields that name an account, whatever their role."""


class Redacted(Struct, frozen=True):
    """An item's words without the names of who wrote and who reported it."""

    ref: Ref
    type_name: str
    texts: list[str]
    parent: list[str]
    hosts: list[str]
    media: list[Media]
    posted: datetime | None


class OpinionPage(Struct, frozen=True):
    opinion: Opinion
    case: Case
    item: Redacted
    policies: list[Policy]
    """In the document's order: the case's own proposal would be an opinion already."""
    waits: bool


class Said(Struct, frozen=True):
    """A question on a case, with its answer when there is one."""

    opinion: Opinion
    policy: str
    waits: bool
    mine: bool
    """This person asked."""


class Compared(Struct, frozen=True):
    policy: str
    asked: int
    answered: int
    unsure: int
    agreed: str


def opinion_page(opinion: Opinion) -> OpinionPage:
    snapshot, case = policies.current(), opinion.case
    shown = [one for one in snapshot.policies.values() if not one.retired]
    return OpinionPage(opinion, case, _redacted(case, snapshot), shown, opinions.waits(opinion))


def said(case: Case, user: User) -> list[Said]:
    snapshot = policies.current()
    return [
        Said(one, policy_name(one.policy, snapshot), opinions.waits(one), one.asker_id == user.pk)
        for one in opinions.of_case(case.pk, user)
    ]


def compared(user: User, days: int) -> list[Compared]:
    """By policy, those with the most questions first."""
    snapshot = policies.current()
    found = agreement(timezone.now() - timedelta(days=days), sight(user))
    return [
        Compared(
            policy_name(policy, snapshot) or _("no policy"),
            one.asked, one.answered, one.unsure, accurate(one.agreed, one.compared),
        )
        for policy, one in sorted(found.items(), key=lambda pair: -pair[1].asked)
    ]  # fmt: skip


def _redacted(case: Case, snapshot: Snapshot) -> Redacted:
    ref = Ref(case.item_type, case.item_id)
    author = Ref(case.author_type, case.author_id)
    reporters = case_facts.reporters(case.pk)
    known = items.known([ref, author, *reporters] if author.id else [ref, *reporters])
    item = known[ref].item if ref in known else None
    others = [one for one in (item.parent, item.creator) if one and one not in known] if item else []
    known |= items.known(others)
    parent = known[item.parent].item if item and item.parent in known else None
    if parent and parent.creator and parent.creator not in known:
        known |= items.known([parent.creator])
    people = [author, *reporters, *(one.creator for one in (item, parent) if one and one.creator)]
    names = set(_names(people, known))
    shown = content(ref, known.get(ref), snapshot)
    return Redacted(
        ref=ref,
        type_name=shown.type_name,
        texts=_clean([line.value for line in shown.texts] or [shown.name], names),
        parent=_clean(_words(parent), names),
        hosts=list(dict.fromkeys(link.host for link in shown.links if link.host)),
        media=shown.media,
        posted=from_micros(item.created_at) if item and item.created_at else None,
    )


def _names(people: Iterable[Ref], known: dict[Ref, Known]) -> Iterable[str]:
    for ref in people:
        yield ref.id
        if ref in known:
            account = known[ref].item
            yield account.name
            yield from (value for name, value in account.data.items() if name in HANDLES and isinstance(value, str))


def _words(item: Item | None) -> list[str]:
    return [item.text or item.name] if item else []


def _clean(texts: Sequence[str], names: set[str]) -> list[str]:
    mark = _("[name]")
    return [redact(text, names, mark) for text in texts if text]
