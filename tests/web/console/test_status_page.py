"""Everything failing, stale or missing is on one page, with its age and what to do."""

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from django.db import DatabaseError
from django.utils import timezone

from evenhand.desk.audit import models as audit_models
from evenhand.desk.audit import services as audit
from evenhand.desk.audit.queries import entries
from evenhand.desk.cases.models import Case
from evenhand.desk.fields import now_micros
from evenhand.desk.signals import services as signals_services
from evenhand.desk.signals.models import ParkedEvent, Partition
from evenhand.desk.web import publishing, status
from evenhand.runtime import config


@pytest.fixture
def in_order(case, ana) -> Case:
    """A desk with a platform, somebody who decides, one case, and a signed ledger."""
    audit.checkpoint()
    return case


def codes() -> list[str]:
    return [problem.code for problem in status.problems()]


def test_a_desk_in_order_has_no_problems(desk, in_order, text):
    assert codes() == []
    assert "Nothing is failing, stale or missing." in text(desk.get("/status/"))


def test_where_checkpoints_are_published_is_told_with_its_age(desk, in_order, text, monkeypatch, tmp_path):
    configured = msgspec.structs.replace(config.current(), checkpoint_dir=str(tmp_path))
    monkeypatch.setattr(config, "current", lambda: configured)
    assert f"Nothing published to folder {tmp_path} yet" in text(desk.get("/status/"))
    publishing.publish()
    assert "entries published to folder" in text(desk.get("/status/"))
    audit_models.Publication.objects.update(failing_since=timezone.now(), error="It is full.")
    page = text(desk.get("/status/"))
    assert f"No checkpoint can be published to folder {tmp_path}: It is full." in page
    assert "failing" in page


def test_an_empty_desk_lacks_a_platform_and_people(db):
    assert {"no_platform", "nobody_decides"} <= set(codes())


def test_an_event_that_could_not_be_folded_is_told_with_its_error(desk, case, text):
    ParkedEvent.objects.create(
        event_id="e1", part=0, at=timezone.now(), parked_at=timezone.now() - timedelta(hours=3),
        error="Traceback\nValueError: odd", body=b"",
    )  # fmt: skip
    page = text(desk.get("/status/"))
    assert "ValueError: odd" in page
    assert "for 3 h" in page


def test_a_parked_event_is_folded_again_on_request(desk, in_order, ana, monkeypatch, text):
    ParkedEvent.objects.create(
        event_id="e1", part=0, at=timezone.now(), parked_at=timezone.now(), error="odd", body=b"",
    )  # fmt: skip
    mended = []
    monkeypatch.setattr(signals_services, "refold", lambda event_id, *, actor: mended.append((event_id, actor)))
    assert "Fold again" in text(desk.get("/status/"))
    assert "Folded." in text(desk.post("/status/parked/e1/", follow=True))
    assert mended == [("e1", f"user:{ana.pseudonym}")]


def test_a_parked_event_that_still_fails_says_why(desk, in_order, text):
    assert "No parked event" in text(desk.post("/status/parked/e9/", follow=True))


def test_a_ledger_that_nobody_signs_is_told(in_order, monkeypatch):
    state = SimpleNamespace(unsigned=4, signed_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(entries, "state", lambda: state)
    assert codes() == ["ledger_unsigned"]


def test_a_fold_that_falls_behind_is_told_and_harder_when_nobody_works(in_order, monkeypatch):
    def progress(oldest, *, alive):
        part = SimpleNamespace(part=0, behind=1200, oldest=oldest, alive=alive, owner="x", folded=5)
        monkeypatch.setattr(status.signals, "progress", lambda: [part])

    progress(now_micros() - 10 * status.SECOND, alive=True)
    assert codes() == []
    progress(now_micros() - 120 * status.SECOND, alive=True)
    (problem,) = status.problems()
    assert (problem.code, problem.severity) == ("worker_behind", "warning")
    assert "1,200 events" in problem.message
    progress(now_micros() - 120 * status.SECOND, alive=False)
    assert status.problems()[0].severity == "error"


def test_a_critical_case_that_waits_for_hours_is_told(in_order):
    Case.objects.update(lane=0, opened_at=timezone.now() - timedelta(hours=2))
    assert codes() == ["critical_waits"]


def test_a_case_that_only_lacks_a_voice_with_a_record_is_told_after_the_same_time(in_order):
    Case.objects.update(lane=1, opened_at=timezone.now() - timedelta(minutes=59))
    assert codes() == []
    Case.objects.update(opened_at=timezone.now() - timedelta(hours=2))
    assert codes() == ["unconfirmed_waits"]


def test_a_full_disk_is_told(in_order, monkeypatch):
    monkeypatch.setattr(status.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=12_000_000))
    (problem,) = status.problems()
    assert problem.code == "disk_space"
    assert "12 MB" in problem.message


def test_a_part_that_cannot_be_asked_hides_no_other(in_order, monkeypatch):
    def broken():
        raise DatabaseError("no such table")

    monkeypatch.setattr(status.signals, "parked", broken)
    Case.objects.update(lane=0, opened_at=timezone.now() - timedelta(hours=2))
    assert set(codes()) == {"unreadable", "critical_waits"}


def test_errors_come_before_warnings_and_the_longest_first(in_order):
    ParkedEvent.objects.create(
        event_id="e1", part=0, at=timezone.now(), parked_at=timezone.now(), error="", body=b"",
    )  # fmt: skip
    Case.objects.update(lane=0, opened_at=timezone.now() - timedelta(hours=2))
    assert codes() == ["parked_events", "critical_waits"]


def test_partitions_are_listed(desk, case, text):
    Partition.objects.update(owner="host-1", lease_until=timezone.now() + timedelta(minutes=1), folded=7)
    page = text(desk.get("/status/"))
    assert "host-1" in page


@pytest.mark.parametrize("role", ["moderator", "legal", "auditor", "admin"])
def test_all_roles_see_the_status(signed_in, person, platform, role):
    assert signed_in(person("olga", role)).get("/status/").status_code == 200


def test_one_decision_that_waits_is_told_in_the_singular(monkeypatch):
    one = SimpleNamespace(decided_at=timezone.now())
    for waiting, told in (([one], "1 decision waits for"), ([one, one], "2 decisions wait for")):
        monkeypatch.setattr("evenhand.desk.web.status.decisions.waiting", lambda waiting=waiting: waiting)
        [problem] = status.seconds()
        assert problem.message.startswith(told)
