import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from evenhand.engine.ledger import canonical
from evenhand.engine.ledger.canonical import NotCanonicalError
from evenhand.engine.ledger.entries import Body, EntryError, commitment, erased_object, parse, payload_bytes

BODY = Body(
    v=1,
    seq=3,
    ts=1_700_000_000_000_000,
    actor="user:otter",
    act="decision",
    obj="decision:9f",
    policy_ver=2,
    commit=None,
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
bodies = st.builds(
    Body,
    v=st.just(1),
    seq=st.integers(0, 2**53 - 1),
    ts=st.integers(0, 2**53 - 1),
    actor=texts,
    act=texts,
    obj=texts,
    policy_ver=st.none() | st.integers(0, 2**31),
    commit=st.none() | texts,
)


def test_a_body_is_canonical_json():
    assert BODY.encode() == (
        b'{"act":"decision","actor":"user:otter","commit":null,"obj":"decision:9f","policy_ver":2,"seq":3,'
        b'"ts":1700000000000000,"v":1}'
    )


@given(bodies)
def test_a_body_is_read_as_it_was_written(body):
    assert parse(body.encode()) == body


@given(bodies)
def test_every_body_is_canonical(body):
    assert body.encode() == canonical.encode(asdict(body))


def test_a_body_that_is_no_unicode_is_refused():
    with pytest.raises(EntryError, match="half a surrogate pair"):
        replace(BODY, obj="case:\ud800").encode()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "truncated"),
        (b"[]", "Expected `object`"),
        (b"{}", "missing required field"),
        (BODY.encode().replace(b'"v":1', b'"v":2'), "version 2; this program knows version 1"),
        (BODY.encode().replace(b'"seq":3', b'"seq": 3'), "not in canonical form"),
        (BODY.encode().replace(b'"v":1', b'"v":1,"w":1'), "unknown field"),
        (BODY.encode().replace(b'"seq":3', b'"seq":9007199254740992'), "Expected `int` <= 9007199254740991"),
        (BODY.encode().replace(b'"seq":3', b'"seq":-3'), "Expected `int` >= 0"),
        (BODY.encode().replace(b"otter", b"ott\xffr"), "not that of an entry"),
    ],
)
def test_what_is_no_body_is_told_why(raw, message):
    with pytest.raises(EntryError, match=message):
        parse(raw)


@given(st.binary(max_size=200) | st.text().map(lambda text: b'{"v":' + text.encode("utf-8", "surrogatepass")))
def test_no_bytes_crash_the_parser(raw):
    with pytest.raises(EntryError):
        parse(raw)


@given(st.binary(min_size=32, max_size=32), st.binary(), st.binary(min_size=32, max_size=32), st.binary())
def test_a_commitment_holds_for_one_salt_and_payload_only(salt, payload, other_salt, other_payload):
    same = (salt, payload) == (other_salt, other_payload)
    assert (commitment(salt, payload) == commitment(other_salt, other_payload)) is same


def test_a_short_salt_is_refused():
    with pytest.raises(EntryError, match="16 bytes instead of 32"):
        commitment(bytes(16), b"payload")


def test_a_payload_has_one_form():
    assert payload_bytes({"b": 1, "a": "ä"}) == payload_bytes({"a": "ä", "b": 1}) == '{"a":"ä","b":1}'.encode()
    with pytest.raises(NotCanonicalError):
        payload_bytes({"a": {1, 2}})


@pytest.mark.parametrize(
    ("act", "obj", "target"),
    [
        ("erased", erased_object(17), 17),
        ("erased", "entry:", None),
        ("erased", "entry:-1", None),
        ("erased", "entry:²", None),
        ("erased", "17", None),
        ("erased", "entry:" + "9" * 40, None),
        ("decision", "entry:17", None),
    ],
)
def test_an_entry_erases_what_its_object_names(act, obj, target):
    body = Body(v=1, seq=30, ts=0, actor="user:otter", act=act, obj=obj, policy_ver=None, commit=None)
    assert body.erases == target
