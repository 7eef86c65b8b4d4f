"""Values that can be written in a field but make no sense there: v2 refuses them, v1 keeps them and reads nothing."""

import pytest
from msgspec.structs import replace

from evenhand.desk.intake.reading.items import Raw
from tests.support.reading import NAMES, READER, read

NONSENSE = [
    ("picture", "javascript:alert(1)", "", "http:// and https://"),
    ("clip", {"url": "ftp://example.com/1.mp4"}, "", "http:// and https://"),
    ("attachments", ["https://example.com/1.png", "JavaScript:alert(1)"], "/1", "http:// and https://"),
    ("attachments", [{"url": "file:///etc/passwd", "mediaType": "image"}], "/0", "http:// and https://"),
    ("link", "VBScript:x", "", "leads somewhere"),
    ("link", "javascript://example.com/%0aalert(1)", "", "leads somewhere"),
    ("seen", -4, "", "less than 0"),
    ("seen", "-0.5", "", "less than 0"),
]


def raw(field, given):
    return Raw("post", "p1", {"title": "t", field: given}, "/items/0", NAMES)


@pytest.mark.parametrize(("field", "given", "where", "why"), NONSENSE)
def test_where_reading_is_strict_nonsense_is_told(field, given, where, why):
    problems = []
    assert READER.item(replace(raw(field, given), strict=True), problems) is None
    assert [problem.pointer for problem in problems] == [f"/items/0/data/{field}{where}"]
    assert why in problems[0].reason


@pytest.mark.parametrize(("field", "given"), [one[:2] for one in NONSENSE])
def test_elsewhere_the_item_is_kept_whole_and_nothing_is_read_from_it(field, given):
    item = read({field: given})
    assert field in item.data
    assert item.views is None
    assert item.links == ()
    assert [media.url for media in item.media if not media.url.startswith("https://")] == []


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("picture", "http://example.com/1.png"),
        ("picture", "HTTPS://example.com/1.png"),
        ("link", "at://did:plc:1/post/2"),
        ("link", "mailto:a@example.com"),
        ("seen", 0),
        ("seen", ""),
        ("picture", None),
    ],
)
def test_what_makes_sense_is_taken_by_both(field, given):
    problems = []
    strict = READER.item(replace(raw(field, given), strict=True), problems)
    assert problems == []
    assert strict == read({field: given})
