"""On a telephone nothing lies out of sight."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

WIDTH = 390
LEAST = 24  # CSS pixels: WCAG 2.2, 2.5.8
FADE = 49  # CSS pixels: 3.5rem
ONE_LINE = 52
USUAL = {"Remove", "Restore", "Tell the other system"}
"""Actions that can be taken back and need one person: which is usual, the other tests decide."""
THUMB = 44  # CSS pixels: WCAG 2.2, 2.5.5


@pytest.fixture
def narrow(page_of) -> Page:
    return page_of("ann", viewport={"width": WIDTH, "height": 844})


def ends(page: Page, selector: str) -> list[float]:
    """How far to the right each of them reaches."""
    return page.locator(selector).evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")


def told_expanded(page: Page, button: str) -> bool:
    """What the browser tells a screen reader. Playwright's own roles know nothing of `popovertarget`."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    [found] = [one for one in tree if one.get("name", {}).get("value") == button and one["role"]["value"] == "button"]
    return {"name": "expanded", "value": {"type": "booleanOrUndefined", "value": True}} in found["properties"]


@pytest.mark.parametrize("path", ["/", "/ledger/", "/deliveries/", "/keys/", "/people/", "/me/sessions/", "/status/"])
def test_the_bar_is_one_line_and_all_that_tables_say_is_in_sight(narrow, path):
    narrow.goto(path)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert narrow.locator(".bar").bounding_box()["height"] <= ONE_LINE
    reach = ends(narrow, ".bar > *, .stacks td, .stacks button")
    assert len(reach) >= 4
    assert max(reach) <= WIDTH


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_opens_from_the_keyboard_with_and_without_scripts(page_of, scripts):
    page = page_of("ann", viewport={"width": WIDTH, "height": 844}, java_script_enabled=scripts)
    page.goto("/ledger/")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    button = page.get_by_role("button", name="Menu: Ledger")
    button.focus()
    page.keyboard.press("Enter")
    assert told_expanded(page, "Menu: Ledger")
    expect(menu.get_by_role("link")).to_have_count(12)
    expect(menu.locator("[aria-current=page]")).to_have_text("Ledger")
    for link in menu.get_by_role("link").all():
        box = link.bounding_box()
        assert box["x"] + box["width"] <= WIDTH
        assert box["height"] >= THUMB
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue", level=1)).to_be_visible()


def test_an_entry_of_the_ledger_is_not_broken_letter_by_letter(narrow):
    narrow.goto("/ledger/")
    heights = narrow.locator(".stacks td").evaluate_all("all => all.map(one => one.clientHeight)")
    assert max(heights) < 90  # px: three lines


def test_how_much_media_one_saw_stands_in_the_line_too(narrow):
    narrow.goto("/")
    narrow.locator("#exposure").evaluate("chip => { chip.hidden = false; chip.textContent = '23 views · 1204 s'; }")
    assert narrow.locator(".bar").bounding_box()["height"] <= ONE_LINE
    assert narrow.locator("#exposure").evaluate("chip => chip.scrollWidth <= chip.clientWidth")
    expect(narrow.locator("#find")).to_be_visible()
    assert max(ends(narrow, ".bar > *")) <= WIDTH


@pytest.fixture
def deciding(narrow) -> Page:
    """A case that waits for this person's decision, and is in nobody else's hands."""
    narrow.goto("/?queue=default")
    narrow.get_by_role("button", name="Start with the first").click()
    expect(narrow.locator(".decide")).to_be_visible()
    return narrow


def sizes(page: Page, selector: str) -> list[dict[str, float]]:
    return page.locator(selector).evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")


def test_a_few_buttons_lie_where_the_thumb_is(deciding):
    told = deciding.locator(".thumbs button").all_inner_texts()
    assert told[:2] == ["Skip", "No violation"]
    assert told[2] in USUAL
    boxes = sizes(deciding, ".thumbs button")
    assert len(boxes) == len(told)
    assert min(min(box["width"], box["height"]) for box in boxes) >= THUMB
    assert len({box["y"] for box in boxes}) == 1
    assert deciding.locator(".decide").bounding_box()["height"] <= 150


def test_every_action_is_one_touch_away_and_large_enough_for_a_thumb(deciding):
    deciding.get_by_role("button", name="All actions, and a reason").click()
    boxes = sizes(deciding, ".rest :is(button:not([disabled]), summary):visible")
    assert len(boxes) >= 7
    assert min(min(box["width"], box["height"]) for box in boxes) >= THUMB
    assert max(box["right"] for box in boxes) <= WIDTH
    deciding.keyboard.press("Escape")
    expect(deciding.locator(".rest")).to_be_hidden()


def test_no_focus_is_hidden_behind_the_bar(deciding):
    for _ in range(60):
        deciding.keyboard.press("Tab")
        hidden = deciding.evaluate(
            """() => {
              const one = document.activeElement, bar = document.querySelector(".decide");
              if (one === document.body || bar.contains(one)) return "";
              const {top} = one.getBoundingClientRect();
              return top >= bar.getBoundingClientRect().top ? one.outerHTML : "";
            }"""
        )
        assert not hidden


def test_a_thumb_decides_and_undoes(deciding):
    title = deciding.locator("#case-title").inner_text()
    address = deciding.url
    button = deciding.locator(".thumbs button").nth(2)
    name = button.inner_text()
    button.click()
    expect(deciding.locator("[data-toast]")).to_contain_text(name)
    deciding.get_by_role("button", name="Undo").click()
    expect(deciding).to_have_url(re.compile(re.escape(address.partition("?")[0])))
    expect(deciding.locator("#case-title")).to_have_text(title)


def test_no_medium_loads_by_itself(page_of, town):
    page = page_of("ben", viewport={"width": WIDTH, "height": 844})
    loaded = []
    page.on(
        "request", lambda request: loaded.append(request.url) if request.resource_type in {"image", "media"} else None
    )
    page.goto("/search/?q=boat&in=cases")
    page.locator("[data-row]").first.click()
    expect(page.locator(".media button").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in loaded if "/static/" not in url and not url.startswith("data:")] == []


def test_policies_that_do_not_fit_fade_away_and_the_last_can_be_brought_before_the_fade(deciding):
    row = deciding.locator(".policy-row")
    row.evaluate("row => { for (let n = 0; n < 8; n++) row.append(row.firstElementChild.cloneNode(true)); }")
    assert row.evaluate("row => row.scrollWidth > row.clientWidth")
    assert "gradient" in row.evaluate("row => getComputedStyle(row).maskImage")
    row.evaluate("row => row.scrollTo({left: row.scrollWidth, behavior: 'instant'})")
    assert max(ends(deciding, ".policy-row > *")) <= WIDTH - FADE + 1  # half a pixel is rounded
