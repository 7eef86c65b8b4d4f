"""When a checkpoint is signed, and when none is."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from evenhand.desk.audit import keys, queries, services
from evenhand.desk.audit.models import Checkpoint
from evenhand.desk.audit.services import ForkError
from evenhand.engine.ledger import checkpoints
from evenhand.engine.ledger.tree import root
from tests.desk.audit.acts import decide, steal

pytestmark = pytest.mark.django_db


def later(monkeypatch, seconds):
    moment = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_an_empty_ledger_is_not_signed():
    assert services.checkpoint() is None
    assert services.checkpoint(now=True) is None


def test_the_first_entry_is_signed_at_once():
    decide(1)
    signed = services.checkpoint()
    assert (signed.size, signed.origin) == (1, settings.CONFIG.ledger_origin)
    assert checkpoints.opened(queries.latest_note(), [keys.verifier()]) == signed
    assert signed.root == root(1, queries.nodes)


def test_nothing_new_is_not_signed_again(monkeypatch):
    decide(1)
    services.checkpoint()
    later(monkeypatch, 3600)
    assert services.checkpoint() is None
    assert services.checkpoint(now=True) is None


def test_a_few_new_entries_wait_for_a_minute(monkeypatch):
    decide(1)
    services.checkpoint()
    decide(5)
    later(monkeypatch, 59)
    assert services.checkpoint() is None
    later(monkeypatch, 2)
    assert services.checkpoint().size == 6


def test_a_thousand_new_entries_do_not_wait():
    decide(1)
    services.checkpoint()
    decide(999, payload=False)
    assert services.checkpoint() is None
    decide(1)
    assert services.checkpoint().size == 1001


def test_it_is_signed_when_told_to():
    decide(1)
    services.checkpoint()
    decide(1)
    assert services.checkpoint(now=True).size == 2


def test_the_state_tells_how_much_is_signed():
    assert queries.state() == queries.LedgerState(0, 0, None)
    decide(3)
    services.checkpoint()
    decide(2)
    state = queries.state()
    assert (state.size, state.signed, state.unsigned) == (5, 3, 2)
    assert timezone.now() - state.signed_at < timedelta(minutes=1)


def test_each_checkpoint_is_proved_to_continue_every_earlier_one():
    for _ in range(5):
        decide(3)
        services.checkpoint(now=True)
    signed = [checkpoints.parse(note) for note in Checkpoint.objects.order_by("size").values_list("note", flat=True)]
    for held in signed:
        assert queries.growth_file(held.size).check([keys.verifier()], held) == signed[-1]


def test_a_long_ledger_signed_here_and_there_verifies():
    for size in (1, 1023, 1024, 1025, 2048, 2100):
        decide(size - queries.size(), payload=False)
        services.checkpoint(now=True)
    summary = queries.verify()
    assert (summary.size, summary.signed, summary.checkpoints) == (2100, 2100, 6)


@pytest.mark.parametrize("secret", ["another key", "another name"])
def test_under_another_key_or_name_nothing_is_signed(monkeypatch, secret):
    decide(1)
    services.checkpoint()
    decide(1)
    if secret == "another key":
        monkeypatch.setattr(keys, "signing_seed", lambda: bytes(32))
    else:
        monkeypatch.setattr(keys, "origin", lambda: "other.example/ledger")
    with pytest.raises(
        ForkError, match=r"not signed by any key that you trust.*Put back ledger\.key and ledger_origin"
    ):
        services.checkpoint(now=True)
    assert Checkpoint.objects.count() == 1


def test_a_history_that_was_rewritten_is_not_signed():
    decide(4)
    services.checkpoint()
    decide(1)
    steal("UPDATE audit_node SET hash = %s WHERE level = 2 AND idx = 0", bytes(32))
    with pytest.raises(ForkError, match="The first 4 entries are not those that were signed"):
        services.checkpoint(now=True)


def test_the_keys_are_for_the_desks_user_alone():
    decide(1)
    services.checkpoint()
    for name in (keys.SIGNING_KEY, keys.PAYLOAD_KEY):
        file = settings.CONFIG.data_dir / name
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(file.read_bytes()) == 32
