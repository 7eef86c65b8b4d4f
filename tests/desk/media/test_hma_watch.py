"""HMA's listener answers from memory, and says so when its memory is too old."""

import pytest
from django.db import OperationalError

from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.watch import Watch
from evenhand.desk.media.queries.facts import Facts


@pytest.fixture
def watch(transactional_db) -> Watch:
    watch = Watch(stale_after=30)
    watch.look()
    return watch


def test_nothing_is_answered_before_the_index_is_there():
    with pytest.raises(Refusal, match="not loaded"):
        Watch(stale_after=30).check()


def test_a_database_that_is_away_is_told_with_the_age_and_mends_itself(watch, monkeypatch):
    watch.check()

    def away(_self):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(Facts, "follow", away)
        watch.look()
        watch.check()
        watch.stale_after = 0
        with pytest.raises(Refusal, match="must not be older than 0 s: database is locked") as told:
            watch.check()
        assert told.value.status == 503
    watch.look()
    watch.stale_after = 30
    assert (watch.trouble(), watch.error) == ("", "")
