"""Finding space: nothing found, a failed request, back and forward, keyboard, hostile text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOSTILE, OpenContext, Watch, wait_for_map
from tests.browser.test_journey import find

pytestmark = pytest.mark.browser


def test_nothing_found_names_what_would_open_something(page: Page) -> None:
    page.goto("/?lang=zh&area_min=90000")
    expect(find(page, "empty")).to_be_visible()
    expect(find(page, "rejected").locator("li").first).to_be_visible()
    way = find(page, "relax").first
    expect(way).to_contain_text("面积")
    way.click()
    expect(find(page, "card").first).to_be_visible()
    assert "area_min=90000" not in page.url
    page.go_back()
    expect(find(page, "empty")).to_be_visible()
    find(page, "clear-demand").click()
    expect(find(page, "card").first).to_be_visible()
    expect(find(page, "words")).to_be_hidden()


def test_a_failed_request_says_so_and_can_be_tried_again(page: Page, watch: Watch) -> None:
    watch.expected = (*watch.expected, "net::ERR_FAILED")
    page.route("**/api/v1/match?*", lambda route: route.abort())
    page.goto("/?lang=zh&headcount=4")
    failure = find(page, "failure")
    expect(failure).to_contain_text("连不上服务")
    expect(find(page, "word-headcount")).to_be_visible()
    page.unroute("**/api/v1/match?*")
    find(page, "retry").click()
    expect(find(page, "card").first).to_be_visible()
    expect(failure).to_be_hidden()


def test_a_refused_request_keeps_the_old_result(page: Page, watch: Watch) -> None:
    watch.expected = (*watch.expected, "status of 503")
    page.goto("/?lang=zh")
    expect(find(page, "card").first).to_be_visible()
    body = '{"title": "还没有准备好", "status": 503, "detail": "正在建目录", "fix": "稍后再试"}'
    page.route(
        "**/api/v1/match?*",
        lambda route: route.fulfill(status=503, content_type="application/problem+json", body=body),
    )
    find(page, "unit_kinds-office").click()
    expect(find(page, "failure")).to_contain_text("正在建目录")
    expect(find(page, "failure")).to_contain_text("稍后再试")
    expect(find(page, "card").first).to_be_visible()


def test_back_and_forward_walk_through_the_steps(page: Page) -> None:
    page.goto("/?lang=zh")
    expect(find(page, "card").first).to_be_visible()
    chip = find(page, "unit_kinds-lab")
    chip.click()
    expect(find(page, "word-unit_kinds:lab")).to_be_visible()
    expect(page.locator(".results")).to_have_attribute("aria-busy", "false")
    find(page, "card-open").first.click()
    name = find(page, "site-name").inner_text()
    find(page, "task-coverage").click()
    expect(find(page, "coverage-mean")).to_be_visible()

    page.go_back()
    expect(find(page, "find")).to_be_visible()
    expect(find(page, "site-name")).to_have_text(name)
    page.go_back()
    expect(find(page, "drawer")).to_be_hidden()
    expect(chip).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(chip).to_have_attribute("aria-pressed", "false")
    expect(find(page, "words")).to_be_hidden()
    page.go_forward()
    page.go_forward()
    expect(find(page, "site-name")).to_have_text(name)
    expect(chip).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto("/?lang=zh")
    expect(find(page, "card").nth(2)).to_be_visible()
    page.keyboard.press("?")
    expect(find(page, "help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(find(page, "help")).to_be_hidden()

    page.keyboard.press("/")
    page.keyboard.type("没有这样的地方")
    expect(find(page, "search-nothing")).to_be_visible()
    page.keyboard.press("Escape")
    expect(find(page, "suggestions")).to_be_hidden()

    find(page, "card-open").first.focus()
    page.keyboard.press("ArrowDown")
    second = find(page, "card-open").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(find(page, "site-name")).to_have_text(second.inner_text())
    expect(find(page, "ring-tiles")).to_be_visible()
    bar = find(page, "unit-bar").first
    bar.focus()
    expect(page.locator(".stack-tip")).to_have_text(re.compile("㎡"))
    page.keyboard.press("Enter")
    expect(find(page, "unit-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(find(page, "drawer")).to_be_hidden()
    expect(second).to_be_focused()

    handle = find(page, "range-rent-high")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(find(page, "word-rent_cny_m2_month_max")).to_be_visible()


def test_text_of_data_is_never_markup(page: Page) -> None:
    page.goto("/?lang=zh")
    expect(find(page, "card").first).to_be_visible()
    find(page, "search").fill("<img")
    suggestion = find(page, "suggestion").first
    expect(suggestion).to_contain_text(HOSTILE)
    suggestion.click()
    expect(find(page, "site-name")).to_have_text(HOSTILE)
    expect(find(page, "name-pill")).to_contain_text(HOSTILE)
    expect(find(page, "source")).to_contain_text(HOSTILE)
    expect(find(page, "unit-bar").first).to_contain_text("<u>1</u>")
    assert page.title().startswith(HOSTILE)
    assert page.locator("#drawer img, #drawer b b, #map img, #panel img").count() == 0
    assert page.evaluate("window.taken") is None


def test_a_point_of_the_map_has_a_ring(page: Page) -> None:
    page.goto("/?lang=zh&z=14&lon=120.655&lat=28.005")
    wait_for_map(page)
    box = find(page, "map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.63, box["y"] + box["height"] * 0.41)
    opened = find(page, "point-title").or_(find(page, "site-name"))
    expect(opened).to_be_visible()
    assert "point=" in page.url or "site=" in page.url
    page.goto("/?lang=zh&point=120.655,28.005")
    expect(find(page, "point-title")).to_be_visible()
    expect(find(page, "ring-tiles")).to_be_visible()
    expect(find(page, "point-pin")).to_be_visible()


def test_layers_are_switched_and_the_link_keeps_them(page: Page) -> None:
    page.goto("/?lang=zh&z=14&lon=120.655&lat=28.005")
    expect(find(page, "legend")).to_contain_text("六大配套")
    wait_for_map(page)
    with_streets = find(page, "map").screenshot()
    find(page, "layers-toggle").click()
    streets = find(page, "layer-streets")
    expect(streets).to_be_checked()
    streets.uncheck()
    expect(page).to_have_url(re.compile("layers=streets"))
    page.keyboard.press("Escape")
    expect(find(page, "layers")).to_be_hidden()
    wait_for_map(page)
    assert find(page, "map").screenshot() != with_streets
    page.reload()
    find(page, "layers-toggle").click()
    expect(streets).not_to_be_checked()
    page.go_back()
    expect(streets).to_be_checked()


def test_the_sheet_for_paper_holds_the_facts(page: Page) -> None:
    page.goto("/?lang=zh&headcount=4")
    find(page, "card-open").first.click()
    expect(find(page, "ring-tiles")).to_be_visible()
    wait_for_map(page)
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    find(page, "print").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
    page.emulate_media(media="print")
    expect(page.locator("#print-map img")).to_be_visible()
    expect(page.locator("#print-foot")).to_contain_text("审图号")
    expect(page.locator("#print-foot")).to_contain_text("演示数据")
    expect(page.locator("#print-foot")).to_contain_text("site=")
    expect(find(page, "facts")).to_be_visible()
    expect(find(page, "reasons")).to_be_visible()
    expect(find(page, "copy-link")).to_be_hidden()
    expect(find(page, "map")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_nothing_runs_out_of_the_page(open_context: OpenContext, width: int, height: int) -> None:
    page = open_context(width, height, "dark").new_page()
    for task, ready in (("find", "card"), ("coverage", "coverage-mean"), ("plan", "indicators")):
        page.goto(f"/?lang=en&task={task}&area_max=400")
        expect(find(page, ready).first).to_be_visible()
        expect(find(page, "demo-mark")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        spill = "(e) => e.scrollWidth - e.clientWidth"
        assert page.locator("#panel-body").evaluate(spill) <= 0
        key = re.compile(r"(?<![\w.])(?:app|find|unit|plan|coverage|ring|demand|legend)\.[a-z_]+")
        assert key.search(page.locator("body").inner_text()) is None


def test_a_site_known_only_to_its_county_has_no_ring_and_no_vacancies(page: Page) -> None:
    page.goto("/?site=ref-yangu&lang=zh")
    expect(find(page, "site-name")).to_have_text("中国眼谷")
    expect(find(page, "ring-section")).to_contain_text("没有可靠的位置")
    expect(find(page, "facts").locator("b").first).to_have_text("—")
    wait_for_map(page)
    expect(find(page, "ring-tag")).to_have_count(0)
    expect(find(page, "name-pill")).to_have_count(0)


def test_a_refused_demand_names_the_field(page: Page, watch: Watch) -> None:
    watch.expected = (*watch.expected, "status of 422")
    page.goto("/?headcount=99999999999&lang=zh")
    expect(find(page, "failure")).to_contain_text("人数")
