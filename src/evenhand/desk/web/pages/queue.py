"""The queue page: what waits, in order, with the shortest reason for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, clusters, views
from evenhand.desk.cases.queries import queue as cases
from evenhand.desk.cases.queries.queue import Pile, Place, ReportCount
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.cases.queries.views import Part
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.media.queries import stranded
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.pages.reports import policy_name
from evenhand.desk.web.pages.why import headline, withdrawn
from evenhand.engine.model import Ref

PAGE = 50
EXCERPT = 220


class Row(Struct, frozen=True):
    case: Case
    headline: str
    policy: str
    type_name: str
    excerpt: str
    author: str
    reports: int
    reporters: int
    together: int
    """How many cases the row stands for."""
    holder: str
    """Who looks at it now; "" when nobody does."""
    mine: bool
    barred: bool
    """An appeal against what this person decided: somebody else hears it."""


class QueueTab(Struct, frozen=True):
    id: str
    name: str
    pile: Pile


class ViewTab(Struct, frozen=True):
    text: str
    """As addresses carry it along."""
    name: str
    owner: str
    """Whose it is; "" for one's own."""
    number: int


class Choice(Struct, frozen=True):
    """One field that the queue can be filtered by; the first option is all of them."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


class QueuePage(Struct, frozen=True):
    tabs: list[QueueTab]
    every: Pile
    """All queues of this person together."""
    current: QueueTab | None
    views: list[ViewTab]
    view: ViewTab | None
    """The one that is shown."""
    filtered: bool
    """Something else is shown than all cases, one queue, or a view."""
    author: str
    """Whose items are shown alone; "" for everybody's."""
    choices: list[Choice]
    rows: list[Row]
    next: str
    """Cursor of the next page; "" on the last."""
    first: bool
    now: datetime


def queue_page(user: User, *, queue: str | None, after: Place | None) -> QueuePage:
    mine = sight(user)
    snapshot = policies.current()
    piles = cases.piles_seen(mine)
    tabs = [QueueTab(id_, snapshot.queues[id_].name, piles.get(id_, Pile(id_))) for id_ in mine.queues]
    saved = [_view_tab(one, user) for one in views.views(user)]
    view = next((one for one in saved if one.text == queue), None)
    part = views.part(queue)
    found = cases.page(mine, queue=queue, after=after, limit=PAGE + 1)
    more = len(found) > PAGE
    found = found[:PAGE]
    return QueuePage(
        tabs=tabs,
        every=_together(tabs),
        current=next((tab for tab in tabs if tab.id == queue), None),
        views=saved,
        view=view,
        filtered=view is None and not part.fields.keys() <= {"queue"},
        author=part.author,
        choices=_choices(part, mine, snapshot),
        rows=rows(found, user, snapshot),
        next=str(Place.of(found[-1])) if more else "",
        first=after is None,
        now=timezone.now(),
    )


def _view_tab(view: views.SavedView, user: User) -> ViewTab:
    owner = "" if view.owner_id == user.pk else view.owner.pseudonym
    return ViewTab(f"{views.SAVED}{view.pk}", view.name, owner, view.pk)


def _choices(part: Part, mine: Sight, snapshot: Snapshot) -> list[Choice]:
    policies_ = [one for one in snapshot.policies.values() if not one.retired and one.id not in mine.hidden]
    fields: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("queue", _("Queue"), [(id_, snapshot.queues[id_].name) for id_ in mine.queues]),
        ("policy", _("Policy"), [(one.id, one.name) for one in policies_]),
        ("lane", _("Lane"), [("critical", _("critical")), ("unconfirmed", _("unconfirmed")), ("normal", _("normal"))]),
        ("item_type", _("Kind of item"), [(one.id, one.name) for one in snapshot.item_types.values()]),
        ("kind", _("Kind of case"), [("review", _("first look")), ("appeal", _("appeal"))]),
    ]
    return [Choice(name, label, [("", _("all")), *options], getattr(part, name)) for name, label, options in fields]


def _together(tabs: Sequence[QueueTab]) -> Pile:
    waiting = [tab.pile.oldest for tab in tabs if tab.pile.oldest]
    return Pile(
        "",
        open=sum(tab.pile.open for tab in tabs),
        critical=sum(tab.pile.critical for tab in tabs),
        unconfirmed=sum(tab.pile.unconfirmed for tab in tabs),
        oldest=min(waiting, default=None),
    )


def rows(found: Sequence[Case], user: User, snapshot: Snapshot) -> list[Row]:
    refs = [Ref(case.item_type, case.item_id) for case in found]
    authors = [Ref(case.author_type, case.author_id) for case in found if case.author_id]
    known = items.known([*refs, *authors])
    counts = cases.report_counts([case.pk for case in found])
    sizes = clusters.sizes(found)
    appeals = [case.pk for case in found if case.kind == Case.Kind.APPEAL]
    barred = cases.barred(user, appeals) if appeals else set()
    bare = stranded.among(found)
    return [
        _row(
            case, user, known, counts.get(case.pk, ReportCount(0, 0)), snapshot,
            barred=case.pk in barred, together=sizes.get(case.pk, 1), bare=case.pk in bare,
        )
        for case in found
    ]  # fmt: skip


def _row(
    case: Case,
    user: User,
    known: dict[Ref, Known],
    count: ReportCount,
    snapshot: Snapshot,
    *,
    barred: bool,
    together: int,
    bare: bool,
) -> Row:
    item = known.get(Ref(case.item_type, case.item_id))
    author = known.get(Ref(case.author_type, case.author_id))
    type_ = snapshot.item_types.get(case.item_type)
    held = case.holder if cases.is_held(case) else None
    return Row(
        case=case,
        headline=withdrawn() if bare else headline(case.why, policy_name(case.policy, snapshot)),
        policy=policy_name(case.policy, snapshot),
        type_name=type_.name if type_ else case.item_type,
        excerpt=_excerpt(item),
        author=(author.item.name if author else "") or case.author_id,
        reports=count.reports,
        reporters=count.reporters,
        together=together,
        holder=held.pseudonym if held else "",
        mine=held == user,
        barred=barred and case.state == Case.State.OPEN,
    )


def _excerpt(known: Known | None) -> str:
    if known is None:
        return ""
    words = " ".join((known.item.text or known.item.name).split())
    return words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"


def new_since(user: User, queue: str | None, since: datetime) -> int:
    """How many cases were opened since the page was made; not counted beyond 100."""
    return cases.opened_since(sight(user), queue, since)
