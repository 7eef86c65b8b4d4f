"""kill -9 between a hold by licence and its webhook: the platform is told all the same, of each hold by one message.

EVENHAND_TEST_KILL_ROUNDS sets how many rounds (2 in CI).
"""

import os
import random
import time

import pytest

from tests.support import inside, licensed
from tests.support.desk import evenhand, serving
from tests.support.platform import Client, item, report
from tests.support.receiver import receiving

ROUNDS = int(os.environ.get("EVENHAND_TEST_KILL_ROUNDS", "2"))
PATIENCE_SECONDS = 60
TOLD = """
import django, json; django.setup()
from evenhand.desk.audit.models import Entry
from evenhand.desk.enforcement.models import Delivery, Hold, PolicyLicence
print(json.dumps({
    "licensed": PolicyLicence.objects.filter(score__isnull=False).exists(),
    "held": sorted(Hold.objects.filter(cause="licence").values_list("item_id", flat=True)),
    "recorded": Entry.objects.filter(act="held").count(),
    "messages": [[one.message_id, one.state] for one in Delivery.objects.order_by("pk")],
}))
"""
pytestmark = [pytest.mark.faults, pytest.mark.timeout(200 + ROUNDS * 30)]


def test_a_hold_and_its_webhook_survive_kill_9_at_any_moment(tmp_path):
    """The platform refuses until the desk was killed, so that holds are there whose webhooks have not arrived."""
    chance = random.Random(13)
    with receiving() as hooks:
        hooks.status = 503
        env = {"EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port}"}
        evenhand("apply", licensed.write(tmp_path, hooks=hooks.url), "--yes", data=tmp_path, env=env)
        key = evenhand("keys", "create", "k", "--scope", "ingest,report", data=tmp_path, env=env).strip()
        inside.run(licensed.AUDITS, tmp_path)
        with serving(tmp_path, env=env) as desk, Client(desk.url, key) as client:
            before = [item(f"before-{number}", "a quiet day") for number in range(licensed.ITEMS)]
            assert client.post("/api/v1/items/async/", {"items": before}).status == 202
            inside.told_when(TOLD, tmp_path, lambda told: told["licensed"], patience=PATIENCE_SECONDS)
        for number in range(ROUNDS):
            with serving(tmp_path, env=env) as desk:
                with Client(desk.url, key) as client:
                    body = report(f"p{number}", "r1", policyId="spam")
                    body["reportedItem"] = item(f"p{number}", f"One {licensed.WORDS}, number {number}")
                    assert client.post("/api/v1/report", body).status == 201
                time.sleep(chance.uniform(0.0, 1.0))
                desk.process.kill()
        hooks.status = 200
        with serving(tmp_path, env=env):
            told = inside.told_when(TOLD, tmp_path, is_settled, patience=PATIENCE_SECONDS)
        delivered = {got.headers["webhook-id"] for got in hooks.accepted()}
    assert told["held"] == [f"p{number}" for number in range(ROUNDS)]
    assert told["recorded"] == ROUNDS
    assert len(told["messages"]) == ROUNDS
    assert delivered == {message for message, _ in told["messages"]}


def is_settled(told: dict) -> bool:
    return len(told["held"]) >= ROUNDS and all(state == "delivered" for _, state in told["messages"])
