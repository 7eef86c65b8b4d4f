"""Lists of one owner, and lists that copy each other, are one voice; measured when they are taken in."""

import pytest

from evenhand.desk.enforcement.models import Hold
from evenhand.desk.media import services
from evenhand.desk.media.models import Source
from evenhand.desk.media.queries import voices
from evenhand.desk.media.queries.sources import bank as called_bank
from evenhand.desk.media.services import voices as comparing
from evenhand.desk.signals.queries import of_items
from evenhand.engine.media.listing import Withdrawn
from evenhand.engine.model import Hash, Ref
from tests.desk.conftest import event, post, sent
from tests.desk.media.conftest import ACTOR, hash_of, hashed, listed, pdq, take_in

ONE = Ref("post", "1")


def make(name: str, kind: str = "file", **config: object) -> Source:
    return services.make_source(name, bank="KNOWN", kind=kind, config=config, actor=ACTOR)


def media(*names: str):
    return [listed(name) for name in names]


def seen(fold, name: str = "a"):
    """A picture that both lists have."""
    fold(sent(post("1")), event(hashed("1", pdq(hash_of(name)))))
    return of_items([ONE])[ONE][0]


def test_a_list_that_is_taken_in_twice_under_two_names_is_one_voice_and_holds_nothing(holding, bank, fold):
    services.change_bank("KNOWN", hold="confirmed", actor=ACTOR)
    for name in ("monday", "tuesday"):
        take_in(make(name), *media("a", "b", "c", "d"))
    told = seen(fold)
    assert (told.evidence["lists"], told.evidence["voices"]) == (["monday", "tuesday"], 1)
    assert "2 lists have it, which count as one" in told.summary
    assert told.evidence["not_held"] == "Lists that count as one, by a perceptual hash."
    assert told.probability == pytest.approx(0.9)
    assert not Hold.objects.exists()


def test_the_smaller_list_may_be_a_part_of_the_greater_one(bank):
    take_in(make("part"), *media("a", "b", "c", "d"), listed("own"))
    take_in(make("whole"), *media("a", "b", "c", "d", *(f"n{n}" for n in range(20))))
    [pair] = voices.among(["part", "whole"])
    assert (pair.one, pair.other, pair.share) == ("part", "whole", 0.8)
    assert voices.of_bank(called_bank("KNOWN")) == [pair]


def test_lists_with_media_of_their_own_are_two_voices(bank, fold):
    take_in(make("one"), *media("a", "b", "c"), listed("own"))
    take_in(make("two"), *media("a", "b", "c"), listed("another"))
    assert voices.among(["one", "two"]) == []
    assert seen(fold).evidence["voices"] == 2


def test_a_copy_that_grows_apart_becomes_a_voice_of_its_own_when_it_is_taken_in(bank):
    one, two = make("one"), make("two")
    take_in(one, *media("a", "b"))
    take_in(two, *media("a", "b"))
    assert len(voices.among(["one", "two"])) == 1
    take_in(one, listed("c"))
    assert len(voices.among(["one", "two"])) == 1, "all of two is in one"
    take_in(two, listed("d"))
    assert voices.among(["one", "two"]) == []


def test_a_medium_is_the_same_by_any_of_its_hashes_and_what_was_withdrawn_is_not_counted(bank):
    one, two = make("one"), make("two")
    take_in(one, *(listed(str(n), md5=bytes([n]) * 16, pdq=hash_of(f"one{n}")) for n in range(5)))
    take_in(two, *(listed(f"k{n}", md5=bytes([n]) * 16, pdq=hash_of(f"two{n}")) for n in range(5)))
    assert voices.among(["one", "two"])[0].share == 1.0
    take_in(two, *(Withdrawn(key=f"k{n}") for n in range(5)), listed("other"))
    assert voices.among(["one", "two"]) == []


def test_two_lists_of_one_place_are_one_voice_whatever_they_have_and_whoever_asks(bank):
    take_in(make("one", "example", url="https://l.example", key_env="A"), listed("a"))
    take_in(make("two", "example", url="https://l.example", key_env="B"), listed("b"))
    take_in(make("three", "example", url="https://m.example", key_env="A"), listed("c"))
    assert [(pair.one, pair.other, pair.share) for pair in voices.among(["one", "two", "three"])] == [
        ("one", "two", None)
    ]


def test_a_list_that_was_not_compared_yet_is_no_second_voice(holding, bank, fold):
    """While it is taken in for the first time, and before lists were compared at all."""
    services.change_bank("KNOWN", hold="confirmed", actor=ACTOR)
    take_in(make("one"), *media("a", "b", "c"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "compare", lambda source: None)
        take_in(make("two"), listed("x", pdq=hash_of("a")), *media("d", "e", "f"))
    assert seen(fold).evidence["voices"] == 1
    assert not Hold.objects.exists()
    comparing.compare_due()
    told = of_items([ONE])[ONE][0]
    assert (told.evidence["voices"], told.evidence["url"]) == (2, "https://m.example/1")
    assert Hold.objects.get().ended_at is None, "the open case is told, and what two lists have is held"


def test_a_list_that_changed_before_somebody_was_killed_is_compared_later(bank):
    one, two = make("one"), make("two")
    for list_ in (one, two):
        take_in(list_, *media("a", "b"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "compare", lambda source: None)
        take_in(two, *media("c", "d"))
        take_in(one, *media("e", "f"))
    assert len(voices.among(["one", "two"])) == 1, "as it was"
    comparing.compare_due()
    assert voices.among(["one", "two"]) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "compare", lambda source: pytest.fail("nothing changed"))
        take_in(one, *media("e", "f"))
        comparing.compare_due()


def test_what_is_added_here_is_one_voice_in_however_many_banks(bank, fold):
    services.make_bank("OTHER", policy="spam", actor=ACTOR)
    for name in ("KNOWN", "OTHER"):
        services.add_entry(name, {"pdq": hash_of("a")}, actor=ACTOR)
    assert seen(fold).evidence["lists"] == ["added here"]


def test_of_a_long_list_a_sample_is_compared(bank, monkeypatch):
    monkeypatch.setattr(comparing, "SAMPLE", 40)
    names = [f"n{n}" for n in range(400)]
    one, two = make("one"), make("two")
    take_in(one, *media(*names))
    take_in(two, *media(*names[:200], *(f"own{n}" for n in range(200))))
    assert voices.among(["one", "two"]) == []
    assert 10 < len({key for key, *_ in comparing._sample(one)}) < 80
    assert comparing._shares(one, two)[two.pk] == pytest.approx(0.5, abs=0.25)
    take_in(two, *media(*names[200:]))
    assert voices.among(["one", "two"])[0].share == 1.0


@pytest.mark.parametrize("md5", [True, False])
def test_an_exact_match_of_a_copy_is_still_held_where_the_bank_holds_by_one_list(holding, bank, fold, md5):
    services.change_bank("KNOWN", hold="always", actor=ACTOR)
    for name in ("monday", "tuesday"):
        take_in(make(name), listed("a", pdq=hash_of("a"), md5=b"m" * 16))
    fold(sent(post("1")), event(hashed("1", Hash("md5", (b"m" * 16).hex()) if md5 else pdq(hash_of("a")))))
    assert Hold.objects.exists() == md5
