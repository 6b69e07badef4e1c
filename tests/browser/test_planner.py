"""看配套: gaps, places to add, scenarios, a county's brief, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenContext, Watch, wait_for_map
from tests.browser.test_journey import find

pytestmark = pytest.mark.browser


def first_gap(page: Page) -> str:
    return find(page, "gap-table").locator("tbody tr").first.inner_text()


def test_gaps_sort_filter_and_open_their_site(page: Page) -> None:
    page.goto("/?lang=zh&task=coverage")
    find(page, "view-gaps").click()
    expect(page).to_have_url(re.compile("view=gaps"))
    expect(find(page, "gap-count")).to_contain_text(re.compile(r"\d+ 条缺口"))
    far = first_gap(page)
    assert "> 3 km" in far
    find(page, "sort-over_m").click()
    expect(page).to_have_url(re.compile("gap_sort=over_m"))
    expect(find(page, "gap-table").locator("tbody tr").first).to_contain_text(
        re.compile(r"\+\d+ m")
    )
    expect(find(page, "gap-table").locator("th").nth(2)).to_have_attribute("aria-sort", "ascending")

    find(page, "gap-category").select_option("theatre")
    expect(page).to_have_url(re.compile("missing=theatre"))
    for cell in find(page, "gap-table").locator(".gap-kind").all()[:5]:
        expect(cell).to_have_text("小剧场")
    expect(find(page, "legend")).to_contain_text("走不到")
    find(page, "gap-county").select_option("330302")
    expect(find(page, "gap-table").locator("tbody tr").first).to_contain_text("鹿城")
    find(page, "gap-search").fill("没有这个名字")
    expect(find(page, "gaps-empty")).to_be_visible()
    find(page, "gaps-empty").get_by_role("button").click()
    expect(find(page, "gap-table")).to_be_visible()

    find(page, "gap-0").click()
    expect(find(page, "site-gaps")).to_be_visible()
    expect(find(page, "circle")).to_contain_text("1,200 m 圆")
    expect(find(page, "profiles").locator("tbody tr")).to_have_count(4)
    expect(find(page, "fresh")).to_contain_text("路网版本")


def test_the_files_hold_the_rows_of_the_table(page: Page, tmp_path: Path) -> None:
    page.goto("/?lang=zh&task=coverage&view=gaps&missing=cafe")
    expect(find(page, "gap-count")).to_contain_text("条缺口")
    count = int(find(page, "gap-count").inner_text().split()[0].replace(",", ""))
    for kind in ("xlsx", "csv", "gpkg"):
        with page.expect_download() as saving:
            find(page, f"file-{kind}").click()
        target = tmp_path / f"gaps.{kind}"
        saving.value.save_as(target)
        assert target.stat().st_size > 500
    rows = (tmp_path / "gaps.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == count + 1


def test_a_ring_of_any_point_is_compared_too(page: Page) -> None:
    page.goto("/?lang=en&task=coverage&z=13.5&lon=120.66&lat=28.0")
    wait_for_map(page)
    page.get_by_test_id("map").click(position={"x": 420, "y": 330})
    expect(page).to_have_url(re.compile("point=|site="))
    expect(find(page, "circle")).to_contain_text("overstates the area")
    expect(find(page, "profiles")).to_be_visible()


def test_places_to_add_become_a_scenario(page: Page) -> None:
    page.goto("/?lang=zh&task=coverage&view=repair")
    find(page, "repair-category").select_option("theatre")
    find(page, "repair-k").fill("2")
    find(page, "repair-run").click()
    expect(page).to_have_url(re.compile("repair=theatre:2:sites:greedy"))
    expect(find(page, "repair-places").locator("> li")).to_have_count(2)
    before, after = map(int, re.findall(r"\d+", find(page, "repair-after").inner_text()))
    assert after < before
    expect(find(page, "pin-1")).to_be_visible()
    find(page, "place-1").click()
    expect(find(page, "served").locator("li").first).to_contain_text("步行")

    find(page, "repair-adopt").click()
    expect(page).to_have_url(re.compile("view=scenario.*edits=|edits=.*view=scenario"))
    expect(find(page, "edits").locator("li")).to_have_count(2)
    expect(find(page, "whatif-summary")).to_contain_text("变好")
    expect(find(page, "changed-sites").locator("li").first).to_contain_text("＋小剧场")
    expect(find(page, "legend-scenario")).to_contain_text("2 处改动")
    find(page, "show-today").click()
    expect(find(page, "legend-scenario")).to_have_count(0)
    page.go_back()
    page.go_back()
    expect(find(page, "repair-places")).to_be_visible()


def test_an_exact_answer_is_proven(page: Page) -> None:
    page.goto("/?lang=en&task=coverage&view=repair&repair=theatre:2:sites:exact:")
    expect(find(page, "repair-bound")).to_contain_text("proven")


def test_long_work_can_be_cancelled(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/v1/coverage/repair*", lambda route: held.append(route))
    page.goto("/?lang=zh&task=coverage&view=repair&repair=cafe:3:sites:greedy:")
    expect(find(page, "repair-progress")).to_be_visible()
    find(page, "repair-cancel").click()
    expect(find(page, "repair-cancelled")).to_be_visible()
    expect(find(page, "repair-progress")).to_have_count(0)
    page.unroute("**/api/v1/coverage/repair*")
    find(page, "repair-run").click()
    expect(find(page, "repair-places")).to_be_visible()


def test_a_failed_repair_says_so_and_can_be_tried_again(page: Page, watch: Watch) -> None:
    watch.expected = ("GPU stall", "Failed to load resource")
    page.route("**/api/v1/coverage/repair*", lambda route: route.abort())
    page.goto("/?lang=zh&task=coverage&view=repair&repair=cafe:3:sites:greedy:")
    expect(find(page, "failure")).to_contain_text("连不上服务")
    page.unroute("**/api/v1/coverage/repair*")
    find(page, "retry").click()
    expect(find(page, "repair-places")).to_be_visible()


def first_site(page: Page) -> str:
    found = page.request.get("/api/v1/coverage?by=site&limit=10000").json()["items"]
    best = max(found, key=lambda item: (item["score"], item["id"]))
    site: str = best["id"]
    return site


def test_without_an_amenity_the_ring_the_list_and_the_score_change(page: Page) -> None:
    site = first_site(page)
    page.goto(f"/?lang=zh&task=coverage&site={site}&view=scenario")
    tile = find(page, "tile-cafe")
    tile.click()
    places = find(page, "places").locator("li")
    count = places.count()
    nearest = places.first.locator("span").first.inner_text()
    places.first.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"edits=-a\."))
    expect(find(page, "edits").locator("li")).to_contain_text([nearest])
    expect(find(page, "changed-sites").locator("li").first).to_be_visible()
    expect(find(page, "today-note")).to_be_visible()
    # The list stays open, one shorter.
    expect(find(page, "places")).not_to_contain_text(nearest)
    if count < 8:
        expect(places).to_have_count(count - 1)

    # Without the site itself it is gone from the means after.
    find(page, "drop-site").click()
    expect(find(page, "edits").locator("li")).to_have_count(2)
    find(page, "clear-edits").click()
    expect(find(page, "no-edits")).to_be_visible()
    page.go_back()
    expect(find(page, "edits").locator("li")).to_have_count(2)


def test_a_street_is_taken_out_on_the_map(page: Page) -> None:
    site = first_site(page)
    page.goto(f"/?lang=en&task=coverage&site={site}&view=scenario")
    expect(find(page, "circle")).to_be_visible()
    wait_for_map(page)
    place = page.request.get(f"/api/v1/sites/{site}").json()
    near = page.request.get(f"/api/v1/streets/near?lon={place['lon']}&lat={place['lat']}")
    assert near.ok or near.status == 404
    find(page, "pick-street").click()
    page.keyboard.press("Escape")
    expect(page.locator("body")).not_to_have_class(re.compile("picking"))
    expect(find(page, "drawer")).to_be_visible()
    find(page, "pick-place").click()
    page.get_by_test_id("map").click(position={"x": 250, "y": 400})
    expect(page).to_have_url(re.compile(r"edits=%2Byouth_housing|edits=\+youth_housing"))
    expect(find(page, "edits").locator("li")).to_contain_text(["new: Youth housing"])


def test_a_scenario_is_kept_shared_changed_and_deleted(
    page: Page, open_context: OpenContext, watch: Watch
) -> None:
    watch.expected = ("GPU stall", "Failed to load resource")
    page.goto("/?lang=zh&task=coverage&view=scenario&edits=%2Btheatre.120.66,28.0")
    expect(find(page, "whatif-summary")).to_be_visible()
    name = '小剧场 <b>方案</b> "一"'
    find(page, "scenario-name").fill(name)
    find(page, "scenario-save").click()
    expect(page).to_have_url(re.compile(r"scenario=[\w-]{20,}"))
    assert "edits=" not in page.url
    expect(find(page, "keep-state")).to_have_text("已保存")
    expect(find(page, "shelf")).to_contain_text(name)

    # Someone else opens the link, changes it and saves; the first one is told.
    other = open_context().new_page()
    other.goto(page.url)
    expect(find(other, "scenario-name")).to_have_value(name)
    expect(find(other, "edits").locator("li")).to_have_count(1)
    find(other, "scenario-note").fill("改过")
    find(other, "scenario-save").click()
    expect(find(other, "toast").or_(other.locator("#toast"))).to_contain_text("已保存")
    find(page, "scenario-note").fill("也改")
    find(page, "scenario-save").click()
    expect(find(page, "take-newest")).to_be_visible()
    find(page, "take-newest").click()
    expect(find(page, "scenario-note")).to_have_value("改过")

    shelf = find(page, "shelf").locator("li").first
    delete = shelf.get_by_role("button").last
    delete.click()
    expect(delete).to_have_text("确定删除？")
    delete.click()
    expect(find(page, "shelf")).to_have_count(0)
    assert "scenario=" not in page.url
    other.reload()
    expect(find(other, "failure")).to_be_visible()


def test_a_county_has_a_brief_of_one_page(page: Page) -> None:
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto("/?lang=zh&task=coverage")
    find(page, "county-330324").click()
    expect(page).to_have_url(re.compile("county=330324"))
    expect(find(page, "county-title")).to_have_text("永嘉县")
    expect(find(page, "county-part")).to_contain_text("最大的缺口")
    wait_for_map(page)
    find(page, "print").click()
    expect(page.locator("#print-map img")).to_be_attached()
    page.wait_for_timeout(500)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1
    find(page, "drawer-close").click()
    expect(find(page, "drawer")).to_be_hidden()
    assert "county=" not in page.url


def test_groups_and_what_has_no_incubator(page: Page) -> None:
    page.goto("/?lang=zh&task=coverage")
    find(page, "by-industry").click()
    expect(page).to_have_url(re.compile("by=industry"))
    expect(find(page, "county-ranking").locator("li")).to_have_count(10)
    find(page, "by-reporting_unit").click()
    expect(find(page, "county-ranking").locator("li")).to_have_count(13)
    find(page, "by-town").click()
    expect(find(page, "county-ranking").locator("li").first).to_contain_text(
        re.compile("镇|街道|乡")
    )
    expect(find(page, "with-towns")).to_contain_text("/ 191")
    expect(find(page, "with-industries")).to_contain_text("/ 10")
    find(page, "lacking-towns").locator("summary").click()
    expect(find(page, "lacking-towns")).to_contain_text("镇")


def test_parts_by_keyboard(page: Page) -> None:
    page.goto("/?lang=zh&task=coverage")
    expect(find(page, "coverage-mean")).to_be_visible()
    find(page, "view-overview").focus()
    page.keyboard.press("ArrowRight")
    expect(find(page, "view-gaps")).to_be_focused()
    expect(find(page, "gap-table")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(find(page, "view-scenario")).to_be_focused()
    expect(find(page, "no-edits")).to_be_visible()


@pytest.mark.parametrize("view", ["", "gaps", "repair", "scenario"])
def test_no_part_is_wider_than_a_phone(open_context: OpenContext, view: str) -> None:
    page = open_context(390, 844).new_page()
    page.goto(
        f"/?lang=en&task=coverage&view={view}&repair=theatre:2:sites:greedy:&edits=%2Bcafe.120.66,28.0"
    )
    expect(find(page, "coverage")).to_be_visible()
    wait_for_map(page)
    wide = page.evaluate(
        "() => [...document.querySelectorAll('#panel-body, #panel-body *')].filter((e) => "
        "e.getBoundingClientRect().right > 391 && getComputedStyle(e).display !== 'none')"
        ".map((e) => e.className).slice(0, 5)"
    )
    assert wide == []


def test_text_from_data_is_never_markup(page: Page) -> None:
    page.goto("/?lang=zh&task=coverage&site=hostile&view=scenario&edits=-s.hostile")
    expect(find(page, "site-name")).to_contain_text("<img src=x")
    expect(find(page, "edits")).to_contain_text("<img src=x")
    expect(find(page, "changed-sites")).to_contain_text("<img src=x")
    assert page.evaluate("() => window.taken === undefined")


def test_the_drawer_says_where_to_add(page: Page) -> None:
    items = page.request.get("/api/v1/coverage?by=site&limit=10000").json()["items"]
    some = [item for item in items if 4 <= item["score"] <= 9]
    page.goto(f"/?lang=zh&task=coverage&site={some[0]['id']}")
    expect(find(page, "suggestion")).to_contain_text("补 2 类")
    find(page, "suggest-show").click()
    expect(find(page, "pin-1")).to_be_visible()
    find(page, "suggest-adopt").click()
    expect(find(page, "edits").locator("li")).to_have_count(2)
    row = find(page, "changed-sites").locator("li").filter(has_text=some[0]["name"])
    expect(row).to_contain_text("＋")
