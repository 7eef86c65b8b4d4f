"""Every page, light and dark, on a desk and on a phone: axe finds nothing, nothing is cut off, the focus is seen."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IN_THE_DARK = ["color-contrast", "link-in-text-block"]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SIZES = {"desk": DESK, "phone": PHONE}
PAGES = (
    "/", "/?queue=default", "/search/", "/search/?q=lantern", "/search/?q=lantern&in=cases", "/search/?q=zeppelin",
    "/items/?type=account&id=cy", "/status/", "/deliveries/", "/platform/", "/platform/versions/", "/people/", "/keys/",
    "/ledger/", "/rules/", "/rules/-/edit/", "/rules/-/versions/", "/rules/-/query/", "/rules/-/query/?q=Text+!=+None",
    "/numbers/", "/quality/", "/me/", "/me/sessions/", "/me/programs/", "/night/", "/morning/", "/hours/", "/exposure/",
    "/no/such/page/",
)  # fmt: skip


def violations(page: Page) -> list[str]:
    """All rules in the light, and those that look at colours in the dark: nothing else differs there."""
    page.evaluate(AXE)
    found = _broken(page, RULES)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    found += _broken(page, IN_THE_DARK)
    page.emulate_media(color_scheme="light")
    return found


def _broken(page: Page, rules: list[str]) -> list[str]:
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return [
        f"{page.url} {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.fixture(params=SIZES)
def look(request, page_of) -> Page:
    return page_of("ann", color_scheme="light", viewport=SIZES[request.param], bypass_csp=True, reduced_motion="reduce")


@pytest.mark.timeout(300)
def test_axe_finds_nothing_on_any_page(look):
    found = []
    for path in PAGES:
        look.goto(path)
        found += violations(look)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_a_case_in_any_of_its_states(look):
    look.goto("/search/?q=boat&in=cases")
    look.locator("[data-row]").first.click()
    if look.get_by_role("button", name="Take it").count():
        look.get_by_role("button", name="Take it").click()
    for summary in look.locator("main summary:visible").all():
        summary.click()
    found = violations(look)
    look.locator(".media button").first.click()
    expect(look.locator(".veil img")).to_be_visible()
    found += violations(look)
    if (all_actions := look.get_by_role("button", name="All actions, and a reason")).count():
        all_actions.click()
        found += violations(look)
    look.get_by_role("button", name="Terminate account").click()
    expect(look.locator(".ask")).to_be_visible()
    found += violations(look)
    look.get_by_role("link", name="Back").click()
    expect(look.locator(".ask")).to_have_count(0)
    look.get_by_role("button", name="No violation").click()
    expect(look.locator("[data-toast]")).to_be_visible()
    found += violations(look)
    look.locator("[data-toast] button").click()
    expect(look.locator("[data-toast]")).to_have_count(0)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_before_sign_in(page_of):
    for viewport in SIZES.values():
        page = page_of(None, color_scheme="light", viewport=viewport, bypass_csp=True)
        page.goto("/login/")
        assert violations(page) == []


@pytest.mark.parametrize("width", [320, 720], ids=["320 px", "200 % of 1440 px"])
def test_no_page_scrolls_sideways(page_of, width):
    page = page_of("ann", viewport={"width": width, "height": 450})
    wide = []
    for path in [*PAGES, "/cases/1/?look"]:
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide.append(f"{path}: {over} px")
    assert not wide, "\n".join(wide)


@pytest.mark.parametrize("path", ["/", "/cases/1/", "/search/?q=lantern"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_focused_element_is_never_wholly_hidden(page_of, path, viewport):
    page = page_of("ann", viewport=viewport)
    page.goto(path)
    hidden = []
    for _ in range(45):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
                const one = document.activeElement, box = one.getBoundingClientRect();
                if (one === document.body || !box.width) return "";
                const points = [[.5, .5], [.05, .1], [.95, .1], [.05, .9], [.95, .9]];
                const free = points.some(([x, y]) => {
                    const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
                    return hit && (one.contains(hit) || hit.contains(one) || hit.closest("label")?.contains(one));
                });
                return free ? "" : one.outerHTML.slice(0, 120);
            }"""
        )
        if covered:
            hidden.append(covered)
    assert not hidden, "\n".join(hidden)


def test_buttons_and_links_are_large_enough_to_hit(page_of):
    """WCAG 2.2, 2.5.8: 24 by 24 px, links within a sentence excepted."""
    page = page_of("ann", viewport=PHONE)
    page.goto("/cases/1/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, select, input:not([type=hidden], [type=radio])")]
            .filter((one) => one.checkVisibility() && !one.disabled)
            .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 100)])
            .filter(([box]) => box.width && (box.width < 24 || box.height < 24) && box.width > 1)
            .map(([box, html]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
    )
    assert small == []
