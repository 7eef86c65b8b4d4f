"""One key hides an item while its case waits, and shows it again; the platform is told both."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import platform
from tests.support.desk import evenhand, serving
from tests.support.platform import Client, report
from tests.support.receiver import Receiver, receiving

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(90)]

PASSWORD = "four unrelated words here"
UNDO = 1  # seconds


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    with receiving() as hooks:
        yield hooks


def document(folder: Path, hooks: str) -> Path:
    file = platform.write(folder, hooks=hooks)
    file.write_text(file.read_text().replace('name = "Spam"\n', 'name = "Spam"\nhold = "remove"\n', 1))
    return file


@pytest.fixture
def page(tmp_path, hooks, browser) -> Iterator[Page]:
    """Fay looks at the only case."""
    env = {"EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port}", "EVENHAND_UNDO_SECONDS": str(UNDO)}
    evenhand("apply", document(tmp_path, hooks.url), "--yes", data=tmp_path, env=env)
    key = evenhand("keys", "create", "k", "--scope", "report", data=tmp_path, env=env).strip()
    evenhand(
        "users", "create", "fay@example.com", "--role", "moderator", "--password-stdin",
        data=tmp_path, given=PASSWORD, env=env,
    )  # fmt: skip
    with serving(tmp_path, env=env) as desk:
        with Client(desk.url, key) as client:
            assert client.post("/api/v1/report", report("p1", "r1", policyId="spam")).status == 201
        context = browser.new_context(base_url=desk.url)
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("E-mail").fill("fay@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
        for _ in range(60):
            page.goto("/")
            if page.locator("[data-row]").count():
                break
            time.sleep(0.3)
        page.locator("[data-row]").first.click()
        expect(page.locator(".decide")).to_be_visible()
        yield page
        context.close()


def told(hooks: Receiver, action: str, seconds: float = 20) -> dict:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for got in hooks.accepted():
            if got.body["action"]["id"] == action:
                return got.body
        time.sleep(0.2)
    raise AssertionError(f"nobody was told of {action}")


def test_shift_h_holds_and_shows_again(page, hooks):
    address = page.url
    page.get_by_label("How long").select_option("6")
    page.keyboard.press("Shift+H")
    expect(page.get_by_role("heading", name="Queue", level=1)).to_be_visible()
    assert "A moderator looks at whether it breaks" in told(hooks, "remove")["hold"]["statements"]["en"]
    page.goto(address)
    expect(page.get_by_text("Hidden until")).to_be_visible()
    page.keyboard.press("Shift+H")
    expect(page.get_by_text("Hidden until")).to_be_hidden()
    assert told(hooks, "restore")["decision"]["kind"] == "release"
