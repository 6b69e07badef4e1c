import math
from contextlib import suppress

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.geo.geojson import geometry_to_geojson, parse_geometry
from geomap.geo.gpb import decode_gpb, decode_gpb_many, encode_gpb
from geomap.geo.validity import fix_geometry, require_valid

BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
SHAPES = [
    shapely.Point(120.6, 28),
    shapely.LineString([(0, 0), (1, 1)]),
    shapely.box(0, 0, 1, 1) - shapely.box(0.2, 0.2, 0.4, 0.4),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
    shapely.MultiPoint([(0, 0), (1, 1)]),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.geom_type)
def test_geojson_and_geopackage_keep_a_geometry(shape: shapely.Geometry) -> None:
    assert parse_geometry(geometry_to_geojson(shape)).equals(shape)
    assert decode_gpb(encode_gpb(shape)).equals(shape)


def test_many_with_gaps() -> None:
    blobs = [encode_gpb(SHAPES[0]), None, encode_gpb(SHAPES[2])]
    back = decode_gpb_many(blobs)
    assert back[1] is None
    assert back[2].equals(SHAPES[2])
    with pytest.raises(ValueError, match="GeoPackage"):
        decode_gpb(b"XX")


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        {"type": "Point"},
        {"type": "Point", "coordinates": ["a", 1]},
        {"type": "Point", "coordinates": [True, 1]},
        {"type": "Point", "coordinates": [math.nan, 1]},
        {"type": "Point", "coordinates": [math.inf, 1]},
        {"type": "Point", "coordinates": [1]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[0, 0], [1, 0]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": ["Point"], "coordinates": [0, 0]},
        {"type": "MultiPoint", "coordinates": [[0, 0]] * 101},
    ],
)
def test_bad_geojson_is_refused(bad: object) -> None:
    with pytest.raises(InputError):
        parse_geometry(bad, max_vertices=100)


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon"]), json)
def test_any_coordinates_parse_or_are_refused(kind: str, coordinates: object) -> None:
    with suppress(InputError):
        assert parse_geometry({"type": kind, "coordinates": coordinates}).geom_type == kind


def test_fix_geometry() -> None:
    same, note = fix_geometry(SHAPES[2])
    assert (same, note) == (SHAPES[2], "")
    mended, note = fix_geometry(BOWTIE)
    assert mended.is_valid and mended.geom_type in ("Polygon", "MultiPolygon")
    assert "Self-intersection" in note
    with pytest.raises(InputError, match="Self-intersection"):
        require_valid(BOWTIE)
    assert require_valid(SHAPES[0]) is SHAPES[0]
