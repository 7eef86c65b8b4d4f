"""kill -9 while one decision goes through a cluster of cases: it goes on, and each case is decided once, told once.

EVENHAND_TEST_KILL_ROUNDS sets how many rounds (2 in CI).
"""

import os
import random
import time

import pytest

from tests.support import inside, platform
from tests.support.desk import evenhand, serving
from tests.support.platform import Client, item, report
from tests.support.receiver import receiving

ROUNDS = int(os.environ.get("EVENHAND_TEST_KILL_ROUNDS", "2"))
COPIES = 40 * ROUNDS
TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"
PATIENCE_SECONDS = 90
DECIDE = f"""
import django; django.setup()
from evenhand.desk.accounts.models import User
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.services import Chosen, batches
batches.AT_ONCE = 0.0
case = Case.objects.get(behind=False)
batches.decide_many(case.pk, version=case.version, by=User.objects.get(), kind="act", policy="spam", upto=10**9,
                    actions=[Chosen("remove")], typed="{COPIES}")
"""
TOLD = """
import django, json; django.setup()
from django.db.models import Count
from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import BatchItem, Decision, Delivery
print(json.dumps({
    "cases": Case.objects.filter(cluster__isnull=False).count(),
    "items": dict(BatchItem.objects.order_by().values_list("state").annotate(count=Count("pk"))),
    "decided": len(set(Decision.objects.values_list("case_id", flat=True))),
    "decisions": Decision.objects.count(),
    "recorded": Entry.objects.filter(act="decision").count(),
    "messages": [[one.message_id, one.state] for one in Delivery.objects.order_by("pk")],
}))
"""
pytestmark = [pytest.mark.faults, pytest.mark.timeout(240 + ROUNDS * 30)]


def test_a_decision_on_a_cluster_survives_kill_9_at_any_moment(tmp_path):
    chance = random.Random(17)
    with receiving() as hooks:
        env = {"EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port}", "EVENHAND_UNDO_SECONDS": "1"}
        evenhand("apply", platform.write(tmp_path, hooks=hooks.url), "--yes", data=tmp_path, env=env)
        key = evenhand("keys", "create", "k", "--scope", "ingest,report", data=tmp_path, env=env).strip()
        evenhand(
            "users", "create", "ann@example.com", "--role", "moderator", "--password-stdin",
            data=tmp_path, given="four unrelated words here", env=env,
        )  # fmt: skip
        with serving(tmp_path, env=env) as desk, Client(desk.url, key) as client:
            for number in range(COPIES):
                body = report(f"p{number}", f"r{number % 7}", policyId="spam")
                body["reportedItem"] = item(f"p{number}", TEXT, author=f"a{number}")
                assert client.post("/api/v1/report", body).status == 201
            inside.told_when(TOLD, tmp_path, lambda told: told["cases"] == COPIES, patience=PATIENCE_SECONDS)
        inside.run(DECIDE, tmp_path)
        for _ in range(ROUNDS):
            with serving(tmp_path, env=env) as desk:
                time.sleep(chance.uniform(0.2, 1.2))
                desk.process.kill()
        with serving(tmp_path, env=env):
            told = inside.told_when(TOLD, tmp_path, is_settled, patience=PATIENCE_SECONDS)
        delivered = {got.headers["webhook-id"] for got in hooks.accepted()}
    assert told["items"] == {"done": COPIES}
    assert told["decided"] == told["decisions"] == told["recorded"] == COPIES
    assert len(told["messages"]) == COPIES
    assert delivered == {message for message, _ in told["messages"]}


def is_settled(told: dict) -> bool:
    return told["items"] == {"done": COPIES} and all(state == "delivered" for _, state in told["messages"])
