"""A match is told once, of the medium that it is of; what comes later says more, and never lowers a case."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Hold
from evenhand.desk.media import services
from evenhand.desk.media.models import Match, Seen
from evenhand.desk.media.services import rematching
from evenhand.desk.signals.models import Signal
from evenhand.desk.signals.queries import of_items
from evenhand.engine.media.listing import Withdrawn
from evenhand.engine.model import Hash, MediaHashed, MediaRematched, Ref
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import ACTOR, flipped, hash_of, listed, pdq, take_in

ONE = Ref("post", "1")
MD5 = Hash("md5", (b"m" * 16).hex())


def picture(name: str, *hashes: Hash, **more: object) -> MediaHashed:
    """One of the pictures in the same field of one item."""
    return MediaHashed(ref=ONE, field="image", url=f"https://m.example/{name}.png", hashes=hashes, **more)


def rematch() -> int:
    return rematching.tell(1, list(Seen.objects.values_list("pk", flat=True)))


def test_a_medium_that_was_hashed_after_its_entry_came_is_not_told_again_by_the_scan(source, fold):
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16))
    fold(event(picture("a", pdq(hash_of("a")), MD5)))
    assert rematch() == 0
    fold()
    assert (Signal.objects.count(), Match.objects.count()) == (1, 2)


def test_a_rematch_of_what_stands_tells_nothing_in_the_fold_either(source, fold):
    """Two scans may find the same before either is folded."""
    media = picture("a", pdq(hash_of("a")), MD5)
    fold(event(media))
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16))
    fold(*(event(MediaRematched(scan=n, media=media)) for n in (1, 2)))
    fold(event(MediaRematched(scan=3, media=media)))
    assert (Signal.objects.count(), Match.objects.count(), Case.objects.count()) == (1, 2, 1)


def test_a_medium_that_several_of_its_hashes_find_is_told_once(source, fold):
    fold(event(picture("a", pdq(hash_of("a")), MD5)))
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16))
    assert rematch() == 1
    assert rematch() == 0, "who is killed repeats it without effect"
    fold()
    assert len(Signal.objects.get().evidence["matches"]) == 2


def test_what_was_withdrawn_and_came_back_is_told_anew(source, fold):
    fold(event(picture("a", pdq(hash_of("a")))))
    take_in(source, listed("a"))
    rematch()
    fold()
    take_in(source, Withdrawn(key="a"))
    take_in(source, listed("a"))
    assert rematching.tell(2, [Seen.objects.get().pk]) == 1
    fold()
    assert of_items([ONE])[ONE][0].effect == "enqueue"
    assert Match.objects.get().withdrawn_at is None


def test_media_without_an_address_are_told_apart_and_found_again(source, fold):
    bare = [MediaHashed(ref=ONE, hashes=(pdq(hash_of(name)), Hash("md5", name.encode().hex() * 16))) for name in "ab"]
    fold(*map(event, bare))
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"a" * 16), listed("b", pdq=hash_of("b")))
    assert rematch() == 2
    fold()
    assert len(set(Match.objects.values_list("medium", flat=True))) == 2
    assert rematch() == 0


@pytest.fixture
def holding_bank(holding, source):
    return services.change_bank("KNOWN", hold="confirmed", actor=ACTOR)


def test_two_pictures_of_one_item_each_on_another_list_hold_nothing(holding_bank, source, other_list, fold):
    take_in(source, listed("a"))
    take_in(other_list, listed("b"))
    fold(sent(post("1")), event(picture("a", pdq(hash_of("a")))), event(picture("b", pdq(hash_of("b")))))
    assert [one.evidence["lists"] for one in of_items([ONE])[ONE]] == [["example-list"], ["other-list"]]
    assert not Hold.objects.exists()


def test_what_a_second_list_says_of_the_same_picture_holds_whenever_it_comes(holding_bank, source, other_list, fold):
    take_in(source, listed("a"))
    fold(sent(post("1")), event(picture("a", pdq(hash_of("a")), by="platform")))
    take_in(other_list, listed("b", md5=b"m" * 16))
    fold(event(picture("a", MD5)))
    assert of_items([ONE])[ONE][0].evidence["lists"] == ["example-list", "other-list"]
    assert Hold.objects.get().ended_at is None


def test_a_hold_stays_while_another_picture_of_the_item_asks_for_it(holding_bank, source, other_list, fold):
    take_in(source, listed("a"), listed("b"))
    take_in(other_list, listed("a2", pdq=hash_of("a")), listed("b2", pdq=hash_of("b")))
    fold(sent(post("1")), *(event(picture(name, pdq(hash_of(name)))) for name in "ab"))
    take_in(other_list, Withdrawn(key="a2"))
    assert Hold.objects.get().ended_at is None
    take_in(other_list, Withdrawn(key="b2"))
    assert Hold.objects.get().end == "withdrawn"


def test_another_match_never_lowers_a_case(source, other_list, fold):
    """Once, the last picture that matched took the place of the first, which two lists have."""
    take_in(source, listed("a", pdq=hash_of("a"), md5=b"m" * 16), listed("far"), listed("flat"))
    take_in(other_list, listed("b", md5=b"m" * 16))
    told = [
        picture("a", pdq(hash_of("a")), MD5),
        picture("a", pdq(flipped(hash_of("a"), 20)), by="platform"),
        picture("far", pdq(flipped(hash_of("far"), 31))),
        picture("flat", pdq(hash_of("flat")), flat=True),
        MediaRematched(scan=1, media=picture("a", pdq(hash_of("a")))),
    ]
    seen = []
    for body in told:
        fold(event(body))
        seen.append(Case.objects.get().rank)
    assert seen == sorted(seen)
    assert max(one.probability for one in of_items([ONE])[ONE]) == 0.99
