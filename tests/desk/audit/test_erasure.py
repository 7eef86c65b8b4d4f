"""A person can be erased, and the ledger still verifies."""

from pathlib import Path

import pytest
from django.db import connection

from evenhand.desk.audit import queries, services
from evenhand.desk.audit.models import Payload
from tests.desk.audit.acts import REASON, decide

pytestmark = pytest.mark.django_db


def erase(*seqs):
    return services.erase(seqs, actor="user:calm-otter", reason="GDPR Art. 17, request 88")


def test_payload_and_salt_are_gone_and_an_entry_says_so():
    decide(5)
    assert erase(3, 1) == range(5, 7)
    assert not Payload.objects.filter(seq__in=[1, 3]).exists()
    assert [queries.entry(seq).obj for seq in (5, 6)] == ["entry:1", "entry:3"]
    assert queries.entry(5).act == "erased"
    assert queries.entry(5).actor == "user:calm-otter"


def test_the_ledger_still_verifies_and_every_proof_still_holds():
    decide(5)
    services.checkpoint()
    entry = queries.entry(1).body
    erase(1)
    services.checkpoint(now=True)
    summary = queries.verify()
    assert (summary.size, summary.payloads, summary.erased, summary.checkpoints) == (6, 5, 1, 2)
    assert queries.proof_file(1).body == entry.encode()


def test_what_has_no_payload_any_more_is_refused_and_nothing_is_erased():
    decide(3)
    erase(1)
    with pytest.raises(services.NothingToEraseError, match="no payload to erase in 1, 9; nothing was erased"):
        erase(0, 1, 9)
    assert queries.with_payload([0, 1, 2]) == {0, 2}
    assert queries.size() == 4


def test_the_reason_can_be_erased_like_everything_else():
    decide(1)
    erase(0)
    erase(1)
    assert queries.verify().erased == 2


def test_many_are_erased_at_once():
    decide(1100)
    assert len(erase(*range(1100))) == 1100
    assert queries.verify().erased == 1100


def test_entries_about_a_person_are_found_by_what_their_payloads_say():
    decide(12)
    assert list(queries.mentioning('"number":11')) == [11]
    assert len(list(queries.mentioning(REASON))) == 12
    assert list(queries.mentioning("Boris")) == []


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_what_was_erased_is_overwritten_in_the_file():
    if connection.vendor != "sqlite":
        pytest.skip(reason="PostgreSQL overwrites when it vacuums")
    decide(1)
    sealed = bytes(Payload.objects.get(seq=0).sealed)
    assert sealed in _database_file()
    erase(0)
    assert sealed not in _database_file()


def _database_file():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).read_bytes()
