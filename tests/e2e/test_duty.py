"""A night, from the keyboard: hours, good night, a page on the telephone, the morning; and media held to be seen."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support import platform
from tests.support.desk import Desk, evenhand, serving
from tests.support.pictures import showing
from tests.support.platform import Client, item, report
from tests.support.receiver import RawReceiver, receiving, receiving_raw

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PASSWORD = "four unrelated words here"
SHOTS = os.environ.get("EVENHAND_TEST_SHOTS", "")
"""A folder for pictures of the pages, for who wants to look at them."""
THREAT = """
[[policies]]
id = "threat"
name = "Threats"
harm = 60.0
lane = "critical"
looks_a_day = 3
"""
HOLD = """
import django; django.setup()
from django.db import transaction
from evenhand.desk.enforcement.services.holds import absorb
from evenhand.desk.fields import now_micros
from evenhand.engine.model import Ref, Signal
for name in ("boat", "house", "lamp"):
    with transaction.atomic():
        absorb([], [Signal(detector="rule:Flood", version="1", subject=Ref("post", name), event_id="e" * 32,
                           at=now_micros(), summary="Rule Flood: many links", policy="spam", probability=0.9,
                           effect="hold", evidence={"hours": 24.0})])
"""
CRITICAL = """
import django; django.setup()
from evenhand.desk.cases.models import Case
Case.objects.filter(item_id="threat").update(lane=0)
"""


class Place:
    def __init__(self, desk: Desk, key: str, topic: RawReceiver, picture: str) -> None:
        self.desk, self.key, self.topic, self.picture = desk, key, topic, picture

    def run(self, code: str) -> None:
        django = {"DJANGO_SETTINGS_MODULE": "evenhand.desk.settings", "EVENHAND_CONFIG": ""}
        django["EVENHAND_DATA"] = str(self.desk.data)
        subprocess.run([sys.executable, "-c", code], env={**os.environ, **django}, check=True, capture_output=True)

    def report(self, name: str, reporter: str, policy: str, **data: object) -> None:
        with Client(self.desk.url, self.key) as client:
            body = report(name, reporter, policyId=policy)
            body["reportedItem"] = item(name, f"A {name} for sale, very cheap", author="cy", **data)
            assert client.post("/api/v1/report", body).status == 201


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("night")
    with receiving() as hooks, receiving_raw() as topic, showing() as pictures:
        env = {
            "EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port},127.0.0.1:{pictures},127.0.0.1:{topic.port}",
            "EVENHAND_MEDIA_HOSTS": "127.0.0.1",
        }
        file = platform.write(folder, hooks=hooks.url)
        text = file.read_text().replace("[[actions]]", f"{THREAT}\n[[actions]]", 1)
        file.write_text(text.replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\nrules_may = "act"\n'))
        evenhand("apply", file, "--yes", data=folder, env=env)
        key = evenhand("keys", "create", "night", "--scope", "ingest,report", data=folder, env=env).strip()
        evenhand(
            "users", "create", "ann@example.com", "--role", "moderator", "--role", "admin", "--password-stdin",
            data=folder, given=PASSWORD, env=env,
        )  # fmt: skip
        with serving(folder, env=env) as desk:
            yield Place(desk, key, topic, f"http://127.0.0.1:{pictures}/1.png")


@pytest.fixture
def ann(place, browser) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=place.desk.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.close()
    yield context
    context.close()


def shot(page: Page, name: str) -> None:
    """As a desk and a telephone show it, in the light and in the dark."""
    if not SHOTS:
        return
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_night_from_the_evening_to_the_morning(place, ann, browser):
    page = ann.new_page()
    for name in ("boat", "house", "lamp"):
        place.report(name, "r1", "spam")
    page.goto("/hours/")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Monday").fill("9-12, 13:30-17")
    page.get_by_label("Place in the order of calls").fill("1")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("Monday")).to_have_value("09:00–12:00, 13:30–17:00")
    page.get_by_label("Push").fill(f"{place.topic.url}/night")
    page.get_by_role("button", name="Save").nth(1).click()
    page.get_by_role("button", name="Send me a test").click()
    page.wait_for_timeout(2_000)
    page.reload()
    expect(page.get_by_text("works", exact=True)).to_be_visible()
    shot(page, "hours")

    page.goto("/night/")
    expect(page.get_by_role("heading", name="Will be held")).to_be_visible()
    expect(page.locator(".called")).to_contain_text("Push")
    shot(page, "evening")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="It is night")).to_be_visible()

    place.report("threat", "r1", "threat")
    page.wait_for_timeout(1_500)
    place.run(CRITICAL)
    place.run(HOLD)
    for _ in range(60):
        if [got for got in place.topic.got if got.headers["x-priority"] == "5"]:
            break
        page.wait_for_timeout(250)
    [paged] = [got for got in place.topic.got if got.headers["x-priority"] == "5"]
    assert "cheap" not in paged.body.decode()

    telephone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    telephone.goto(paged.headers["x-click"])
    expect(telephone.get_by_text("Threats")).to_be_visible()
    shot(telephone, "link")
    telephone.get_by_role("button", name="I am on it").click()
    expect(telephone.get_by_text("is on it. It pages nobody else.")).to_be_visible()
    telephone.context.close()

    page.goto("/night/")
    shot(page, "night")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
    expect(page.locator(".held-row")).to_have_count(3)
    shot(page, "morning")
    page.keyboard.press("c")
    expect(page.locator(".held-row")).to_have_count(2)
    page.wait_for_timeout(200)
    page.keyboard.press("l")
    expect(page.locator(".held-row")).to_have_count(1)


def test_media_are_clear_only_while_a_key_or_the_button_is_held_and_that_is_counted(place, ann):
    place.report("picture", "r1", "threat", images=[place.picture])
    page = ann.new_page()
    page.wait_for_timeout(2_000)
    page.goto("/search/?q=picture&in=cases")
    page.locator("[data-row]").first.click()
    expect(page.locator(".media button")).to_be_visible()
    page.keyboard.press("o")
    veil = page.locator(".veil")
    expect(veil.locator("img")).to_be_visible()

    def blurred() -> bool:
        return "blur" in veil.locator("img").evaluate("one => getComputedStyle(one).filter")

    assert blurred()
    page.keyboard.down("v")
    assert not blurred()
    page.wait_for_timeout(2_200)
    page.keyboard.up("v")
    assert blurred()
    button = page.get_by_role("button", name="Hold to see clearly")
    button.focus()
    page.keyboard.down("Space")
    assert not blurred()
    page.keyboard.up("Space")
    assert blurred()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    assert not blurred()
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert blurred()
    page.mouse.up()
    shot(page, "media")
    page.keyboard.press("o")
    page.wait_for_timeout(500)
    page.goto("/exposure/")
    row = page.get_by_role("row", name=re.compile("Threats")).first
    expect(row).to_contain_text("1 / 3")
    assert int(row.locator("td").nth(3).inner_text().split()[0]) in {2, 3}
    shot(page, "exposure")
