"""Search over the text of items: the same answers from both databases, the newest first."""

from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from evenhand.desk import sql
from evenhand.desk.intake import services
from evenhand.desk.intake.models import Item
from evenhand.desk.intake.queries import search
from evenhand.engine.model import Event, ItemSent, Ref
from evenhand.engine.model import Item as ModelItem
from evenhand.engine.text.unspaced import folded, split

migration = import_module("evenhand.desk.intake.migrations.0004_search_inside_runs")
CONTENT = ("content", "thread")


def keep(id_: str, text: str, kind: str = "content", number: int | None = None) -> Item:
    now = timezone.now()
    values = {"item_type": "post", "item_id": id_, "kind": kind, "text": text, "folded": folded(text), "data": "{}"}
    return Item.objects.create(id=number, first_seen=now, last_seen=now, **values)


def found(query: str, kinds=CONTENT, **more) -> list[str]:
    numbers = search.numbers(query, kinds=kinds, limit=more.pop("limit", 50), **more)
    names = dict(Item.objects.filter(pk__in=numbers).values_list("pk", "item_id"))
    return [names[number] for number in numbers]


@pytest.fixture
def items(db):
    keep("a", "The ferry leaves at six")
    keep("b", "No ferry on Sunday, says the ferry master")
    keep("c", "FERRY! Grüße vom Hafen, see https://ferry.example/times?x=1")
    keep("d", "Ferry Master", kind="user")


def test_the_newest_items_come_first_without_regard_to_capitals(items):
    assert found("ferry") == ["c", "b", "a"]


def test_all_words_must_be_there_in_any_order(items):
    assert found("master Sunday") == ["b"]
    assert found("master six") == []


def test_a_phrase_must_be_there_as_it_is(items):
    assert found('"ferry leaves"') == ["a"]
    assert found('"leaves ferry"') == []


def test_what_is_written_without_a_space_is_a_phrase(items):
    assert found("ferry.example") == ["c"]
    assert found("https://ferry.example/times") == ["c"]
    assert found("times.example") == []


@pytest.mark.parametrize("query", ["quay", "boat", "wave", "tide", "buoy", "oar"])
def test_punctuation_of_any_script_parts_words(db, query):
    keep("parted", "“quay”…boat—wave，tide　¿buoy? «oar»")
    assert found(query) == ["parted"]


def test_words_of_other_scripts_are_words(items):
    keep("e", "фарватер замёрз 港口")
    assert found("grüße") == ["c"]
    assert found("фарватер") == ["e"]


RUNS = {
    "chinese": "今天下午港口將會封鎖到晚上，AI技術公司說",
    "japanese": "きょうの港は閉鎖されています。ｶﾀｶﾅのメッセージ",
    "thai": "วันนี้ท่าเรือจะปิดจนถึงตอนเย็น",
    "latin": "the harbour is closed today",
}


@pytest.fixture
def runs(db):
    for name, text in RUNS.items():
        keep(name, text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("港口", ["chinese"]),
        ("封鎖", ["chinese"]),
        ("港口將會封鎖", ["chinese"]),
        ("港", ["japanese", "chinese"]),
        ("閉鎖", ["japanese"]),
        ("カタカナ", ["japanese"]),
        ("メッセージ", ["japanese"]),
        ("ท่าเรือ", ["thai"]),
        ("ปิด", ["thai"]),
        ("เรือท่า", []),
        ("口港", []),
        ("封港", []),
        ("港口 封鎖", ["chinese"]),
        ("AI技術", ["chinese"]),
        ("ai", ["chinese"]),
        ("技術公司說", ["chinese"]),
        ("harbour 港", []),
        ("harbour", ["latin"]),
    ],
)
def test_what_stands_inside_a_run_without_spaces_is_found(runs, query, expected):
    assert found(query) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_part_of_a_run_is_asked_for_it_is_found(runs, data):
    text = RUNS[data.draw(st.sampled_from(["chinese", "japanese", "thai"]))]
    run = data.draw(st.sampled_from([piece for piece, unspaced in split(text) if unspaced]))
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    [name] = [name for name, one in RUNS.items() if one == text]
    assert name in found(part)


def test_runs_are_found_when_the_item_came_the_usual_way(db):
    item = ModelItem(ref=Ref("post", "p1"), kind="content", data={}, text=RUNS["chinese"])
    event = Event(id="1" * 32, at=1, source="test", body=ItemSent(item))
    services.project([event])
    assert found("封鎖") == ["p1"]
    services.project([structs.replace(event, at=2, body=ItemSent(structs.replace(item, text="港口開放")))])
    assert (found("封鎖"), found("開放")) == ([], ["p1"])


def test_runs_of_items_that_were_there_before_are_folded(db):
    before = [keep(f"n{n}", text) for n, text in enumerate(RUNS.values())]
    Item.objects.update(folded="")
    assert found("封鎖") == []
    migration.AT_ONCE, usual = 1, migration.AT_ONCE
    migration._fold(connection)
    migration.AT_ONCE = usual
    assert found("封鎖") == ["n0"]
    assert Item.objects.get(pk=before[3].pk).folded == ""


def test_the_index_can_be_built_anew(runs):
    if connection.vendor == "sqlite":
        sql.run("INSERT INTO intake_item_words (intake_item_words) VALUES ('rebuild')")
        sql.run("INSERT INTO intake_item_words (intake_item_words) VALUES ('integrity-check')")
    else:
        sql.run("REINDEX INDEX intake_item_words_gin")
    assert found("封鎖") == ["chinese"]


def test_of_a_very_long_run_the_beginning_is_searched(db):
    keep("long", "港口" + "".join(map(chr, range(0x4E00, 0x9FFF))) * 5 + " ende")
    assert found("港口") == ["long"]


def test_users_are_found_apart_from_what_they_write(items):
    assert found("ferry", kinds=("user",)) == ["d"]
    assert found("ferry", kinds=("user", "content", "thread")) == ["d", "c", "b", "a"]
    assert found("ferry", kinds=()) == []


def test_the_next_page_begins_below_the_last(items):
    first = search.numbers("ferry", kinds=CONTENT, limit=2)
    assert found("ferry", before=first[-1]) == ["a"]


def test_changed_words_are_found_and_old_ones_are_not(items):
    Item.objects.filter(item_id="a").update(text="The boat leaves at six")
    assert found("boat") == ["a"]
    assert found("ferry") == ["c", "b"]


def test_deleted_items_are_not_found(items):
    Item.objects.filter(item_id="b").delete()
    assert found("ferry") == ["c", "a"]


@pytest.mark.parametrize("query", ["", "   ", '"', '""', "!?", "***", "( - )"])
def test_a_query_without_words_finds_nothing(items, query):
    assert found(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "ferry AND",
        "ferry OR six",
        'text : "x"',
        "ferry*",
        "^ferry",
        "NEAR(ferry six)",
        "a' OR 1=1 --",
        "§content",
        "\x00",
    ],
)
def test_the_language_of_the_index_is_not_spoken(items, query):
    found(query)


def test_a_very_long_text_is_indexed_from_its_beginning(db):
    keep("long", "beginning " + "word " * 100_000)
    assert found("beginning") == ["long"]


def test_few_matches_far_back_are_all_found(db, monkeypatch):
    monkeypatch.setattr(search, "FEW", 2)
    for number in (5, 70_000, 140_000, 300_000):
        keep(f"n{number}", "an old wave", number=number)
    keep("newest", "calm", number=500_000)
    assert found("wave") == ["n300000", "n140000", "n70000", "n5"]
    assert found("wave", limit=3) == ["n300000", "n140000", "n70000"]
    assert found("wave", before=300_000, limit=1) == ["n140000"]


def test_items_are_found_by_their_exact_id(items):
    assert search.by_ids(["zz", "a"], ["post", "account"]) == [Ref("post", "a")]
    assert search.by_ids(["A"], ["post"]) == []
    assert search.by_ids(["a"], []) == []


@pytest.mark.parametrize(
    ("query", "marked"), [("港口", ["港口"]), ("AI技術", ["AI", "技術"]), ("封鎖 港", ["港", "封鎖"]), ("門", [])]
)
def test_an_excerpt_marks_what_stands_inside_a_run(query, marked):
    pieces = list(search.excerpt(RUNS["chinese"], query))
    assert [piece for piece, is_hit in pieces if is_hit] == marked


def test_an_excerpt_marks_the_words_and_tells_what_it_leaves_out():
    text = "x " * 200 + "the Ferry leaves " + "y " * 200
    pieces = list(search.excerpt(text, "ferry"))
    assert ("Ferry", True) in pieces
    assert pieces[0] == ("…", False)
    assert pieces[-1] == ("…", False)
    assert len("".join(piece for piece, _ in pieces)) < 300


@given(st.text(max_size=200), st.text(max_size=40))
def test_an_excerpt_never_changes_what_was_written(text, query):
    shown = "".join(piece for piece, _ in search.excerpt(text, query))
    assert shown.strip("…") in text or not shown.strip("…")
