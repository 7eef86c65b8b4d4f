"""Why a rule did not fire, asked on a case at a wide and a narrow screen; and where mistakes stand on a telephone."""

import os

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

WIDTHS = (1280, 390)
RULES = """\
Words: str = JsonData(path='$.evenhand.item.text')
Tents = Rule(when_all=[TextContains(text=Words, phrase='tents')], description=f'Sells {Words}')
"""


@pytest.fixture(params=WIDTHS)
def page(page_of, request):
    return page_of("ann", viewport={"width": request.param, "height": 844})


def shot(page, name):
    if folder := os.environ.get("EVENHAND_TEST_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def test_a_case_answers_why_not_in_place(page, complaints):
    page.goto("/rules/-/edit/")
    page.locator("textarea[name=text-0]").fill(RULES)
    expect(page.locator("#checked")).to_contain_text("No mistake")
    page.get_by_role("button", name="Publish all files").click()
    page.goto("/")
    page.locator("a[data-row]").first.click()
    page.get_by_text("Why did a rule not fire?").click()
    page.get_by_role("button", name="Say why").click()
    expect(page.locator("#why-not-told")).to_contain_text("Tents does not fire.")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    shot(page, "case")
    page.goto("/rules/Tents/?type=post&id=post-1")
    expect(page.locator("#why-not-told")).to_contain_text("Tents does not fire.")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    shot(page, "rule")
    assert complaints == []


def test_on_a_telephone_mistakes_stand_before_the_files(page):
    page.goto("/rules/-/edit/")
    page.locator("textarea[name=text-0]").fill(RULES.replace("Words)", "Wrods)").replace("text=Words", "text=Wrods"))
    expect(page.locator("#checked")).to_contain_text("1 mistake")
    shot(page, "editor")
    side, files = (page.locator(one).bounding_box() for one in (".editor-side", ".editor-files"))
    narrow = page.viewport_size["width"] < 960
    assert (side["y"] < files["y"]) == narrow
