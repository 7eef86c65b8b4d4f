"""Another process holds SQLite's write lock for seconds (a stranger's tool, say): the desk waits, and loses nothing."""

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from tests.support import inside, platform
from tests.support.desk import evenhand, serving
from tests.support.platform import Client, report
from tests.support.ports import HOST

LOCKED_SECONDS = 3.0
REPORTS = 12
HOLDING = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
database.execute("ROLLBACK")
"""
PREPARED = """
import django, json; django.setup()
from evenhand.desk.accounts import services as accounts
ana = accounts.create_user("ana@example.com", ["moderator"], by="system:test")
app = accounts.create_key("app", ["report", "read"], by="system:test")
print(json.dumps([app, accounts.create_key("hand", ["moderate"], by="system:test", acts_as=ana)]))
"""
DECIDED = "SELECT count(*) FROM enforcement_decision WHERE kind = 'dismiss'"
pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]


@contextmanager
def locked(file):
    """Nobody else writes to this database until some seconds have passed."""
    with subprocess.Popen([sys.executable, "-c", HOLDING, file, str(LOCKED_SECONDS)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"locked\n"
        yield


def waits(client, queue, wanted):
    deadline = time.monotonic() + 30
    while len(found := client.get(queue).body["items"]) < wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    return {case["item"]["id"] for case in found}


def test_what_comes_while_the_database_is_locked_waits_and_is_kept_once(tmp_path):
    evenhand("apply", platform.write(tmp_path, hooks=f"http://{HOST}:9/hooks"), "--yes", data=tmp_path)
    key, hand = json.loads(inside.run(PREPARED, tmp_path))
    with serving(tmp_path) as desk, Client(desk.url, key) as app, Client(desk.url, hand) as ana:
        assert app.post("/api/v1/report", report("first", "r0", policyId="spam")).status == 201
        waits(app, "/api/v2/cases?state=open", 1)
        case = ana.post("/api/v2/queue/next", {}).body["case"]
        verdict = {"version": case["version"], "kind": "dismiss", "policy": "spam"}
        asked = [(app, "/api/v1/report", report(f"p{n}", f"r{n}", policyId="spam")) for n in range(REPORTS)]
        asked.append((ana, f"/api/v2/cases/{case['id']}/decisions", verdict))
        answers = []
        with locked(tmp_path / "desk.sqlite3"):
            began = time.monotonic()
            senders = [
                threading.Thread(target=lambda one=one: answers.append(one[0].post(*one[1:]).status)) for one in asked
            ]
            for sender in senders:
                sender.start()
            while_locked = app.get("/api/v2/cases?state=open")
            read_after = time.monotonic() - began
            for sender in senders:
                sender.join()
        assert while_locked.status == 200
        assert read_after < LOCKED_SECONDS, "who only reads does not wait"
        assert sorted(answers) == [200, *[201] * REPORTS]
        assert waits(app, "/api/v2/cases?state=open", REPORTS) == {f"p{n}" for n in range(REPORTS)}
    assert inside.ask(tmp_path, DECIDED) == 1
