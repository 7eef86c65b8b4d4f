"""POST /api/v2/media/hashes and /media/match; media fields that carry hashes."""

import json

import pytest
from django.test import Client

from evenhand.desk.accounts import services as accounts
from evenhand.desk.media.models import Look, Match, Seen
from evenhand.runtime import config
from evenhand.runtime.config import Config
from tests.desk.media.conftest import flipped, hash_of, listed, take_in

MD5 = "9e107d9d372bb6826bd81d3542a419d6"


@pytest.fixture
def ask(platform, log):
    raw = accounts.create_key("site", ["ingest", "read"], by="system:test")
    client = Client(headers={"X-API-KEY": raw})

    def post(path: str, body: object, **headers: str):
        return client.post(f"/api/v2/{path}", json.dumps(body), content_type="application/json", headers=headers)

    return post


def media(**hashes: str) -> dict:
    return {"media": [{"item": {"type": "post", "id": "1"}, "field": "images", "hashes": hashes}]}


def test_hashes_that_the_platform_made_are_matched(ask, source, fold):
    take_in(source, listed("a", pdq=hash_of("a"), md5=bytes.fromhex(MD5)))
    answer = ask("media/hashes", media(pdq=flipped(hash_of("a"), 3).hex().upper(), md5=MD5))
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "duplicates": 0})
    assert ask("media/hashes", media(pdq=flipped(hash_of("a"), 3).hex().upper(), md5=MD5)).json()["duplicates"] == 1
    fold()
    assert Match.objects.count() == 2
    assert set(Seen.objects.values_list("kind", flat=True)) == {"pdq", "md5"}


@pytest.mark.parametrize(
    ("hashes", "pointer", "why"),
    [
        ({"pdq": "00"}, "/media/0/hashes/pdq", "32 bytes (64 hex digits), not 1"),
        ({"md5": "x" * 32}, "/media/0/hashes/md5", "Hex digits are needed"),
        ({"MD5": MD5}, "/media/0/hashes/MD5", "is no kind of hash"),
        ({"vpdq": "00" * 32}, "/media/0/hashes/vpdq", "hashed by the desk"),
    ],
)
def test_what_is_no_hash_is_told_at_its_place(ask, source, hashes, pointer, why):
    answer = ask("media/hashes", media(**hashes))
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (400, pointer)
    assert why in error["reason"]


def test_an_item_of_an_unknown_type_is_refused(ask, source):
    body = {"media": [{"item": {"type": "nothing", "id": "1"}, "hashes": {"md5": MD5}}]}
    assert ask("media/hashes", body).json()["errors"][0]["pointer"] == "/media/0/item/type"


def test_who_asks_is_told_banks_and_nothing_that_a_list_could_be_drawn_from(ask, source):
    take_in(source, listed("a"))
    asked = [{"kind": "pdq", "value": flipped(hash_of("a"), 9).hex()}, {"kind": "md5", "value": MD5}]
    answer = ask("media/match", {"hashes": asked})
    assert answer.json() == {"matches": [[{"bank": "KNOWN", "policy": "spam"}], []]}
    assert not Seen.objects.exists()


def test_a_media_field_may_carry_its_hashes(ask, source, fold):
    take_in(source, listed("a"))
    images = [{"url": "https://m.example/1.png", "hashes": {"pdq": hash_of("a").hex()}}, "https://m.example/2.png"]
    item = {"type": "post", "id": "1", "data": {"text": "hello", "images": images}}
    answer = ask("items", {"items": [item]})
    assert answer.status_code == 202, answer.content
    fold()
    assert Match.objects.get().field == "images"
    assert Look.objects.count() == 2, "the desk looks for itself, too"


def test_hashes_in_a_field_are_refused_at_their_place(ask, source):
    images = [{"url": "https://m.example/1.png", "hashes": {"pdq": "00"}}]
    answer = ask("items", {"items": [{"type": "post", "id": "1", "data": {"text": "x", "images": images}}]})
    [result] = answer.json().get("results") or [answer.json()]
    assert result["errors"][0]["pointer"].endswith("/data/images/0/hashes/pdq")


@pytest.mark.parametrize("kind", ["sha265", "pdna"])
def test_a_kind_that_this_desk_does_not_know_is_refused_at_every_door(ask, source, kind):
    images = [{"url": "https://m.example/1.png", "hashes": {kind: "00" * 32}}]
    item = {"type": "post", "id": "1", "data": {"text": "x", "images": images}}
    answers = [
        ask("media/hashes", media(**{kind: "00" * 32})).json()["errors"],
        ask("media/match", {"hashes": [{"kind": kind, "value": "00" * 32}]}).json()["errors"],
        ask("items", {"items": [item]}).json()["errors"],
    ]
    for [error] in answers:
        assert f"“{kind}” is no kind of hash that this desk knows" in error["reason"]
        assert ("did you mean sha256?" in error["reason"]) == (kind == "sha265")


def test_a_kind_that_the_configuration_names_is_taken_and_matched(ask, source, fold, monkeypatch):
    monkeypatch.setattr(config, "current", lambda: Config(media_kinds=("pdna",)))
    take_in(source, listed("a", pdna=b"x" * 36))
    assert ask("media/hashes", media(pdna=(b"x" * 36).hex())).status_code == 202
    fold()
    assert Match.objects.get().entry.kind == "pdna"


def test_an_example_is_of_the_kind_that_is_wrong_and_a_wrong_kind_is_told_at_the_kind(ask, source):
    for kind, digits in (("pdq", 64), ("md5", 32), ("sha1", 40), ("sha256", 64)):
        image = {"url": "https://m.example/1.png", "hashes": {kind: "00"}}
        item = {"type": "post", "id": "1", "data": {"text": "x", "images": [image]}}
        for path, body in (
            ("items", {"items": [item]}),
            ("media/hashes", media(**{kind: "00"})),
            ("media/match", {"hashes": [{"kind": kind, "value": "00"}]}),
        ):
            [error] = ask(path, body).json()["errors"]
            assert len(error["example"]) == digits, (path, kind)
    [error] = ask("media/match", {"hashes": [{"kind": "nosuch", "value": "00" * 32}]}).json()["errors"]
    assert error["pointer"] == "/hashes/0/kind"
