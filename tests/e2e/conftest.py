"""A running desk with a small town's troubles in it, a browser, and people who are signed in."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support import inside, platform
from tests.support.chromium import FLAGS
from tests.support.desk import Desk, evenhand, serving
from tests.support.pictures import showing
from tests.support.platform import Client, item, report
from tests.support.receiver import Receiver, receiving

PASSWORD = "four unrelated words here"
PEOPLE = {"ann": ("moderator", "admin", "auditor"), "ben": ("moderator",)}
CASES = 48


class Town(NamedTuple):
    desk: Desk
    key: str
    hooks: Receiver
    picture: str
    """Address of a picture that the desk may stream."""


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with receiving() as hooks, showing() as pictures:
        env = {
            "EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{hooks.port},127.0.0.1:{pictures}",
            "EVENHAND_MEDIA_HOSTS": "127.0.0.1",
        }
        evenhand("apply", platform.write(folder, hooks=hooks.url), "--yes", data=folder, env=env)
        key = evenhand("keys", "create", "town", "--scope", "ingest,report,act,read", data=folder, env=env).strip()
        for name, roles in PEOPLE.items():
            granted = [part for role in roles for part in ("--role", role)]
            evenhand(
                "users", "create", f"{name}@example.com", *granted, "--password-stdin",
                data=folder, given=PASSWORD, env=env,
            )  # fmt: skip
        with serving(folder, env=env) as desk:
            town = Town(desk, key, hooks, f"http://127.0.0.1:{pictures}/1.png")
            with Client(desk.url, key) as client:
                _live(town, client)
            yield town


def _live(town: Town, client: Client) -> None:
    """What happened before the first person came in."""
    users = [{"id": name, "typeId": "account", "data": {"handle": f"{name.title()} Lantern"}} for name in ("ann", "cy")]
    assert client.post("/api/v1/items/async", {"items": users}).status == 202
    for number in range(CASES):
        body = report(f"post-{number}", f"r{number % 5}", policyId="spam", reason="again and again")
        body["reportedItem"] = item(
            f"post-{number}", f"Lantern oil for sale, number {number}", author=f"seller-{number}"
        )
        assert client.post("/api/v1/report", body).status == 201
    for number in range(14):
        body = report("picture", f"crowd-{number}", policyId="harassment", reason="they all say so")
        body["reportedItem"] = item("picture", "Look at this boat", author="cy", images=[town.picture], views=1200)
        assert client.post("/api/v1/report", body).status == 201
    _until(town, CASES + 1)


def _until(town: Town, count: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while inside.ask(town.desk.data, "SELECT count(*) FROM cases_case") < count:
        assert time.monotonic() < deadline, "the reports did not become cases"
        time.sleep(0.3)


expect.set_options(timeout=15_000)  # the machine that tests run on may be busy


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def state_of(town: Town, browser: Browser, tmp_path_factory) -> Callable[[str], Path]:
    """The cookies of somebody who signed in with their password, in the browser, once."""
    folder = tmp_path_factory.mktemp("states")

    def state_of(name: str) -> Path:
        file = folder / f"{name}.json"
        if not file.exists():
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{town.desk.url}/login/")
            page.get_by_label("E-mail").fill(f"{name}@example.com")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
            expect(page.get_by_role("heading", name="Queue")).to_be_visible()
            context.storage_state(path=file)
            context.close()
        return file

    return state_of


@pytest.fixture
def context_of(town: Town, browser: Browser, state_of) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def context_of(name: str | None, **options) -> BrowserContext:
        state = {"storage_state": state_of(name)} if name else {}
        context = browser.new_context(base_url=town.desk.url, **state, **options)
        opened.append(context)
        return context

    yield context_of
    for context in opened:
        context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about in its console."""
    return []


@pytest.fixture
def page_of(context_of, complaints) -> Callable[..., Page]:
    def page_of(name: str | None = "ann", **options) -> Page:
        page = context_of(name, **options).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    return page_of


@pytest.fixture
def page(page_of) -> Page:
    """The queue, as Ann sees it."""
    page = page_of()
    page.goto("/")
    return page
