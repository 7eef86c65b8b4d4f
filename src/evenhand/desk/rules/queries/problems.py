"""What is wrong with rules: for `evenhand check` and the status page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.rules.queries.hits import HOUR, failed
from evenhand.desk.rules.queries.lives import BY_ITSELF, lives
from evenhand.desk.rules.queries.running import current, newest, stored
from evenhand.engine.model import Problem
from evenhand.engine.rules.run import EXHAUSTED
from evenhand.runtime import udfs

_DAY_HOURS = 24
_MOST_DOUBTS = 5


def rules() -> Iterator[Problem]:
    """A project that cannot run; rules that stepped back by themselves and that nobody has moved since; rules that run
    nowhere any more; rules that errors left without an answer within a day."""
    yield from _broken()
    yield from _unusable()
    yield from _failed()
    found = lives()
    for life in found.values():
        if life.changed_by == BY_ITSELF:
            yield Problem(
                code="rule_stepped_back",
                message=_("The rule %(rule)s stepped back to shadow: %(reason)s")
                % {"rule": life.rule, "reason": life.reason},
                what_to_do=_("Look at what it fired on, then move it on the page of the rule, or mend it."),
                severity="warning",
                since=to_micros(life.changed_at),
            )
    version, _digest = newest()
    project = stored(version) if version else None
    names = set(project.rules) if project else set()
    gone = sorted(life.rule for life in found.values() if life.stage in ("canary", "live") and life.rule not in names)
    if gone:
        yield Problem(
            code="rule_gone",
            message=_("Rules that were live are no longer in the project: %(rules)s") % {"rules": ", ".join(gone)},
            what_to_do=_("Retire them on their pages, or publish a version that has them."),
            severity="warning",
        )


def _broken() -> Iterator[Problem]:
    running = current()
    if running.problem:
        yield Problem(
            code="rules_cannot_run",
            message=_("Version %(version)s of the rules cannot run on this desk, and no rule does: %(problem)s")
            % {"version": running.version, "problem": running.problem},
            what_to_do=_("Mend what it names, or publish a version that can run; then restart the desk."),
        )
    if running.rules and (doubts := running.rules.doubts):
        told = "; ".join(f"{one.file}:{one.line}: {one.message}" for one in doubts[:_MOST_DOUBTS])
        yield Problem(
            code="rules_always_fail",
            message=_("Version %(version)s of the rules runs, but has values that fail for every event: %(doubts)s")
            % {"version": running.version, "doubts": told},
            what_to_do=_("Mend each at its place, and publish it."),
            severity="warning",
        )


def _unusable() -> Iterator[Problem]:
    """Functions of other packages that no rule can call; those that a rule does call are told with it."""
    for why in udfs.installed().unusable.values():
        yield Problem(
            code="rule_function_unusable",
            message=why,
            what_to_do=_("Mend that package, or take it away; then restart the desk."),
            severity="warning",
        )


def _failed() -> Iterator[Problem]:
    for one in failed(since_hour=now_micros() // HOUR - _DAY_HOURS + 1):
        told = {"rule": one.rule or _("All rules"), "times": one.times, "error": one.error}
        yield Problem(
            code="rule_failed",
            message=_("%(rule)s had no answer or no effect %(times)s times in 24 h, for an error: %(error)s") % told,
            what_to_do=_("Read the item that it names, to its end: no rule has. The rule needs no mending.")
            if EXHAUSTED in one.error
            else _("Mend the rule at that place, and publish it."),
            severity="warning",
        )
