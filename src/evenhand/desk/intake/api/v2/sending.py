"""POST /items, /reports and /appeals."""

from __future__ import annotations

from evenhand.desk.intake.api import bodies, identity
from evenhand.desk.intake.api.operations import JSON, Answer, Call
from evenhand.desk.intake.api.v2 import drafting, elements
from evenhand.desk.intake.api.v2.structs import AppealIn, ItemIn, ItemsIn, ReportIn, ReportsIn
from evenhand.desk.intake.api.v2.taking import take


def send_items(call: Call) -> Answer:
    given = elements.of(call, ItemIn, ItemsIn, "items")
    naming = identity.naming(call, identity.random)
    return take(call, given, drafting.sent, naming, lambda one, _event_id: one.id)


def send_reports(call: Call) -> Answer:
    given = elements.of(call, ReportIn, ReportsIn, "reports")
    naming = identity.naming(call, identity.by_content(call.source))
    return take(call, given, drafting.reported, naming, lambda _one, event_id: identity.as_uuid(event_id))


def send_appeals(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    given = elements.one(call.body, AppealIn)
    return take(
        call,
        given,
        drafting.appealed,
        lambda _n, one: identity.of_appeal(one.appeal_id),
        lambda one, _event_id: one.appeal_id,
    )
