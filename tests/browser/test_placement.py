"""落项目 in a real browser: from a file of projects to an adopted allocation and a sheet of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from python_calamine import CalamineWorkbook

from tests.browser.conftest import GEOMAP, OpenContext, Watch, wait_for_map

pytestmark = pytest.mark.browser

HEADER = "编号,项目名称,所在县,面积,人数\n"
GOOD = (
    HEADER
    + "A1,甲光学项目,鹿城区,120,12\nA2,乙软件项目,龙湾区,150,15\nA3,丙装备项目,瓯海区,200,20\n"
)
BAD = (
    HEADER
    + "A1,甲光学项目,鹿城区,120,12\nA2,乙软件项目,没有县,150,15\nA3,丙装备项目,瓯海区,abc,20\n"
)
STEPS = ("local", "other_county", "state_owned_park", "custom_build", "unplaced")


def open_place(page: Page, rest: str = "") -> None:
    page.goto(f"/?task=place{rest}")
    expect(page.get_by_test_id("place-demo")).to_be_visible()


def upload(page: Page, text: str, name: str = "projects.csv") -> None:
    page.get_by_test_id("place-file").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def place_demo(page: Page, rest: str = "") -> None:
    """Take the demonstration projects and wait for both allocations."""
    open_place(page, rest)
    page.get_by_test_id("place-demo").click()
    expect(page.get_by_test_id("scenario-stable")).to_be_visible()
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_test_id("place-working")).to_have_count(0)


def rows(page: Page) -> Locator:
    return page.get_by_test_id("place-rows").locator(".place-row")


def kept(page: Page) -> dict[str, Any]:
    """Return what the tab keeps, once the last change is in it."""
    page.wait_for_timeout(500)
    book: dict[str, Any] = json.loads(page.evaluate("sessionStorage.getItem('geomap.place')"))
    return book


def answer_of(page: Page, scenario: str = "optimal") -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in kept(page)["scenarios"] if s["id"] == scenario)
    return dict(found["answer"])


def movable(page: Page) -> dict[str, Any]:
    """Return a placement that has another place, at another site, that nobody holds."""
    for one in answer_of(page)["placements"]:
        free = one["alternatives"] and not one["alternatives"][0]["taken_by"]
        if free and one["alternatives"][0]["site_id"] != one["site_id"]:
            return dict(one)
    raise AssertionError("every project has one place only")


def choose(page: Page, project: str) -> None:
    page.get_by_test_id("place-search").fill("")
    name = next(p["name"] for p in answer_of(page)["placements"] if p["project_id"] == project)
    page.get_by_test_id("place-search").fill(name)
    row = page.get_by_test_id(f"row-{project}")
    expect(row).to_be_visible()
    row.click()
    expect(row).to_have_attribute("aria-expanded", "true")


@pytest.fixture(scope="module")
def staff_key(data_dir: Path) -> str:
    environ = {**os.environ, "GEOMAP_DATA_DIR": str(data_dir)}
    made = subprocess.run(
        [GEOMAP, "staff", "add", "招商一科"],
        env=environ,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    found = re.search(r"gms_[\w-]+", made.stdout)
    assert found, made.stdout
    return found[0]


def test_three_beginnings_and_a_template(page: Page) -> None:
    open_place(page)
    for beginning in ("place-upload", "place-demo", "place-add"):
        expect(page.get_by_test_id(beginning)).to_be_visible()
    expect(page.locator("#strip")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_test_id("place-template").click()
    assert CalamineWorkbook.from_path(download.value.path()).sheet_names


def test_a_file_of_projects_becomes_a_table_and_a_sheet(page: Page) -> None:
    open_place(page)
    upload(page, GOOD)
    expect(page.get_by_test_id("scenario-stable")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_test_id("row-A1")).to_contain_text("甲光学项目")
    with page.expect_download() as download:
        page.get_by_test_id("place-file-xlsx").click()
    book = CalamineWorkbook.from_path(download.value.path())
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    assert {"甲光学项目", "乙软件项目", "丙装备项目"} <= cells


def test_a_file_is_dropped_on_the_page(page: Page) -> None:
    open_place(page)
    make = """text => {
        const held = new DataTransfer();
        held.items.add(new File([text], "projects.csv", { type: "text/csv" }));
        return held;
    }"""
    held = page.evaluate_handle(make, GOOD)
    target = page.get_by_test_id("place-projects")
    target.dispatch_event("dragover", {"dataTransfer": held})
    expect(target).to_have_class(re.compile("dropping"))
    target.dispatch_event("drop", {"dataTransfer": held})
    expect(target).not_to_have_class(re.compile("dropping"))
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("?")
    keys = page.get_by_test_id("help").locator("kbd").all_inner_texts()
    assert "p" in keys


def test_rows_with_errors_are_listed_and_the_rest_can_be_used(page: Page, watch: Watch) -> None:
    watch.expected += ("422",)
    open_place(page)
    upload(page, BAD)
    problems = page.get_by_test_id("row-problems")
    expect(problems).to_contain_text("没有县")
    expect(problems.locator("tbody tr")).to_have_count(2)
    first = problems.locator("tbody tr").first.locator("td")
    expect(first.nth(0)).to_have_text("3")
    expect(first.nth(1)).to_have_text("所在县")
    expect(first.nth(3)).to_contain_text("鹿城区")
    expect(page.locator("#strip")).to_be_hidden()
    page.get_by_test_id("accept-partial").click()
    expect(rows(page)).to_have_count(1)


def test_the_bar_of_steps_tells_of_every_project_and_filters(page: Page) -> None:
    place_demo(page)
    wait_for_map(page)
    answer = answer_of(page)
    counts = {step: page.get_by_test_id(f"step-{step}") for step in STEPS}
    shown = {
        step: int(part.locator("b").inner_text()) for step, part in counts.items() if part.count()
    }
    expected = answer["objective"]["by_step"] | {"unplaced": len(answer["unplaced"])}
    assert shown == {step: n for step, n in expected.items() if n}
    counts["local"].click()
    expect(page).to_have_url(re.compile("step=local"))
    expect(page.get_by_test_id("row-count")).to_contain_text(str(shown["local"]))
    expect(page.get_by_test_id("place-rows").locator(".step-badge:not(.step-local)")).to_have_count(
        0
    )
    page.go_back()
    expect(page).not_to_have_url(re.compile("step="))
    expect(page.get_by_test_id("row-count")).to_be_empty()


def test_the_best_beats_first_come(page: Page) -> None:
    place_demo(page)
    objective = answer_of(page)["objective"]
    base = page.get_by_test_id("baseline")
    expect(base).to_contain_text(f"{objective['baseline']['placed']}/{objective['projects']}")
    best = page.get_by_test_id("scenario-optimal")
    expect(best).to_contain_text(f"{objective['placed']}/{objective['projects']}")
    assert objective["total"] >= objective["baseline"]["total"]


def test_keys_walk_the_rows_open_pin_and_close(page: Page) -> None:
    place_demo(page)
    first, second = rows(page).nth(0), rows(page).nth(1)
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    placed = answer_of(page)["placements"][0]["project_id"]
    row = page.get_by_test_id(f"row-{placed}")
    row.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("place-detail")).to_be_visible()
    expect(page.get_by_test_id("tried").locator("li")).to_have_count(4)
    page.keyboard.press("p")
    expect(page.get_by_test_id("place-notice")).to_be_visible()
    expect(row.locator(".pinned")).to_have_count(1)
    page.get_by_test_id(f"row-{placed}").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("place-detail")).to_have_count(0)
    expect(row).to_be_focused()


def test_a_project_is_pinned_by_the_list_and_let_go_by_undo(page: Page) -> None:
    place_demo(page)
    one = movable(page)
    target = one["alternatives"][0]
    choose(page, one["project_id"])
    expect(page.get_by_test_id("flow-pill")).to_contain_text(one["name"])
    page.get_by_test_id("more-places").click()
    listed = page.get_by_test_id("alternatives").locator("li")
    assert 5 < listed.count() <= 20
    page.get_by_test_id("alternative-1").click()
    expect(page.get_by_test_id("place-notice")).to_contain_text(target["site_name"])
    pinned = {p["project_id"]: p for p in answer_of(page)["placements"]}[one["project_id"]]
    assert pinned["unit_ids"] == target["unit_ids"]
    assert pinned["pinned"] is True
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("place-notice")).to_have_count(0)
    back = {p["project_id"]: p for p in answer_of(page)["placements"]}[one["project_id"]]
    assert back["unit_ids"] == one["unit_ids"]


def drag(page: Page, to: tuple[float, float]) -> None:
    """Drag the end of the chosen flow to a place of the page."""
    box = page.get_by_test_id("flow-grip").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(to[0] + 30, to[1] + 30, steps=3)
    page.mouse.move(*to, steps=3)
    page.mouse.up()


def test_a_flow_is_dragged_to_another_place_and_springs_back_elsewhere(page: Page) -> None:
    place_demo(page)
    one = movable(page)
    choose(page, one["project_id"])
    wait_for_map(page)
    stage = page.get_by_test_id("map").bounding_box()
    assert stage
    drag(page, (stage["x"] + 60, stage["y"] + 60))
    expect(page.locator("#toast")).to_contain_text("带编号的点")
    same = {p["project_id"]: p for p in answer_of(page)["placements"]}[one["project_id"]]
    assert same["unit_ids"] == one["unit_ids"]
    wait_for_map(page)
    box = page.get_by_test_id("spot-1").bounding_box()
    assert box
    drag(page, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    expect(page.get_by_test_id("place-notice")).to_contain_text(one["alternatives"][0]["site_name"])
    moved = {p["project_id"]: p for p in answer_of(page)["placements"]}[one["project_id"]]
    assert moved["unit_ids"] == one["alternatives"][0]["unit_ids"]


def test_a_forbidden_place_is_not_given_again(page: Page) -> None:
    place_demo(page)
    one = movable(page)
    choose(page, one["project_id"])
    page.get_by_test_id("forbid-here").click()
    expect(page.get_by_test_id("place-notice")).to_be_visible()
    after = {p["project_id"]: p for p in answer_of(page)["placements"]}.get(one["project_id"])
    assert after is None or after["site_id"] != one["site_id"]
    expect(page.get_by_test_id("scenario-optimal")).to_contain_text("禁止 1")


def test_weights_are_changed_into_a_scenario_of_their_own(page: Page) -> None:
    place_demo(page)
    page.get_by_test_id("weights-open").click()
    for step in ("other_county", "state_owned_park", "custom_build"):
        page.get_by_test_id(f"allow-{step}").uncheck()
    page.get_by_test_id("weights-new").click()
    expect(page.get_by_test_id("scenario-s3")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_test_id("place-notice")).to_be_visible()
    assert {p["step"] for p in answer_of(page, "s3")["placements"]} == {"local"}
    page.get_by_test_id("scenario-more-s3").click()
    page.get_by_test_id("scenario-name").fill("只看本地")
    page.get_by_test_id("scenario-rename").click()
    expect(page.get_by_test_id("scenario-s3")).to_contain_text("只看本地")
    page.get_by_test_id("scenario-more-s3").click()
    page.get_by_test_id("scenario-delete").click()
    expect(page.get_by_test_id("scenario-s3")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("scenario-s3")).to_contain_text("只看本地")


def test_two_allocations_side_by_side(page: Page) -> None:
    place_demo(page)
    best, stable = answer_of(page, "optimal"), answer_of(page, "stable")
    page.get_by_test_id("scenario-more-optimal").click()
    page.get_by_test_id("scenario-compare").select_option("stable")
    expect(page).to_have_url(re.compile("against=stable"))
    before = {p["project_id"]: p["unit_ids"] for p in stable["placements"]}
    after = {p["project_id"]: p["unit_ids"] for p in best["placements"]}
    placed, lost = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    moved = sum(before[i] != after[i] for i in before.keys() & after.keys())
    for name, count in (("moved", moved), ("placed", placed), ("lost", lost)):
        expect(page.get_by_test_id(f"compare-{name}").locator("b")).to_have_text(str(count))
    if moved + placed + lost:
        expect(page.get_by_test_id("row-count")).to_contain_text(str(moved + placed + lost))
    page.reload()
    expect(page.get_by_test_id("compare-bar")).to_be_visible()
    page.get_by_test_id("compare-end").click()
    expect(page.get_by_test_id("compare-bar")).to_have_count(0)


def test_an_allocation_is_adopted_with_a_key_and_given_up(
    page: Page, staff_key: str, watch: Watch
) -> None:
    watch.expected += ("401",)
    open_place(page)
    upload(page, GOOD)
    expect(page.get_by_test_id("scenario-stable")).to_be_visible()
    held = [u["id"] for p in answer_of(page)["placements"] for u in p["units"]]
    assert held
    page.get_by_test_id("adopt-open").click()
    page.get_by_test_id("staff-key").fill("gms_wrong")
    page.get_by_test_id("staff-enter").click()
    expect(page.get_by_test_id("failure")).to_be_visible()
    page.get_by_test_id("staff-key").fill(staff_key)
    page.get_by_test_id("staff-enter").click()
    expect(page.get_by_test_id("adopt-units").locator("li")).to_have_count(
        len(answer_of(page)["placements"])
    )
    page.get_by_test_id("adopt-confirm").click()
    expect(page.get_by_test_id("release-open")).to_be_visible()
    assert status_of(page, held[0]) == "held"
    page.get_by_test_id("weights-open").click()
    page.get_by_test_id("weights-solve").click()
    expect(page.locator("#toast")).to_contain_text("先撤销采用")
    assert page.evaluate("Object.keys(localStorage).join()").find("staff") < 0
    page.get_by_test_id("release-open").click()
    expect(page.get_by_test_id("adopt-open")).to_be_visible()
    assert status_of(page, held[0]) == "vacant"


def sign_in(page: Page, key: str) -> None:
    """Have the key at hand in this tab."""
    page.goto("/")
    kept = json.dumps({"key": key, "name": "招商一科"})
    page.evaluate("kept => sessionStorage.setItem('geomap.staff', kept)", kept)


def units_of(page: Page) -> set[str]:
    return {unit for one in answer_of(page)["placements"] for unit in one["unit_ids"]}


@pytest.mark.parametrize("saved", [True, False], ids=["saved before", "saved with it"])
def test_a_second_adoption_is_refused_and_can_be_solved_again(
    open_context: OpenContext, staff_key: str, watch: Watch, saved: bool
) -> None:
    watch.expected += ("409",)
    # small pages: two maps are drawn by one processor
    first, second = (open_context(1000, 620).new_page() for _ in range(2))
    for page in (first, second):
        sign_in(page, staff_key)
        open_place(page)
        upload(page, GOOD)
        expect(rows(page)).to_have_count(3)
        if page is second and saved:
            page.get_by_test_id("scenario-more-optimal").click()
            page.get_by_test_id("scenario-keep").click()
            expect(page.locator("#toast")).to_contain_text("保存")
            page.keyboard.press("Escape")
        page.get_by_test_id("adopt-open").click()
        expect(page.get_by_test_id("adopt-units").locator("li")).to_have_count(3)
    wanted = units_of(first)
    assert units_of(second) == wanted
    first.get_by_test_id("adopt-confirm").click()
    expect(first.get_by_test_id("release-open")).to_be_visible()
    assert {status_of(first, unit) for unit in wanted} == {"held"}
    second.get_by_test_id("adopt-confirm").click()
    expect(second.get_by_test_id("adopt-refused")).to_contain_text("甲光学项目")
    head = {"Authorization": f"Bearer {staff_key}"}
    kept_there = second.request.get("/api/v1/placement-scenarios", headers=head).json()["items"]
    assert [one["state"] for one in kept_there].count("adopted") == 1
    second.get_by_test_id("adopt-again").click()
    expect(second.get_by_test_id("place-notice")).to_contain_text("重算")
    assert not units_of(second) & wanted
    rows(first).first.click()
    name = rows(first).first.locator(".col-name b").inner_text()
    first.get_by_test_id("open-ledger").click()
    side = first.get_by_test_id("ledger-side")
    expect(side.locator("h1")).to_contain_text(name)
    site = side.get_by_test_id("landed-site").inner_text()
    side.get_by_test_id("landed-site").click()
    expect(first.get_by_test_id("drawer").locator("h1")).to_have_text(site)
    first.get_by_test_id("task-place").click()
    first.get_by_test_id("desk-board").click()
    first.get_by_test_id("release-open").click()
    expect(first.get_by_test_id("adopt-open")).to_be_visible()


def status_of(page: Page, unit: str) -> str:
    answer = page.request.get(f"/api/v1/units/{unit}")
    return str(answer.json()["status"])


def test_one_project_by_hand_is_edited_deleted_and_comes_back(page: Page) -> None:
    open_place(page)
    page.get_by_test_id("place-add").click()
    page.get_by_test_id("project-name").fill('甲 & "乙"')
    page.get_by_test_id("project-county").select_option("330302")
    page.get_by_test_id("project-area-min").fill("300")
    page.get_by_test_id("project-area-max").fill("100")
    page.get_by_test_id("project-save").click()
    expect(page.get_by_test_id("project-dialog").get_by_role("alert")).to_be_visible()
    page.get_by_test_id("project-area-min").fill("80")
    page.get_by_test_id("project-save").click()
    expect(page.get_by_test_id("project-P1")).to_contain_text('甲 & "乙"')
    page.get_by_test_id("project-P1").click()
    page.get_by_test_id("project-delete").click()
    expect(page.get_by_test_id("project-P1")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("project-P1")).to_be_visible()
    page.get_by_test_id("place-solve").click()
    expect(page.get_by_test_id("row-P1")).to_contain_text('甲 & "乙"')


def test_a_failed_request_keeps_the_projects_and_can_be_tried_again(
    page: Page, watch: Watch
) -> None:
    watch.expected += ("503", "Failed to load resource")
    broken = {"on": True}

    def answer(route: Route) -> None:
        if not broken["on"]:
            route.continue_()
            return
        body = json.dumps({"title": "忙", "detail": "正在进行的计算太多", "fix": "稍后再试"})
        route.fulfill(status=503, content_type="application/problem+json", body=body)

    page.route("**/api/v1/placements?*", answer)
    open_place(page)
    upload(page, GOOD)
    expect(page.get_by_test_id("failure")).to_contain_text("正在进行的计算太多")
    expect(page.get_by_test_id("project-A1")).to_be_visible()
    broken["on"] = False
    page.get_by_test_id("retry").click()
    expect(rows(page)).to_have_count(3)


def test_long_work_can_be_stopped(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/v1/placements?*", lambda route: held.append(route))
    open_place(page)
    upload(page, GOOD)
    expect(page.get_by_test_id("place-working")).to_be_visible()
    page.get_by_test_id("place-cancel").click()
    expect(page.get_by_test_id("place-working")).to_have_count(0)
    expect(page.get_by_test_id("project-A1")).to_be_visible()
    assert held


def test_a_link_without_its_projects_says_so(page: Page) -> None:
    page.goto("/?task=place&allocation=optimal&project=demo-p0001")
    expect(page.get_by_test_id("place-lost")).to_be_visible()
    expect(page.get_by_test_id("place-upload")).to_be_visible()


def test_a_filter_that_leaves_nothing_can_be_cleared(page: Page) -> None:
    place_demo(page)
    page.get_by_test_id("place-search").fill("没有这样的项目")
    expect(page.get_by_test_id("place-none")).to_be_visible()
    page.get_by_test_id("place-clear").click()
    expect(rows(page).first).to_be_visible()
    expect(page).not_to_have_url(re.compile("place_q"))


def test_the_brief_is_one_page_with_its_facts(page: Page) -> None:
    page.add_init_script("window.print = () => document.body.setAttribute('data-printed', 1)")
    place_demo(page)
    wait_for_map(page)
    one = movable(page)
    choose(page, one["project_id"])
    page.get_by_test_id("brief").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "1")
    page.emulate_media(media="print")
    sheet = page.get_by_test_id("brief-sheet")
    expect(sheet).to_be_visible()
    for text in (one["name"], one["site_name"], one["reason"], "演示数据"):
        expect(sheet).to_contain_text(text)
    expect(page.locator("#print-foot")).to_contain_text("审图号")
    expect(page.locator("#print-foot .print-code")).to_be_visible()
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1


def test_on_the_phone_the_strip_and_the_table_live_in_the_sheet(open_context: OpenContext) -> None:
    page = open_context(390, 844).new_page()
    place_demo(page)
    wait_for_map(page)
    expect(page.get_by_test_id("panel").locator("#strip")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row = rows(page).first
    box = row.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    one = movable(page)["project_id"]
    page.goto(f"/?task=place&project={one}")
    expect(page.get_by_test_id("place-detail")).to_be_visible()
    expect(page.get_by_test_id("flow-pill")).to_be_visible()


def test_in_english_nothing_of_the_page_is_chinese(page: Page) -> None:
    place_demo(page, "&lang=en")
    page.get_by_test_id("step-local").click()
    rows(page).first.click()
    expect(page.get_by_test_id("place-detail")).to_be_visible()
    told = page.get_by_test_id("tried").inner_text() + page.locator("#strip").inner_text()
    names = {p["site_name"] for p in answer_of(page)["placements"]}
    for name in sorted(names, key=len, reverse=True):
        told = told.replace(name, "")
    labels = page.locator(".place-head, .step-bar, .place-thead, .foot-actions, .legend")
    told += "".join(labels.all_inner_texts())
    left = re.findall(r"[\u4e00-\u9fff]+", told)
    known = json.dumps(answer_of(page), ensure_ascii=False)
    assert [word for word in left if word not in known] == []
