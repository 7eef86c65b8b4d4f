"""Pictures of the console, from a demo that this script starts: `./run docs --screenshots`.

.venv/bin/python -m docs.screenshots                those of the README, into docs/images
.venv/bin/python -m docs.screenshots --all FOLDER   every page, light and dark, desktop and phone
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import chromium
from tests.support.desk import EVENHAND
from tests.support.ports import free_port
from tests.support.processes import Child

IMAGES = Path(__file__).parent / "images"
WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PAGES = {
    "queue": "/",
    "queue-harassment": "/?queue=harassment",
    "search": "/search/?q=lamp+oil",
    "numbers": "/numbers/",
    "deliveries": "/deliveries/",
    "rules": "/rules/",
    "rule": "/rules/CopiedText/",
    "rules-editor": "/rules/-/edit/",
    "rules-versions": "/rules/-/versions/",
    "rules-query": "/rules/-/query/?q=TextContains(text=Text,+phrase='boat')&days=30&path=$.evenhand.author.id",
    "banks": "/banks/",
    "bank": "/banks/EMBLEMS/",
    "lists": "/banks/-/lists/",
    "not-matched": "/banks/-/waiting/",
    "entry": "/banks/-/entries/1/",
    "match": "/banks/-/matches/1/",
    "platform": "/platform/",
    "people": "/people/",
    "keys": "/keys/",
    "ledger": "/ledger/",
    "status": "/status/",
    "me": "/me/",
    "sessions": "/me/sessions/",
    "second-factor": "/me/second-factor/",
    "no-such-page": "/nowhere/",
}
FOR_THE_README: tuple[tuple[str, Scheme], ...] = (("queue", "light"), ("case", "light"), ("case", "dark"))
START_SECONDS = 120


@contextmanager
def demo() -> Iterator[str]:
    """A demo of the usual day; the link that signs in."""
    with tempfile.TemporaryDirectory(prefix="evenhand-shots-") as folder:
        command: list[str | Path] = [EVENHAND, "demo", "--data", folder, "--port", str(free_port())]
        with Child(command, env={"EVENHAND_CONFIG": ""}) as child:
            line = child.wait_for("Sign in once", START_SECONDS)
            found = re.search(r"http://\S+", line)
            assert found, line
            yield found.group()


class Visit:
    """A signed-in person with a browser."""

    def __init__(self, browser: Browser, link: str) -> None:
        self._browser = browser
        self._address = link.partition("/login/")[0]
        context = browser.new_context()
        page = context.new_page()
        page.goto(link)
        page.locator("main button").first.click()
        page.wait_for_url(f"{self._address}/")
        self._cookies = context.storage_state()
        self._case = self._first_case(page)
        self._decide_others(page)

    def show(self, name: str, scheme: Scheme, width: str, file: Path, *, whole: bool = False) -> None:
        wide, high = WIDTHS[width]
        size = {"width": wide, "height": high}
        context = self._browser.new_context(color_scheme=scheme, viewport=size, storage_state=self._cookies)  # type: ignore[arg-type] # Playwright's own shape
        page = context.new_page()
        page.goto(self._address + (self._case if name == "case" else PAGES[name]))
        page.wait_for_load_state("networkidle")
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=whole)
        context.close()

    def _first_case(self, page: Page) -> str:
        """The path of the case that comes first."""
        page.get_by_role("button", name="Start with the first").click()
        page.wait_for_url("**/cases/**")
        return page.url.removeprefix(self._address)

    def _decide_others(self, page: Page) -> None:
        """So that the pages have something to tell: skip the first, then remove, remove, find nothing wrong."""
        for key in ("s", "e", "e", "d"):
            page.wait_for_load_state("networkidle")
            headline = page.locator("main h1").first
            before = headline.inner_text()
            page.keyboard.press(key)
            expect(headline).not_to_have_text(before)


def main(arguments: list[str]) -> int:
    with demo() as link, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        visit = Visit(browser, link)
        if arguments[:1] == ["--all"]:
            folder = Path(arguments[1])
            for name, scheme, width in product(["case", *PAGES], SCHEMES, WIDTHS):
                visit.show(name, scheme, width, folder / f"{name}-{scheme}-{width}.png", whole=True)
        else:
            for name, scheme in FOR_THE_README:
                visit.show(name, scheme, "desktop", IMAGES / f"{name}-{scheme}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
