"""The palette: one box that takes any id or address, the name of a page, or words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.web.navigation import Link
from evenhand.desk.web.pages.search import ItemHit, Results, find
from evenhand.engine.model import Ref

MOST_PAGES = 6
MOST_HITS = 4
EXCERPT = 90


class Entry(Struct, frozen=True):
    url: str
    kind: str
    """What it is, in one or two words."""
    title: str


def entries(query: str, user: User, pages: Sequence[Link], *, search: bool) -> list[Entry]:
    """What the query may mean: first what has exactly this id, then pages of this name, then what holds the words."""
    query = query.strip()
    named = [page for page in pages if query.casefold() in page.label.casefold()][:MOST_PAGES]
    to_pages = [Entry(page.url, _("page"), page.label) for page in named]
    if not query or not search:
        return to_pages
    found = find(query, user)
    everything = Entry(
        f"{reverse('web:search')}?{urlencode({'q': query})}", _("search"), _("All that “%s” finds") % query
    )
    unique = {entry.url: entry for entry in [*_exact(found), *to_pages, *_others(found), everything]}
    return list(unique.values())


def _exact(found: Results) -> Iterator[Entry]:
    if found.exact_case:
        yield Entry(_case_url(found.exact_case.case.pk), _("case"), _title(found.exact_case.headline))
    for hit in found.exact_items:
        yield from _of_item(hit)
    decided = found.exact_decision
    if decided and decided.decision.case_id:
        yield Entry(_case_url(decided.decision.case_id), _("decision"), decided.title)


def _of_item(hit: ItemHit) -> Iterator[Entry]:
    if hit.case:
        yield Entry(_case_url(hit.case), _("case"), _name(hit))
    yield Entry(_item_url(hit.known.ref), hit.type_name, _name(hit))


def _others(found: Results) -> Iterator[Entry]:
    for hit in [*found.users[:MOST_HITS], *found.items[:MOST_HITS]]:
        yield Entry(_item_url(hit.known.ref), hit.type_name, _name(hit))
    for row in found.cases[:MOST_HITS]:
        yield Entry(_case_url(row.case.pk), _("case"), _title(row.headline))


def _case_url(case_id: int) -> str:
    """To look at it, not to take it."""
    return f"{reverse('web:case', args=[case_id])}?look"


def _item_url(ref: Ref) -> str:
    return f"{reverse('web:item')}?{urlencode({'type': ref.type, 'id': ref.id})}"


def _name(hit: ItemHit) -> str:
    return _title(hit.known.item.name or hit.known.item.text or hit.known.ref.id)


def _title(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"
