"""One town, lived twice: with the sides exchanged throughout, every outcome is the same with the sides exchanged."""

import json
import re

import pytest
from django.db import transaction

from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.cases.queries.scores import scores_of
from evenhand.desk.enforcement.models import Delivery, Hold
from evenhand.desk.enforcement.queries import calibrations, licences
from evenhand.desk.enforcement.services import Chosen, auditing, decide
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.desk.signals.services import DeskStore
from evenhand.engine.model import ReportMade
from evenhand.engine.rules.exchange import swapped
from evenhand.engine.triage.lane import CRITICAL, NORMAL, UNCONFIRMED
from evenhand.engine.triage.reliability import BURST
from evenhand.runtime.eventlog.sqlite import SqliteLog
from evenhand.runtime.worker import PartitionWorker
from tests.desk.conftest import event, post, reported, sent
from tests.desk.enforcement.licensing import grant
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT
from tests.support.sides import PAIRS

LANES = """
hold = "remove"
hold_limit = 0.2
hold_budget = 0.9
hold_hours = 6

[[policies]]
id = "threats"
name = "Threats"
harm = 50.0
lane = "critical"
"""
TRIED = [pair for pair in PAIRS if pair.language in {"English", "German", "Russian", "Arabic"}][::2]
ABOUT_A_TREE = (
    "We planted an apple tree behind the school and everybody who wants to may water it in the evening, really."
)


class Town:
    """What people of one side and of the other write, report and are judged for. Every report is of one moment."""

    def __init__(self, log, ana):
        self._log, self._ana = log, ana
        self._at = now_micros() // BURST * BURST - BURST // 2
        self._worker = PartitionWorker(log, DeskStore(), owner="test", batch_events=100)

    def fold(self, *events):
        intake.accept(events)
        while self._worker.step():
            pass

    def report(self, item, reporter, policy="spam"):
        made = reported(item, reporter, policy)
        assert isinstance(made.body, ReportMade)
        return event(made.body.__class__(**{**_fields(made.body), "reported_at": self._at}), self._at)

    def post(self, name, text, author):
        return post(name, text, author, views=1000, created_at=self._at)

    def decide(self, name, kind, policy):
        case = Case.objects.get(item_id=name, kind="review", state="open")
        actions = (Chosen("remove"),) if kind == "act" else ()
        decide(case.pk, version=case.version, by=self._ana, kind=kind, policy=policy, actions=actions)


def _fields(struct):
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def live(town, one, other, text):
    """Some of the one side write against the other, many times; one of the other against the first, once or twice."""
    against, back = text.format(other), text.format(one)
    wave = [town.post(f"wave{n}", against, f"{one}-author{n}") for n in range(4)]
    answers = [town.post(f"answer{n}", back, f"{other}-author{n}") for n in range(2)]
    old = [town.post(f"old{n}", f"{ABOUT_A_TREE} {'so ' * n}", f"{one}-old{n}") for n in range(3)]
    threats = [town.post(f"threat{n}", against, f"{one}-threat{n}") for n in range(2)]
    town.fold(*[sent(town.post(f"before{n}", f"{ABOUT_A_TREE} {n}", "nobody")) for n in range(10)])
    town.fold(
        *[town.report(item, f"{other}-reader{n}") for n, item in enumerate(wave)],
        *[town.report(item, f"{one}-reader{n}") for n, item in enumerate(answers)],
        *[town.report(item, f"{other}-good", "threats") for item in old],
    )
    town.decide("wave0", "act", "spam")
    town.decide("answer0", "dismiss", "spam")
    for item in old:
        town.decide(item.ref.id, "act", "threats")
    grant(score=0.3)
    licences.forget_count()
    town.fold(
        town.report(town.post("wave4", against, f"{one}-author4"), f"{other}-reader0"),
        town.report(town.post("answer2", back, f"{other}-author2"), f"{one}-reader0"),
        *[town.report(threats[0], f"{other}-stranger{n}", "threats") for n in range(8)],
        town.report(threats[1], f"{other}-good", "threats"),
    )


def outcome():
    """All that follows for people, without what only tells the time."""
    cases = list(Case.objects.filter(kind="review").order_by("item_id", "pk"))
    said = scores_of([case.pk for case in cases])
    clusters = {}
    for case in cases:
        if case.cluster_id:
            clusters.setdefault(case.cluster_id, []).append(case.item_id)
    return {
        "clusters": sorted(clusters.values()),
        "lanes": {case.item_id: case.lane for case in cases},
        "verdicts": {case.item_id: (case.state, case.outcome, case.policy, case.why["headline"]) for case in cases},
        "scores": {case.item_id: said.get(case.pk) for case in cases},
        "holds": [(one.item_id, one.name, one.score, one.reason) for one in Hold.objects.order_by("item_id")],
        "messages": sorted(_message(row) for row in Delivery.objects.all()),
        "records": sorted(ReporterTally.objects.values_list("reporter", "policy", "upheld", "dismissed")),
        "calibration": calibrations.pairs(policies.current()),
    }  # fmt: skip


def _message(row):
    told = json.loads(row.body)
    return re.sub(
        r"\d\d\d\d-\d\d-\d\d|\d\d:\d\d",
        "",
        str((told["item"], told["decision"]["reason"], (told.get("hold") or {}).get("statements"))),
    )


def lines(found, exchanged=None):
    """Every part of an outcome in words, sorted."""
    told = [
        f"{name} {one}"
        for name, part in found.items()
        for one in (part.items() if isinstance(part, dict) else part)
    ]  # fmt: skip
    return sorted(swapped(told, exchanged) if exchanged else told)


@pytest.fixture
def lived(db, ana, tmp_path, monkeypatch):
    """What came of a town in which the first side writes against the second."""
    monkeypatch.setattr(auditing, "inclusion", lambda score, *, held, stake: 0.0)
    document = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    document = document.replace('name = "Spam"\nharm = 1.0\n', f'name = "Spam"\nharm = 1.0\n{LANES}')
    document = policy_services.read(document.replace("{queues}", CHILD_SAFETY_QUEUE))
    count = iter(range(9))

    def lived(one, other, text):
        log = SqliteLog(tmp_path / f"log{next(count)}.sqlite3")
        monkeypatch.setattr(intake, "event_log", lambda: log)
        with transaction.atomic():
            policies.forget()
            policy_services.apply(document, actor="system:test")
            licences.forget_count()
            live(Town(log, ana), one, other, text)
            found = outcome()
            transaction.set_rollback(True)
        log.close()
        policies.forget()
        return found

    return lived


@pytest.mark.parametrize("pair", TRIED, ids=" ".join)
def test_whatever_is_done_to_one_side_is_done_to_the_other(lived, pair):
    found = lived(pair.one, pair.other, pair.texts[0])
    turned = lived(pair.other, pair.one, pair.texts[0])
    assert lines(found) == lines(turned, {pair.one: pair.other})
    assert found["clusters"][-1] == ["threat0", "threat1", "wave0", "wave1", "wave2", "wave3", "wave4"]
    assert found["lanes"]["threat0"] == UNCONFIRMED
    assert found["lanes"]["threat1"] == CRITICAL
    assert found["lanes"]["wave1"] == NORMAL
    assert {item for item, *_ in found["holds"]} >= {"wave4"}
    assert found["calibration"]["spam"]
