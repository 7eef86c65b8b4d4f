"""What says the same is one row and one page: one key decides all, a marked one leaves, one undo takes all back."""

import re

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Batch, Decision
from evenhand.desk.enforcement.services import batches
from evenhand.engine.model import Media
from tests.desk.conftest import post, reported

HTMX = {"HX-Request": "true"}
TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 60.0)


@pytest.fixture
def copies(fold):
    def make(count, **more):
        fold(*(reported(post(f"c{number}", TEXT, f"author{number}", **more), f"r{number}") for number in range(count)))
        return Case.objects.get(behind=False, cluster__isnull=False)

    return make


def send(desk, case, do="dismiss", *, headers=None, **more):
    form = {"version": case.version, "do": do, "policy": "spam", "together": "yes", "upto": 10**9, **more}
    return desk.post(f"/cases/{case.pk}/decide/", form, headers=headers)


def test_the_queue_has_one_row_with_their_number(desk, copies, text):
    copies(4)
    page = desk.get("/").content.decode()
    assert page.count("data-row ") == 1
    assert "4 that say the same" in text(desk.get("/"))


def test_the_page_shows_the_typical_one_and_what_differs(desk, copies, fold):
    copies(3)
    fold(reported(post("odd", f"{TEXT} and bring your friends along", "odd"), "odd"))
    case = Case.objects.get(behind=False)
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "4 that say the same" in page
    assert "by 4 authors" in page
    assert re.search(r"<ins>[^<]*and bring your friends along</ins>", page)
    assert page.count('name="but"') == 3
    assert f'name="upto" value="{Case.objects.order_by("-pk").first().pk}"' in page


def test_one_key_decides_all_and_one_undo_takes_all_back(desk, copies, text):
    answer = send(desk, copies(3), "act:remove", headers=HTMX)
    batch = Batch.objects.get()
    assert answer.headers["HX-Redirect"] == f"/?decided={batch.uid}"
    assert Decision.objects.filter(kind="act").count() == 3
    told = text(desk.get(f"/?decided={batch.uid}"))
    assert "3 of 3 decided" in told
    assert "Undo all" in told
    answer = desk.post(f"/batches/{batch.uid}/undo/", headers=HTMX)
    assert "Taken back: 3 of 3." in text(answer)
    assert Case.objects.filter(state="open").count() == 3


def test_without_the_tick_only_this_case_is_decided(desk, copies):
    send(desk, copies(3), together="")
    assert not Batch.objects.exists()
    assert Decision.objects.count() == 1


def test_a_marked_one_is_left_out_and_stands_alone(desk, copies):
    case = copies(4)
    out = Case.objects.exclude(pk=case.pk).first()
    send(desk, case, but=[out.pk])
    assert Decision.objects.count() == 3
    out.refresh_from_db()
    assert (out.state, out.behind) == ("open", False)


def test_marked_ones_leave_without_a_decision(desk, copies, text):
    case = copies(4)
    desk.get(f"/cases/{case.pk}/")
    out = Case.objects.exclude(pk=case.pk).first()
    answer = desk.post(f"/cases/{case.pk}/part/", {"but": [out.pk]}, headers=HTMX)
    assert "stands alone now" in text(answer)
    assert "3 that say the same" in text(answer)
    assert "Mark what is not the same first" in text(desk.post(f"/cases/{case.pk}/part/", {"but": ["x"]}, headers=HTMX))


def test_more_than_twenty_are_typed(desk, copies, text):
    case = copies(21)
    answer = send(desk, case, "act:remove", headers=HTMX)
    assert "Type 21 to go on" in text(answer)
    assert not Batch.objects.exists()
    answer = send(desk, case, "act:remove", headers=HTMX, typed="20", filled_in="yes")
    assert "Type 21 to go on" in text(answer)
    send(desk, case, "act:remove", headers=HTMX, typed="21", filled_in="yes")
    assert Decision.objects.count() == 21


def test_what_cannot_be_taken_back_asks_for_both_at_once(desk, copies, text):
    case = copies(21)
    answer = send(desk, case, "act:terminate", headers=HTMX)
    assert "Type 21 to go on" in text(answer)
    assert 'name="confirmed" value="yes"' in answer.content.decode()


def test_progress_is_told_while_it_goes_on(desk, copies, monkeypatch, text):
    monkeypatch.setattr(batches, "AT_ONCE", 0.0)
    case = copies(3)
    send(desk, case, headers=HTMX)
    batch = Batch.objects.get()
    page = desk.get(f"/batches/{batch.uid}/")
    assert "0 of 3 decided" in text(page)
    assert 'hx-trigger="every 1s"' in page.content.decode()
    batches.carry_on(seconds=60)
    page = desk.get(f"/batches/{batch.uid}/")
    assert "3 of 3 decided" in text(page)
    assert "hx-trigger" not in page.content.decode()


def test_what_failed_is_told_with_its_reason(desk, copies, monkeypatch, text):
    monkeypatch.setattr(batches, "AT_ONCE", 0.0)
    send(desk, copies(3), headers=HTMX)
    batch = Batch.objects.get()
    item = batch.items.order_by("pk").first()
    item.state, item.error = "failed", "Ben decided: Remove."
    item.save()
    told = text(desk.get(f"/batches/{batch.uid}/"))
    assert "1 was not" in told
    assert "Ben decided: Remove." in told


def test_progress_is_for_who_decided(desk, copies, signed_in, ben):
    send(desk, copies(2))
    uid = Batch.objects.get().uid
    assert desk.get(f"/batches/{uid}/").status_code == 200
    assert signed_in(ben).get(f"/batches/{uid}/").status_code == 404


def test_a_new_copy_of_what_was_decided_is_one_key(desk, copies, fold, text):
    send(desk, copies(3), "act:remove")
    fold(reported(post("new", f"🔥 {TEXT}", "new"), "new"))
    case = Case.objects.get(item_id="new")
    page = desk.get(f"/cases/{case.pk}/")
    assert "3 of 3 as “Remove · Spam”" in text(page)
    assert 'value="like" data-key="0"' in page.content.decode()
    send(desk, case, "like", together="")
    decision = Decision.objects.get(case=case)
    assert (decision.kind, decision.policy, decision.actions.get().action) == ("act", "spam", "remove")


def test_there_is_no_like_of_a_case_alone(desk, case, text):
    answer = send(desk, case, "like", headers=HTMX)
    assert answer.status_code == 422
    assert "Nobody has decided the like of this case" in text(answer)


def test_media_of_members_stay_closed(desk, copies):
    picture = Media(kind="image", url="https://pictures.example/1.png", field="image", hashes={"pdq": "f" * 64})
    case = copies(3, media=(picture,))
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "1 medium, closed" in page
    assert "<img" not in page.partition('class="cluster"')[2].partition("</section>")[0]
