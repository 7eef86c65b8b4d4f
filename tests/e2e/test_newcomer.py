"""Somebody who has never seen the desk: one command, one link, one key, and the platform has heard of it."""

import json
import re
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.support.desk import EVENHAND
from tests.support.ports import free_port
from tests.support.processes import Child

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
MINUTES_TO_A_DECISION = 2


def received(address):
    with urllib.request.urlopen(address, timeout=5) as answer:
        return json.load(answer)


def decided(webhooks):
    """Those that follow from a decision; what a rule held until somebody decides is none."""
    return [webhook for webhook in webhooks if webhook["kind"] not in ("hold", "release")]


def test_a_newcomer_decides_a_first_case_within_two_minutes_of_the_command(tmp_path, browser):
    began = time.monotonic()
    command = [EVENHAND, "demo", "--data", tmp_path / "demo", "--port", str(free_port())]
    with Child(command, env={"EVENHAND_CONFIG": ""}) as demo:
        entry = re.search(r"http://\S+", demo.wait_for("Sign in once", 120)).group()
        on_the_platform = re.search(r"http://\S+/received", demo.wait_for("/received", 10)).group()
        page = browser.new_context().new_page()
        page.goto(entry)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Start with the first").click()
        page.wait_for_url("**/cases/**")
        page.wait_for_load_state("networkidle")
        first = page.get_by_role("heading", level=1).first
        asked = first.inner_text()
        page.keyboard.press("e")
        expect(first).not_to_have_text(asked)
        assert time.monotonic() - began < MINUTES_TO_A_DECISION * 60
        while not (arrived := decided(received(on_the_platform))):
            assert time.monotonic() - began < MINUTES_TO_A_DECISION * 60
            time.sleep(0.5)
        page.context.close()
    assert [webhook["action"] for webhook in arrived] == ["remove"]
