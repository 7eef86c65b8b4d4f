"""Each field type, what it takes and what it refuses."""

import pytest

from tests.support.reading import problem, read

SAME = object()


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("body", "hello", SAME),
        ("body", "", SAME),
        ("body", 13, "13"),
        ("body", "a\0b", "a\ufffdb"),
        ("seen", "13", 13),
        ("seen", " 13 ", 13),
        ("seen", "1.5", 1.5),
        ("seen", "-2e3", -2000.0),
        ("seen", ".5", 0.5),
        ("seen", 13, SAME),
        ("seen", 2**70, float(2**70)),
        ("gone", True, SAME),
        ("gone", "true", True),
        ("gone", "1", True),
        ("gone", 1, True),
        ("gone", "FALSE", False),
        ("gone", "0", False),
        ("gone", 0, False),
        ("posted", "2026-01-31", "2026-01-31T00:00:00Z"),
        ("posted", "2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
        ("posted", "2026-01-31T12:00:00.123456Z", SAME),
        ("posted", "2026-01-31 12:00:00", "2026-01-31T12:00:00Z"),
        ("link", "https://example.com/a b", "https://example.com/a%20b"),
        ("link", "at://did:plc:1/post/2", SAME),
        ("picture", {"url": "https://example.com/1.png"}, "https://example.com/1.png"),
        ("place", "U33DC0", "u33dc0"),
        ("ip", "2001:DB8::1", "2001:db8::1"),
        ("mail", "a@example.com", SAME),
        ("rule", "spam", SAME),
        ("number", 12, "12"),
        ("author", {"id": "u1", "typeId": "user"}, SAME),
        ("author", {"id": "u1", "typeId": "user", "name": "Uma"}, SAME),
        ("author", {"id": "u1", "type": "user", "more": 1}, {"id": "u1", "typeId": "user"}),
        ("author", "u1", {"id": "u1", "typeId": "user"}),
        ("author", 7, {"id": "7", "typeId": "user"}),
        ("group", {"id": 9, "typeId": "group"}, {"id": "9", "typeId": "group"}),
        ("tags", ["a", None, "b"], ["a", "b"]),
        ("tags", [], SAME),
        ("captions", {"de": "Hallo", "en": None}, {"de": "Hallo"}),
        ("mentions", ["u1", {"id": "u2", "typeId": "user"}], [{"id": u, "typeId": "user"} for u in ("u1", "u2")]),
        (
            "attachments",
            [{"url": "https://e.com/1", "mediaType": "VIDEO"}],
            [{"url": "https://e.com/1", "mediaType": "video"}],
        ),
    ],
)
def test_a_value_that_fits_is_kept_in_one_form(field, given, kept):
    assert read({field: given}).data[field] == (given if kept is SAME else kept)


@pytest.mark.parametrize(
    "field", ["link", "posted", "place", "picture", "ip", "mail", "seen", "gone", "number", "author"]
)
def test_an_empty_string_means_missing_where_a_string_is_not_the_point(field):
    assert field not in read({field: ""}).data


@pytest.mark.parametrize("field", ["body", "seen", "tags", "author", "picture", "scores"])
def test_null_means_missing(field):
    assert field not in read({field: None}).data


@pytest.mark.parametrize(
    ("field", "given", "where", "why"),
    [
        ("body", {"a": 1}, "", "A string is needed, not an object."),
        ("body", True, "", "A string is needed, not true."),
        ("body", "x" * 1_000_001, "", "at most 1,000,000"),
        ("body", " data:image/png;base64,AAAA", "", "send the address"),
        ("seen", "many", "", "not a number"),
        ("seen", "nan", "", "not a number"),
        ("seen", "1_000", "", "not a number"),
        ("seen", "1e999", "", "too large"),
        ("seen", 10**400, "", "too large"),
        ("seen", True, "", "A number is needed, not true."),
        ("gone", "maybe", "", "true or false"),
        ("gone", 2, "", "true or false"),
        ("posted", 1_769_860_800, "", "ISO 8601"),
        ("posted", "yesterday", "", "ISO 8601"),
        ("posted", "0001-01-01T00:00:00+14:00", "", "ISO 8601"),
        ("link", "example.com/page", "", "with its scheme and host"),
        ("link", "http://", "", "with its scheme and host"),
        ("link", "http://[::1", "", "not a URL"),
        ("link", "https://e.com/\nx", "", "control character"),
        ("link", "https://e.com/" + "x" * 9000, "", "at most 8,192"),
        ("link", "data:text/html,x", "", "send its address"),
        ("picture", "data:image/png;base64,AAAA", "", "send the address"),
        ("picture", {"url": 3}, "/url", "A string is needed"),
        ("place", "ail", "", "not a geohash"),
        ("ip", "300.1.1.1", "", "not an IP address"),
        ("mail", "nobody", "", "not an e-mail address"),
        ("number", "x" * 513, "", "at most 512"),
        ("number", "a\nb", "", "control character"),
        ("author", {"id": "u1", "typeId": "usr"}, "/typeId", '"usr" is not in the platform document'),
        ("author", {"id": "p1", "typeId": "post"}, "/typeId", "one of kind user is needed"),
        ("author", {"typeId": "user"}, "", "`id` is needed"),
        ("author", {"id": "", "typeId": "user"}, "/id", "It is empty."),
        ("group", "g1", "", "id and typeId"),
        ("tags", "a", "", "An array is needed, not a string."),
        ("tags", ["a", {}], "/1", "A string is needed"),
        ("tags", ["a"] * 10_001, "", "at most 10,000"),
        ("captions", ["a"], "", "An object is needed"),
        ("scores", {"a/b": "x"}, "/a~1b", "not a number"),
        ("mentions", [{"id": "u1", "typeId": "usr"}], "/0/typeId", "not in the platform document"),
        ("attachments", [{"url": "https://e.com/1", "mediaType": "smell"}], "/0/mediaType", "image, video, audio"),
        ("picture", {"hashes": {"md5": "9e107d9d372bb6826bd81d3542a419d6"}}, "/url", "/api/v2/media/hashes"),
        ("picture", {"url": "", "hashes": {"md5": "9e107d9d372bb6826bd81d3542a419d6"}}, "/url", "need its address"),
    ],
)
def test_a_value_that_does_not_fit_is_told_where_and_why(field, given, where, why):
    told = problem({field: given})
    assert told.pointer == f"/items/3/data/{field}{where}"
    assert why in told.reason
    assert told.about == "data"
