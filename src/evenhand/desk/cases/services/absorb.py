"""Turns what was folded into cases: reports and signals gather on their subject, and the order is computed anew.

Runs inside the worker's transaction, in raw SQL and by the batch: this is the machine's write path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from evenhand.desk import sql
from evenhand.desk.cases.queries.standing import ranked_at
from evenhand.desk.cases.services import clustering, facts, ordering
from evenhand.desk.cases.services.grouping import Place, lead
from evenhand.desk.fields import now_micros
from evenhand.desk.intake.queries import facts as intake
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.signals import queries as signals_queries
from evenhand.engine.model import AppealMade, Event, Item, ItemSent, MediaHashed, Micros, Ref, ReportMade, Signal
from evenhand.engine.triage import harm
from evenhand.engine.triage.model import Model


def absorb(events: Sequence[Event], signals: Sequence[Signal]) -> None:
    """Open, feed and rank the review cases that this batch touches."""
    touched = {event.subject for event in events if not isinstance(event.body, AppealMade)}
    touched |= {signal.subject for signal in signals}
    if not touched:
        return
    model = ordering.model()
    cases = _open_cases(sorted(touched))
    needed = _reported(events) | facts.news(signals)
    new = needed - cases.keys()
    _open_new(sorted(new), cases)
    _gather(events, cases)
    hashed = [event.body for event in events if isinstance(event.body, MediaHashed)]
    _rank(cases, model, compared=new | _said_anew(events), hashed=hashed)


def rerank(refs: Sequence[Ref]) -> None:
    """In the caller's transaction: the order of the open cases on these items under what is in force now. As nothing
    happened to them since they were ranked, it is that of then."""
    model = ordering.model()
    cases = _open_cases(refs)
    _rank(cases, model, ranked_at([case.id for case in cases.values()]))


def _reported(events: Sequence[Event]) -> set[Ref]:
    return {event.subject for event in events if isinstance(event.body, ReportMade)}


def _said_anew(events: Sequence[Event]) -> set[Ref]:
    """Whose content may be another one than before, or known better."""
    return {event.subject for event in events if isinstance(event.body, ItemSent | MediaHashed)}


class _Open(NamedTuple):
    id: int
    opened_at: Micros
    cluster: int | None
    queue: str


def _open_cases(refs: Sequence[Ref]) -> dict[Ref, _Open]:
    """Locked until the end of the fold: a report that is gathered while its case closes would not be counted with the
    others, and yet be taken back with them."""
    values, parameters = sql.among(refs)
    lock = " ORDER BY id FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    found = sql.rows(
        "SELECT item_type, item_id, id, opened_at, cluster_id, queue FROM cases_case"  # noqa: S608 (marks only)
        f" WHERE state = 'open' AND kind = 'review' AND (item_type, item_id) IN {values}{lock}",
        parameters,
    )
    return {Ref(type_, id_): _Open(*rest) for type_, id_, *rest in found}


def _open_new(refs: Sequence[Ref], cases: dict[Ref, _Open]) -> None:
    if not refs:
        return
    now = now_micros()
    sql.insert_many(
        "cases_case",
        (
            "item_type", "item_id", "kind", "state", "outcome", "author_type", "author_id", "queue", "lane", "rank",
            "why", "opened_at", "changed_at", "version",
        ),
        [
            (ref.type, ref.id, "review", "open", "", "", "", "default", harm.NORMAL, 0, msgspec.Raw(b"{}"), now, now, 1)
            for ref in refs
        ],
    )  # fmt: skip
    cases |= _open_cases(refs)


def _gather(events: Sequence[Event], cases: Mapping[Ref, _Open]) -> None:
    sql.insert_many(
        "cases_casereport",
        ("case_id", "report_id", "reporter", "policy", "csam", "received_at"),
        [
            (cases[event.subject].id, body.report_id, body.reporter.key, body.policy, body.csam, event.at)
            for event in events
            if isinstance(body := event.body, ReportMade)
        ],
    )


def _rank(
    cases: Mapping[Ref, _Open],
    model: Model,
    ranked: Mapping[int, Micros] | None = None,
    *,
    compared: AbstractSet[Ref] = frozenset(),
    hashed: Sequence[MediaHashed] = (),
) -> None:
    """Compute the order of these cases from all that is known of them now; those that were `ranked`, as of then. What
    those say that are `compared` may be another thing than before: they go to the clusters where they belong."""
    if not cases:
        return
    now = now_micros()
    at = ranked or {}
    snapshot = policies.current()
    items = intake.items(sorted(cases))
    found = signals_queries.of_items(sorted(cases))
    reports = facts.reports(sorted(case.id for case in cases.values()))
    records = facts.author_records([item.creator for item in items.values() if item.creator])
    rows = []
    for ref, opened in cases.items():
        item = items.get(ref)
        case = facts.case_facts(item, reports.get(opened.id, []), found.get(ref, []), records, seen_at=opened.opened_at)
        order = harm.expected_harm(case, snapshot.policies, at.get(opened.id, now), model)
        rows.append(_row(opened.id, item, order, snapshot.queue_for(order.policy, ref.type), now))
    sql.update_many(
        "cases_case", ("author_type", "author_id", "queue", "policy", "lane", "rank", "why", "changed_at"), rows
    )
    by_link = {ref for ref, row in zip(cases, rows, strict=True) if _is_about_links(row[3], snapshot)}
    samples = clustering.said([item for ref, item in items.items() if ref in compared], by_link=by_link, told=hashed)
    places = clustering.join({cases[ref].id: sample for ref, sample in samples.items()})
    lead(places | _places(cases, rows))


def _is_about_links(policy: str | None, snapshot: Snapshot) -> bool:
    found = snapshot.policies.get(policy or "")
    return found is not None and found.alike == "link"


def _places(cases: Mapping[Ref, _Open], rows: Sequence[tuple[Any, ...]]) -> set[Place]:
    """Where cases of a cluster have another rank now, or stood before."""
    return {
        Place(case.cluster, queue)
        for case, row in zip(cases.values(), rows, strict=True)
        if case.cluster is not None
        for queue in (case.queue, row[2])
    }


def _row(case_id: int, item: Item | None, order: harm.Harm, queue: str, now: Micros) -> tuple[Any, ...]:
    author = (item and item.creator) or Ref("", "")
    why = msgspec.Raw(msgspec.json.encode(order))
    return (author.type, author.id, queue, order.policy, order.lane, order.rank, why, now, case_id)


def tallies(keys: Sequence[str]) -> dict[str, dict[str, list[int]]]:
    """State of the fold that this room keeps: `reporter:<name>` → how their decided reports turned out, by policy."""
    records = facts.reporter_records([key.partition(":")[2] for key in keys])
    return {
        f"reporter:{name}": {policy: list(tally) for policy, tally in record.policies.items()}
        for name, record in records.items()
    }
