"""One case and what came before: its reports, other cases of its item and author, notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, CaseReport, Note
from evenhand.desk.cases.queries.again import SPENT
from evenhand.desk.fields import from_micros, to_micros
from evenhand.engine.model import Ref, Reporter

__all__ = ["Note"]

MOST_REPORTS = 100
MOST_CASES = 20
MOST_NOTES = 20


class CaseReportSeen(Struct, frozen=True):
    """A report, and how the same reporter's reports in other cases turned out: all, and those under its policy."""

    report_id: str
    reporter: Reporter
    name: str
    policy: str | None
    csam: bool
    received_at: datetime
    upheld: int
    dismissed: int
    upheld_here: int
    dismissed_here: int


class PolicyCount(Struct, frozen=True):
    policy: str | None
    reports: int
    reporters: int


class Burst(Struct, frozen=True):
    """The reports of a case since some moment, and the records of all who made them."""

    reports: int
    reporters: int
    first: datetime
    strangers: int
    """Reporters none of whose reports in other cases was ever decided."""
    upheld: int
    dismissed: int


def _record(outcome: str, *, here: bool = False) -> str:
    """Of who made the report `r`, without its own case: once decided, it would seem to prove itself right."""
    of = "t.reporter = r.reporter" + (" AND t.policy = coalesce(r.policy, '')" if here else "")
    own = "o.case_id = r.case_id AND o.reporter = r.reporter" + (
        " AND coalesce(o.policy, '') = coalesce(r.policy, '')" if here else ""
    )
    return (
        f"(SELECT coalesce(sum(t.{outcome}), 0) FROM cases_reportertally t WHERE {of})"  # noqa: S608 (constant text)
        f" - (SELECT count(*) FROM cases_casereport o WHERE {own} AND o.counted = '{outcome}')"
    )


_UPHELD, _DISMISSED = _record("upheld"), _record("dismissed")
_UPHELD_HERE, _DISMISSED_HERE = _record("upheld", here=True), _record("dismissed", here=True)


def case(case_id: int) -> Case | None:
    return Case.objects.filter(pk=case_id).select_related("holder", "again").first()


def is_barred(case: Case, user: User) -> bool:
    """Whether this person decided first, and so may not hear the appeal."""
    return case.bars.filter(user=user).exists()


def reports(case_id: int) -> list[CaseReportSeen]:
    """The newest 100 reports of a case."""
    found = sql.rows(
        f"SELECT r.report_id, r.reporter, r.policy, r.csam, r.received_at, {_UPHELD}, {_DISMISSED},"  # noqa: S608 (constant text)
        f" {_UPHELD_HERE}, {_DISMISSED_HERE} FROM cases_casereport r"
        " WHERE r.case_id = %s ORDER BY r.received_at DESC, r.id DESC LIMIT %s",
        (case_id, MOST_REPORTS),
    )
    return [
        CaseReportSeen(id_, Reporter.of(name), name, policy, bool(csam), from_micros(at), *map(int, records))
        for id_, name, policy, csam, at, *records in found
    ]


def report_groups(case_id: int) -> list[PolicyCount]:
    """All reports of a case, counted by the policy that they name, the most named first."""
    rows = (
        CaseReport.objects.filter(case_id=case_id)
        .values("policy")
        .annotate(reports=Count("*"), reporters=Count("reporter", distinct=True))
        .order_by("-reports", "policy")
    )
    return [PolicyCount(**row) for row in rows]


def burst(case_id: int, since: datetime) -> Burst | None:
    """All reports since then, not only the newest; None when there are none."""
    row = sql.rows(
        "SELECT coalesce(sum(reports), 0), count(*), min(first),"  # noqa: S608 (constant text)
        " sum(CASE WHEN upheld + dismissed = 0 THEN 1 ELSE 0 END),"
        " coalesce(sum(upheld), 0), coalesce(sum(dismissed), 0)"
        f" FROM (SELECT r.reports, r.first, {_UPHELD} AS upheld, {_DISMISSED} AS dismissed FROM ("
        " SELECT case_id, reporter, count(*) AS reports, min(received_at) AS first FROM cases_casereport"
        " WHERE case_id = %s AND received_at >= %s GROUP BY case_id, reporter) AS r) AS records",
        (case_id, to_micros(since)),
    )[0]
    reports_, reporters, first, strangers, upheld, dismissed = row
    if not reporters:
        return None
    return Burst(int(reports_), reporters, from_micros(first), int(strangers), int(upheld), int(dismissed))


def cases_of(ref: Ref, *, but: int) -> list[Case]:
    """Other cases on the same item, the newest first."""
    found = Case.objects.filter(~SPENT, item_type=ref.type, item_id=ref.id).exclude(pk=but)
    return list(found.order_by("-id")[:MOST_CASES])


def cases_by(author: Ref, *, but: int) -> list[Case]:
    """Other cases on what this author made, the newest first."""
    found = Case.objects.filter(~SPENT, author_type=author.type, author_id=author.id).exclude(pk=but)
    return list(found.order_by("-id")[:MOST_CASES])


def cases_on(refs: Sequence[Ref], *, limit: int, before: int | None = None) -> list[Case]:
    """The newest cases on any of these items; of those with a lower number than `before`."""
    if not refs:
        return []
    found = Case.objects.filter(~SPENT, _any_of(refs)).select_related("holder", "again")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id")[:limit])


def _any_of(refs: Sequence[Ref]) -> Q:
    ids: dict[str, list[str]] = {}
    for ref in refs:
        ids.setdefault(ref.type, []).append(ref.id)
    return Q.create([Q(item_type=type_, item_id__in=some) for type_, some in ids.items()], connector=Q.OR)


def notes(refs: Sequence[Ref]) -> list[Note]:
    """What was noted on these items, the newest first."""
    found = Note.objects.filter(_any_of(refs)).select_related("author")
    return list(found.order_by("-at")[:MOST_NOTES])
