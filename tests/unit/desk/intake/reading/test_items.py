"""Items as a whole: roles, variants, unknown keys, limits; and the laws that hold for any input."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from evenhand.desk.fields import to_micros
from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.items import Reader
from evenhand.desk.intake.reading.values import moment
from evenhand.engine.model import Item, Media, Ref
from evenhand.engine.platform import ItemType
from tests.support.reading import NAMES, POST, READER, TYPES, Raw, attempt, problem, read


def test_the_roles_of_fields_become_the_parts_of_an_item():
    item = read(
        {
            "title": "First",
            "author": "u1",
            "group": {"id": "g1", "typeId": "group"},
            "answers": {"id": "p0", "typeId": "post"},
            "posted": "2026-01-31T12:00:00Z",
            "gone": "1",
            "seen": "41.9",
            "tags": ["red", "", "blue"],
            "body": "Second",
            "captions": {"de": "Dritte"},
            "link": "https://example.com/x",
            "picture": "https://example.com/1.jpg",
            "attachments": ["https://example.com/2.MP4?x=1", {"url": "https://example.com/3", "mediaType": "audio"}],
            "clip": "https://example.com/4",
        }
    )
    assert item.ref == Ref("post", "p1")
    assert (item.kind, item.platform, item.partial) == ("content", 7, False)
    assert item.creator == Ref("user", "u1")
    assert item.thread == Ref("group", "g1")
    assert item.parent == Ref("post", "p0")
    assert item.created_at == to_micros(moment("2026-01-31T12:00:00Z"))
    assert item.deleted is True
    assert item.views == 41
    assert item.text == "First\nSecond\nred\nblue\nDritte"
    assert item.links == ("https://example.com/x",)
    assert item.media == (
        Media("image", "https://example.com/1.jpg", "picture"),
        Media("video", "https://example.com/2.MP4?x=1", "attachments"),
        Media("audio", "https://example.com/3", "attachments"),
        Media("video", "https://example.com/4", "clip"),
    )
    assert read({"handle": "uma"}, type_id="user").name == "uma"


def test_views_never_exceed_what_the_database_can_count():
    assert read({"seen": 1e300}).views == 2**63 - 1
    assert read({"seen": -4}).views is None


def test_a_required_field_may_be_missing_in_a_partial_item_only():
    item, problems = attempt({"body": "x"})
    assert item is None
    assert [(told.pointer, told.example) for told in problems] == [("/items/3/data/title", "some text")]
    assert attempt({"title": None})[1] == problems
    assert attempt({"body": "x"}, partial=True)[1] == []


def test_keys_the_type_does_not_know_are_kept():
    more = {"lang": "de", "nested": {"a": [1, None, {"b": "c"}]}, "none": None}
    assert {key: value for key, value in read(more).data.items() if key != "title"} == more


def test_every_problem_is_told_at_once():
    _, problems = attempt({"seen": "x", "link": "y", "extra": "data:video/mp4;base64,AA"})
    assert [told.pointer for told in problems] == [
        f"/items/3/data/{name}" for name in ("title", "seen", "link", "extra")
    ]


def test_every_member_of_a_field_that_is_wrong_is_told():
    _, problems = attempt(
        {
            "title": "t",
            "tags": ["red", {}, "blue", []],
            "scores": {"a": 1, "b": "x", "c": "y"},
            "group": {"id": {}, "typeId": "pots"},
            "extra": [{"a": "data:video/mp4;base64,AA"}, 1, "data:video/mp4;base64,AA"],
        }
    )
    assert [told.pointer for told in problems] == [
        f"/items/3/data/{place}"
        for place in ("group/typeId", "group", "tags/1", "tags/3", "scores/b", "scores/c", "extra/0/a", "extra/2")
    ]


def test_mistakes_in_one_field_are_looked_for_up_to_a_limit():
    _, problems = attempt({"title": "t", "scores": {str(n): [] for n in range(5_000)}})
    assert len(problems) == limits.COUNTED


def test_nesting_stops_at_its_limit():
    def nested(levels):
        value = []
        for _ in range(levels - 1):
            value = [value]
        return value

    read({"deep": nested(limits.DEPTH - 1)})
    told = problem({"deep": nested(limits.DEPTH)})
    assert told.pointer == "/items/3/data/deep" + "/0" * (limits.DEPTH - 1)
    assert "nested more than 32 deep" in told.reason


def test_keys_and_widths_have_limits():
    assert "at most 256" in problem({"k" * 257: 1}).reason
    assert "at most 10,000" in problem({"wide": list(range(10_001))}).reason
    assert "more than 10,000 fields" in problem({str(n): n for n in range(10_001)}).reason


def test_an_unknown_type_is_told_with_one_that_exists():
    told = problem({}, type_id="pst")
    assert (told.pointer, told.about, told.example) == ("/items/3/typeId", "unknown", "post")
    assert "evenhand apply" in _reason_without_types()


def _reason_without_types():
    problems = []
    Reader({}, 0).item(Raw("post", "p1", {}, "", NAMES), problems)
    return problems[0].reason


def test_an_id_is_held_to_its_limits():
    assert problem({}, id_="").pointer == "/items/3/id"
    assert "at most 512" in problem({}, id_="x" * 513).reason
    assert "control character" in problem({}, id_="a\0").reason


def test_a_bare_user_id_says_too_little_when_there_are_two_kinds_of_user():
    reader = Reader({**TYPES, "page": ItemType(id="page", name="Page", kind="user")}, 1)
    problems = []
    assert reader.item(Raw("post", "p1", {"title": "t", "author": "u1"}, "", NAMES), problems) is None
    assert "id and typeId" in problems[0].reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
likely = st.sampled_from(
    ["", "13", "1e5", "true", "2026-01-31", "https://e.com/ä ö", "u1", "u33", "::1", "a@b", "data:image/png,x", "1\0"]
)
references = st.fixed_dictionaries({"id": st.text() | st.integers(), "typeId": st.sampled_from([*TYPES, "no"])})
documents = st.dictionaries(
    st.sampled_from([field.name for field in POST.fields]) | st.text(),
    json_values | likely | references | st.lists(likely | references) | st.dictionaries(st.text(), likely),
)


@given(documents, st.text(), st.sampled_from([*TYPES, "no"]), st.booleans())
def test_whatever_comes_is_read_or_refused_with_reasons(data, id_, type_id, partial):
    item, problems = attempt(data, id_=id_, type_id=type_id, partial=partial)
    assert (item is None) == bool(problems)
    assert all(told.pointer.startswith("/items/3/") and told.reason for told in problems)


@given(documents)
def test_an_item_survives_the_log_and_reading_again(data):
    item, _ = attempt(data, partial=True)
    if item is None:
        return
    stored = msgspec.json.decode(msgspec.json.encode(item), type=Item)
    assert stored == item
    again, problems = attempt(stored.data, partial=True)
    assert problems == []
    assert again == item
    assert "\0" not in msgspec.json.encode(item).decode()
    assert READER.version == again.platform
