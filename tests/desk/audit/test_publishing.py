"""Checkpoints in a second place: brought there again and again until it took them, and compared with what it holds."""

from datetime import timedelta

import msgspec
import pytest
from click.testing import CliRunner
from django.utils import timezone

from evenhand.cli.check import check
from evenhand.connectors.checkpoints import Folder
from evenhand.desk.audit import queries, services
from evenhand.desk.audit.models import Publication
from evenhand.desk.audit.queries import problems
from evenhand.desk.audit.queries.publications import published
from evenhand.desk.web import publishing
from evenhand.engine.ledger import checkpoints
from evenhand.runtime import config
from tests.desk.audit.acts import decide, steal

pytestmark = pytest.mark.django_db


class Elsewhere:
    """A place that takes what it is given, or says why it does not."""

    name = "elsewhere"

    def __init__(self):
        self.kept = {}
        self.wrong = None

    def newest(self):
        return self.kept[max(self.kept)] if self.kept else None

    def keep(self, size, note):
        if self.wrong:
            raise self.wrong
        self.kept[size] = note


@pytest.fixture
def place():
    return Elsewhere()


@pytest.fixture
def clock(monkeypatch):
    """Moves the desk's clock on."""
    moment = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])

    def later(**span):
        moment[0] += timedelta(**span)

    return later


@pytest.fixture
def configured(monkeypatch, tmp_path):
    """A desk with a folder of another machine."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    changed = msgspec.structs.replace(config.current(), checkpoint_dir=str(folder))
    monkeypatch.setattr(config, "current", lambda: changed)
    return folder


def sign(count=3):
    decide(count)
    services.checkpoint(now=True)


def cut(size):
    """The thief takes the end of the ledger away, and its checkpoints."""
    steal("DELETE FROM audit_checkpoint WHERE size > %s", size)
    steal("DELETE FROM audit_node WHERE (idx + 1) << level > %s", size)
    steal("DELETE FROM audit_payload WHERE seq >= %s", size)
    steal("DELETE FROM audit_entry WHERE seq >= %s", size)


def error():
    return Publication.objects.get().error


def codes():
    return [problem.code for problem in problems.ledger()]


def test_nothing_signed_is_nothing_to_publish(place):
    assert services.publish([place]) == 0
    assert place.kept == {}


def test_the_last_checkpoint_is_brought_once(place, clock):
    sign()
    sign()
    assert services.publish([place]) == 1
    clock(hours=1)
    assert services.publish([place]) == 0
    assert place.kept == {6: queries.latest_note()}


def test_the_next_one_is_brought_after_ten_minutes(place, clock):
    sign()
    services.publish([place])
    sign()
    clock(minutes=9)
    assert services.publish([place]) == 0
    clock(minutes=2)
    assert services.publish([place]) == 1
    assert sorted(place.kept) == [3, 6]


def test_what_fails_is_tried_again_at_growing_intervals_until_it_is_taken(place, clock):
    sign()
    place.wrong = OSError("It is full.")
    tries = 0
    for _ in range(360):
        before = Publication.objects.filter(attempts__gt=0).count() and Publication.objects.get().attempts
        services.publish([place])
        tries += Publication.objects.get().attempts - before
        clock(seconds=10)
    assert (error(), 8 <= tries <= 14) == ("It is full.", True)
    place.wrong = None
    clock(minutes=10)
    assert services.publish([place]) == 1
    assert (error(), Publication.objects.get().failing_since) == ("", None)


def test_one_place_that_fails_does_not_hold_up_another(place):
    sign()
    broken = Elsewhere()
    broken.name, broken.wrong = "broken", OSError("no")
    assert services.publish([broken, place]) == 1


def test_two_processes_do_not_bring_it_at_once(place):
    sign()

    class Slow(Elsewhere):
        def keep(self, size, note):
            assert services.publish([place]) == 0
            super().keep(size, note)

    slow = Slow()
    assert services.publish([slow]) == 1
    assert place.kept == {}


@pytest.mark.parametrize("place_tells", [True, False])
def test_an_end_that_was_cut_off_is_betrayed_by_the_place(place, clock, place_tells):
    sign()
    sign()
    services.publish([place])
    if not place_tells:
        place.kept.clear()
    cut(3)
    clock(minutes=11)
    assert services.publish([place]) == 0
    assert "a checkpoint over 6 entries, and the ledger has 3: its end was cut off, or an old backup" in error()
    assert Publication.objects.get().contradicts


def test_a_history_that_was_written_anew_is_betrayed_by_the_place(place, clock):
    sign(6)
    services.publish([place])
    cut(0)
    sign(7)
    clock(minutes=11)
    assert services.publish([place]) == 0
    assert error() == "It holds a checkpoint over the first 6 entries, and they are others now."


def test_the_place_of_another_ledger_is_told(place):
    sign()
    place.kept[9] = "other.example/ledger\n9\nAAAA\n\n\u2014 other AAAA\n"
    assert services.publish([place]) == 0
    assert "not of this ledger" in error()


def test_a_place_that_fails_is_a_problem_and_after_a_day_an_error(configured, clock):
    sign()
    configured.rmdir()
    publishing.publish()
    [problem] = problems.ledger()
    assert (problem.code, problem.severity) == ("checkpoint_unpublished", "warning")
    assert "No such file or directory" in problem.message
    clock(hours=25)
    assert [one.severity for one in problems.ledger() if one.code == "checkpoint_unpublished"] == ["error"]


def test_a_contradiction_is_an_error_at_once(configured, clock):
    sign()
    sign()
    publishing.publish()
    cut(3)
    clock(minutes=11)
    publishing.publish()
    [problem] = problems.ledger()
    assert (problem.severity, "cut off" in problem.message) == ("error", True)
    assert "--checkpoint" in problem.what_to_do


def test_a_place_to_which_nobody_brings_anything_is_a_problem_after_an_hour(configured, clock):
    sign()
    assert codes() == []
    clock(minutes=61)
    assert codes() == ["checkpoint_unpublished"]
    publishing.publish()
    assert codes() == []


def test_what_was_published_is_told_with_its_time(configured):
    assert [(one.size, one.at) for one in published()] == [(0, None)]
    assert f"Published to folder {configured}: nothing yet." in CliRunner().invoke(check).output
    sign()
    publishing.publish()
    [file] = configured.iterdir()
    assert checkpoints.parse(file.read_text()).size == 3
    assert f"Published to folder {configured}: checkpoint over 3 entries" in CliRunner().invoke(check).output


def test_a_desk_without_such_a_place_publishes_nothing():
    sign()
    assert publishing.places() == []
    assert published() == []
    assert publishing.publish() == 0


def test_the_rest_of_an_address_is_kept_secret(monkeypatch):
    changed = msgspec.structs.replace(config.current(), checkpoint_url="https://user:word@keep.example/hooks/secret")
    monkeypatch.setattr(config, "current", lambda: changed)
    assert [place.name for place in publishing.places()] == ["https://keep.example"]
    output = CliRunner().invoke(check, ["--json"]).output
    assert "https://keep.example/…" in output
    assert "secret" not in output.replace("secrets", "")
    assert "word" not in output.partition('"problems"')[0].replace("password", "")


def test_two_folders_of_one_desk_are_compared_each_with_what_it_holds(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    sign()
    assert services.publish([Folder("one", one), Folder("other", other)]) == 2
    assert [file.read_text() for file in (*one.iterdir(), *other.iterdir())] == [queries.latest_note()] * 2
