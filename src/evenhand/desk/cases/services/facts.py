"""Gathers, by the batch, what the order of cases is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evenhand.desk import sql
from evenhand.engine.model import Item, Micros, Ref, Signal
from evenhand.engine.triage import harm

MOST_REPORTS = 200
"""Reports of a case that its order is computed from; all are kept and counted. A crowd that keeps coming pushes out
neither a report of child abuse nor one by somebody who was right before: these go first, then the newest."""


class Tally(NamedTuple):
    """Decided cases: how many led to an action, how many to none."""

    upheld: int
    dismissed: int


NO_TALLY = Tally(0, 0)


class Record(NamedTuple):
    """A reporter's decided reports."""

    policies: Mapping[str, Tally]

    @property
    def all(self) -> Tally:
        return Tally(
            sum(one.upheld for one in self.policies.values()), sum(one.dismissed for one in self.policies.values())
        )

    def of(self, policy: str) -> tuple[Tally, Tally]:
        """Those under this policy, and all others."""
        here, all_ = self.policies.get(policy, NO_TALLY), self.all
        return here, Tally(all_.upheld - here.upheld, all_.dismissed - here.dismissed)


NO_RECORD = Record({})
_AT_ONCE = 500
_ASK = ("enqueue", "hold", "act")


def news(signals: Sequence[Signal]) -> set[Ref]:
    """Subjects whose signals ask for a case and say something that an earlier case on them did not know already."""
    asking = [signal for signal in signals if signal.effect in _ASK]
    if not asking:
        return set()
    values, parameters = sql.among(sorted({signal.subject for signal in asking}))
    found = sql.rows(
        "SELECT s.item_type, s.item_id, s.detector, s.summary FROM signals_signal s JOIN cases_case c"  # noqa: S608 (constant text and marks)
        " ON c.item_type = s.item_type AND c.item_id = s.item_id AND c.state = 'closed' AND s.at <= c.closed_at"
        f" WHERE (s.item_type, s.item_id) IN {values}",
        parameters,
    )
    known = {(Ref(type_, id_), detector, summary) for type_, id_, detector, summary in found}
    return {signal.subject for signal in asking if (signal.subject, signal.detector, signal.summary) not in known}


def reports(case_ids: Sequence[int]) -> dict[int, list[harm.ReportFact]]:
    """Those reports of each case that weigh most, with the record of who made them."""
    found = sql.rows(
        "SELECT case_id, policy, csam, received_at, reporter FROM ("  # noqa: S608 (marks only)
        " SELECT r.case_id, r.policy, r.csam, r.received_at, r.reporter,"
        " row_number() OVER (PARTITION BY r.case_id ORDER BY r.csam DESC,"
        " (SELECT coalesce(sum(t.upheld), 0) FROM cases_reportertally t WHERE t.reporter = r.reporter) DESC,"
        " r.received_at DESC, r.id DESC) AS n"
        f" FROM cases_casereport r WHERE r.case_id IN {sql.marks(case_ids)}) AS weighed WHERE n <= %s",
        (*case_ids, MOST_REPORTS),
    )
    records = reporter_records(sorted({reporter for *_, reporter in found}))
    answers: dict[int, list[harm.ReportFact]] = {}
    for case_id, policy, csam, received_at, reporter in found:
        here, elsewhere = records.get(reporter, NO_RECORD).of(policy or "")
        answers.setdefault(case_id, []).append(
            harm.ReportFact(
                reporter=reporter,
                policy=policy,
                csam=bool(csam),
                received_at=received_at,
                upheld=here.upheld,
                dismissed=here.dismissed,
                upheld_elsewhere=elsewhere.upheld,
                dismissed_elsewhere=elsewhere.dismissed,
            )
        )
    return answers


def author_records(authors: Sequence[Ref]) -> dict[Ref, Tally]:
    """How the decided cases on each author's items turned out."""
    if not authors:
        return {}
    values, parameters = sql.among(sorted(set(authors)))
    found = sql.rows(
        "SELECT author_type, author_id, sum(CASE WHEN outcome = 'upheld' THEN 1 ELSE 0 END),"  # noqa: S608 (marks only)
        " sum(CASE WHEN outcome = 'dismissed' THEN 1 ELSE 0 END) FROM cases_case"
        f" WHERE kind = 'review' AND state = 'closed' AND (author_type, author_id) IN {values}"
        " GROUP BY author_type, author_id",
        parameters,
    )
    return {Ref(type_, id_): Tally(int(upheld), int(dismissed)) for type_, id_, upheld, dismissed in found}


def reporter_records(reporters: Sequence[str]) -> dict[str, Record]:
    """Those that have one."""
    found: dict[str, dict[str, Tally]] = {}
    for some in sql.batched(reporters, _AT_ONCE):
        within, parameters = sql.within(some)
        for reporter, policy, upheld, dismissed in sql.rows(
            f"SELECT reporter, policy, upheld, dismissed FROM cases_reportertally WHERE reporter {within}",  # noqa: S608 (constant text and marks)
            parameters,
        ):
            found.setdefault(reporter, {})[policy] = Tally(upheld, dismissed)
    return {reporter: Record(policies) for reporter, policies in found.items()}


def case_facts(
    item: Item | None,
    reports_: Sequence[harm.ReportFact],
    signals: Sequence[Signal],
    records: Mapping[Ref, Tally],
    *,
    seen_at: Micros,
) -> harm.CaseFacts:
    record = records.get(item.creator, NO_TALLY) if item and item.creator else NO_TALLY
    return harm.CaseFacts(
        kind=item.kind if item else "content",
        views=item.views if item else None,
        created_at=item.created_at if item else None,
        seen_at=seen_at,
        text_length=len(item.text) if item else 0,
        media=len(item.media) if item else 0,
        reports=tuple(reports_),
        signals=tuple(signals),
        author_upheld=record.upheld,
        author_dismissed=record.dismissed,
    )
