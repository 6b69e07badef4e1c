"""The ledger, meetings and entries in the real browser: by staff with a key, and without one."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect
from python_calamine import CalamineWorkbook

from geomap.build import open_record
from geomap.config import read_settings
from geomap.store.staff_keys import add_staff
from tests.browser.conftest import HOSTILE, OpenContext, Watch

pytestmark = pytest.mark.browser

NAME = "周招商"
COUNTY = "330302"


class Desk:
    """The HTTP interface, as a member of staff."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return the answer; with None the body is left out."""
        data = None if body is None else json.dumps(body).encode()
        head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.url + path, data=data, headers=head, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def add_project(self, name: str, **more: object) -> dict[str, Any]:
        """Take a project into the ledger."""
        stated = {"name": name, "home_county": COUNTY, **more}
        return self.ask("POST", "/api/v1/ledger", stated)

    def add_entry(self, title: str, **more: object) -> dict[str, Any]:
        """Keep an entry."""
        stated = {"kind": "scene", "title": title, "owner": "市科技局", "adcode": COUNTY, **more}
        return self.ask("POST", "/api/v1/entries", stated)


@pytest.fixture(scope="module")
def desk(server_url: str, data_dir: Path) -> Desk:
    """A member of staff with a key of their own."""
    store = open_record(read_settings({"GEOMAP_DATA_DIR": str(data_dir)}))
    try:
        _, key = add_staff(store, NAME, now=datetime.now(UTC))
    finally:
        store.close()
    return Desk(server_url, key)


def sign_in(page: Page, desk: Desk) -> None:
    """Give the key in the dialog that is open."""
    page.get_by_test_id("staff-key").fill(desk.key)
    page.get_by_test_id("staff-enter").click()
    expect(page.get_by_test_id("staff-dialog")).to_have_count(0)


def open_desk(page: Page, desk: Desk, name: str, query: str = "") -> None:
    """Open a part of 落项目 with the key at hand."""
    kept = json.dumps(json.dumps({"key": desk.key, "name": NAME}))
    page.goto("/")
    page.evaluate(f"sessionStorage.setItem('geomap.staff', {kept})")
    page.goto(f"/?task=place&desk={name}{query}")
    expect(page.get_by_test_id("staff-name")).to_have_text(NAME)


def read_rows(download: Download) -> list[list[Any]]:
    """Return the first sheet of a file that was saved."""
    book = CalamineWorkbook.from_path(download.path())
    return book.get_sheet_by_index(0).to_python()


def test_the_public_list_shows_what_is_published_and_nothing_else(page: Page, desk: Desk) -> None:
    shown = desk.add_entry("公开场景甲", industries=["eye_health"], lon=120.66, lat=28.01)
    for title, more in {
        "不公开的机会乙": {"kind": "opportunity", "visibility": "restricted"},
        "招引的人才丙": {"kind": "talent"},
        "过期的需求丁": {"kind": "demand", "dated_on": "2026-01-01", "expires_on": "2026-02-01"},
    }.items():
        desk.add_entry(title, **more)
    page.goto("/?task=place&desk=lists")
    row = page.get_by_test_id(f"entry-{shown['id']}")
    expect(row).to_contain_text("公开场景甲")
    row.click()
    expect(page.get_by_test_id("entry-matches").locator(".match-row").first).to_be_visible()
    expect(page.get_by_test_id("suits-projects")).to_have_count(0)
    expect(page.get_by_test_id(f"dot-{shown['id']}")).to_be_visible()
    text = page.content()
    assert not [one for one in ("机会乙", "人才丙", "需求丁", "内部") if one in text]
    expect(page.get_by_test_id("entry-add")).to_have_count(0)
    expect(page.get_by_test_id("kind-talent")).to_have_count(0)
    page.get_by_test_id("kind-land").click()
    expect(row).to_have_count(0)
    page.get_by_test_id("kind-all").click()
    page.get_by_test_id("entry-q").fill("场景甲")
    expect(page.locator(".entry-row")).to_have_count(1)
    assert "entry_q=" in page.url


def test_without_a_key_the_ledger_says_what_it_is_and_takes_one(
    page: Page, desk: Desk, watch: Watch
) -> None:
    watch.expected += ("401", "404")
    page.goto("/?task=place&desk=ledger")
    expect(page.get_by_test_id("desk-gate")).to_contain_text("项目台账")
    page.get_by_test_id("gate-sign-in").click()
    page.get_by_test_id("staff-key").fill("gms_nobody")
    page.get_by_test_id("staff-enter").click()
    expect(page.get_by_test_id("staff-dialog").get_by_test_id("failure")).to_be_visible()
    sign_in(page, desk)
    expect(page.get_by_test_id("staff-name")).to_have_text(NAME)
    known = desk.ask("GET", "/api/v1/placements/demo-projects")["items"][-1]
    page.goto(f"/?task=place&desk=ledger&project={known['id']}")
    page.get_by_test_id("take-in").click()
    expect(page.get_by_test_id("ledger-side").locator("h1")).to_contain_text(known["name"])
    page.get_by_test_id("desk-meetings").click()
    expect(page.get_by_test_id("meeting-add")).to_be_visible()
    page.get_by_test_id("desk-sign-out").click()
    expect(page.get_by_test_id("desk-gate")).to_be_visible()


def test_a_project_goes_on_is_lost_with_a_reason_and_comes_back(page: Page, desk: Desk) -> None:
    open_desk(page, desk, "ledger")
    page.get_by_test_id("ledger-add").click()
    page.get_by_test_id("form-name").fill("走一遍的项目")
    page.get_by_test_id("form-home").select_option(COUNTY)
    page.get_by_test_id("project-form-go").click()
    side = page.get_by_test_id("ledger-side")
    expect(side.locator("h1")).to_have_text("走一遍的项目")
    page.get_by_test_id("to-visited").click()
    page.get_by_test_id("change-form-go").click()
    expect(side.locator("[aria-current=step]")).to_have_text("考察")
    page.get_by_test_id("to-lost").click()
    page.get_by_test_id("change-form-go").click()
    expect(page.get_by_test_id("change-form")).to_be_visible()
    page.get_by_test_id("change-note").fill("外地给了更低的租金")
    page.get_by_test_id("change-form-go").click()
    expect(page.get_by_test_id("lost-why")).to_contain_text("外地给了更低的租金")
    row = page.locator(".desk-rows li.chosen")
    expect(row).to_contain_text("流失")
    page.get_by_test_id("undo-last").click()
    expect(side.locator("[aria-current=step]")).to_have_text("考察")
    expect(row).to_contain_text("考察")
    expect(side.locator(".timeline li.gone")).to_contain_text("外地给了更低的租金")
    expect(side.get_by_test_id("event-undo")).to_have_count(1)


def test_next_steps_notes_and_what_is_late(page: Page, desk: Desk) -> None:
    late, free = desk.add_project("要催的项目"), desk.add_project("不急的项目")
    open_desk(page, desk, "ledger", f"&project={late['project_id']}")
    page.get_by_test_id("note-text").fill("电话谈过\n周三再约")
    page.get_by_test_id("note-send").click()
    expect(page.get_by_test_id("event-note")).to_contain_text("周三再约")
    page.get_by_test_id("edit-line").click()
    page.get_by_test_id("form-next").fill("送合同")
    page.get_by_test_id("form-due").fill((date.today() - timedelta(days=3)).isoformat())
    page.get_by_test_id("project-form-go").click()
    row = page.get_by_test_id(f"line-{late['project_id']}")
    expect(row.locator(".due.late")).to_contain_text("逾期 ")
    expect(page.get_by_test_id("event-change")).to_contain_text("送合同")
    page.get_by_test_id("only-late").click()
    expect(page.get_by_test_id(f"line-{free['project_id']}")).to_have_count(0)
    page.reload()
    expect(row).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_test_id(f"line-{free['project_id']}")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("ledger-side")).to_be_hidden()
    expect(row).to_be_focused()
    page.go_back()
    expect(page.get_by_test_id("ledger-side")).to_be_visible()


def test_a_handover_is_accepted_and_a_quicker_hand_is_said(
    page: Page, desk: Desk, watch: Watch
) -> None:
    watch.expected += ("409",)
    line = desk.add_project("移交的项目")
    path = f"/api/v1/ledger/{line['project_id']}"
    open_desk(page, desk, "ledger", f"&project={line['project_id']}")
    page.get_by_test_id("handover").click()
    page.get_by_test_id("handover-kind").select_option("staff")
    page.get_by_test_id("handover-staff").fill("吴接手")
    page.get_by_test_id("handover-form-go").click()
    expect(page.get_by_test_id("handover-card")).to_contain_text("吴接手")
    now = desk.ask("GET", path)
    note = {"version": now["version"], "kind": "note", "note": "另一个人写的"}
    desk.ask("POST", f"{path}/events", note)
    page.get_by_test_id("handover-accept").click()
    page.get_by_test_id("conflict-reload").click()
    expect(page.get_by_test_id("timeline")).to_contain_text("另一个人写的")
    page.get_by_test_id("handover-accept").click()
    expect(page.get_by_test_id("handover-card")).to_have_count(0)
    assert desk.ask("GET", path)["holder"]["name"] == "吴接手"


def test_a_meeting_from_a_saved_allocation_writes_into_the_ledger(page: Page, desk: Desk) -> None:
    projects = desk.ask("GET", "/api/v1/placements/demo-projects")["items"][:6]
    request = {"projects": projects, "mode": "stable", "policy": {"steps": ["local"]}}
    saved = {"name": "会用的方案", "request": request}
    placed = desk.ask("POST", "/api/v1/placement-scenarios", saved)["answer"]["placements"]
    assert len(placed) >= 2
    open_desk(page, desk, "meetings")
    page.get_by_test_id("meeting-add").click()
    page.get_by_test_id("meeting-name").fill("第三批对接会")
    page.get_by_test_id("meeting-at").fill(f"{date.today() + timedelta(days=9)}T09:00")
    option = page.get_by_test_id("meeting-scenario").locator("option", has_text="会用的方案")
    expect(option).to_have_count(1)
    page.get_by_test_id("meeting-scenario").select_option(option.get_attribute("value"))
    page.get_by_test_id("meeting-form-go").click()
    first, second = page.get_by_test_id("pair-0"), page.get_by_test_id("pair-1")
    expect(first.get_by_test_id("pair-slot-of")).to_have_value("09:00–09:15")
    first.focus()
    page.keyboard.press("3")
    expect(second).to_be_focused()
    page.keyboard.press("4")
    expect(second.get_by_test_id("pair-note")).to_be_focused()
    page.keyboard.type("层高不够")
    page.keyboard.press("Enter")
    progress = page.get_by_test_id("meeting-progress")
    expect(progress).to_contain_text(f"已有结果 2 / {len(placed)}")
    expect(progress).to_contain_text("签约 1")
    expect(page.get_by_test_id("pairs-saved")).to_have_text("已保存")
    expect(first.locator(".state-badge")).to_have_text("签约")
    name = first.get_by_test_id("pair-open").inner_text()
    first.get_by_test_id("pair-open").click()
    side = page.get_by_test_id("ledger-side")
    expect(side.locator("h1")).to_contain_text(name)
    expect(side.locator("[aria-current=step]")).to_have_text("签约")
    expect(side.get_by_test_id("timeline")).to_contain_text("会议结果")
    expect(side.get_by_test_id("undo-last")).to_be_disabled()


def test_pairs_by_hand_an_agenda_on_paper_and_no_delete_by_accident(page: Page, desk: Desk) -> None:
    line = desk.add_project("手排的项目")
    meeting = {"name": "手排的会", "kind": "signing", "at": f"{date.today()}T10:00"}
    made = desk.ask("POST", "/api/v1/meetings", meeting)
    open_desk(page, desk, "meetings", f"&meeting={made['id']}")
    expect(page.get_by_test_id("desk-empty")).to_be_visible()
    page.get_by_test_id("pair-add").click()
    choice = page.get_by_test_id("pair-project")
    expect(choice.locator(f'option[value="{line["project_id"]}"]')).to_have_count(1)
    choice.select_option(line["project_id"])
    page.get_by_test_id("pair-site").fill("园")
    page.get_by_test_id("pair-site-item").first.click()
    page.get_by_test_id("pair-form-go").click()
    expect(page.get_by_test_id("pair-0")).to_contain_text("手排的项目")
    page.get_by_test_id("pair-remove").click()
    expect(page.get_by_test_id("pair-0")).to_have_count(0)
    page.get_by_test_id("pair-back").click()
    expect(page.get_by_test_id("pair-0")).to_be_visible()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_test_id("meeting-print").click()
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    sheet = page.get_by_test_id("agenda-sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("手排的项目")
    page.emulate_media(media="screen")
    button = page.get_by_test_id("meeting-delete")
    button.click()
    expect(button).to_have_text("确定删除？")
    assert desk.ask("GET", f"/api/v1/meetings/{made['id']}")["id"] == made["id"]
    button.click()
    expect(page.get_by_test_id(f"meeting-{made['id']}")).to_have_count(0)


def test_slots_and_order_are_changed_and_an_allocation_follows(page: Page, desk: Desk) -> None:
    lines = [desk.add_project(name)["project_id"] for name in ("先谈的项目", "后谈的项目")]
    meeting = {"name": "改时段的会", "kind": "matchmaking", "at": f"{date.today()}T09:00"}
    made = desk.ask("POST", "/api/v1/meetings", meeting)
    path = f"/api/v1/meetings/{made['id']}"
    pairs = [{"project_id": one, "slot": f"09:{i}0"} for i, one in enumerate(lines)]
    desk.ask("PUT", f"{path}/pairs", {"version": made["version"], "pairs": pairs})
    unknown = {"id": "new-here", "name": "没见过的项目", "home_county": COUNTY, "headcount": 10}
    request = {"projects": [unknown], "mode": "stable"}
    saved = desk.ask("POST", "/api/v1/placement-scenarios", {"name": "后加", "request": request})
    open_desk(page, desk, "meetings", f"&meeting={made['id']}")
    first, second = page.get_by_test_id("pair-0"), page.get_by_test_id("pair-1")
    first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(second).to_be_focused()
    expect(second).to_contain_text("先谈的项目")
    expect(first.get_by_test_id("pair-slot-of")).to_have_value("09:00")
    page.keyboard.press("t")
    expect(second.get_by_test_id("pair-slot-of")).to_be_focused()
    second.get_by_test_id("pair-slot-of").fill("10:00–10:20")
    page.keyboard.press("Enter")
    second.focus()
    page.keyboard.press("4")
    expect(page.get_by_test_id("pairs-saved")).to_have_text("已保存")
    row = page.get_by_test_id(f"meeting-{made['id']}")
    expect(row.get_by_test_id("meeting-came")).to_contain_text("已有结果 1 / 2 · 未成 1")
    page.get_by_test_id("pairs-fill").click()
    page.get_by_test_id("fill-scenario").select_option(saved["id"])
    page.get_by_test_id("fill-form-go").click()
    expect(page.get_by_test_id("pair-2")).to_contain_text("没见过的项目")
    kept = [(one["project_name"], one["slot"]) for one in desk.ask("GET", path)["pairs"]]
    assert kept == [
        ("后谈的项目", "09:00"), ("先谈的项目", "10:00–10:20"), ("没见过的项目", "10:20–10:35"),
    ]  # fmt: skip
    assert desk.ask("GET", "/api/v1/ledger/new-here")["name"] == "没见过的项目"
    page.goto(f"/?task=place&desk=ledger&project={lines[0]}&lang=en")
    expect(page.get_by_test_id("event-note").first).to_contain_text("Result Declined")


def test_the_newest_entries_stand_first_or_those_that_end_soon(page: Page, desk: Desk) -> None:
    ends = {"老的": ("2026-03-01", 20), "新的": ("2026-05-01", 90), "没期限": ("2026-04-01", None)}
    for title, (day, left) in ends.items():
        end = left and (date.today() + timedelta(days=left)).isoformat()
        desk.add_entry(f"{title}排序条目", dated_on=day, **({"expires_on": end} if end else {}))
    page.goto("/?task=place&desk=lists&entry_q=排序条目")
    titles = page.locator(".entry-title")
    expect(titles).to_have_text(["新的排序条目", "没期限排序条目", "老的排序条目"])
    page.get_by_test_id("entry-sort-ends").click()
    expect(titles).to_have_text(["老的排序条目", "新的排序条目", "没期限排序条目"])
    assert "entry_sort=ends" in page.url


def test_an_entry_is_written_published_and_withdrawn(open_context: OpenContext, desk: Desk) -> None:
    page, public = open_context().new_page(), open_context().new_page()
    open_desk(page, desk, "lists")
    page.get_by_test_id("entry-add").click()
    page.get_by_test_id("entry-kind").select_option("land")
    page.get_by_test_id("entry-title").fill("瓯江口厂房一栋")
    page.get_by_test_id("entry-owner").fill("海经区")
    page.get_by_test_id("entry-adcode").select_option("330305")
    page.get_by_test_id("entry-floor").fill("12600")
    page.get_by_test_id("entry-open").uncheck()
    page.get_by_test_id("entry-form-go").click()
    row = page.locator(".desk-rows li.chosen")
    expect(row.get_by_test_id("inside")).to_be_visible()
    public.goto("/?task=place&desk=lists&entry_q=瓯江口厂房")
    expect(public.get_by_test_id("entries")).to_contain_text("没有")
    expect(public.locator(".entry-row")).to_have_count(0)
    page.get_by_test_id("entry-publish").click()
    expect(row.get_by_test_id("inside")).to_have_count(0)
    public.reload()
    expect(public.locator(".entry-row")).to_contain_text("12,600 ㎡")
    page.get_by_test_id("entry-publish").click()
    expect(row.get_by_test_id("inside")).to_be_visible()
    public.reload()
    expect(public.locator(".entry-row")).to_have_count(0)
    page.get_by_test_id("entry-delete").click()
    page.get_by_test_id("entry-delete").click()
    expect(page.locator(".entry-title", has_text="瓯江口厂房一栋")).to_have_count(0)


def test_signing_out_takes_what_is_restricted_off_the_page(page: Page, desk: Desk) -> None:
    secret = desk.add_entry("内部的拟投报告", kind="fund_intent", lon=120.7, lat=28.0)
    desk.add_entry("留下的公开场景")
    line = desk.add_project("只给内部看的项目")
    open_desk(page, desk, "ledger", f"&project={line['project_id']}")
    expect(page.get_by_test_id("ledger-side").locator("h1")).to_be_visible()
    page.get_by_test_id("desk-lists").click()
    expect(page.get_by_test_id(f"entry-{secret['id']}")).to_be_visible()
    expect(page.get_by_test_id(f"dot-{secret['id']}")).to_be_visible()
    page.get_by_test_id("desk-sign-out").click()
    expect(page.locator(".entry-title", has_text="留下的公开场景")).to_be_visible()
    expect(page.get_by_test_id(f"dot-{secret['id']}")).to_have_count(0)
    text = page.content()
    assert "拟投报告" not in text
    assert "只给内部看的项目" not in text
    page.get_by_test_id("desk-ledger").click()
    expect(page.get_by_test_id("desk-gate")).to_be_visible()


def test_files_are_what_they_say(page: Page, desk: Desk) -> None:
    line = desk.add_project("导出的项目", owner="导出人")
    title = desk.add_entry("导出的场景")["title"]
    made = desk.ask(
        "POST",
        "/api/v1/meetings",
        {"name": "导出会", "kind": "matchmaking", "at": "2026-12-01T09:00"},
    )
    pairs = {"version": made["version"], "pairs": [{"project_id": line["project_id"]}]}
    desk.ask("PUT", f"/api/v1/meetings/{made['id']}/pairs", pairs)
    open_desk(page, desk, "ledger", "&ledger_owner=导出人")
    with page.expect_download() as ledger:
        page.get_by_test_id("ledger-xlsx").click()
    rows = read_rows(ledger.value)
    assert [row[1] for row in rows] == ["项目", "导出的项目"]
    with page.expect_download() as comma:
        page.get_by_test_id("ledger-csv").click()
    assert "导出的项目" in Path(comma.value.path()).read_text(encoding="utf-8-sig")
    page.goto(f"/?task=place&desk=meetings&meeting={made['id']}")
    with page.expect_download() as agenda:
        page.get_by_test_id("meeting-xlsx").click()
    assert any("导出的项目" in row for row in read_rows(agenda.value))
    page.goto("/?task=place&desk=lists")
    with page.expect_download() as lists:
        page.get_by_test_id("entries-xlsx").click()
    assert any(title in row for row in read_rows(lists.value))


def test_hostile_text_stays_text_on_a_phone_in_english(
    open_context: OpenContext, desk: Desk
) -> None:
    line = desk.add_project(HOSTILE, next_step=HOSTILE, owner="<b>o</b>")
    entry = desk.add_entry(HOSTILE, text=HOSTILE, owner=HOSTILE)
    page = open_context(390, 844, "dark").new_page()
    open_desk(page, desk, "ledger", f"&lang=en&project={line['project_id']}")
    side = page.get_by_test_id("ledger-side")
    expect(side.locator("h1")).to_have_text(HOSTILE)
    expect(page.get_by_test_id("ledger-rows")).to_be_hidden()
    expect(side).to_contain_text("What happened")
    page.get_by_test_id("side-close").click()
    expect(page.get_by_test_id(f"line-{line['project_id']}")).to_contain_text("<img src=x")
    page.get_by_test_id("head-menu").locator("summary").click()
    expect(page.get_by_test_id("ledger-csv")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("ledger-csv")).to_be_hidden()
    page.get_by_test_id("desk-lists").click()
    page.get_by_test_id(f"entry-{entry['id']}").click()
    expect(page.locator(".entry-detail .event-note")).to_have_text(HOSTILE)
    assert page.evaluate("window.taken") is None
    wide = "document.getElementById('panel-body').scrollWidth"
    assert page.evaluate(f"{wide} <= innerWidth") is True


def test_a_failed_request_says_so_and_can_be_tried_again(
    page: Page, desk: Desk, watch: Watch
) -> None:
    watch.expected += ("Failed to load resource",)
    desk.add_project("取得到的项目")
    page.route("**/api/v1/ledger/summary*", lambda route: route.abort())
    open_desk(page, desk, "ledger")
    failure = page.get_by_test_id("ledger").get_by_test_id("failure")
    expect(failure).to_contain_text("连不上服务")
    page.unroute("**/api/v1/ledger/summary*")
    failure.get_by_test_id("retry").click()
    expect(page.get_by_test_id("ledger-rows")).to_contain_text("取得到的项目")
    page.route("**/api/v1/ledger/**", lambda route: route.abort())
    page.locator(".desk-row").first.click()
    expect(page.get_by_test_id("ledger-side").get_by_test_id("failure")).to_be_visible()
