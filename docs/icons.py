"""The console's icons, drawn by a browser from its mark: `.venv/bin/python -m docs.icons`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support import chromium

STATIC = Path(__file__).parents[1] / "src/evenhand/desk/web/static/web"
SIZES = {"icon-192.png": 192, "icon-512.png": 512, "icon-180.png": 180}
"""The last is what Apple's telephones take, which round its corners themselves."""
SAFE = 0.56
"""The mark fills so much of the square: masks may cut away all beyond a circle of 80 %."""
PAGE = """<style>body{{margin:0;background:#fff;display:grid;place-items:center;
inline-size:{size}px;block-size:{size}px}}
svg{{inline-size:{mark}px;block-size:{mark}px}}</style>{svg}"""


def main() -> None:
    svg = (STATIC / "mark.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        for name, size in SIZES.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(PAGE.format(size=size, mark=round(size * SAFE), svg=svg))
            page.screenshot(path=STATIC / name)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
