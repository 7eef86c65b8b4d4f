"""Media wait in sight until they are hashed: fetched, refused, given up, claimed again after a crash."""

import pytest

from evenhand.desk.media.jobs import Looking
from evenhand.desk.media.models import Look, Match, Seen
from evenhand.desk.media.queries.problems import media as problems
from evenhand.desk.media.services import looks
from evenhand.desk.media.services.hashing import Hashed, NotNow, Undecodable, fetched
from evenhand.engine.model import Hash, Media
from evenhand.runtime.fetch import Unreachable
from tests.desk.conftest import post, reported, sent
from tests.desk.media.conftest import hash_of, listed, pdq, take_in

PICTURE = Media(kind="image", url="https://m.example/1.png", field="image")


def answering(answer: object):
    """A loop whose hasher gives, or raises, this."""

    def hasher(data: bytes, kind: str) -> Hashed:
        if isinstance(answer, Exception):
            raise answer
        assert (data, kind) == (b"bytes", "image")
        return answer

    def fetch(url: str) -> bytes:
        if isinstance(answer, Unreachable):
            raise answer
        return b"bytes"

    return Looking(fetched=fetch, hasher=hasher)


@pytest.fixture
def look(source, fold):
    take_in(source, listed("a"))
    fold(sent(post("1", media=(PICTURE,))), reported(post("1", media=(PICTURE,))))
    return Look.objects.get()


def test_a_medium_is_fetched_hashed_and_matched(look, fold):
    assert (look.state, look.url) == ("waiting", PICTURE.url)
    assert answering(Hashed((pdq(hash_of("a")),))).turn()
    fold()
    assert Look.objects.get().state == "hashed"
    assert Match.objects.get().item_id == "1"
    assert not answering(Hashed(())).turn(), "it is looked at once"


def test_who_is_killed_between_the_event_and_the_look_repeats_it_without_effect(look, fold):
    answering(Hashed((pdq(hash_of("a")),))).turn()
    Look.objects.update(state="fetching", leased_until=0, due_at=0)
    answering(Hashed((pdq(hash_of("a")),))).turn()
    fold()
    assert (Seen.objects.count(), Match.objects.count()) == (1, 1)


def test_what_is_being_looked_at_is_left_alone_until_its_lease_ends(look):
    assert len(looks.claim(9)) == 1
    assert looks.claim(9) == []
    Look.objects.update(due_at=0)
    assert len(looks.claim(9)) == 1


@pytest.mark.parametrize(
    ("answer", "state", "comes_again", "code"),
    [
        (Undecodable("Not decodable: it ends early."), "undecodable", False, "media_undecodable"),
        (Unreachable("It does not answer."), "unreachable", True, "media_unreachable"),
        (NotNow("ffmpeg is not installed.", 60.0), "waiting", True, "media_waits"),
        (RuntimeError("a fault of ours"), "waiting", True, "media_waits"),
    ],
)
def test_what_cannot_be_hashed_says_why_and_whether_it_is_tried_again(look, answer, state, comes_again, code):
    answering(answer).turn()
    look.refresh_from_db()
    assert (look.state, look.due_at is not None) == (state, comes_again)
    assert str(answer).rstrip(".") in look.error
    Look.objects.update(since=0)
    assert [problem.code for problem in problems()] == [code]


def test_bytes_that_cannot_be_decoded_are_matched_all_the_same(look, source, fold):
    take_in(source, listed("b", md5=b"m" * 16))
    answering(Undecodable("Not decodable.", (Hash("md5", (b"m" * 16).hex()),))).turn()
    fold()
    assert (Look.objects.get().state, Match.objects.get().entry.key) == ("undecodable", "b")


def test_what_does_not_come_is_given_up_after_its_tries_until_somebody_asks(look):
    for _ in range(len(looks.PAUSES) + 1):
        Look.objects.update(due_at=0)
        answering(Unreachable("It does not answer.")).turn()
    assert Look.objects.get().due_at is None
    assert looks.retry_all() == 1
    assert answering(Hashed((pdq(hash_of("a")),))).turn()


GIVEN = (
    "Not fetched: its host m.example is not among media_hosts; matched by the hashes that came with it (md5)."
)  # fmt: skip
SENT = Media(kind="image", url=PICTURE.url, field="image", hashes={"md5": (b"m" * 16).hex()})


@pytest.mark.parametrize("first", ["the look", "the hashes"])
def test_a_medium_of_another_host_is_matched_by_the_hashes_that_came_with_it(source, fold, log, first):
    """Whichever is first: the event with its hashes, or the loop that may not fetch it."""
    take_in(source, listed("b", md5=b"m" * 16))
    if first == "the look":
        fold(sent(post("1", media=(PICTURE,))))
        Looking().turn()
        assert Look.objects.get().state == "waiting"
    fold(sent(post("1", media=(SENT,))))
    assert (Look.objects.get().state, Look.objects.get().error) == ("given", GIVEN)
    assert Match.objects.get().entry.key == "b"
    Look.objects.update(since=0)
    assert list(problems()) == []
    assert not Looking().turn()


def test_who_asks_for_such_a_medium_is_told_the_same_and_once_its_host_is_named_it_is_fetched(source, fold):
    take_in(source, listed("a"))
    fold(sent(post("1", media=(SENT,))))
    assert looks.retry_all() == 1
    Looking().turn()
    assert (Look.objects.get().state, Look.objects.get().error) == ("given", GIVEN)
    looks.retry_all()
    answering(Hashed((pdq(hash_of("a")),))).turn()
    assert Look.objects.get().state == "hashed"


def test_a_medium_of_another_host_that_came_without_hashes_waits_as_before(look):
    Looking().turn()
    assert [problem.code for problem in problems()] == []
    Look.objects.update(since=0)
    assert [problem.code for problem in problems()] == ["media_waits"]


def test_nothing_is_fetched_from_hosts_that_are_not_configured():
    with pytest.raises(NotNow, match=r"m\.example is not among media_hosts"):
        fetched(PICTURE.url)
