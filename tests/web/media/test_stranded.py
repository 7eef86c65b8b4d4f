"""Cases that rested on what was withdrawn: the queue says so, and one decision takes them away, with one undo."""

import pytest

from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision
from evenhand.engine.media.listing import Withdrawn
from tests.desk.conftest import post, reported
from tests.desk.media.conftest import take_in

SAYS = "What it rested on was withdrawn, and nothing else speaks for it"


@pytest.fixture
def stranded(matched, fold):
    """Two posts matched; somebody reported the second; then the list took back what matched."""
    fold(reported(post("p1"), policy="spam"))
    take_in(matched.source, Withdrawn(key="boat", reason="Listed by mistake."))
    return matched


def seen() -> str:
    return ".".join(f"{case.pk}-{case.version}" for case in Case.objects.filter(item_id="p0"))


def test_the_queue_and_the_case_say_what_became_of_it(desk, stranded, text):
    assert text(desk.get("/")).count(SAYS) == 1, "somebody reported the other one"
    assert SAYS in text(desk.get(f"/cases/{stranded.cases[0].pk}/?look"))
    assert SAYS not in text(desk.get(f"/cases/{stranded.cases[1].pk}/?look"))


def test_they_are_dismissed_together_and_one_undo_takes_it_back(desk, stranded, text):
    assert "1 open case rests on nothing any more" in text(desk.get("/banks/"))
    answer = desk.post("/banks/-/stranded/", {"seen": seen()}, follow=True)
    assert "rests on nothing" not in text(answer)
    assert Case.objects.get(item_id="p0").outcome == "dismissed"
    assert Case.objects.get(item_id="p1").state == "open"
    assert Decision.objects.get().reason == "What it rested on was withdrawn by its list."
    assert LedgerEntry.objects.filter(act="cluster_decided").count() == 1
    assert "Undo all" in text(answer)


def test_what_changed_since_it_was_shown_is_not_decided(desk, stranded, fold, text):
    before = seen()
    fold(reported(post("p0"), policy="spam"))
    assert "have changed" in text(desk.post("/banks/-/stranded/", {"seen": before}, follow=True))
    assert not Decision.objects.exists()


def test_nothing_is_stranded_while_a_match_stands(desk, matched, text):
    assert "rests on nothing" not in text(desk.get("/banks/"))
    assert SAYS not in text(desk.get("/"))
