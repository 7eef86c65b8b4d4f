"""What is wrong with rules: for `evenhand check` and the status page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from evenhand.desk.fields import to_micros
from evenhand.desk.rules.queries.lives import BY_ITSELF, lives
from evenhand.desk.rules.queries.running import newest, stored
from evenhand.engine.model import Problem


def rules() -> Iterator[Problem]:
    """Rules that stepped back by themselves and that nobody has moved since; rules that run nowhere any more."""
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
