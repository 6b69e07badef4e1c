"""找空间: a sentence, weights, places, units side by side, favourites, visits, saved searches."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from geomap.bench.page import CHANGES, changes_of
from tests.browser.conftest import OpenContext, Watch, wait_for_map
from tests.browser.test_journey import find

pytestmark = pytest.mark.browser

SENTENCE = "我们8个人，想在鹿城找办公室，月租三万以内，走路能到地铁"


def say(page: Page, text: str) -> None:
    find(page, "search").fill(text)
    page.keyboard.press("Enter")


def test_a_sentence_becomes_a_demand_and_says_what_it_did_not_use(page: Page) -> None:
    page.goto("/?lang=zh")
    expect(find(page, "card").first).to_be_visible()
    say(page, SENTENCE + "，楼下别太吵")
    expect(find(page, "word-headcount")).to_have_text("8 人")
    expect(find(page, "word-counties:330302")).to_be_visible()
    expect(find(page, "word-unit_kinds:office")).to_be_visible()
    expect(find(page, "word-budget_cny_month_max")).to_contain_text("30,000")
    expect(find(page, "word-amenities:transit")).to_be_visible()
    expect(find(page, "said")).to_contain_text("已读懂")
    expect(find(page, "said")).to_contain_text("吵")
    marks = page.locator(".search-marks mark")
    assert "鹿城" in marks.all_inner_texts()
    assert "said=" in page.url and "headcount=8" in page.url

    # A chip changes the demand; the sentence stays as it was said.
    find(page, "word-budget_cny_month_max").click()
    expect(find(page, "word-budget_cny_month_max")).to_have_count(0)
    page.reload()
    expect(find(page, "search")).to_have_value(re.compile("8个人"))
    expect(find(page, "word-budget_cny_month_max")).to_have_count(0)
    expect(find(page, "word-headcount")).to_be_visible()
    page.go_back()
    expect(find(page, "word-budget_cny_month_max")).to_be_visible()

    find(page, "search-clear").click()
    expect(find(page, "search")).to_have_value("")
    expect(find(page, "word-headcount")).to_be_visible()


def test_a_sentence_without_meaning_changes_nothing(page: Page) -> None:
    page.goto("/?lang=zh&headcount=5")
    expect(find(page, "card").first).to_be_visible()
    say(page, "今天天气不错我们去吃个饭吧哈哈哈哈哈哈哈")
    expect(find(page, "said")).to_contain_text("没有读懂")
    expect(find(page, "word-headcount")).to_have_text("5 人")


def test_an_english_sentence(page: Page) -> None:
    page.goto("/?lang=en")
    expect(find(page, "card").first).to_be_visible()
    say(page, "6 people looking for an office in Lucheng under 20,000 yuan a month")
    expect(find(page, "word-headcount")).to_be_visible()
    expect(find(page, "word-counties:330302")).to_be_visible()
    expect(find(page, "said")).to_contain_text("understood")


def test_a_link_with_only_a_sentence_opens_its_demand(page: Page) -> None:
    page.goto(f"/?lang=zh&said={SENTENCE}")
    expect(find(page, "word-headcount")).to_have_text("8 人")
    expect(find(page, "search")).to_have_value(SENTENCE)


def test_weights_are_moved_and_put_back(page: Page) -> None:
    page.goto("/?lang=zh&headcount=10")
    expect(find(page, "card").first).to_be_visible()
    first = find(page, "card").first.inner_text()
    find(page, "demand-toggle").click()
    find(page, "part-weights").locator("summary").click()
    slider = find(page, "weight-rent")
    slider.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("weights=rent:0"))
    expect(find(page, "word-weights")).to_be_visible()
    expect(slider).to_be_focused()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("weights=rent:40"))
    find(page, "weights-reset").click()
    expect(find(page, "word-weights")).to_have_count(0)
    expect(find(page, "card").first).to_contain_text(first.splitlines()[1])


def test_near_a_place_and_inside_an_area(page: Page) -> None:
    page.goto("/?lang=zh&z=12&lon=120.66&lat=28.0")
    wait_for_map(page)
    everything = find(page, "count").inner_text()
    find(page, "demand-toggle").click()
    find(page, "part-place").locator("summary").click()
    find(page, "within-view").click()
    expect(page).to_have_url(re.compile("within="))
    expect(find(page, "count")).not_to_have_text(everything)
    find(page, "word-within").click()
    expect(find(page, "count")).to_have_text(everything)

    find(page, "within-draw").click()
    for x, y in ((250, 200), (520, 220), (480, 480), (260, 460)):
        page.get_by_test_id("map").click(position={"x": x, "y": y})
    find(page, "within-done").click()
    expect(find(page, "word-within")).to_be_visible()
    expect(find(page, "count")).not_to_have_text(everything)
    find(page, "word-within").click()

    find(page, "near-pick").click()
    page.get_by_test_id("map").click(position={"x": 380, "y": 340})
    expect(page).to_have_url(re.compile("near="))
    expect(find(page, "near-pin")).to_be_visible()
    expect(find(page, "count")).not_to_have_text(everything)
    find(page, "near-minutes").select_option("30")
    expect(find(page, "word-near")).to_contain_text("30 分钟")
    page.reload()
    expect(find(page, "word-near")).to_contain_text("30 分钟")


def test_up_to_four_units_stand_side_by_side(page: Page, open_context: OpenContext) -> None:
    page.goto("/?lang=zh&headcount=8")
    for i in range(3):
        find(page, "card-open").nth(i).click()
        find(page, "cards").get_by_test_id("compare-toggle").first.click()
    expect(find(page, "compare-tray")).to_contain_text("对比 3 套")
    find(page, "compare-open").click()
    table = find(page, "compare-table")
    expect(table.locator("thead th")).to_have_count(3)
    expect(table).to_contain_text("月租合计")
    expect(table).to_contain_text("15 分钟配套")
    expect(table.locator("td.best").first).to_be_visible()
    link = page.url
    page.keyboard.press("Escape")
    expect(find(page, "compare")).to_be_hidden()

    again = open_context(390, 844).new_page()
    again.goto(link)
    expect(find(again, "compare-table").locator("thead th")).to_have_count(3)
    find(again, "compare-table").locator("thead .icon-button").first.click()
    expect(find(again, "compare-table").locator("thead th")).to_have_count(2)


def test_a_fifth_unit_is_refused(page: Page) -> None:
    page.goto("/?lang=zh&compare=a,b,c,d")
    find(page, "card-open").first.click()
    find(page, "cards").get_by_test_id("compare-toggle").first.click()
    expect(page.locator("#toast")).to_contain_text("最多对比 4 套")
    assert "compare=a,b,c,d" in page.url


def test_favourites_stay_on_the_device(page: Page) -> None:
    page.goto("/?lang=zh")
    find(page, "favourites-toggle").click()
    expect(find(page, "favourites-empty")).to_be_visible()
    find(page, "favourites-toggle").click()
    find(page, "card-open").first.click()
    name = find(page, "card-open").first.inner_text()
    find(page, "cards").get_by_test_id("favourite").first.click()
    expect(find(page, "favourites-toggle")).to_contain_text("1")
    page.goto("/?lang=zh&view=favourites")
    expect(find(page, "favourites")).to_contain_text(name)
    expect(find(page, "favourites")).to_contain_text("空置")
    find(page, "favourites").get_by_test_id("favourite").click()
    expect(find(page, "favourites-empty")).to_be_visible()


def test_a_visit_is_asked_for_and_withdrawn(page: Page, watch: Watch) -> None:
    watch.expected = ("GPU stall", "status of 422")
    page.goto("/?lang=zh")
    find(page, "card-open").first.click()
    find(page, "visit-site").click()
    expect(find(page, "lead")).to_contain_text("同意")
    find(page, "lead-name").fill("王小姐")
    find(page, "lead-phone").fill("12")
    find(page, "lead-agree").check()
    find(page, "lead-send").click()
    expect(find(page, "lead").get_by_role("alert")).not_to_be_empty()
    find(page, "lead-phone").fill("13800138000")
    find(page, "lead-send").click()
    expect(find(page, "lead-sent")).to_contain_text("自动删除")
    find(page, "lead-withdraw").click()
    expect(find(page, "lead-sent")).to_contain_text("已撤回")
    assert "13800138000" not in page.url


def test_a_search_is_saved_and_deleted(page: Page) -> None:
    page.goto("/?lang=zh&counties=330302&kinds=office")
    expect(find(page, "card").first).to_be_visible()
    find(page, "save-search").click()
    expect(find(page, "saved")).to_contain_text("鹿城区")
    find(page, "search-name").fill("鹿城 <b>办公室</b>")
    find(page, "search-save").click()
    expect(find(page, "saved-list")).to_contain_text("鹿城 <b>办公室</b>")
    find(page, "saved-list").locator("summary").first.click()
    expect(find(page, "saved-list")).to_contain_text("还没有新的")
    find(page, "saved-delete").first.click()
    expect(find(page, "saved-list")).to_have_count(0)


def test_a_link_from_a_mail_opens_its_search(page: Page) -> None:
    body = {"name": "鹿城的办公室", "demand": {"counties": ["330302"], "unit_kinds": ["office"]}}
    kept = page.request.post("/api/v1/searches", data=body)
    assert kept.status == 201, kept.text()
    page.goto(f"/?saved={kept.json()['id']}")
    expect(find(page, "saved-list")).to_contain_text("鹿城的办公室")
    expect(find(page, "word-counties:330302")).to_be_visible()
    assert "saved=" not in page.url


def test_a_view_is_shared_as_a_code(page: Page) -> None:
    page.goto("/?lang=zh&counties=330302")
    find(page, "card-open").first.click()
    find(page, "share-code").click()
    code = find(page, "share").locator("img")
    expect(code).to_be_visible()
    assert code.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    expect(find(page, "share")).to_contain_text("counties=330302")


def test_every_change_can_be_timed(page: Page) -> None:
    page.goto("/?lang=zh")
    expect(find(page, "card").first).to_be_visible()
    assert changes_of(page, rounds=1)["changes"] == len(CHANGES)


@pytest.mark.parametrize(
    "query", ["", "view=favourites", "headcount=8&said=8人&within=120.6,27.9;120.8,27.9;120.7,28.1"]
)
def test_nothing_is_wider_than_a_phone(open_context: OpenContext, query: str) -> None:
    page = open_context(390, 844).new_page()
    page.goto(f"/?lang=en&{query}")
    expect(find(page, "find")).to_be_visible()
    wait_for_map(page)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('#panel-body, #panel-body *')].filter((e) => "
        "e.getBoundingClientRect().right > 391 && !e.closest('.words') && e.offsetParent)"
        ".map((e) => e.className).slice(0, 5)"
    )
    assert wide == []
