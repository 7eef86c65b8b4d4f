"""What keeps from being held what could be: for `evenhand check` and the status page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from evenhand.desk.enforcement.models import LicenceChange
from evenhand.desk.enforcement.queries import licences
from evenhand.desk.fields import to_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Problem


def problems() -> Iterator[Problem]:
    for policy in licences.limited(policies.current()).values():
        last = LicenceChange.objects.filter(policy=policy.id).last()
        if last is not None and last.score is None:
            yield Problem(
                code="licence_withdrawn",
                message=_("“%(policy)s” lost its licence to hold: %(wrong)s of %(audited)s audits were wrong to hold.")
                % {"policy": policy.name, "wrong": last.wrong, "audited": last.audited},
                what_to_do=_(
                    "Nothing is held under it until audits allow it again. Look at what was held wrongly: a rule, a"
                    " list or the policy's text may have changed. Switch it off for good with hold_limit = 0."
                ),
                severity="warning",
                since=to_micros(last.at),
            )
    if stop := licences.stopped():
        yield Problem(
            code="holds_stopped",
            message=_("%(who)s switched off all holds by licence.") % {"who": stop.by.pseudonym},
            what_to_do=_("Nothing is held by licence until somebody allows it again on the page Holds."),
            severity="warning",
            since=to_micros(stop.at),
        )
