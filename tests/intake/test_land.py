from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.domain.records import CountyShape
from geomap.intake.boundaries import measure_m2
from geomap.intake.land import (
    FRAME,
    SOURCE,
    build_land,
    find_islets,
    find_land,
    is_land_left,
    read_coast,
)
from tests.intake.base_data import geodata, packaged_counties

SQUARE = (0.0, 0.0, 10.0, 10.0)
# A coast from north to south at x = 4, with a bay to x = 2: land is to the west.
SHORE = np.array([(4, 12), (4, 7), (2, 6), (2, 4), (4, 3), (4, -1)], dtype=float)
MAINLAND = 4 * 10 - 2 * (4 + 2) / 2
ISLAND = np.array([(7, 4), (7, 6), (9, 6), (9, 4), (7, 4)], dtype=float)  # clockwise


def area(runs: list[np.ndarray]) -> float:
    return sum(face.area for face in find_land(runs, SQUARE))


def test_land_lies_on_the_side_of_the_islands_inside():
    assert not is_land_left([SHORE, ISLAND])
    assert is_land_left([SHORE[::-1], ISLAND[::-1]])
    assert area([SHORE, ISLAND]) == pytest.approx(MAINLAND + 4)
    assert area([SHORE[::-1], ISLAND[::-1]]) == pytest.approx(MAINLAND + 4)


def test_without_an_island_land_is_on_the_left():
    assert is_land_left([SHORE])
    assert area([SHORE[::-1]]) == pytest.approx(MAINLAND)
    assert area([SHORE]) == pytest.approx(100 - MAINLAND)


@given(st.integers(0, 3))
def test_a_ring_may_start_anywhere(start: int):
    ring = np.roll(ISLAND[:-1], start, axis=0)
    assert area([SHORE, np.vstack([ring, ring[:1]])]) == pytest.approx(MAINLAND + 4)


def test_an_island_may_leave_the_frame():
    half = np.array([(7, -1), (7, 2), (9, 2), (9, -1)], dtype=float)  # clockwise, cut by clipping
    assert area([SHORE, ISLAND, half]) == pytest.approx(MAINLAND + 4 + 4)


def test_two_coasts_leave_a_strait():
    east = np.array([(8, -1), (8, 11)], dtype=float)
    assert area([SHORE, east, ISLAND - (1, 0)]) == pytest.approx(MAINLAND + 4 + 2 * 10 - 0)


def test_a_file_without_a_line_is_refused(tmp_path: Path):
    path = tmp_path / "coast.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with pytest.raises(InputError):
        read_coast(path)


def _write_coast(path: Path, *runs: list[tuple[float, float]]) -> Path:
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": r}}
        for r in runs
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def county(adcode: str, geometry: shapely.Geometry) -> CountyShape:
    return CountyShape(adcode=adcode, name=adcode, geometry=geometry, source="边界")


def test_one_row_a_county_and_one_for_the_rest(tmp_path: Path):
    # Land is west of 120.5°E; the county reaches from 120 to 121 and has an islet at sea.
    coast = _write_coast(tmp_path / "c", [(120.5, 25.0), (120.5, 31.0)])
    islet = shapely.box(121.2, 27.0, 121.21, 27.01)
    shape = shapely.MultiPolygon([shapely.box(120, 27, 121, 28), islet])
    rows = build_land(coast, [county("330305", shape)])
    assert [row["adcode"] for row in rows] == ["330305", ""]
    assert rows[0]["geometry"].equals(
        shapely.MultiPolygon([shapely.box(120, 27, 120.5, 28), islet])
    )
    west, south, _, north = FRAME
    rest = (120.5 - west) * (north - south) - 0.5
    assert rows[1]["geometry"].area == pytest.approx(rest)
    assert rows[1]["source"] == SOURCE
    assert "边界" in rows[0]["source"]


def test_a_county_without_land_is_refused(tmp_path: Path):
    coast = _write_coast(tmp_path / "c", [(120.5, 25.0), (120.5, 31.0)])
    with pytest.raises(InputError):
        build_land(coast, [county("330305", shapely.box(121, 27, 122, 28))])


def test_only_small_detached_parts_are_islets():
    islet, main = shapely.box(121.2, 27.0, 121.21, 27.01), shapely.box(120, 27, 121, 28)
    assert find_islets(shapely.MultiPolygon([main, islet])) == [islet]
    assert find_islets(islet) == []


ROWS = build_land(geodata("coastline.geojson"), packaged_counties())
BY_ADCODE = {row["adcode"]: row["geometry"] for row in ROWS}
INLAND = {
    "330302": (120.667, 28.017),
    "330329": (119.711, 27.561),
    "330305": (121.150, 27.835),
    "330382": (120.967, 28.113),
    "": (119.91, 28.46),
}
AT_SEA = [(122.5, 27.0), (121.4, 27.6), (120.95, 27.80), (121.0, 27.2)]


def test_the_packaged_coast_gives_every_county_land():
    assert [row["adcode"] for row in ROWS] == [*(s.adcode for s in packaged_counties()), ""]
    assert all(row["geometry"].is_valid and not row["geometry"].is_empty for row in ROWS)
    for shape in packaged_counties():
        share = measure_m2(BY_ADCODE[shape.adcode]) / measure_m2(shape.geometry)
        assert share > (0.4 if shape.adcode == "330305" else 0.65)


@pytest.mark.parametrize("adcode", list(INLAND))
def test_known_places_are_on_land(adcode: str):
    assert BY_ADCODE[adcode].contains(shapely.Point(INLAND[adcode]))


@pytest.mark.parametrize("point", AT_SEA)
def test_known_waters_are_sea(point: tuple[float, float]):
    assert not any(geometry.contains(shapely.Point(point)) for geometry in BY_ADCODE.values())


def test_the_islands_of_dongtou_are_there():
    assert len(shapely.get_parts(BY_ADCODE["330305"])) >= 40
    # About 100 km² without 灵昆 and reclamation, which came to 洞头 later.
    assert 100e6 < measure_m2(BY_ADCODE["330305"]) < 200e6


def test_rows_do_not_overlap():
    total = sum(row["geometry"].area for row in ROWS)
    assert shapely.union_all([row["geometry"] for row in ROWS]).area == pytest.approx(total)
