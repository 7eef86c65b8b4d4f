"""One address on many items is one request, and a host is asked by two at most."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from evenhand.desk.media.services.sharing import AT_ONCE, Shared
from evenhand.runtime import config

URL = "https://m.example/1.png"


class Host:
    """Counts who asks, and how many at once."""

    def __init__(self) -> None:
        self.asked = self.now = self.most = 0
        self._lock = threading.Lock()

    def answer(self) -> str:
        with self._lock:
            self.asked += 1
            self.now += 1
            self.most = max(self.most, self.now)
        threading.Event().wait(0.02)
        with self._lock:
            self.now -= 1
        return f"answer {self.asked}"


def forever(_answer: str) -> float:
    return 300.0


def test_who_asks_while_another_asks_takes_its_answer():
    host, shared = Host(), Shared()
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: shared.get(URL, "image", host.answer, lasts=forever), range(8)))
    assert (host.asked, set(got)) == (1, {"answer 1"})


def test_an_answer_lasts_for_its_time_and_no_longer():
    now = [0.0]
    host, shared = Host(), Shared(lambda: now[0])
    for moment in (0.0, 4.9, 5.1):
        now[0] = moment
        shared.get(URL, "image", host.answer, lasts=lambda _: 5.0)
    assert host.asked == 2


def test_the_same_file_as_another_kind_is_asked_anew():
    host, shared = Host(), Shared()
    for kind in ("image", "video"):
        shared.get(URL, kind, host.answer, lasts=forever)
    assert host.asked == 2


def test_a_host_is_asked_by_two_at_once():
    host, shared = Host(), Shared()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: shared.get(f"{URL}?{n}", "image", host.answer, lasts=forever), range(8)))
    assert (host.asked, host.most) == (8, AT_ONCE)


@pytest.mark.parametrize("allowed", ["10.0.0.7", "10.0.0.7:8080"])
def test_what_a_private_host_says_to_one_is_not_kept_for_another(monkeypatch, allowed):
    private = config.Config(**{**vars_of(config.current()), "allow_private": (allowed,)})
    monkeypatch.setattr(config, "current", lambda: private)
    host, shared = Host(), Shared()
    for _ in range(2):
        shared.get("http://10.0.0.7:8080/1.png", "image", host.answer, lasts=forever)
    assert host.asked == 2


def vars_of(settings: config.Config) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__}
