"""Pages that several views end on: the document in its editor, and a proposal with its difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from msgspec import Struct

from evenhand.desk.policies import difference, queries, services
from evenhand.engine.platform import Platform, Problem, export

NO_VERSION = -1
"""What nobody can have seen: a form without a readable version is a conflict."""
FEWEST_ROWS, MOST_ROWS = 12, 60
Panel = Callable[[HttpRequest, Platform, Platform], str]
_panels: list[Panel] = []


def panel(shows: Panel) -> Panel:
    """Register what else a proposal shows, between its difference and its button (in AppConfig.ready()): HTML made from
    the document in force and the proposed one; "" where there is nothing to say."""
    if shows not in _panels:
        _panels.append(shows)
    return shows


class Marked(Struct, frozen=True):
    """A problem with the line of the text that it is about."""

    problem: Problem
    source: str


def editor(request: HttpRequest, source: str, *, problems: Sequence[Problem] = ()) -> HttpResponse:
    """The text in an editor, and what is wrong with it."""
    lines = source.split("\n")
    context = {
        "source": source,
        "rows": min(max(len(lines) + 2, FEWEST_ROWS), MOST_ROWS),
        "version": queries.latest()[0],
        "problems": [Marked(problem, _line(problem, lines)) for problem in problems],
    }
    return render(request, "policies/text.html", context, status=422 if problems else 200)


def proposal(
    request: HttpRequest, document: Platform, source: str, *, refusals: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    """What `document` would change about the version in force now; then the button that puts it in force, or why there
    is none."""
    found = services.preview(document)
    now = queries.current(fresh=True).platform
    context = {
        "version": found.version,
        "panels": [shows(request, now, document) for shows in _panels] if found.changes else [],
        "changes": difference.show(found.changes),
        "source": source,
        "refusals": list(dict.fromkeys([*refusals, *found.refusals])),
        "may_apply": found.changes and not found.refusals,
    }
    return render(request, "policies/proposal.html", context, status=status)


def source_of(request: HttpRequest) -> str:
    """The text that a form sent; browsers end its lines with CR LF."""
    return request.POST.get("source", "").replace("\r\n", "\n")


def expected(request: HttpRequest) -> int:
    """The version that the sender of the form saw."""
    return number(request.POST.get("expect", ""), digits=9, otherwise=NO_VERSION)


def number(text: str, *, digits: int, otherwise: int) -> int:
    """A whole number that somebody typed, of at most so many digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else otherwise


def in_force() -> str:
    """The document in force as text: as it was handed in, with its comments, or written anew."""
    now = queries.current(fresh=True)
    return (queries.stored(now.version).source if now.version else "") or export(now.platform)


def _line(problem: Problem, lines: Sequence[str]) -> str:
    return lines[problem.line - 1] if problem.line and problem.line <= len(lines) else ""
