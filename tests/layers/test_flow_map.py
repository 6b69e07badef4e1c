"""The portable map of a placement."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from geomap.catalog.catalog import Catalog
from layers.flow_map import arc, render_flows, width_of
from tests.layers.placement_answer import answer
from tests.sample_catalog import empty_catalog, sample_catalog


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return sample_catalog(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def page(catalog: Catalog) -> str:
    return render_flows(answer(), catalog, "zh")


def drawn(page: str) -> str:
    """Return what is drawn, without Leaflet before it."""
    return page.rsplit("<script>", 1)[1]


def test_it_loads_nothing(page: str) -> None:
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", page)
    assert "cdn" not in page.lower()


def test_names_stay_text(page: str) -> None:
    """A name with an address in it neither becomes one nor stops the map."""
    assert "<img" not in drawn(page)
    assert "onerror=" not in drawn(page)
    assert "evil.example" in drawn(page)


def test_a_line_for_each_that_moves(page: str) -> None:
    """p1 stays, p2 comes from nowhere; p3, p4 and the build are drawn, each in its colour."""
    assert drawn(page).count('"LineString"') == 3
    for color in ("#0F766E", "#4C6FAF", "#96610F", "#5B6871"):
        assert color in page
    assert drawn(page).count('"2 6"') == 1


def test_legend_and_marks(page: str) -> None:
    for text in ("本地 2", "跨县 1", "国有园区 1", "厂房定制 1", "原址不动 1", "未落地 1", "现址"):
        assert f"</svg>{text}</li>" in page
    assert '<p class="demo">演示数据</p>' in page
    assert "已落地 5/6，本地 2" in page
    assert "OpenStreetMap" in page


def test_each_county_has_its_name(catalog: Catalog, page: str) -> None:
    """Each tooltip is bound for itself: a group would show one of them."""
    assert drawn(page).count('"permanent": true') == len(catalog.counties) > 0


def test_english(catalog: Catalog) -> None:
    page = render_flows(answer(), catalog, "en")
    assert '<html lang="en">' in page
    assert "Stays where it is 1" in page and "Demonstration data" in page


def test_nothing_placed_on_no_land(tmp_path: Path) -> None:
    nothing = answer() | {"placements": [], "unplaced": [], "demo": False}
    page = render_flows(nothing, empty_catalog(tmp_path), "zh")
    assert '"LineString"' not in drawn(page) and 'class="demo"' not in page


def test_an_arc_bends_to_one_side_by_its_length() -> None:
    """Its top lies half as far off the middle as its handle: 0.11 of the length for 0.22."""
    curve = np.array(arc((120.0, 0.0), (120.2, 0.0), bend=0.22))
    assert curve[0].tolist() == [120.0, 0.0] and curve[-1].tolist() == [120.2, 0.0]
    assert curve[len(curve) // 2] == pytest.approx([120.1, 0.022], abs=1e-4)
    north = np.array(arc((120.0, 60.0), (120.0, 60.2), bend=0.22))
    narrow = np.cos(np.radians(60.1))
    assert north[8][0] == pytest.approx(120.0 - 0.022 / narrow, abs=1e-3)


def test_flows_between_the_same_places_bend_apart(catalog: Catalog) -> None:
    twice = answer()
    twice["placements"] = [twice["placements"][2], dict(twice["placements"][2])]
    found = re.findall(r'"coordinates": (\[\[.*?\]\])', render_flows(twice, catalog, "zh"))
    assert len({line for line in found if line.startswith("[[120.7, 28.0]")}) == 2


@pytest.mark.parametrize(("area", "width"), [(0, 1.5), (1_250, 3.0), (5_000, 4.0), (1e9, 4.0)])
def test_width_by_area(area: float, width: float) -> None:
    assert width_of(area) == width
