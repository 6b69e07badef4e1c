from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from geomap.domain.errors import InputError
from geomap.matching.polygon_json import MOST_VERTICES, parse_polygon, polygon_to_json

SQUARE = [[120.0, 27.0], [121.0, 27.0], [121.0, 28.0], [120.0, 28.0], [120.0, 27.0]]
BOWTIE = [[120, 27], [121, 28], [121, 27], [120, 28], [120, 27]]


def polygon(*rings: object) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def circle(points: int) -> list[list[float]]:
    ring = [
        [120 + math.cos(2 * math.pi * i / points), 28 + math.sin(2 * math.pi * i / points)]
        for i in range(points)
    ]
    return [*ring, ring[0]]


def test_polygons_are_read() -> None:
    hole = [[120.2, 27.2], [120.4, 27.2], [120.4, 27.4], [120.2, 27.2]]
    assert parse_polygon(polygon(SQUARE), "w") == Polygon(SQUARE)
    assert parse_polygon(polygon(SQUARE, hole), "w").area == pytest.approx(0.98)
    heights = [[*p, 5.0] for p in SQUARE]
    assert parse_polygon(polygon(heights), "w") == Polygon(SQUARE)
    far = [[x + 5, y] for x, y in SQUARE]
    many = {"type": "MultiPolygon", "coordinates": [[SQUARE], [far]]}
    assert isinstance(parse_polygon(many, "w"), MultiPolygon)
    assert polygon_to_json(parse_polygon(many, "w")) == many
    assert parse_polygon(polygon(circle(MOST_VERTICES - 1)), "w").is_valid


@pytest.mark.parametrize(
    ("value", "field", "said"),
    [
        (None, "w", "GeoJSON"),
        ("POLYGON((0 0))", "w", "GeoJSON"),
        ({"type": "Point", "coordinates": [120, 28]}, "w", "GeoJSON"),
        ({"type": ["Polygon"]}, "w", "GeoJSON"),
        ({"type": "Polygon"}, "w.coordinates", "rings"),
        ({"type": "Polygon", "coordinates": []}, "w.coordinates", "rings"),
        ({"type": "MultiPolygon", "coordinates": []}, "w.coordinates", "polygons"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "w.coordinates.0", "rings"),
        (polygon("x"), "w.coordinates.0", "longitude"),
        (polygon([[120, 27], "x"]), "w.coordinates.0", "longitude"),
        (polygon([[120, True], [1, 2], [3, 4], [120, True]]), "w.coordinates.0", "longitude"),
        (polygon([[27, 120], [28, 120], [28, 121], [27, 120]]), "w.coordinates.0", "longitude"),
        (polygon([[math.nan, 1], [1, 2], [3, 4], [math.nan, 1]]), "w.coordinates.0", "longitude"),
        (polygon([[1, 1, 1, 1]] * 4), "w.coordinates.0", "longitude"),
        (polygon(SQUARE[:-1]), "w.coordinates.0", "ends where it starts"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0]]), "w.coordinates.0", "three different"),
        (polygon([SQUARE[0]] * 4), "w", ""),
        (polygon([[120, 27], [121, 28], [122, 29], [120, 27]]), "w", ""),
        (polygon(BOWTIE), "w", "crosses"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, "w", "overlaps"),
        (polygon(circle(MOST_VERTICES)), "w", "at most 500"),
    ],
)
def test_what_is_no_polygon_is_refused_by_name(value: object, field: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_polygon(value, "w")
    assert caught.value.field == field and said in caught.value.reason.en
    assert caught.value.fix and caught.value.fix.zh and caught.value.reason.zh


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3),
                    lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner),
                    max_leaves=20))  # fmt: skip
def test_nothing_else_than_a_refusal_comes_of_nonsense(value: object) -> None:
    for given_value in (value, {"type": "Polygon", "coordinates": value},
                        {"type": "MultiPolygon", "coordinates": value}):  # fmt: skip
        with pytest.raises(InputError):
            parse_polygon(given_value, "w")
