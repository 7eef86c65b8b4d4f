"""Everything at the desk that is failing, stale or missing, with its age and what to do: the status page and
`evenhand check` show the same list."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.audit.queries.problems import ledger
from evenhand.desk.cases.queries import queue as cases
from evenhand.desk.cases.queries.problems import partial_items
from evenhand.desk.duty.queries.problems import duty
from evenhand.desk.enforcement.queries import seconds as decisions
from evenhand.desk.enforcement.queries.problems import problems as webhooks
from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.media.queries.problems import media, miscounted
from evenhand.desk.policies import queries as policies
from evenhand.desk.referral.queries.problems import opinions
from evenhand.desk.rules.queries.problems import rules
from evenhand.desk.signals import queries as signals
from evenhand.desk.web.figures import number
from evenhand.engine.model import Problem
from evenhand.engine.triage.lane import CRITICAL, UNCONFIRMED
from evenhand.runtime import config, running

SECOND = 1_000_000
LATE = 60 * SECOND
VERY_LATE = 600 * SECOND
CRITICAL_WAITS = 3_600 * SECOND
LITTLE_SPACE = 1_000_000_000
DECIDERS = frozenset({"moderator", "child_safety"})


def problems() -> list[Problem]:
    """Errors first, then what has lasted longest."""
    found = [problem for collect in _collectors() for problem in _collected(collect)]
    return sorted(found, key=lambda problem: (problem.severity, problem.since or 0))


def problems_found_by_counting() -> list[Problem]:
    """What takes a look at the whole event log: for `evenhand check`, not for a page."""
    return [*_collected(passed_over), *_collected(miscounted)]


def _collectors() -> tuple[Callable[[], Iterator[Problem]], ...]:
    return (
        schema, configuration, platform, people, worker, webhooks, parked,
        partial_items, media, ledger, rules, seconds, critical, unconfirmed, opinions, duty, space,
    )  # fmt: skip


def _collected(collect: Callable[[], Iterator[Problem]]) -> list[Problem]:
    """A part that cannot be asked is a problem of its own, and hides no other."""
    try:
        return list(collect())
    except DatabaseError as error:
        return [
            Problem(
                code="unreadable",
                message=_("“%(part)s” cannot be read: %(error)s") % {"part": collect.__name__, "error": error},
                what_to_do=_("Look at the database. If its schema is old, start the desk anew: it migrates."),
            )
        ]


def schema() -> Iterator[Problem]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Problem(
            code="schema",
            message=ngettext(
                "The database lacks %(count)s migration.", "The database lacks %(count)s migrations.", len(missing)
            )
            % {"count": len(missing)},
            what_to_do=_("Stop the desk and start it again: `evenhand serve` migrates first."),
        )


def configuration() -> Iterator[Problem]:
    """What processes of the desk began with, against what stands in their file now."""
    for process in running.processes(config.current().data_dir):
        told = {"kind": f"evenhand {process.kind}", "pid": process.pid}
        try:
            changed = config.changed(process.sources)
        except config.ConfigError as error:
            yield Problem(
                code="unreadable_configuration",
                message=_("The configuration cannot be read any more: %(error)s") % {"error": error},
                what_to_do=_("Mend it before you restart %(kind)s (process %(pid)s), which runs with what it read.")
                % told,
            )
            continue
        if changed:
            yield Problem(
                code="older_configuration",
                message=_("%(kind)s (process %(pid)s) runs with an older configuration: %(keys)s was changed since.")
                % {**told, "keys": ", ".join(changed)},
                what_to_do=_("Restart it: the configuration is read when a process starts."),
            )


def platform() -> Iterator[Problem]:
    if policies.current().version == 0:
        yield Problem(
            code="no_platform",
            message=_("No platform document is applied: the desk knows no item types, policies or actions."),
            what_to_do=_("Write one and run `evenhand apply platform.toml`."),
        )


def people() -> Iterator[Problem]:
    if not any(person.is_active and DECIDERS & set(person.roles) for person in accounts.people()):
        yield Problem(
            code="nobody_decides",
            message=_("Nobody may decide cases."),
            what_to_do=_("Run `evenhand users create EMAIL --role moderator`."),
        )


def worker() -> Iterator[Problem]:
    for part in signals.progress():
        waited = now_micros() - part.oldest if part.oldest else 0
        if part.behind and waited > LATE:
            yield Problem(
                code="worker_behind",
                message=_("Partition %(part)s: %(count)s events are not folded into signals and cases yet.")
                % {"part": part.part, "count": number(part.behind)},
                what_to_do=_("Give it time after a burst; if the number grows, start an `evenhand worker`.")
                if part.alive
                else _("No worker holds this partition: start `evenhand worker`, or `evenhand serve`, which has one."),
                severity="warning" if part.alive and waited < VERY_LATE else "error",
                since=part.oldest,
            )


def passed_over() -> Iterator[Problem]:
    for part, count in signals.passed_over().items():
        yield Problem(
            code="events_passed_over",
            message=_("Partition %(part)s: %(count)s events lie behind the worker, and were never folded.")
            % {"part": part, "count": number(count)},
            what_to_do=_("A fault of Evenhand. The log still has the events: keep the database, and report it."),
        )


def parked() -> Iterator[Problem]:
    waiting = signals.parked()
    if waiting:
        yield Problem(
            code="parked_events",
            message=_("%(count)s events could not be folded; the first says: %(error)s")
            % {
                "count": len(waiting),
                "error": waiting[0].error.strip().splitlines()[-1] if waiting[0].error.strip() else "?",
            },
            what_to_do=_("They are kept. Mend the cause, then fold them again on the status page."),
            since=to_micros(waiting[0].parked_at),
        )


def seconds() -> Iterator[Problem]:
    waiting = decisions.waiting()
    if waiting:
        yield Problem(
            code="waiting_for_second",
            message=ngettext(
                "%(count)s decision waits for a second person.",
                "%(count)s decisions wait for a second person.",
                len(waiting),
            )
            % {"count": len(waiting)},
            what_to_do=_("Somebody else consents, on the status page or on that of the delivery, or takes them back."),
            severity="warning",
            since=to_micros(waiting[0].decided_at),
        )


def critical() -> Iterator[Problem]:
    since = cases.oldest(CRITICAL)
    if since and now_micros() - to_micros(since) > CRITICAL_WAITS:
        yield Problem(
            code="critical_waits",
            message=_("A critical case has waited for more than an hour."),
            what_to_do=_("Open the queue: critical cases stand first."),
            severity="warning",
            since=to_micros(since),
        )


def unconfirmed() -> Iterator[Problem]:
    since = cases.oldest(UNCONFIRMED)
    if since and now_micros() - to_micros(since) > CRITICAL_WAITS:
        yield Problem(
            code="unconfirmed_waits",
            message=_("A case that would be critical, if it were confirmed, has waited for more than an hour."),
            what_to_do=_("Open the queue: such cases stand right behind the critical ones."),
            severity="warning",
            since=to_micros(since),
        )


def space() -> Iterator[Problem]:
    folder = config.current().data_dir
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        yield Problem(
            code="disk_space",
            message=_("%(free)s MB are left on the disk of %(folder)s.")
            % {"free": number(free // 1_000_000), "folder": folder},
            what_to_do=_("Make room: without it the desk takes nothing in."),
        )
