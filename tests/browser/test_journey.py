"""The run of a founder: from opening the map to sending a link that opens the same thing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenContext, wait_for_map

pytestmark = pytest.mark.browser


def find(page: Page, testid: str) -> Locator:
    return page.get_by_test_id(testid)


def count_of(page: Page) -> str:
    return find(page, "count").inner_text()


def test_find_choose_ask_share_reopen(open_context: OpenContext) -> None:
    page = open_context().new_page()
    page.goto("/?lang=zh")
    expect(find(page, "demo-mark")).to_be_visible()
    expect(find(page, "card").first).to_be_visible()
    everything = count_of(page)

    search_a_county(page)
    expect(find(page, "count")).not_to_have_text(everything)
    filter_by_kind(page)
    choose_and_see_the_ring(page)
    ask_and_read_the_reasons(page)
    wait_for_map(page)
    link = copied_link(page)

    words = find(page, "words").inner_text()
    seen = (find(page, "site-name").inner_text(), words, count_of(page))
    again = open_context().new_page()
    again.goto(link)
    expect(find(again, "site-name")).to_have_text(seen[0])
    expect(find(again, "tile-transit")).to_be_visible()
    assert (find(again, "site-name").inner_text(), words, count_of(again)) == seen
    wait_for_map(again)
    assert again.url == link

    switch_language(again, seen[0])
    on_a_phone(open_context, link, seen[0])


def search_a_county(page: Page) -> None:
    page.keyboard.press("/")
    expect(find(page, "search")).to_be_focused()
    page.keyboard.type("鹿城")
    expect(find(page, "suggestion").first).to_contain_text("鹿城区")
    page.keyboard.press("Enter")
    expect(find(page, "word-counties:330302")).to_be_visible()
    assert "counties=330302" in page.url


def filter_by_kind(page: Page) -> None:
    before = count_of(page)
    chip = find(page, "unit_kinds-office")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(find(page, "count")).not_to_have_text(before)
    assert "kinds=office" in page.url


def choose_and_see_the_ring(page: Page) -> None:
    name = find(page, "card-open").first.inner_text()
    find(page, "card-open").first.click()
    expect(find(page, "site-name")).to_have_text(name)
    expect(find(page, "ring-tiles").get_by_role("button")).to_have_count(12)
    expect(find(page, "name-pill")).to_contain_text(name)
    expect(find(page, "ring-tag")).to_contain_text("步行 15 分钟")
    expect(find(page, "stack")).to_be_visible()
    expect(find(page, "unit-card")).to_be_visible()
    reached = find(page, "ring-tiles").locator("button.has:not([disabled])").first
    reached.click()
    expect(find(page, "places").locator("li").first).to_contain_text("步行")
    page.keyboard.press("Escape")
    expect(find(page, "drawer")).to_be_hidden()


def ask_and_read_the_reasons(page: Page) -> None:
    find(page, "demand-toggle").click()
    find(page, "field-headcount").fill("6")
    find(page, "field-rent").fill("80")
    expect(find(page, "word-headcount")).to_have_text(re.compile("6 人"))
    expect(find(page, "word-rent_cny_m2_month_max")).to_be_visible()
    find(page, "demand-toggle").click()
    expect(page.locator(".results")).to_have_attribute("aria-busy", "false")
    # The words stand before the question is asked: only the answer tells of heads and of the limit.
    cards = find(page, "cards")
    expect(cards).to_contain_text("人均")
    expect(cards).to_contain_text("低于上限")
    find(page, "card-open").first.click()
    reasons = page.locator(".card.chosen").get_by_test_id("reason")
    expect(reasons.first).to_be_visible()
    texts = reasons.all_inner_texts()
    assert len(texts) >= 5
    assert any("人均" in text for text in texts)
    expect(find(page, "ring-tag")).to_be_visible()


def copied_link(page: Page) -> str:
    find(page, "copy-link").click()
    expect(page.locator("#toast")).to_have_text("链接已复制")
    link: str = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    return link


def switch_language(page: Page, name: str) -> None:
    find(page, "lang-en").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(find(page, "site-name")).to_have_text(name)
    expect(find(page, "count")).to_contain_text("units")
    expect(find(page, "word-headcount")).to_have_text(re.compile("6 people"))
    expect(find(page, "ring-tag")).to_contain_text("15 min walk")
    assert "headcount=6" in page.url


def on_a_phone(open_context: OpenContext, link: str, name: str) -> None:
    page = open_context(390, 844).new_page()
    page.goto(link)
    expect(find(page, "site-name")).to_have_text(name)
    expect(find(page, "bar-find")).to_be_visible()
    expect(find(page, "task-find")).to_be_hidden()
    expect(find(page, "panel")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    drawer, handle = find(page, "drawer"), page.locator("#drawer-handle")
    half = drawer.bounding_box()
    handle.focus()
    page.keyboard.press("ArrowUp")
    expect(drawer).to_have_attribute("data-height", "full")
    full = drawer.bounding_box()
    assert half and full and full["height"] > half["height"] * 1.5
    find(page, "drawer-close").click()
    expect(find(page, "panel")).to_be_visible()
    expect(find(page, "card").first).to_be_visible()
