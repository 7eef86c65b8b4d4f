"""Whoever hears an appeal has before their eyes what the decision stood on."""

import re

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import Chosen, decide, undo
from evenhand.desk.policies import services as policy_services
from tests.desk.conftest import appealed, post, reported
from tests.support.platform import CHILD_SAFETY_QUEUE, DOCUMENT

TEXT = "Nothing is sold here."


def apply(text: str) -> None:
    """The document of the tests, whose policy on spam reads so."""
    document = DOCUMENT.replace("{hooks}", "http://127.0.0.1:9/hooks").replace("{other}", "http://127.0.0.1:9/other")
    document = document.replace("{queues}", CHILD_SAFETY_QUEUE).replace("harm = 1.0", f'harm = 1.0\ntext = "{text}"')
    policy_services.apply(policy_services.read(document), actor="system:test", expect=None)


@pytest.fixture
def decision(fold, ana):
    """Three people reported a post, Ana removed it."""
    apply(TEXT)
    fold(*(reported(post("p1"), f"r{n}", reason=f"he sells boats, {n}") for n in range(3)))
    chosen = [Chosen("remove")]
    decision = decide(
        Case.objects.get().pk, version=1, by=ana, kind="act", policy="spam", actions=chosen, reason="A shop."
    )
    Delivery.objects.update(state="delivered", attempts=1)
    return decision


@pytest.fixture
def appeal(decision, fold) -> Case:
    fold(appealed(post("p1"), reason="It was a joke", actions=("remove",)))
    return Case.objects.get(kind="appeal")


@pytest.fixture
def hearer(signed_in, ben):
    return signed_in(ben)


def test_the_page_shows_the_decision_with_its_policy_its_reason_and_who_made_it(hearer, appeal, decision, ana, text):
    page = text(hearer.get(f"/cases/{appeal.pk}/"))
    assert "It was a joke" in page
    assert "The decision: Remove · Spam" in page
    assert f"{ana.pseudonym} ·" in page
    assert "A shop." in page
    assert f"Spam, as it read then (version {decision.policy_version})" in page
    assert TEXT in page
    assert "It reads differently today." not in page


def test_the_page_shows_the_reports_and_the_figures_that_the_decision_stood_on(hearer, appeal, decision, text):
    page = text(hearer.get(f"/cases/{appeal.pk}/"))
    assert "Reports 3 Those that the decision stood on." in page
    assert "he sells boats, 2" in page
    assert "Known at the decision" in page
    assert decision.case.why["headline"] in page
    assert "Nobody reported it" not in page
    assert "Nothing is known yet" not in page


def test_the_policy_is_shown_as_it_read_when_it_was_applied(hearer, appeal, text):
    apply("Everything may be sold here.")
    page = text(hearer.get(f"/cases/{appeal.pk}/"))
    assert TEXT in page
    assert "Everything may be sold here." not in page
    assert "It reads differently today." in page


def test_a_signal_that_came_after_the_decision_is_marked(hearer, appeal, fold, text):
    page = text(hearer.get(f"/cases/{appeal.pk}/"))
    assert "after the decision" not in page
    fold(*(reported(post("p1"), f"late{n}") for n in range(30)))
    assert "after the decision" in text(hearer.get(f"/cases/{appeal.pk}/"))


def test_an_appeal_against_what_the_desk_never_decided_says_so(hearer, fold, text):
    fold(appealed(post("p1"), reason="Why?"))
    page = text(hearer.get(f"/cases/{Case.objects.get().pk}/"))
    assert "The desk knows of no decision that this could be about" in page
    assert "Why now" in page


def test_an_appeal_is_heard_by_those_who_may_see_what_it_is_about_whatever_policy_it_names(hearer, fold, ana):
    fold(reported(post("p1")))
    decide(Case.objects.get().pk, version=1, by=ana, kind="act", policy="minors", actions=[Chosen("remove")])
    fold(appealed(post("p1"), policies=("spam",)))
    assert hearer.get(f"/cases/{Case.objects.get(kind='appeal').pk}/").status_code == 404


def test_of_two_decisions_the_one_that_only_child_safety_may_see_is_not_shown(hearer, fold, ana, text):
    fold(reported(post("p1"), reason="look at him"))
    first = Case.objects.get().pk
    decide(first, version=1, by=ana, kind="act", policy="minors", actions=[Chosen("remove")], reason="A child.")
    fold(reported(post("p1"), reason="he sells boats"))
    second = Case.objects.get(state="open").pk
    decide(second, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("elsewhere")], reason="A shop.")
    fold(appealed(post("p1")))
    page = text(hearer.get(f"/cases/{Case.objects.get(kind='appeal').pk}/"))
    assert "A shop." in page
    assert "he sells boats" in page
    assert "A child." not in page
    assert "look at him" not in page


def test_an_appeal_whose_decision_was_taken_back_says_by_whom_and_offers_nothing(hearer, appeal, decision, ana, text):
    hearer.get(f"/cases/{appeal.pk}/")
    undo(decision.uid, ana)
    late = hearer.post(f"/cases/{appeal.pk}/decide/", {"do": "uphold", "version": "1"})
    assert late.status_code == 409
    assert f"{ana.pseudonym} was first" in text(late)
    assert "the decision was taken back" in text(late)
    page = hearer.get(f"/cases/{appeal.pk}/")
    assert f"{ana.pseudonym} took the decision back" in text(page)
    assert "Appeal, settled: the decision was taken back" in text(page)
    assert b'name="do"' not in page.content
    assert text(page).count("Remove · Spam") >= 1


def test_a_heard_appeal_says_in_its_headline_how_by_whom_and_when(hearer, appeal, ben, text):
    for kind, said in (("uphold", "rejected"), ("overturn", "accepted")):
        appeal.refresh_from_db()
        verdict = decide(appeal.pk, version=appeal.version, by=ben, kind=kind, policy="spam")
        line = f"Appeal {said} by {ben.pseudonym}, {verdict.decided_at:%Y-%m-%d %H:%M} UTC"
        assert headline(hearer, appeal) == line
        undo(verdict.uid, ben)
        assert headline(hearer, appeal) == "An appeal waits for a second look"


def test_an_appeal_that_nobody_had_to_hear_says_so_in_its_headline(hearer, appeal, decision, ana):
    undo(decision.uid, ana)
    assert headline(hearer, appeal).startswith(f"Appeal accepted: {ana.pseudonym} took the decision back, 2")


def headline(client, case: Case) -> str:
    page = client.get(f"/cases/{case.pk}/?look").content.decode()
    return re.search(r"<h1[^>]*><bdi>([^<]*)</bdi></h1>", page)[1]


def test_the_case_of_an_overturned_decision_says_so_with_date_and_way_and_offers_nothing(
    hearer, appeal, decision, ben, text
):
    first = f"/cases/{decision.case_id}/"
    assert "Take it back" in text(hearer.get(first))
    verdict = decide(appeal.pk, version=1, by=ben, kind="overturn", policy="spam")
    page = hearer.get(first)
    when = f"{verdict.decided_at:%Y-%m-%d %H:%M} UTC"
    assert f"Overturned on appeal: {ben.pseudonym} accepted it on {when}." in text(page)
    assert f"Overturned on appeal by {ben.pseudonym}, " in text(page)
    assert f'href="/cases/{appeal.pk}/?look"' in page.content.decode()
    assert "Take it back" not in text(page)
    assert "It can still be taken back" not in text(page)
    assert "overturned on appeal" in text(hearer.get(f"/cases/{appeal.pk}/"))
    undo(verdict.uid, ben)
    assert "Overturned" not in text(hearer.get(first))
    assert "Take it back" in text(hearer.get(first))


def test_what_was_overturned_is_not_taken_back_by_a_page_that_is_older(hearer, appeal, decision, ben, text):
    decide(appeal.pk, version=1, by=ben, kind="overturn", policy="spam")
    answer = hearer.post(f"/decisions/{decision.uid}/undo/", follow=True)
    assert f"{ben.pseudonym} accepted an appeal against this decision" in text(answer)
    assert not decision.reversals.exists()


def test_the_search_marks_an_overturned_decision(hearer, appeal, decision, ben, text):
    decide(appeal.pk, version=1, by=ben, kind="overturn", policy="spam")
    assert "overturned on appeal" in text(hearer.get("/search/?q=shop&in=decisions"))


def test_a_review_still_tells_why_now(desk, case, text):
    page = text(desk.get(f"/cases/{case.pk}/"))
    assert "Why now" in page
    assert "Those that the decision stood on." not in page
