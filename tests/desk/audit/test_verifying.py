"""The quick check: everything of a short ledger, of a long one what is new, and what it found is seen by others."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone

from evenhand.cli.check import check
from evenhand.desk.audit import services
from evenhand.desk.audit.models import Checkpoint, Verification
from evenhand.desk.audit.queries import problems
from evenhand.desk.audit.services import verifying
from evenhand.engine.ledger.verify import BrokenError
from tests.desk.audit.acts import decide, run, steal

pytestmark = pytest.mark.django_db
MOST = 30


@pytest.fixture
def long(db):
    """70 entries, signed at 20, 40, 50 and 65."""
    for count in (20, 20, 10, 15):
        decide(count)
        services.checkpoint(now=True)
    decide(5)


def codes():
    return [problem.code for problem in problems.ledger()]


def spoil(seq):
    steal("UPDATE audit_entry SET body = replace(body, 'otter', 'ottes') WHERE seq = %s", seq)


def test_a_short_ledger_is_checked_as_a_whole(long):
    found = services.recheck(100)
    assert (found.start, found.size, found.broken) == (0, 70, "")
    assert timezone.now() - found.whole_at < timedelta(minutes=1)


def test_an_empty_ledger_holds():
    assert services.recheck(0).size == 0


def test_a_long_ledger_that_was_never_checked_is_checked_as_far_back_as_allowed(long):
    found = services.recheck(MOST)
    assert (found.start, found.size, found.whole_at) == (40, 70, None)


def test_of_a_long_ledger_that_was_checked_what_came_since_is_checked(long):
    services.verify()
    decide(10)
    found = services.recheck(MOST)
    assert (found.start, found.size) == (65, 80)
    assert found.whole_at == Verification.objects.get(scope="whole").checked_at


def test_a_ledger_that_grew_beyond_what_is_allowed_is_not_checked_back_to_the_last_check(long):
    services.verify()
    for _ in range(3):
        decide(20)
        services.checkpoint(now=True)
    assert services.recheck(MOST).start == 110


@pytest.mark.parametrize("seq", [40, 64, 69])
def test_a_change_in_what_is_checked_is_found(long, seq):
    spoil(seq)
    assert services.recheck(MOST).broken == (
        f"entry {seq}: its body does not hash to its leaf: one of the two was changed"
    )


def test_a_change_before_it_is_left_out_and_the_check_of_the_whole_finds_it(long):
    spoil(3)
    assert services.recheck(MOST).broken == ""
    assert services.recheck(100).broken.startswith("entry 3: ")


@pytest.mark.parametrize(("level", "idx"), [(5, 0), (3, 4)])
def test_a_changed_root_of_what_is_left_out_is_found(long, level, idx):
    steal("UPDATE audit_node SET hash = %s WHERE level = %s AND idx = %s", bytes(32), level, idx)
    assert services.recheck(MOST).broken == (
        "entry 0: the tree over the first 40 entries is not the one that was signed"
    )


def test_a_node_that_is_lost_there_is_found(long):
    steal("DELETE FROM audit_node WHERE level = 3 AND idx = 4")
    assert services.recheck(MOST).broken == "entry 32: the node at level 3, index 4 is missing"


def test_a_checkpoint_of_another_key_is_no_beginning(long):
    note = Checkpoint.objects.get(size=40).note
    steal("UPDATE audit_checkpoint SET note = %s WHERE size = 40", note[:-10] + "AAAAAAAAA\n")
    assert "the checkpoint from which to check does not hold" in services.recheck(MOST).broken


def test_rows_that_belong_to_no_entry_are_found(long):
    run("INSERT INTO audit_node (level, idx, hash) VALUES (9, 9, %s)", bytes(32))
    assert "there are nodes that belong to no entry" in services.recheck(MOST).broken


def test_what_was_erased_before_the_beginning_is_no_break(long):
    services.erase([3, 66], actor="system:test", reason="x")
    assert services.recheck(MOST).broken == ""
    assert services.recheck(100).broken == ""


def test_what_a_check_found_is_a_problem_until_the_whole_holds_again(long):
    assert codes() == []
    spoil(69)
    with pytest.raises(BrokenError):
        services.verify()
    assert codes() == ["ledger_broken"]
    [problem] = problems.ledger()
    assert "entry 69" in problem.message
    services.recheck(MOST)
    steal("UPDATE audit_entry SET body = replace(body, 'ottes', 'otter') WHERE seq = 69")
    services.recheck(MOST)
    assert codes() == ["ledger_broken"]
    services.recheck(100)
    assert codes() == []


def test_a_ledger_that_nobody_checked_for_a_month_is_a_problem(long, monkeypatch):
    month = timezone.now() + timedelta(days=31)
    services.checkpoint(now=True)
    monkeypatch.setattr(timezone, "now", lambda: month)
    assert codes() == ["ledger_unverified"]
    services.recheck(MOST)
    assert codes() == ["ledger_unverified"]
    services.verify()
    assert codes() == []


def test_a_desk_where_nothing_can_be_noted_is_checked_all_the_same(long):
    run("DROP TABLE audit_verification")
    assert services.verify().size == 70


def test_the_command_tells_what_was_recomputed_and_what_was_left_out(long, monkeypatch):
    assert "The ledger was recomputed: all 70 entries hold." in CliRunner().invoke(check).output
    monkeypatch.setattr(verifying.recheck, "__defaults__", (MOST,))
    Verification.objects.all().delete()
    told = CliRunner().invoke(check).output
    assert "Of the ledger, entries 40 to 69 were recomputed, and hold." in told
    assert "never recomputed here" in told
    spoil(69)
    done = CliRunner().invoke(check)
    assert (done.exit_code, "error: The ledger does not hold: entry 69" in done.output) == (1, True)


def test_the_command_goes_on_without_a_database(long):
    if connection.vendor == "postgresql":
        pytest.skip("a failed statement ends PostgreSQL's transaction, in which this test runs")
    run("ALTER TABLE audit_entry RENAME TO gone")
    assert "cannot be read" in CliRunner().invoke(check).output
