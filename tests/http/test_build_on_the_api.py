"""Programs clear a running desk's queue over HTTP: two at once never hold one case; the how-to's does as it says."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.support import platform
from tests.support.desk import evenhand, serving
from tests.support.platform import Client
from tests.support.ports import HOST

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "build-on-the-api.md"
CASES = 40


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    evenhand("apply", platform.write(folder, hooks=f"http://{HOST}:9/hooks"), "--yes", data=folder)
    for name in ("ana", "ben"):
        evenhand("users", "create", f"{name}@example.com", "--role", "moderator", data=folder)
    with serving(folder) as running:
        yield running


def key(desk, name, scope, person=None):
    acts_as = ("--as", f"{person}@example.com") if person else ()
    return evenhand("keys", "create", name, "--scope", scope, *acts_as, data=desk.data).strip()


def report(desk, names):
    """Report posts that say nothing alike, and wait until they are cases. The numbers of all that are open."""
    raw = key(desk, f"platform-{names[0]}", "report,read")
    with Client(desk.url, raw) as client:
        reports = [
            {
                "item": {"type": "post", "id": name, "data": {"text": hashlib.sha256(name.encode()).hexdigest()}},
                "reporter": {"kind": "user", "type": "account", "id": f"r-{name}"},
                "reported_at": "2026-01-31T12:00:00Z",
                "policy": "spam",
            }
            for name in names
        ]
        assert client.post("/api/v2/reports", {"reports": reports}).status < 300
        deadline = time.monotonic() + 20
        while True:
            found = client.get("/api/v2/cases?state=open&limit=200").body["items"]
            if {case["item"]["id"] for case in found} >= set(names):
                return sorted(case["id"] for case in found)
            assert time.monotonic() < deadline
            time.sleep(0.1)


class Clearing(threading.Thread):
    """Takes a case, looks at it for a moment, decides it, until there is none."""

    def __init__(self, desk, raw, together):
        super().__init__(daemon=True)
        self.client, self.together = Client(desk.url, raw), together
        self.handed, self.answers = [], []

    def run(self):
        self.together.wait()
        while case := self.client.post("/api/v2/queue/next", {}).body["case"]:
            self.handed.append(case["id"])
            time.sleep(0.01)
            said = {"version": case["version"], "kind": "dismiss"}
            self.answers.append(self.client.post(f"/api/v2/cases/{case['id']}/decisions", said).status)
        self.client.close()


@pytest.mark.timeout(120)
def test_two_programs_clear_the_queue_at_once_and_never_hold_one_case(desk):
    waiting = report(desk, [f"p{number}" for number in range(CASES)])
    together = threading.Barrier(2)
    both = [Clearing(desk, key(desk, f"of-{name}", "moderate", name), together) for name in ("ana", "ben")]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
        assert not one.is_alive()
    first, second = (one.handed for one in both)
    assert sorted(first + second) == waiting, "each was handed out once, to one of them"
    assert min(len(first), len(second)) > 0, "both had their part"
    assert {status for one in both for status in one.answers} == {200}


@pytest.mark.timeout(120)
def test_the_how_tos_program_clears_cases(desk, tmp_path):
    report(desk, ["boat", "lamp", "rope"])
    [script] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "terminal.py").write_text(script, "utf-8")
    raw = key(desk, "terminal", "moderate", "ana")
    done = subprocess.run(
        [sys.executable, tmp_path / "terminal.py"],
        env={**os.environ, "EVENHAND_URL": desk.url, "EVENHAND_KEY": raw},
        input="remove\ndismiss\nstop\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert hashlib.sha256(b"boat").hexdigest() in done.stdout
    assert done.stdout.count("/undo") == 2
    made = evenhand("export", "decisions", data=desk.data).splitlines()[-2:]
    assert [json.loads(one)["kind"] for one in made] == ["act", "dismiss"]
    with Client(desk.url, raw) as client:
        [left] = client.get("/api/v2/queue").body["items"]
        assert left["holder"] is None
