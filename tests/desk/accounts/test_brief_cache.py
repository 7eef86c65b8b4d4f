"""A memory that forgets soon, and is never large."""

import pytest

from evenhand.desk.accounts.brief_cache import BriefCache


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_an_answer_is_kept_for_its_time_and_not_longer(clock):
    cache = BriefCache(seconds=2, size=10, clock=clock)
    answers = iter("ab")
    assert cache.get("k", lambda: next(answers)) == "a"
    clock.now = 1.9
    assert cache.get("k", lambda: next(answers)) == "a"
    clock.now = 2.0
    assert cache.get("k", lambda: next(answers)) == "b"


def test_an_answer_is_as_old_as_its_question(clock):
    cache = BriefCache(seconds=2, size=10, clock=clock)

    def slow():
        clock.now += 1.5
        return "a"

    cache.get("k", slow)
    clock.now += 0.6
    assert cache.get("k", lambda: "b") == "b"


def test_nothing_is_an_answer_too(clock):
    cache = BriefCache(seconds=2, size=10, clock=clock)
    assert cache.get("k", lambda: None) is None
    assert cache.get("k", lambda: "found") is None


def test_an_error_is_not_kept(clock):
    cache = BriefCache(seconds=2, size=10, clock=clock)
    with pytest.raises(ZeroDivisionError):
        cache.get("k", lambda: 1 // 0)
    assert cache.get("k", lambda: "found") == "found"


def test_it_never_holds_more_than_its_size_and_the_oldest_goes_first(clock):
    cache = BriefCache(seconds=2, size=3, clock=clock)
    for name in "abcde":
        cache.get(name, lambda name=name: name)
    assert len(cache) == 3
    assert cache.get("e", lambda: "asked again") == "e"
    assert cache.get("a", lambda: "asked again") == "asked again"


def test_it_can_forget_at_once(clock):
    cache = BriefCache(seconds=2, size=3, clock=clock)
    cache.get("k", lambda: "a")
    cache.clear()
    assert cache.get("k", lambda: "b") == "b"
