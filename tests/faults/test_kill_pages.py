"""kill -9 while somebody is to be woken: the page leaves all the same, and the alarm rings once.

EVENHAND_TEST_KILL_ROUNDS sets how many rounds (2 in CI).
"""

import os
import random
import time

import pytest

from tests.support import inside, platform
from tests.support.desk import evenhand, serving
from tests.support.platform import Client, report
from tests.support.receiver import receiving, receiving_raw

ROUNDS = int(os.environ.get("EVENHAND_TEST_KILL_ROUNDS", "2"))
PATIENCE_SECONDS = 60
NIGHT = """
import django; django.setup()
import datetime, sys
from django.utils import timezone
from evenhand.desk.accounts import queries as accounts
from evenhand.desk.duty import services
ana = accounts.person("gia@example.com")
services.set_way(ana, "push", sys.argv[1], by=ana)
services.begin(ana, until=timezone.now() + datetime.timedelta(hours=8), cap=50, shown={})
"""
TOLD = """
import django, json; django.setup()
from evenhand.desk.duty.models import Alarm
from evenhand.desk.enforcement.models import Delivery
print(json.dumps({
    "alarms": [[one.case_id, one.pages.count()] for one in Alarm.objects.order_by("pk")],
    "pages": [[one.message_id, one.state] for one in Delivery.objects.filter(kind="page").order_by("pk")],
}))
"""
pytestmark = [pytest.mark.faults, pytest.mark.timeout(200 + ROUNDS * 30)]


def test_a_page_survives_kill_9_at_any_moment(tmp_path):
    """The topic refuses until the desk was killed, so that pages wait in the outbox when it is."""
    chance = random.Random(11)
    with receiving() as hooks, receiving_raw(status=503) as topic:
        env = {"EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port},127.0.0.1:{topic.port}"}
        evenhand("apply", platform.write(tmp_path, hooks=hooks.url), "--yes", data=tmp_path, env=env)
        key = evenhand("keys", "create", "k", "--scope", "ingest,report", data=tmp_path, env=env).strip()
        evenhand(
            "users", "create", "gia@example.com", "--role", "child_safety", "--password-stdin",
            data=tmp_path, given="four unrelated words here", env=env,
        )  # fmt: skip
        inside.run(NIGHT, tmp_path, f"{topic.url}/night")
        for number in range(ROUNDS):
            with serving(tmp_path, env=env) as desk:
                with Client(desk.url, key) as client:
                    assert client.post("/api/v1/report", report(f"c{number}", "r1", policyId="minors")).status == 201
                time.sleep(chance.uniform(0.5, 5.0))  # before, while or after it is found, paged, sent
                desk.process.kill()
        topic.status = 200
        with serving(tmp_path, env=env):
            told = inside.told_when(TOLD, tmp_path, is_settled, patience=PATIENCE_SECONDS)
        delivered = {got.headers["x-message-id"] for got in topic.got}
    assert [pages for _, pages in told["alarms"]] == [1] * ROUNDS
    assert len({case for case, _ in told["alarms"]}) == ROUNDS
    assert {message for message, _ in told["pages"]} == delivered
    assert len(told["pages"]) == ROUNDS


def is_settled(told: dict) -> bool:
    """Each case has its page, and each page has left."""
    return len(told["pages"]) >= ROUNDS and all(state == "delivered" for _, state in told["pages"])
