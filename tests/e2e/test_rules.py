"""Rules by a person at the console: written, told at once what is wrong, published, and let run in shadow."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

BROKEN = """\
Words: str = JsonData(path='$.evenhand.item.text')
LanternOil = Rule(when_all=[TextContains(text=Wrods, phrase='lantern oil')], description='Sells oil')
WhenRules(rules_any=[LanternOil], then=[Enqueue(policy='spam', probability=0.5)])
"""


@pytest.fixture
def editor(page_of) -> Page:
    page = page_of("ann")
    page.goto("/rules/-/edit/")
    return page


def text_of_the_first_file(page: Page):
    return page.locator("textarea[name=text-0]")


def test_a_rule_is_written_mended_published_and_moved_to_shadow(editor, complaints):
    page = editor
    text_of_the_first_file(page).fill(BROKEN)
    checked = page.locator("#checked")
    expect(checked).to_contain_text("1 mistake")
    expect(checked).to_contain_text("main.sml:2:")
    expect(checked).to_contain_text("Words")
    checked.locator("a[data-line]").first.click()
    expect(text_of_the_first_file(page)).to_be_focused()
    place = f"2:{BROKEN.splitlines()[1].index('Wrods') + 1}"
    expect(page.locator("[data-place]").first).to_have_text(place)
    for _ in "Wrods":
        page.keyboard.press("Delete")
    page.keyboard.type("Words")
    expect(checked).to_contain_text("No mistake")
    page.get_by_label("One of the last of this desk").select_option(index=1)
    page.get_by_label("Why not this rule?").fill("LanternOil")
    page.get_by_role("button", name="Try").click()
    expect(page.locator("#tried")).to_contain_text("LanternOil")
    page.get_by_label("What you did, in a sentence").fill("oil")
    page.get_by_role("button", name="Publish all files").click()
    expect(page.get_by_text(re.compile(r"Version \d+ is in force\."))).to_be_visible()
    page.goto("/rules/LanternOil/")
    expect(page.get_by_text("Nobody has moved it yet")).to_be_visible()
    page.get_by_label("Stage").select_option("shadow")
    page.get_by_label("Why it takes this step").fill("to see what it would do")
    page.get_by_role("button", name="Take the step").click()
    expect(page.locator(".page-head .chip")).to_have_text("in shadow")
    expect(page.locator(".moments")).to_contain_text("to see what it would do")
    assert complaints == []


def test_lines_have_numbers_and_those_of_mistakes_are_marked(editor):
    area = text_of_the_first_file(editor)
    area.fill(BROKEN)
    gutter = editor.locator(".gutter").first
    expect(gutter.locator("strong")).to_have_text("2")
    assert gutter.inner_text().split() == ["1", "2", "3", "4"]
    area.fill("\n" * 200)
    expect(gutter.locator("strong")).to_have_count(0)
    area.evaluate("area => { area.scrollTop = 300; }")
    editor.wait_for_function("() => document.querySelector('.gutter').scrollTop === 300")


BESIDE = (".editor-told", "#checked", "#try", "#publish")
"""What stands beside the files, and before them on a telephone, from above."""


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_told_of_a_refusal_covers_nothing_and_the_parts_stand_in_their_order(page_of, width):
    page = page_of("ann", viewport={"width": width, "height": 844})
    page.goto("/rules/-/edit/")
    text_of_the_first_file(page).fill(BROKEN)
    page.get_by_role("button", name="Publish all files").click()
    told, *below = (*BESIDE, ".editor-files") if width == 390 else BESIDE
    boxes = [page.locator(one).bounding_box() for one in below]
    banner = page.locator(told).bounding_box()
    assert banner["y"] + banner["height"] + 8 <= page.locator(".editor-files").bounding_box()["y"]
    assert [one["y"] for one in boxes] == sorted(one["y"] for one in boxes), boxes


def test_tab_leaves_the_text(editor):
    text_of_the_first_file(editor).focus()
    before = text_of_the_first_file(editor).input_value()
    editor.keyboard.press("Tab")
    expect(text_of_the_first_file(editor)).not_to_be_focused()
    assert text_of_the_first_file(editor).input_value() == before


def test_what_is_typed_while_the_desk_checks_is_not_lost(editor):
    area = text_of_the_first_file(editor)
    area.focus()
    editor.keyboard.press("Control+End")
    editor.keyboard.type("\n# one", delay=60)
    editor.keyboard.type(" two three four", delay=60)
    expect(editor.locator("#checked")).to_contain_text("mistake")
    assert area.input_value().endswith("# one two three four")


def test_rules_are_walked_by_keyboard(page_of):
    page = page_of("ann")
    page.goto("/rules/")
    if page.locator("[data-row]").count():
        page.keyboard.press("j")
        expect(page.locator("[data-row]").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/rules/\w+/$"))
        page.keyboard.press("g")
        expect(page).to_have_url(re.compile(r"/rules/$"))


def test_stored_items_are_asked(page_of):
    page = page_of("ann")
    page.goto("/rules/-/query/")
    page.get_by_label("Condition").fill("TextContains(text=Text, phrase='lantern oil')")
    page.get_by_label("Frequent values at").fill("$.evenhand.author.id")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ match"))).to_be_visible()
    expect(page.get_by_role("img", name="Matches over time")).to_be_visible()
