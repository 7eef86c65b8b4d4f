"""What follows from an action is seen before it: who is asked, what the person is told, how it is taken back."""

import re

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.services import take
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.policies import queries as policies
from tests.desk.conftest import post, reported, sent
from tests.desk.enforcement.test_telling import account, apply, template
from tests.web.console.conftest import HTMX


@pytest.fixture
def platform(db):
    apply(template("mine", "It broke {policy}: {reason}", actions="@").replace('"@"', '["remove"]'))
    return policies.current(fresh=True)


def part(answer) -> str:
    """The part of the page that tells it, as a person reads it."""
    found = re.search(r'<div id="follows".*?</dl></div>', answer.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def test_each_action_says_where_it_goes_who_is_told_and_how_it_is_taken_back(desk, case):
    told = part(desk.get(f"/cases/{case.pk}/"))
    assert "Nothing leaves for 10 s" in told
    assert "Remove asks hooks; the person is told; taken back by “Restore”" in told
    assert "Terminate account asks hooks; the person is told; cannot be taken back; waits for a second person" in told
    assert "Tell the other system asks other" in told


def test_it_stands_on_the_button_too(desk, case):
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert 'value="act:remove" title="asks hooks; the person is told; taken back by “Restore”"' in page


def test_what_the_person_is_told_is_shown_with_why_it_is_in_this_language(desk, fold):
    fold(sent(account("de")), reported(post("p1")))
    told = part(desk.get(f"/cases/{Case.objects.get().pk}/"))
    assert "Entschieden wurde: Restore. Es verstößt gegen die Regel „Spam“." in told
    assert "de: the author’s language" in told
    assert "Hold: Remove" in told
    assert "Jemand aus der Moderation prüft" in told


def test_what_is_missing_is_told_and_is_there_once_it_is_written(desk, case):
    assert "nothing stands for {reason} in it" in part(desk.get(f"/cases/{case.pk}/"))
    answer = desk.post(f"/cases/{case.pk}/follows/", {"policy": "spam", "reason": "advertising"}, **HTMX)
    assert "It broke Spam: advertising" in part(answer)
    other = desk.post(f"/cases/{case.pk}/follows/", {"policy": "harassment", "reason": "names"}, **HTMX)
    assert "It broke Harassment: names" in part(other)
    assert "Hold:" not in part(other)


def test_a_decision_that_lacks_it_is_refused_and_asks_for_the_reason(desk, case, text):
    desk.get(f"/cases/{case.pk}/")
    form = {"version": case.version, "policy": "spam", "do": "act:remove"}
    answer = desk.post(f"/cases/{case.pk}/decide/", form, **HTMX)
    assert answer.status_code == 422
    assert "Give a reason, or change the template." in text(answer)
    assert '<details class="reason" open>' in answer.content.decode()
    assert not Delivery.objects.exists()
    desk.post(f"/cases/{case.pk}/decide/", form | {"reason": "advertising"}, **HTMX)
    assert Delivery.objects.count() == 1


def test_who_is_asked_back_sees_what_the_person_will_be_told(desk, case, text):
    desk.get(f"/cases/{case.pk}/")
    form = {"version": case.version, "policy": "spam", "do": "act:terminate"}
    answer = desk.post(f"/cases/{case.pk}/decide/", form, **HTMX)
    assert "What was decided: Terminate account. It breaks the rule “Spam”." in text(answer)


def test_only_who_may_decide_it_now_sees_it(desk, case, ben):
    take(case.pk, ben)
    assert part(desk.get(f"/cases/{case.pk}/")) == ""


def test_a_case_that_is_not_theirs_tells_nothing(desk, fold):
    fold(reported(post("p1"), policy="minors"))
    assert desk.post(f"/cases/{Case.objects.get().pk}/follows/", {"policy": "spam"}).status_code == 404
