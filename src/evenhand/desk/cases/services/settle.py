"""Closing and reopening a case, and what that says about those who reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.cases.models import Case, CaseReport, ReporterTally
from evenhand.desk.cases.queries.facts import open_review
from evenhand.desk.cases.services.clusters import places_of
from evenhand.desk.cases.services.grouping import lead
from evenhand.desk.cases.services.lease import lock
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref

_AT_ONCE = 500


def close(case: Case, outcome: str, policy: str | None = None) -> None:
    """In the caller's transaction: the case is decided, under this policy, and so are the reports of each of its
    reporters."""
    case.state, case.outcome = Case.State.CLOSED, outcome
    case.closed_at = case.changed_at = timezone.now()
    case.version += 1
    case.holder = case.held_until = None
    set_aside, case.deciding = case.deciding, False
    case.save()
    if not set_aside:
        lead(places_of([case]))
    _count(case, outcome, policy)


def reopen(case: Case) -> None:
    """In the caller's transaction: the decision was undone. A newer open case of its subject is gathered into it."""
    _uncount(case)
    _swallow_newer(case)
    case.state, case.outcome, case.closed_at = Case.State.OPEN, "", None
    case.changed_at = timezone.now()
    case.version += 1
    case.save()
    lead(places_of([case]))


def correct(case: Case, outcome: str, policy: str | None = None) -> bool:
    """In the caller's transaction, on the locked case: it turned out otherwise than its decision said, and so did the
    reports of each of its reporters. False, and nothing changes, when it says so already or waits for a decision."""
    if case.state != Case.State.CLOSED or case.outcome in ("", outcome):
        return False
    _uncount(case)
    _count(case, outcome, policy)
    case.outcome = outcome
    case.changed_at = timezone.now()
    case.version += 1
    case.save()
    return True


def _swallow_newer(case: Case) -> None:
    if case.kind != Case.Kind.REVIEW:
        return
    found = open_review(Ref(case.item_type, case.item_id))
    newer = lock(found) if found else None
    if newer is None or newer.state != Case.State.OPEN:
        return
    CaseReport.objects.filter(case=newer).update(case=case)
    newer.state, newer.closed_at, newer.version = Case.State.CLOSED, timezone.now(), newer.version + 1
    newer.save()
    case.rank, case.lane, case.why = newer.rank, newer.lane, newer.why


def bump(case: Case) -> None:
    """In the caller's transaction: something was decided about it that did not close or open it."""
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1, changed_at=now_micros())


class _Word(NamedTuple):
    """A report, as it may be right or wrong."""

    id: int
    reporter: str
    policy: str
    right: bool


def _count(case: Case, outcome: str, policy: str | None) -> None:
    """Once for each reporter who was right, under what was decided if they named it; once for each who was wrong."""
    if case.kind != Case.Kind.REVIEW or not outcome:
        return
    counted = list(_counted(_words(case, outcome, policy), policy or ""))
    for column in (Case.Outcome.UPHELD, Case.Outcome.DISMISSED):
        words = [word for word in counted if word.right == (column == Case.Outcome.UPHELD)]
        for some in sql.batched([word.id for word in words], _AT_ONCE):
            CaseReport.objects.filter(pk__in=some).update(counted=column.value)
        _tally([(word.reporter, word.policy) for word in words], column, 1)


def _words(case: Case, outcome: str, policy: str | None) -> Iterator[_Word]:
    """As they came in. One is right where the case was upheld, save that it cried the worst and something lesser was
    found: reported under a policy of the critical lane, decided under one of the normal lane."""
    known = policies.current().policies
    critical = {one.id for one in known.values() if one.lane == "critical"}
    lesser = policy is not None and policy not in critical
    found = CaseReport.objects.filter(case=case).order_by("reporter", "received_at", "pk")
    for pk, reporter, named, csam in found.values_list("pk", "reporter", "policy", "csam").iterator():
        too_much = lesser and (csam or named in critical)
        yield _Word(pk, reporter, named or "", outcome == Case.Outcome.UPHELD and not too_much)


def _counted(words: Iterator[_Word], decided: str) -> Iterator[_Word]:
    """Of each reporter, the one right report that names what was decided, else the first; and the first wrong one."""
    for _, same in groupby(words, key=lambda word: word.reporter):
        theirs = list(same)
        right = [word for word in theirs if word.right]
        if right:
            yield next((word for word in right if word.policy == decided), right[0])
        yield from [word for word in theirs if not word.right][:1]


def _uncount(case: Case) -> None:
    """What was counted of this case is taken back, whatever has become of its policies meanwhile."""
    for column in (Case.Outcome.UPHELD, Case.Outcome.DISMISSED):
        counted = CaseReport.objects.filter(case=case, counted=column.value)
        _tally([(one, named or "") for one, named in counted.values_list("reporter", "policy")], column, -1)
        counted.update(counted="")


def _tally(records: Sequence[tuple[str, str]], column: Case.Outcome, by: int) -> None:
    """Each (reporter, policy) once."""
    ReporterTally.objects.bulk_create(
        [ReporterTally(reporter=name, policy=policy) for name, policy in records], ignore_conflicts=True
    )
    by_policy: dict[str, list[str]] = {}
    for name, policy in records:
        by_policy.setdefault(policy, []).append(name)
    for policy, names in by_policy.items():
        for some in sql.batched(names, _AT_ONCE):
            found = ReporterTally.objects.filter(policy=policy, reporter__in=some)
            found.update(**{column.value: F(column.value) + by})
