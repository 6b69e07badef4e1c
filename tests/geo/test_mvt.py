import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.geo import protobuf
from geomap.geo.mvt import LineLayer, PointLayer, PolygonLayer, encode_tile
from geomap.geo.tilegrid import lonlat_to_tile_px, tile_bounds_lonlat, tile_range

Z, X, Y = 12, 3421, 1711
WEST, SOUTH, EAST, NORTH = tile_bounds_lonlat(Z, X, Y)


def decode(blob: bytes) -> dict:
    return mapbox_vector_tile.decode(blob, default_options={"y_coord_down": True})


def at(fx: float, fy: float) -> tuple[float, float]:
    """A place at a share of the tile, from its top left."""
    n = 2**Z
    y = (Y + fy) / n
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
    return (X + fx) / n * 360 - 180, float(lat)


def box_at(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.Polygon([at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)])


def test_points_with_every_kind_of_value() -> None:
    lon, lat = np.array([at(0.5, 0.25), at(0.75, 0.5), at(3, 3), (np.nan, np.nan)]).T
    layer = PointLayer(
        "sites",
        lon,
        lat,
        np.array([7, 8, 9, 10]),
        {
            "name": ["甲 <b>", "乙", "丙", "丁"],
            "area": np.array([1.5, np.nan, 2, 3]),
            "n": np.array([-3, 5, 1, 1]),
            "demo": np.array([True, False, True, True]),
        },
    )
    tile = decode(encode_tile([layer], Z, X, Y))["sites"]
    first, second = tile["features"]
    assert first["id"] == 7
    assert first["geometry"]["coordinates"] == pytest.approx([2048, 1024], abs=1)
    assert first["properties"] == {"name": "甲 <b>", "area": 1.5, "n": -3, "demo": True}
    assert second["properties"] == {"name": "乙", "n": 5, "demo": False}


def test_empty_tile_is_empty() -> None:
    none = np.empty(0)
    layers = [
        PointLayer("p", none, none, none.astype(int)),
        LineLayer("l", np.empty((0, 2)), np.zeros(1, dtype=np.int64), none.astype(int)),
        PolygonLayer("a", np.empty(0, dtype=object), none.astype(int)),
    ]
    assert encode_tile(layers, Z, X, Y) == b""


def test_line_is_clipped_to_the_buffered_tile() -> None:
    coords = np.array([at(-1, 0.5), at(0.5, 0.5), at(0.5, 2.0)])
    layer = LineLayer("s", coords, np.array([0, 3]), np.array([1]), {"class": ["minor"]})
    (feature,) = decode(encode_tile([layer], Z, X, Y))["s"]["features"]
    assert feature["geometry"]["type"] == "LineString"
    xs, ys = np.array(feature["geometry"]["coordinates"]).T
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (-64, 2048, 2048, 4160)


def test_line_that_leaves_and_returns_is_one_feature_of_two_parts() -> None:
    coords = np.array([at(0.1, 0.5), at(0.1, -1), at(0.9, -1), at(0.9, 0.5)])
    layer = LineLayer("s", coords, np.array([0, 4]), np.array([1]))
    (feature,) = decode(encode_tile([layer], Z, X, Y))["s"]["features"]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert len(feature["geometry"]["coordinates"]) == 2


def test_polygon_keeps_its_hole_and_winding() -> None:
    shell, hole = box_at(0.1, 0.1, 0.9, 0.9), box_at(0.4, 0.4, 0.6, 0.6)
    layer = PolygonLayer("w", np.array([shell - hole], dtype=object), np.array([3]))
    (feature,) = decode(encode_tile([layer], Z, X, Y))["w"]["features"]
    shape = shapely.geometry.shape(feature["geometry"])
    assert shape.is_valid
    assert len(shape.interiors) == 1
    assert shape.area == pytest.approx((0.64 - 0.04) * 4096**2, rel=0.01)


def test_polygon_larger_than_the_tile_fills_it() -> None:
    layer = PolygonLayer("w", np.array([box_at(-5, -5, 6, 6)], dtype=object), np.array([1]))
    (feature,) = decode(encode_tile([layer], Z, X, Y))["w"]["features"]
    assert shapely.geometry.shape(feature["geometry"]).area == pytest.approx(4224**2, rel=0.001)


def test_polygon_smaller_than_a_unit_is_left_out() -> None:
    dot = box_at(0.5, 0.5, 0.50001, 0.50001)
    assert encode_tile([PolygonLayer("w", np.array([dot]), np.array([1]))], Z, X, Y) == b""


def test_multipolygon_is_one_feature() -> None:
    both = shapely.MultiPolygon([box_at(0.1, 0.1, 0.3, 0.3), box_at(0.6, 0.6, 0.9, 0.9)])
    layer = PolygonLayer("w", np.array([both], dtype=object), np.array([1]))
    (feature,) = decode(encode_tile([layer], Z, X, Y))["w"]["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_varints_match_the_one_by_one_writer(values: list[int]) -> None:
    blob, lengths = protobuf.varints(np.array(values, dtype=np.uint64))
    assert blob.tobytes() == b"".join(protobuf.varint(v) for v in values)
    assert lengths.sum() == len(blob)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_point_lies_in_the_tile_that_tile_range_names(fx: float, fy: float) -> None:
    lon, lat = at(fx, fy)
    px, py = lonlat_to_tile_px(lon, lat, Z, X, Y)
    assert (px / 4096, py / 4096) == (pytest.approx(fx, abs=1e-6), pytest.approx(fy, abs=1e-6))
    assert tile_range((lon, lat, lon, lat), Z) == (X, X, Y, Y)


def test_bounds_are_those_of_the_grid() -> None:
    assert WEST < EAST
    assert SOUTH < NORTH
    assert tile_bounds_lonlat(0, 0, 0) == pytest.approx((-180, -85.0511288, 180, 85.0511288))
