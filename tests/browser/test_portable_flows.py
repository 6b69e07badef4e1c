"""The map of a placement, opened from a file with the network off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from layers.flow_map import render_flows
from tests.layers.placement_answer import HOSTILE, NEEDS, answer
from tests.sample_catalog import sample_catalog

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flows")
    path = folder / "flows.html"
    path.write_text(render_flows(answer(), sample_catalog(folder), "zh"), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, page_file: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: None if r.url == page_file.as_uri() else wrong.append(r.url))
    page.goto(page_file.as_uri())
    yield page
    assert wrong == []
    context.close()


def click_at(page: Page, lon: float, lat: float) -> None:
    """Click the map at a place, by Leaflet's own projection."""
    script = (
        "([lon, lat]) => { const map = Object.values(window).find((v) => v instanceof L.Map);"
        "return map.latLngToContainerPoint([lat, lon]); }"
    )
    point = page.evaluate(script, [lon, lat])
    page.mouse.click(point["x"], point["y"])


def test_a_popup_is_text(page: Page) -> None:
    """At alpha stands who stays there, whose name is markup and an address."""
    click_at(page, 120.70, 28.00)
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text(HOSTILE)
    expect(popup).to_contain_text("本地 · 0.82")
    assert popup.locator("img").count() == 0
    assert page.evaluate("window.taken") is None


def test_where_it_is_built(page: Page) -> None:
    click_at(page, 120.80, 27.90)
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("南拓电气")
    expect(popup).to_contain_text("阿尔法 → 滨海地块")
    assert NEEDS not in popup.inner_text()


def test_what_stands_around_it(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("落项目 · 最优 · 2026-11-28")
    expect(page.locator(".demo")).to_have_text("演示数据")
    expect(page.locator(".legend li")).to_have_count(7)
    expect(page.locator(".county")).to_have_text("龙湾区")
