"""One key decides; what cannot be taken back asks first; what was decided meanwhile is told."""

import pytest
from django.test import Client

from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.services import decide
from evenhand.engine.model import Ref
from tests.desk.conftest import appealed, post, reported

HTMX = {"HX-Request": "true"}


@pytest.fixture
def other(signed_in, ben) -> Client:
    """What Ben sees."""
    return signed_in(ben)


def send(desk, case, do="dismiss", *, headers=None, **more):
    form = {"version": case.version, "do": do, "policy": "spam", **more}
    return desk.post(f"/cases/{case.pk}/decide/", form, headers=headers)


def test_no_violation_is_one_post_and_leads_to_the_next_case(desk, case, fold):
    fold(reported(post("p2")))
    answer = send(desk, case)
    decision = Decision.objects.get()
    assert decision.kind == "dismiss"
    following = Case.objects.get(item_id="p2")
    assert answer.headers["Location"] == f"/cases/{following.pk}/?decided={decision.uid}"
    following.refresh_from_db()
    assert following.holder is not None


def test_with_htmx_the_answer_carries_the_next_case_and_its_address(desk, case, fold, text):
    fold(reported(post("p2", "the next one")))
    answer = send(desk, case, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == f"/cases/{Case.objects.get(item_id='p2').pk}/"
    assert "the next one" in text(answer)
    assert "Undo" in text(answer)


def test_the_last_decision_leads_back_to_the_queue_which_still_offers_undo(desk, case, text):
    answer = send(desk, case, headers=HTMX)
    to = answer.headers["HX-Redirect"]
    assert to == f"/?decided={Decision.objects.get().uid}"
    assert "Undo" in text(desk.get(to))


def test_an_action_is_taken_under_the_chosen_policy(desk, case):
    send(desk, case, "act:remove", policy="harassment", reason=" out of line ")
    decision = Decision.objects.get()
    assert (decision.kind, decision.policy, decision.reason) == ("act", "harassment", "out of line")
    assert decision.actions.get().action == "remove"
    assert Delivery.objects.count() == 1


def test_a_policy_without_a_digit_is_taken_from_the_list(desk, case):
    send(desk, case, "act:remove", policy="another", another_policy="harassment")
    assert Decision.objects.get().policy == "harassment"


def test_the_seconds_from_page_to_decision_are_kept_and_nonsense_is_not(desk, case, fold):
    send(desk, case, shown="soon")
    assert Decision.objects.get().seconds is None


def test_what_cannot_be_taken_back_asks_first_and_then_does_it(desk, case, text):
    answer = send(desk, case, "act:terminate", reason="again")
    assert answer.status_code == 200
    assert "takes a second person" in text(answer)
    assert "again" in text(answer)
    assert not Decision.objects.exists()
    send(desk, case, "act:terminate", confirmed="yes", filled_in="yes")
    assert Decision.objects.get().needs_second


def test_a_conflict_is_told_with_who_when_and_what_and_a_way_on(desk, case, ben, text):
    desk.get(f"/cases/{case.pk}/")
    Case.objects.update(holder=None, held_until=None)
    decide(case.pk, version=case.version, by=ben, kind="dismiss", policy=None)
    answer = send(desk, case, "act:remove", headers=HTMX)
    assert answer.status_code == 409
    assert f"{ben.pseudonym} was first" in text(answer)
    assert "Next case" in text(answer)
    assert Decision.objects.count() == 1


def test_a_case_that_somebody_else_holds_is_not_decided(desk, case, ben, text):
    cases.take(case.pk, ben)
    answer = send(desk, case)
    assert answer.status_code == 409
    assert f"{ben.pseudonym} holds this case" in text(answer)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"do": "act:remove", "policy": ""}, "Choose the policy"),
        ({"do": "act:no-such"}, "There is no action “no-such”"),
        ({"do": "nonsense"}, "not by nonsense"),
        ({"do": ""}, "A case of kind review is decided by"),
        ({"do": "dismiss", "version": "x"}, "which version"),
        ({"do": "dismiss", "policy": "no-such"}, "There is no policy “no-such”"),
        ({"do": "dismiss", "reason": "x" * 4001}, "4,000 is the most"),
    ],
)
def test_a_wrong_form_is_told_and_changes_nothing(desk, case, text, form, says):
    answer = desk.post(f"/cases/{case.pk}/decide/", {"version": case.version, "policy": "spam", **form})
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Decision.objects.exists()
    case.refresh_from_db()
    assert case.state == "open"


def test_a_key_that_fell_between_two_pages_only_shows_the_case(desk, case):
    assert desk.get(f"/cases/{case.pk}/decide/").headers["Location"] == f"/cases/{case.pk}/"
    assert not Decision.objects.exists()


def test_undo_opens_the_case_again_and_shows_it(desk, case, text):
    send(desk, case, "act:remove")
    uid = Decision.objects.get().uid
    answer = desk.post(f"/decisions/{uid}/undo/", headers=HTMX)
    assert answer.status_code == 200
    assert "Taken back." in text(answer)
    case.refresh_from_db()
    assert case.state == "open"
    assert Delivery.objects.get().state == "cancelled"


def test_undo_without_script_leads_to_the_case(desk, case):
    send(desk, case)
    answer = desk.post(f"/decisions/{Decision.objects.get().uid}/undo/", {"queue": "default"})
    assert answer.headers["Location"] == f"/cases/{case.pk}/?queue=default"


def test_undo_of_what_has_left_asks_the_platform_to_reverse_it(desk, case, text):
    send(desk, case, "act:remove")
    Delivery.objects.update(attempts=1, state="delivered")
    answer = desk.post(f"/decisions/{Decision.objects.get().uid}/undo/", headers=HTMX)
    assert "the platform is asked to reverse it" in text(answer)
    assert Decision.objects.filter(kind="reverse").count() == 1


def test_a_second_undo_says_why_not(desk, case, text):
    send(desk, case)
    uid = Decision.objects.get().uid
    desk.post(f"/decisions/{uid}/undo/")
    answer = desk.post(f"/decisions/{uid}/undo/", {"back": case.pk}, headers=HTMX)
    assert answer.status_code == 409
    assert "taken back already" in text(answer)
    answer = desk.post(f"/decisions/{uid}/undo/", follow=True)
    assert "taken back already" in text(answer)


def test_somebody_elses_decision_offers_no_undo_in_the_toast(desk, case, ben, signed_in, text):
    send(desk, case)
    other = signed_in(ben).get(f"/?decided={Decision.objects.get().uid}")
    assert "Undo" not in text(other)


def test_a_second_person_consents_on_the_status_page(desk, case, ben, signed_in, text):
    send(desk, case, "act:terminate", confirmed="yes", filled_in="yes")
    uid = Decision.objects.get().uid
    assert "somebody else consents" in text(desk.get("/status/"))
    assert "somebody else must consent" in text(desk.post(f"/decisions/{uid}/second/", follow=True))
    other = signed_in(ben)
    assert "Consent" in text(other.get("/status/"))
    assert "You consented" in text(other.post(f"/decisions/{uid}/second/", follow=True))
    assert Decision.objects.get().seconded_by == ben


def test_an_appeal_is_heard_by_somebody_else_in_its_own_words(desk, case, fold, other, text):
    send(desk, case, "act:remove")
    fold(appealed(post("p1"), "ap1", reason="It was a joke", actions=("remove",)))
    appeal = Case.objects.get(kind="appeal")
    mine = desk.get(f"/cases/{appeal.pk}/")
    assert "somebody else must hear it" in text(mine)
    assert b'name="do"' not in mine.content
    page = other.get(f"/cases/{appeal.pk}/")
    assert "It was a joke" in text(page)
    assert "Remove · Spam" in text(page)
    assert "The decision stands" in text(page)
    send(other, appeal, "overturn", policy="")
    assert Decision.objects.filter(kind="overturn").exists()


def test_what_was_opened_is_closed_when_the_case_is_decided(desk, case, ana):
    view = cases.open_media(
        case.pk, ana, Ref("post", "p1"), "images", "https://pics.example/1", "grey+blur", heard=True
    )
    send(desk, case)
    view.refresh_from_db()
    assert view.closed_at is not None


def test_a_decision_and_the_next_case_need_a_bounded_number_of_queries(desk, case, fold, django_assert_max_num_queries):
    fold(*(reported(post(f"q{n}"), f"r{n}") for n in range(30)))
    with django_assert_max_num_queries(75):
        send(desk, case, "act:remove", headers=HTMX)


def test_a_form_without_its_token_is_refused_with_a_page(ana, case, text):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = send(strict, case)
    assert answer.status_code == 403
    assert "The page was too old" in text(answer)
    assert not Decision.objects.exists()
