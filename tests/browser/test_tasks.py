"""The tasks 看配套 and 看进度."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for_map
from tests.browser.test_journey import find

pytestmark = pytest.mark.browser


def test_coverage_shows_counties_and_what_is_lacking(page: Page) -> None:
    page.goto("/?lang=zh")
    find(page, "task-coverage").click()
    expect(find(page, "coverage-mean")).to_have_text(re.compile(r"^\d+\.\d$"))
    expect(find(page, "coverage-histogram").locator("li")).to_have_count(13)
    expect(find(page, "county-ranking").locator("li")).to_have_count(12)
    expect(find(page, "legend")).to_contain_text("步行可达的类别数")
    expect(find(page, "task-coverage")).to_have_attribute("aria-current", "page")

    lacking = find(page, "lacking").get_by_role("button").first
    lacking.click()
    expect(lacking).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("missing="))
    expect(find(page, "legend")).to_contain_text("走不到")
    find(page, "lacking-sites").get_by_role("button").first.click()
    expect(find(page, "ring-tiles")).to_be_visible()
    page.keyboard.press("Escape")
    expect(find(page, "drawer")).to_be_hidden()

    mean = find(page, "coverage-mean").inner_text()
    find(page, "profile").select_option(index=1)
    expect(page).to_have_url(re.compile("profile="))
    expect(find(page, "coverage-mean")).not_to_have_text(mean)
    page.go_back()
    expect(find(page, "coverage-mean")).to_have_text(mean)


def test_a_county_is_brought_into_view(page: Page) -> None:
    page.goto("/?lang=zh&task=coverage")
    expect(find(page, "county-330329")).to_be_visible()
    wait_for_map(page)
    find(page, "county-330329").click()
    expect(page).to_have_url(re.compile(r"z=9|z=1\d"))
    assert 119.4 < float(re.findall(r"lon=([\d.]+)", page.url)[0]) < 120.3


def test_plan_shows_seven_indicators_of_thirteen_units(page: Page) -> None:
    page.goto("/?lang=zh&task=plan&year=2026")
    expect(find(page, "indicators").locator("li")).to_have_count(7)
    table = find(page, "plan-table")
    expect(table.locator("tbody tr")).to_have_count(13)
    expect(table.locator("tbody tr").first.locator("td")).to_have_count(7)
    expect(find(page, "unit-list").locator("li")).to_have_count(13)
    expect(find(page, "swatch")).to_contain_text("温州海经区")
    expect(find(page, "indicator-space")).to_contain_text("400 万㎡")
    # The annex asks no professional operator of 文成 in 2026: no task, which is not 0.
    expect(find(page, "row-330328").locator("td").nth(2)).to_contain_text("—")
    expect(find(page, "row-330302").locator("td").nth(0)).to_contain_text("54")

    find(page, "year-2027").click()
    expect(find(page, "indicator-space")).to_contain_text("500 万㎡")
    find(page, "indicator-jobs").click()
    expect(page).to_have_url(re.compile("year=2027.*indicator=jobs"))
    page.reload()
    expect(find(page, "year-2027")).to_have_attribute("aria-pressed", "true")
    expect(find(page, "indicator-jobs")).to_have_attribute("aria-pressed", "true")
    find(page, "year-all").click()
    expect(find(page, "indicator-space")).to_contain_text("1,200 万㎡")
    page.go_back()
    page.go_back()
    expect(find(page, "indicator-space")).to_have_attribute("aria-pressed", "true")


def test_a_figure_opens_to_its_records(page: Page) -> None:
    page.goto("/?lang=zh&task=plan&year=2025&indicator=tenants")
    find(page, "unit-330302").click()
    records = find(page, "record-list").or_(find(page, "no-records"))
    expect(records).to_be_visible()
    expect(find(page, "records")).to_contain_text("鹿城区")
    expect(find(page, "unit-330302")).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_the_plan_is_in_the_sheet(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/?lang=zh&task=plan")
    expect(find(page, "panel").get_by_test_id("plan-table")).to_be_attached()
    find(page, "bar-coverage").click()
    expect(find(page, "coverage-mean")).to_be_visible()
    page.locator("#panel-handle").focus()
    page.keyboard.press("ArrowDown")
    expect(find(page, "panel")).to_have_attribute("data-height", "low")
