"""kill -9 while media are fetched, hashed and searched: each medium is hashed or says why not, each planted match is
told once, and searches of what was seen go on. Some entries are there before their media, some come while these are
looked at: a medium may then be found by its own event, by a search, or by both.

EVENHAND_TEST_KILL_ROUNDS sets how many rounds (2 in CI; the full run is 20).
"""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support import platform
from tests.support.desk import EVENHAND, evenhand, serving
from tests.support.platform import Client, item
from tests.support.processes import Child

ROUNDS = int(os.environ.get("EVENHAND_TEST_KILL_ROUNDS", "2"))
IS_FULL = ROUNDS > 2
PATIENCE_SECONDS = 120
EACH_ROUND = 16 if IS_FULL else 8
pytestmark = [pytest.mark.faults, pytest.mark.timeout(120 + ROUNDS * 40)]
LOOK = """
import django, json; django.setup()
from evenhand.desk.cases.models import Case
from evenhand.desk.fields import now_micros
from evenhand.desk.media.models import Look, Match, RetroScan
from evenhand.desk.signals.models import Signal
looks = list(Look.objects.values_list("item_id", "state", "error"))
found = Signal.objects.filter(detector="media:KNOWN").values_list("item_id", "evidence")
told = [(item, match["entry"]) for item, evidence in found for match in evidence["matches"]]
matches = list(Match.objects.values_list("item_id", "entry__key"))
cases = list(Case.objects.values_list("item_id", flat=True))
scans = RetroScan.objects.filter(ended_at=None)
print(json.dumps([looks, told, matches, cases, scans.count(), RetroScan.objects.count()]))
now = now_micros()
Look.objects.filter(due_at__isnull=False).update(due_at=now)
scans.update(begun_at=now - 60_000_000, leased_until=now)
"""


def picture(n: int) -> bytes:
    """A generated picture that no other number has."""
    coarse = np.random.default_rng(n).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(coarse).resize((160, 160), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A small file of 400 million pixels."""
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    return file.getvalue()


@contextmanager
def pictures() -> Iterator[int]:
    """A host of /N.png: every fourth is slow, every fourth is not there at first, every fourth is a bomb."""
    asked: Counter[int] = Counter()
    explosive = bomb()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            n = int(self.path.strip("/").removesuffix(".png"))
            asked[n] += 1
            if n % 4 == 1:
                time.sleep(0.4)
            missing = n % 4 == 2 and asked[n] == 1
            body = b"" if missing else explosive if n % 4 == 3 else picture(n)
            try:
                self.send_response(404 if missing else 200)
                self.send_header("content-type", "image/png")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class State:
    """What the desk's database says of its media. Nobody waits here until pauses, and the leases of those who were
    killed, are over: whoever looks makes them due."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        django = {
            "DJANGO_SETTINGS_MODULE": "evenhand.desk.settings",
            "EVENHAND_DATA": str(folder),
            "EVENHAND_CONFIG": "",
        }
        done = subprocess.run(
            [sys.executable, "-c", LOOK],
            env={**os.environ, **env, **django},
            capture_output=True,
            text=True,
            check=True,
        )
        looks, told, matches, cases, self.scans_open, self.scans = json.loads(done.stdout)
        self.looks = {id_: (state, error) for id_, state, error in looks}
        self.told = Counter(map(tuple, told))
        self.matches = Counter(map(tuple, matches))
        self.cases = Counter(cases)


def listed(folder: Path, name: str, numbers: list[int], env: dict[str, str]) -> None:
    """Numbers' pictures are put into the bank, by the hash of their bytes."""
    file = folder / f"{name}.txt"
    file.write_text("".join(hashlib.sha256(picture(n)).hexdigest() + "\n" for n in numbers))
    evenhand("media", "bank", "import", "KNOWN", file, "--kind", "sha256", data=folder, env=env)


def post(url: str, key: str, port: int, numbers: range) -> None:
    with Client(url, key) as client:
        items = [item(f"m{n}", f"text {n}", images=[f"http://127.0.0.1:{port}/{n}.png"]) for n in numbers]
        assert client.post("/api/v1/items/async/", {"items": items}).status == 202


def settled(folder: Path, env: dict[str, str], count: int, planted: set[str]) -> State:
    """Everything was hashed or says why not, and what was planted is found. The full run waits for the end of the
    last search, too: half a minute, in which it looks at what came late."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        state = State(folder, env)
        done = sum(one in ("hashed", "undecodable") for one, _ in state.looks.values())
        if done == count and {id_ for id_, _ in state.matches} >= planted and not (IS_FULL and state.scans_open):
            return state
        assert time.monotonic() < deadline, (state.looks, planted - {id_ for id_, _ in state.matches})
        time.sleep(1.0)


def beside(folder: Path, env: dict[str, str]) -> Child:
    """A worker that looks at media as the server does."""
    return Child([EVENHAND, "worker", "--data", folder], env={**env, "EVENHAND_CONFIG": ""})


def test_no_medium_and_no_match_is_lost_or_told_twice_by_kill_9(tmp_path):
    chance = random.Random(11)
    count = EACH_ROUND * ROUNDS
    early = [n for n in range(count) if n % 8 in (0, 1, 2)]
    late = [n for n in range(count) if n % 8 in (4, 5)]
    planted = {f"m{n}" for n in early + late}
    with pictures() as port:
        env = {"EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{port}", "EVENHAND_MEDIA_HOSTS": "127.0.0.1"}
        evenhand("apply", platform.write(tmp_path, hooks="http://127.0.0.1:9"), "--yes", data=tmp_path, env=env)
        evenhand("media", "bank", "create", "KNOWN", "--policy", "spam", data=tmp_path, env=env)
        listed(tmp_path, "early", early, env)
        key = evenhand("keys", "create", "k", "--scope", "ingest,read", data=tmp_path, env=env).strip()
        for n in range(ROUNDS):
            first = n * EACH_ROUND
            with serving(tmp_path, env=env) as desk:
                worker = beside(tmp_path, env) if n == 0 or IS_FULL else None
                post(desk.url, key, port, range(first, first + EACH_ROUND))
                time.sleep(chance.uniform(0.0, 1.0))
                listed(tmp_path, f"late{n}", [one for one in late if first <= one < first + EACH_ROUND], env)
                time.sleep(chance.uniform(0.0, 1.0))
                if worker is not None:
                    worker.kill()
                    time.sleep(chance.uniform(0.0, 0.5))
                desk.process.kill()
            if IS_FULL:
                State(tmp_path, env)
        with serving(tmp_path, env=env):
            state = settled(tmp_path, env, count, planted)
    assert {id_ for id_, (one, _) in state.looks.items() if one == "undecodable"} == {
        f"m{n}" for n in range(count) if n % 4 == 3
    }
    assert all(error for one, error in state.looks.values() if one != "hashed")
    assert {id_ for id_, _ in state.matches} == planted
    assert set(state.matches.values()) == {1}
    assert {id_ for id_, _ in state.told} == planted
    assert set(state.told.values()) == {1}, "a signal for an item and an entry is told once"
    assert state.cases == dict.fromkeys(planted, 1)
    assert state.scans
    if IS_FULL:
        evenhand("ledger", "verify", data=tmp_path, env=env)
    told = subprocess.run(
        [EVENHAND, "check", "--json", "--data", tmp_path], env={**os.environ, **env, "EVENHAND_CONFIG": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "events_passed_over" not in {problem["code"] for problem in json.loads(told.stdout)["problems"]}
