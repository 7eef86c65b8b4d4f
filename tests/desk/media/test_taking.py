"""POST /api/v2/media/bytes: media that come as bytes are hashed and matched as fetched ones are, and kept nowhere."""

import hashlib
import os
import threading

import pytest
from django.test import Client
from PIL import Image

from evenhand.desk.accounts import services as accounts
from evenhand.desk.media import taking
from evenhand.desk.media.models import Look, Match, Seen
from evenhand.desk.media.services import hashing
from evenhand.engine.media.hashing import pdq
from evenhand.engine.media.pixels import decode
from evenhand.runtime import config
from evenhand.runtime.config import Config
from tests.desk.conftest import post, sent
from tests.desk.media.conftest import listed, take_in
from tests.desk.media.test_looking import PICTURE
from tests.unit.engine.media.photographs import photograph, saved

FILE = saved(photograph("chelsea.png", 200), "PNG")
PLACE = {"item_type": "post", "item_id": "1", "field": "images"}


@pytest.fixture
def send(platform, log):
    raw = accounts.create_key("site", ["ingest"], by="system:test")
    client = Client(headers={"X-API-KEY": raw})

    def send(data: bytes, content_type: str = "image/png", headers: dict[str, str] | None = None, **asked: str):
        return client.post(
            "/api/v2/media/bytes",
            data,
            content_type=content_type,
            headers=headers or {},
            query_params=PLACE | asked,
            CONTENT_TYPE=content_type,
        )

    return send


def own_hash(file: bytes = FILE) -> bytes:
    return pdq(decode(file).pixels).hash


def test_a_picture_is_matched_and_its_hashes_are_in_the_log_before_the_answer(send, source, fold, log):
    take_in(source, listed("a", pdq=own_hash()))
    answer = send(FILE)
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert (told["accepted"], told["duplicates"], told["decoded"], told["whole"]) == (1, 0, True, True)
    assert told["hashes"]["pdq"] == own_hash().hex()
    assert told["hashes"]["sha256"] == hashlib.sha256(FILE).hexdigest()
    fold()
    match = Match.objects.get()
    assert (match.item_id, match.field, match.distance) == ("1", "images", 0)


def test_it_is_looked_at_as_a_fetched_one_is(send, source, fold):
    take_in(source, listed("a", pdq=own_hash()))
    turned = photograph("chelsea.png", 200).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert send(saved(turned, "PNG")).status_code == 202
    fold()
    assert Match.objects.get().variant


def test_sent_twice_it_has_no_second_effect(send, source, fold):
    assert [send(FILE).json()["duplicates"] for _ in range(2)] == [0, 1]
    key = {"Idempotency-Key": "k1"}
    assert [send(FILE, headers=key).json()["duplicates"] for _ in range(2)] == [0, 1]
    assert send(saved(photograph("coffee.png", 99), "PNG"), headers=key).status_code == 422


def test_what_cannot_be_decoded_is_found_as_the_same_file_and_the_answer_says_so(send, source, fold):
    cut = FILE[:900]
    take_in(source, listed("a", md5=hashlib.md5(cut).digest()))
    told = send(cut).json()
    assert (told["decoded"], "truncated PNG" in told["note"]) == (False, True)
    fold()
    assert Match.objects.get().entry.kind == "md5"


def test_without_a_decoder_it_is_refused_for_now_and_its_exact_hashes_are_matched(send, source, fold, monkeypatch):
    take_in(source, listed("a", md5=hashlib.md5(FILE).digest()))

    def missing(data: bytes, kind: str):
        raise hashing.NotNow("ffmpeg is not installed", 9.0, (hashing.Hash("md5", hashlib.md5(data).hexdigest()),))

    with monkeypatch.context() as patch:
        patch.setattr(hashing, "hash_media", missing)
        answer = send(FILE, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "ffmpeg is not installed" in answer.json()["detail"]
    fold()
    assert Match.objects.count() == 1
    assert send(FILE, headers={"Idempotency-Key": "k"}).json()["accepted"] == 1


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"item_type": "nothing"}, "/item_type"),
        ({"item_id": ""}, "/item_id"),
        ({"kind": "film"}, "/kind"),
        ({"field": "f" * 257}, "/field"),
    ],
)
def test_a_place_that_is_none_is_told_before_a_byte_is_read(send, asked, pointer, monkeypatch):
    monkeypatch.setattr(taking, "_read", None)
    answer = send(FILE, **asked)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [(b"", "image/png", 400), (FILE, "application/json", 415), (b"x" * 2_001, "image/png", 413)],
)
def test_a_body_that_is_none_is_refused(send, data, content_type, status, monkeypatch):
    monkeypatch.setattr(config, "current", lambda: Config(media_max_bytes=2_000))
    assert send(data, content_type).status_code == status
    assert not Seen.objects.exists()


def test_more_than_the_largest_request_otherwise_is_taken(send, source, monkeypatch, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    monkeypatch.setattr(config, "current", lambda: Config(max_body_bytes=1_000))
    assert send(FILE).status_code == 202


def test_only_so_many_are_in_memory_at_once(send, source, monkeypatch):
    monkeypatch.setattr(taking, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(taking, "PATIENCE", 0.01)
    with taking._turn():
        assert send(FILE).status_code == 503
    assert send(FILE).status_code == 202


def test_no_file_is_written_for_it(send, source, monkeypatch):
    opened: list[str] = []
    plain = os.open

    def noting(path, flags, *more, **named):
        if flags & (os.O_WRONLY | os.O_RDWR):
            opened.append(str(path))
        return plain(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", noting)
    monkeypatch.setattr("tempfile._get_default_tempdir", lambda: pytest.fail("a file for a while was wanted"))
    assert send(FILE).status_code == 202
    assert set(opened) <= {os.devnull}  # where the output of the decoder's process goes


def test_a_medium_that_waits_for_a_host_that_is_not_named_waits_no_longer_once_its_bytes_came(send, source, fold):
    fold(sent(post("1", media=(PICTURE,))))
    assert Look.objects.get().state == "waiting"
    assert send(FILE, field=PICTURE.field, url=PICTURE.url).status_code == 202
    fold()
    assert Look.objects.get().state == "given"
