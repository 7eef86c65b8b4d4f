"""Items with what stands around them, and what they said before."""

from datetime import UTC, datetime

from evenhand.desk.intake.queries import history, items
from evenhand.engine.model import Item, Ref, Reporter
from tests.desk.conftest import post, reported, sent

ANN, ROOM = Ref("account", "ann"), Ref("room", "square")


def said(id_: str, minute: int, room: Ref = ROOM) -> Item:
    at = int(datetime(2026, 11, 1, 12, minute, tzinfo=UTC).timestamp() * 1_000_000)
    return post(id_, f"line {id_}", thread=room, created_at=at)


def test_known_items_are_read_whole_and_unknown_ones_left_out(fold):
    fold(sent(post("p1", "hello")))
    known = items.known([Ref("post", "p1"), Ref("post", "p2")])
    assert list(known) == [Ref("post", "p1")]
    assert known[Ref("post", "p1")].item.text == "hello"
    assert known[Ref("post", "p1")].versions == 1
    assert items.known([]) == {}


def test_the_thread_around_an_item_is_in_order_of_time(fold):
    lines = [said(f"m{minute}", minute) for minute in range(9)]
    fold(*(sent(line) for line in reversed(lines)), sent(said("away", 4, Ref("room", "other"))))
    around = items.around(lines[4], 3)
    assert [one.ref.id for one in around.before] == ["m1", "m2", "m3"]
    assert [one.ref.id for one in around.after] == ["m5", "m6", "m7"]


def test_an_item_without_thread_or_time_has_nothing_around_it(fold):
    assert items.around(post("p1"), 3) == items.Around([], [])
    assert items.around(post("p1", thread=ROOM), 3) == items.Around([], [])


def test_what_an_author_made_comes_newest_first(fold):
    fold(sent(post("p1")), sent(post("p2")), sent(post("p3", author="bob")))
    assert [one.ref.id for one in items.by_author(ANN, 5)] == ["p2", "p1"]
    assert [one.ref.id for one in items.by_author(ANN, 1)] == ["p2"]


def test_items_are_found_again_by_the_number_of_their_arrival(fold):
    fold(sent(post("p1")), sent(post("p2")))
    numbers = [one.number for one in items.known([Ref("post", "p1"), Ref("post", "p2")]).values()]
    assert [one.ref.id for one in items.numbered(numbers)] == ["p2", "p1"]
    assert items.refs_numbered(numbers) == [Ref("post", "p2"), Ref("post", "p1")]
    assert items.numbered([]) == items.refs_numbered([]) == []


def test_each_earlier_state_of_an_item_is_kept_with_its_time(fold):
    for text in ("one", "two", "three"):
        fold(sent(post("p1", text)))
    versions = history.versions(Ref("post", "p1"))
    assert [version.item.text for version in versions] == ["two", "one"]
    assert versions[0].seen_at == versions[1].replaced_at


def test_what_reporters_wrote_is_found_by_report(fold):
    one, other = reported(post("p1"), reason="it hurts"), reported(post("p1"), "r2")
    fold(one, other)
    ids = [one.body.report_id, other.body.report_id]
    assert history.reasons(ids) == {ids[0]: "it hurts"}
    assert one.body.reporter == Reporter(kind="user", type="account", id="r1")
