"""Parts of the queue: filtered, saved, shared, and worked through like a queue."""

import re
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.cases.models import Case, SavedView
from evenhand.desk.cases.queries.views import FIELDS, FILTERED, Part, part
from tests.desk.conftest import post, reported


@pytest.fixture
def three(fold):
    fold(
        reported(post("p1", "first words", author="ann"), policy="spam"),
        reported(post("p2", "second words", author="cy"), policy="harassment"),
        reported(post("p3", "third words", author="cy"), policy="spam"),
    )


def filtered(desk, **fields) -> str:
    return desk.get("/queue/filter/", fields)["Location"]


def save(desk, address: str, name: str, **more):
    queue = re.search(r"queue=([^&]*)", address)
    return desk.post("/queue/views/", {"queue": queue and unquote_plus(queue.group(1)), "name": name, **more})


def test_only_what_the_filter_asks_for_is_shown_and_started(desk, three, text):
    shown = text(desk.get(filtered(desk, policy="spam", author="cy")))
    assert "third words" in shown
    assert "first words" not in shown
    assert "second words" not in shown
    queue = f"{FILTERED}author=cy&policy=spam"
    started = desk.post("/queue/start/", {"queue": queue})
    assert started["Location"].startswith(f"/cases/{Case.objects.get(item_id='p3').pk}/?queue={quote(queue, safe='')}")
    desk.post(f"/cases/{Case.objects.get(item_id='p3').pk}/skip/", {"queue": queue})
    assert desk.post("/queue/start/", {"queue": f"{FILTERED}policy=harassment&author=ann"})["Location"].startswith("/?")


def test_a_queue_alone_is_its_own_address(desk):
    assert filtered(desk, queue="default") == "/?queue=default"
    assert filtered(desk) == "/"


def test_a_view_is_saved_shown_and_forgotten(desk, three, text):
    answer = save(desk, filtered(desk, policy="harassment"), "Bad words")
    shown = text(desk.get(answer["Location"]))
    assert "Bad words" in shown
    assert "second words" in shown
    assert "first words" not in shown
    desk.post(f"/queue/views/{SavedView.objects.get().pk}/forget/")
    assert not SavedView.objects.exists()
    assert "Nothing waits" in text(desk.get(answer["Location"]))


def test_the_same_name_again_changes_the_view(desk, three):
    save(desk, filtered(desk, policy="harassment"), "Mine")
    save(desk, filtered(desk, policy="spam"), "Mine")
    assert SavedView.objects.get().part == {"policy": "spam"}


def test_a_view_is_shared_with_a_role_of_ones_own_only(desk, three, text):
    save(desk, filtered(desk, policy="spam"), "Ours", shared_with="auditor")
    assert not SavedView.objects.exists()
    save(desk, filtered(desk, policy="spam"), "Ours", shared_with="moderator")
    assert SavedView.objects.get().shared_with == "moderator"


def test_what_is_shared_is_seen_by_the_role_and_forgotten_by_its_owner_only(desk, signed_in, ben, three, text):
    save(desk, filtered(desk, policy="spam"), "Ours", shared_with="moderator")
    save(desk, filtered(desk, policy="spam"), "Only mine")
    other = signed_in(ben)
    shown = text(other.get("/"))
    assert "Ours" in shown
    assert "Only mine" not in shown
    other.post(f"/queue/views/{SavedView.objects.get(name='Ours').pk}/forget/")
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_bad_name_is_told_and_nothing_is_saved(desk, three, name, text):
    answer = save(desk, filtered(desk, policy="spam"), name)
    assert "1 to 60 characters" in text(desk.get(answer["Location"]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "queue", ["v:99", "v:x", f"v:{'9' * 30}", "f:lane=nothing", "f:policy=%ff", "f:kind=1;2", "f:policy=a%00b", "\x00"]
)
def test_what_is_no_part_of_the_queue_holds_nothing(desk, three, queue, text):
    assert "Nothing waits" in text(desk.get("/", {"queue": queue}))


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=60) for name in FIELDS}))
def test_a_part_is_read_as_it_was_written(fields):
    one = Part.of(fields)
    if not one.fields.keys() <= {"queue"}:
        assert part(one.text) == one
