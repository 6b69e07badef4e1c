"""Road centrelines from GeoJSON, Shapefile and GeoPackage."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geomap.domain.errors import InputError
from geomap.geo.crs import METRIC_EPSG
from geomap.geo.datum import wgs84_to_gcj02
from geomap.streets.graph import build_network
from geomap.streets.lines import cell_ids, read_line_ways
from geomap.streets.ways import StreetClass as K
from tests.streets.drawn import ORIGIN, lonlat


def line(*points: tuple[float, float]) -> shapely.LineString:
    xy = np.array(points, dtype=float)
    return shapely.LineString(np.column_stack(lonlat(xy[:, 0], xy[:, 1])))


CROSS = [line((-100, 0), (0, 0), (100, 0)), line((0, -100), (0, 0), (0, 100))]


def geojson(path: Path, shapes, rows=None) -> Path:
    rows = rows or [{}] * len(shapes)
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for shape, row in zip(shapes, rows, strict=True)
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def test_lines_that_share_a_vertex_are_joined(tmp_path):
    ways, dropped = read_line_ways(geojson(tmp_path / "a.geojson", CROSS), "wgs84")
    network = build_network(ways)
    assert (network.node_count, network.edge_count) == (5, 4)
    assert sum(dropped.values()) == 0
    assert ways.extent is None


def test_lines_that_merely_cross_are_not_joined(tmp_path):
    over = [line((-100, 0), (100, 0)), line((0, -100), (0, 100))]
    ways, _ = read_line_ways(geojson(tmp_path / "a.geojson", over), "wgs84")
    assert build_network(ways).component_size.tolist() == [2, 2]


def test_crossings_are_joined_when_asked(tmp_path):
    over = [line((-100, 0), (100, 0)), line((0, -100), (0, 100)), line((50, 0), (50, 80))]
    path = geojson(tmp_path / "a.geojson", over)
    ways, _ = read_line_ways(path, "wgs84", node_crossings=True)
    network = build_network(ways)
    assert network.component_size.tolist() == [7]  # the end on the street is joined too
    assert float(network.edge_m.sum()) == pytest.approx(480, abs=0.05)


def test_crossings_of_a_geopackage_are_joined_when_asked(tmp_path):
    over = [line((-100, 0), (100, 0)), line((0, -100), (0, 100)), line((40, -90), (40, 90))]
    frame(over, tunnel=["", "no", "yes"]).to_file(tmp_path / "a.gpkg", engine="pyogrio")
    ways, _ = read_line_ways(tmp_path / "a.gpkg", "wgs84", node_crossings=True)
    assert build_network(ways).component_size.tolist() == [5, 2]


def test_lines_that_lie_on_each_other_are_joined_at_both_ends(tmp_path):
    over = [line((0, 0), (100, 0)), line((50, 0), (150, 0)), line((50, 60), (50, 0))]
    path = geojson(tmp_path / "a.geojson", over)
    network = build_network(read_line_ways(path, "wgs84", node_crossings=True)[0])
    assert len(network.component_size) == 1
    assert float(network.edge_m.sum()) == pytest.approx(210, abs=0.05)


def test_a_bridge_is_not_joined_to_what_it_crosses(tmp_path):
    over = [line((-100, 0), (100, 0)), line((0, -100), (0, 100))]
    path = geojson(tmp_path / "a.geojson", over, [{"bridge": ""}, {"bridge": "yes"}])
    ways, _ = read_line_ways(path, "wgs84", node_crossings=True)
    assert build_network(ways).component_size.tolist() == [2, 2]


@pytest.mark.parametrize(("gap", "parts"), [(0.006, 1), (0.05, 2)])
def test_vertices_within_a_centimetre_are_one(tmp_path, gap, parts):
    shapes = [line((0, 0), (100, 0)), line((100 + gap, 0), (200, 0))]
    ways, _ = read_line_ways(geojson(tmp_path / "a.geojson", shapes), "wgs84")
    assert len(build_network(ways).component_size) == parts


def test_cells_do_not_part_neighbours_at_their_border():
    x = np.arange(0, 2, 0.0037)
    assert set(cell_ids(*lonlat(x, 0 * x))) == {0}


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.zip"])
def test_shapefile_and_geopackage(tmp_path, name):
    data = frame(CROSS, highway=["residential", "steps"], name=["学院路", ""], bridge=["no", "yes"])
    if name == "a.zip":
        data.to_file(tmp_path / "b.shp", encoding="utf-8", engine="pyogrio")
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for part in tmp_path.glob("b.*"):
                archive.write(part, part.name)
    else:
        data.to_file(tmp_path / name, engine="pyogrio")
    ways, _ = read_line_ways(tmp_path / name, "wgs84")
    assert ways.klass.tolist() == [K.MINOR, K.STEPS]
    assert list(ways.name) == ["学院路", ""]
    assert ways.bridge.tolist() == [False, True]
    assert build_network(ways).edge_count == 4


def test_a_shapefile_in_gb18030(tmp_path):
    frame(CROSS[:1], name=["府前街"]).to_file(tmp_path / "a.shp", encoding="gb18030")
    (tmp_path / "a.cpg").unlink()
    ways, _ = read_line_ways(tmp_path / "a.shp", "wgs84", "gb18030")
    assert list(ways.name) == ["府前街"]
    with pytest.raises(InputError):
        read_line_ways(tmp_path / "a.shp", "wgs84", "no-such-code")


def test_the_declared_crs_decides(tmp_path):
    plain, _ = read_line_ways(geojson(tmp_path / "a.geojson", CROSS), "wgs84")
    moved = [shapely.transform(s, lambda c: np.column_stack(wgs84_to_gcj02(*c.T))) for s in CROSS]
    shifted, _ = read_line_ways(geojson(tmp_path / "b.geojson", moved), "gcj02")
    assert np.allclose(plain.coords, shifted.coords, atol=1e-8)
    metric = [shapely.LineString([(-100, 0), (100, 0)])]
    metric = [shapely.transform(s, lambda c: c + np.array(ORIGIN)) for s in metric]
    projected, _ = read_line_ways(geojson(tmp_path / "c.geojson", metric), METRIC_EPSG)
    assert np.allclose(projected.coords, plain.coords[[0, 2]], atol=1e-8)
    with pytest.raises(InputError) as error:
        read_line_ways(tmp_path / "c.geojson", "wgs84")
    assert error.value.field == "crs"


@pytest.mark.parametrize(
    ("value", "klass"),
    [
        ("residential", K.MINOR),
        ("Footway", K.PATH),
        ("motorway", K.MOTORWAY),
        ("7", K.STEPS),
        (7, K.STEPS),
        (7.0, K.STEPS),
        ("ferry", K.FERRY),
        ("城市快速路", K.TRUNK),
        ("高速公路", K.MOTORWAY),
        ("主干道", K.PRIMARY),
        ("人行道", K.PATH),
        ("没听说过", K.MINOR),
        ("", K.MINOR),
        (None, K.MINOR),
        (float("nan"), K.MINOR),
    ],
)
def test_class_columns(tmp_path, value, klass):
    path = geojson(tmp_path / "a.geojson", CROSS[:1], [{"class": value}])
    assert read_line_ways(path, "wgs84")[0].klass.tolist() == [klass]


def test_osm_columns_are_obeyed(tmp_path):
    rows = [{"highway": "service", "access": "private"}, {"highway": "footway"}]
    ways, dropped = read_line_ways(geojson(tmp_path / "a.geojson", CROSS, rows), "wgs84")
    assert ways.klass.tolist() == [K.PATH]
    assert dropped["no_access"] == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"highway": "primary", "tunnel": "yes"}, "road_tunnel"),
        ({"highway": "secondary", "access": "private"}, "no_access"),
        ({"highway": "steps", "foot": "no"}, "no_foot"),
        ({"fclass": "primary", "tunnel": "T"}, "road_tunnel"),
        ({"fclass": "primary", "tunnel": "F"}, ""),
        ({"highway": "service", "tunnel": "building_passage"}, ""),
        ({"等级": "主干道", "隧道": "是"}, ""),
        ({"highway": "path", "sac_scale": "alpine_hiking"}, "hard_trail"),
        ({"highway": "track", "ford": "yes"}, "ford"),
        ({"highway": "construction"}, "unfinished"),
        ({"type": "铁路"}, "not_a_street"),
        ({"等级": "规划支路"}, "unfinished"),
        ({"等级": "支路"}, ""),
    ],
)
def test_reasons_of_columns(tmp_path, row, reason):
    path = geojson(tmp_path / "a.geojson", CROSS, [row, {next(iter(row)): "footway"}])
    ways, dropped = read_line_ways(path, "wgs84")
    assert {code for code, count in dropped.items() if count} == ({reason} if reason else set())
    assert len(ways) == (1 if reason else 2)


@pytest.mark.parametrize(
    ("says", "declared", "agrees"),
    [
        ("EPSG:4326", "wgs84", True),
        ("EPSG:4326", "gcj02", True),
        ("EPSG:4490", "cgcs2000", True),
        ("EPSG:4326", "EPSG:4490", True),
        ("EPSG:4326", "EPSG:4549", False),
        ("EPSG:4549", "wgs84", False),
        ("EPSG:4549", "EPSG:4549", True),
        (None, "wgs84", True),
    ],
)
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_that_says_another_crs_is_refused(tmp_path, name, says, declared, agrees):
    data = gpd.GeoDataFrame({"name": [""] * 2}, geometry=CROSS, crs="EPSG:4326")
    data = data.to_crs(says) if says else data.set_crs(None, allow_override=True)
    if name == "a.geojson":
        named = f"urn:ogc:def:crs:EPSG::{says[5:]}" if says else "urn:ogc:def:crs:OGC:1.3:CRS84"
        path = geojson(tmp_path / name, list(data.geometry))
        document = json.loads(path.read_text())
        document["crs"] = {"type": "name", "properties": {"name": named}}
        path.write_text(json.dumps(document))
    else:
        data.to_file(tmp_path / name, engine="pyogrio")
    if agrees:
        assert len(read_line_ways(tmp_path / name, declared)[0]) == 2
        return
    with pytest.raises(InputError) as error:
        read_line_ways(tmp_path / name, declared)
    assert error.value.field == "crs"
    assert says in error.value.fix.zh


def test_what_is_left_out_is_counted(tmp_path):
    here = line((0, 0), (0.001, 0))
    shapes = [CROSS[0], shapely.Point(120.7, 28.0), None, here, shapely.LineString()]
    ways, dropped = read_line_ways(geojson(tmp_path / "a.geojson", shapes), "wgs84")
    assert len(ways) == 1
    assert dropped == {"not_a_line": 3, "too_short": 1}


def test_multilines_become_ways_of_one_name(tmp_path):
    both = shapely.MultiLineString([line((0, 0), (50, 0)), line((50, 50), (50, 0), (90, 0))])
    rows = [{"name": "甲"}, {"name": "乙"}]
    ways, _ = read_line_ways(geojson(tmp_path / "a.geojson", [both, CROSS[1]], rows), "wgs84")
    assert list(ways.name) == ["甲", "甲", "乙"]
    assert ways.offsets.tolist() == [0, 2, 5, 8]


@pytest.mark.parametrize("shapes", [[], [shapely.Point(120.7, 28.0)], [None]])
def test_a_file_without_lines_says_so(tmp_path, shapes):
    with pytest.raises(InputError) as error:
        read_line_ways(geojson(tmp_path / "a.geojson", shapes), "wgs84")
    assert "centreline" in error.value.reason.en


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b""),
        ("a.geojson", b"[1, 2]"),
        ("a.geojson", b'{"features": 3}'),
        ("a.geojson", b'{"features": [3]}'),
        ("a.geojson", b'{"features": [{"geometry": {"type": "LineString"}}]}'),
        ("a.geojson", b"[" * 100_000),
        ("a.geojson", b"\xff\xfe\x00"),
        ("a.shp", b"nothing"),
        ("a.shp", b""),
        ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 4096),
        ("a.gpkg", b"<OGRVRTDataSource/>"),
        ("a.zip", b"no zip"),
        ("a.kml", b"<kml/>"),
        ("a.geojson", None),
        ("a.shp", None),
        ("a.zip", None),
    ],
)
@pytest.mark.filterwarnings("ignore:GPKG")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_damaged_files_are_refused(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_line_ways(path, "wgs84")
    assert error.value.field == "file"
    assert error.value.fix


def test_an_archive_holds_one_shapefile(tmp_path):
    frame(CROSS).to_file(tmp_path / "b.shp")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("b.shp", "c.shp"):
            archive.write(tmp_path / "b.shp", name)
    with pytest.raises(InputError):
        read_line_ways(path, "wgs84")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(InputError):
        read_line_ways(path, "wgs84")
