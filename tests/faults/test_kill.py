"""kill -9 at any moment: what was answered 2xx is there afterwards, what was decided is delivered, the ledger verifies,
and what rules counted is counted once.

EVENHAND_TEST_KILL_ROUNDS sets how many rounds (2 in CI; the full run is 100).
"""

import http.client
import json
import math
import os
import random
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.support import inside, platform
from tests.support.desk import EVENHAND, evenhand, serving
from tests.support.platform import Client, item, report
from tests.support.processes import Child
from tests.support.receiver import receiving

ROUNDS = int(os.environ.get("EVENHAND_TEST_KILL_ROUNDS", "2"))
PATIENCE_SECONDS = 90
RULES = """
Id: str = JsonData(path='$.evenhand.item.id')
Seen = IncrementWindow(key=Id, window_seconds=864000, when_all=[True])
Every = Rule(when_all=[Seen >= 1], description=f'{Seen}')
WhenRules(rules_any=[Every], then=[])
"""
COUNTS = """
import django, json; django.setup()
from evenhand.desk.signals.models import Signal
for item, evidence in Signal.objects.filter(detector="rule:Every").values_list("item_id", "evidence"):
    print(json.dumps([item, int(evidence["description"])]))
"""
pytestmark = [pytest.mark.faults, pytest.mark.timeout(400 + ROUNDS * 40)]


class Load:
    """Posts items, reports and actions from several threads, and remembers each that was answered 2xx."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.items: set[str] = set()
        self.reports: set[str] = set()
        self.actions: set[str] = set()
        self._number = 0
        self._lock = threading.Lock()

    def run(self, url: str, stop: threading.Event) -> None:
        with Client(url, self.key, timeout=5) as client:
            while not stop.is_set():
                with self._lock:
                    self._number += 1
                    n = self._number
                time.sleep(0.02)
                try:
                    self._one(client, n)
                except (OSError, http.client.HTTPException, json.JSONDecodeError):
                    time.sleep(0.02)

    def _one(self, client: Client, n: int) -> None:
        if n % 3 == 0 and client.post("/api/v1/items/async/", {"items": [item(f"i{n}", f"text {n}")]}).status == 202:
            self.items.add(f"i{n}")
        if n % 3 == 1:
            answer = client.post("/api/v1/report", report(f"p{n % 50}", f"r{n}"))
            if answer.status == 201:
                self.reports.add(answer.body["reportId"])
        if n % 3 == 2:
            body = {"actionId": "remove", "itemId": f"a{n}", "itemTypeId": "post"}
            if client.post("/api/v1/actions", body).status == 202:
                self.actions.add(f"a{n}")


def run_rounds(folder: Path, load: Load, *, rounds: int, env: dict[str, str], kill_worker_only: bool) -> None:
    chance = random.Random(7)
    arguments = ["--no-worker"] if kill_worker_only else []
    for _ in range(rounds):
        stop = threading.Event()
        with serving(folder, *arguments, env=env) as desk:
            threads = [threading.Thread(target=load.run, args=(desk.url, stop)) for _ in range(4)]
            for thread in threads:
                thread.start()
            if kill_worker_only:
                kill_workers(folder, env, chance)
            time.sleep(chance.uniform(0.2, 1.2))
            desk.process.kill()
            stop.set()
            for thread in threads:
                thread.join()


def kill_workers(folder: Path, env: dict[str, str], chance: random.Random) -> None:
    """A worker process beside the server, killed while it folds; the next takes its partition over."""
    for _ in range(2):
        child = Child([EVENHAND, "worker", "--data", folder], env={**env, "EVENHAND_CONFIG": ""})
        child.wait_for("working")
        time.sleep(chance.uniform(0.1, 0.6))
        child.kill()


def count_with_rules(folder: Path, env: dict[str, str]) -> None:
    """A rule that fires on every event, and says the how manieth of its item it is."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "main.sml").write_text(RULES)
    evenhand("rules", "push", rules, data=folder, env=env)
    evenhand("rules", "move", "Every", "shadow", "--owner", "test", "--reason", "to count", data=folder, env=env)


def miscounted(folder: Path, env: dict[str, str]) -> dict[str, list[int]]:
    """Items whose events were not counted once each: their counts are not 1, 2, 3, …"""
    counts: dict[str, list[int]] = {}
    for line in inside.run(COUNTS, folder, env=env).splitlines():
        item_id, count = json.loads(line)
        counts.setdefault(item_id, []).append(count)
    assert counts
    return {name: found for name, found in counts.items() if sorted(found) != list(range(1, len(found) + 1))}


def passed_over(folder: Path, env: dict[str, str]) -> list[dict]:
    """What `evenhand check` says of events that lie behind the worker, and were not folded; other problems it has too:
    nobody decides here."""
    with pytest.raises(subprocess.CalledProcessError) as told:
        evenhand("check", "--json", data=folder, env=env)
    problems = json.loads(told.value.stdout)["problems"]
    assert problems
    return [problem for problem in problems if problem["code"] == "events_passed_over"]


def exported(what: str, folder: Path, env: dict[str, str]) -> list[dict]:
    return [json.loads(line) for line in evenhand("export", what, data=folder, env=env).splitlines()]


def settle(folder: Path, env: dict[str, str], load: Load, client: Client) -> None:
    """Wait until everything is folded and delivered. Fails, and names what is missing, when nothing comes any more."""
    items, least, deadline = load.items, math.inf, 0.0
    while True:
        items = {name for name in items if client.get(f"/api/v2/items/post/{name}").status != 200}
        reports = load.reports - {row["id"] for row in exported("reports", folder, env)}
        waiting = [row["id"] for row in exported("webhooks", folder, env) if row["state"] == "pending"]
        if not items and not reports and not waiting:
            return
        if (missing := len(items) + len(reports) + len(waiting)) < least:
            least, deadline = missing, time.monotonic() + PATIENCE_SECONDS
        assert time.monotonic() < deadline, f"lost: items {items}, reports {reports}; webhooks waiting: {waiting}"
        time.sleep(2.0)  # asking costs two seconds of a core


@pytest.mark.parametrize("kill_worker_only", [False, True], ids=["the desk", "its worker too"])
def test_nothing_that_was_answered_is_lost_by_kill_9(tmp_path, kill_worker_only):
    check(tmp_path, {}, kill_worker_only=kill_worker_only)


def test_nothing_is_lost_on_postgres_either(tmp_path, postgres_url):
    check(tmp_path, {"DATABASE_URL": postgres_url}, kill_worker_only=False)


def check(folder: Path, env: dict[str, str], *, kill_worker_only: bool) -> None:
    with receiving() as hooks:
        env = {**env, "EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port}", "EVENHAND_UNDO_SECONDS": "0.2"}
        evenhand("apply", platform.write(folder, hooks=hooks.url), "--yes", data=folder, env=env)
        count_with_rules(folder, env)
        scopes = "ingest,report,act,read"
        load = Load(evenhand("keys", "create", "k", "--scope", scopes, data=folder, env=env).strip())
        run_rounds(folder, load, rounds=ROUNDS, env=env, kill_worker_only=kill_worker_only)
        with serving(folder, env=env) as desk, Client(desk.url, load.key) as client:
            settle(folder, env, load, client)
        assert load.items
        assert load.reports
        assert load.actions
        decided = {row["item"]["id"] for row in exported("decisions", folder, env)}
        assert load.actions <= decided
        ids = {}
        for got in hooks.got:
            ids.setdefault(got.body["item"]["id"], set()).add(got.headers["webhook-id"])
        assert load.actions <= ids.keys()
        assert {item_id: len(found) for item_id, found in ids.items() if len(found) > 1} == {}
        reports = [row["id"] for row in exported("reports", folder, env)]
        assert len(reports) == len(set(reports))
        assert miscounted(folder, env) == {}
        assert passed_over(folder, env) == []
        evenhand("ledger", "verify", data=folder, env=env)
        kept = f"{len(load.items)} items, {len(load.reports)} reports, {len(load.actions)} actions"
        print(f"{ROUNDS} rounds of kill -9: {kept} kept")
