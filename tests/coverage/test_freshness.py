"""The version of amenities, and how old they are."""

from __future__ import annotations

import numpy as np

from geomap.catalog.columns import AmenityColumns, TextColumn
from geomap.coverage.freshness import amenity_state


def columns(*rows: tuple[str, int, float, str, str]) -> AmenityColumns:
    """Amenities of (id, category, lon, source, source_date)."""
    ids, category, lon, source, dates = zip(*rows, strict=True) if rows else ((),) * 5
    none = [""] * len(rows)
    return AmenityColumns(
        id=TextColumn.of(list(ids)),
        name=TextColumn.of(none),
        address=TextColumn.of(none),
        source=TextColumn.of(list(source)),
        source_date=TextColumn.of(list(dates)),
        category=np.array(category, dtype=np.int8),
        lon=np.array(lon, dtype=np.float64),
        lat=np.full(len(rows), 28.0),
        demo=np.zeros(len(rows), dtype=np.bool_),
    )


A = ("a", 1, 120.7, "OSM", "2026-03-01")
B = ("b", 2, 120.8, "OSM", "2026-05-01")
X = ("x", 2, 120.9, "普查", "")


def test_equal_amenities_have_equal_versions_in_any_order() -> None:
    assert amenity_state(columns(A, B)).version == amenity_state(columns(B, A)).version
    assert len(amenity_state(columns()).version) == 12


def test_another_place_category_or_id_is_another_version() -> None:
    base = amenity_state(columns(A, B)).version
    moved, other = ("a", 1, 120.70001, "OSM", ""), ("a", 2, 120.7, "OSM", "")
    for changed in (columns(A), columns(moved, B), columns(other, B), columns(A, X)):
        assert amenity_state(changed).version != base
    # Names and dates do not move a figure.
    assert amenity_state(columns(("a", 1, 120.7, "x", "2020-01-01"), B)).version == base


def test_sources_with_their_dates_the_largest_first() -> None:
    state = amenity_state(columns(X, A, B))
    assert [(s.name, s.count, s.first, s.last) for s in state.sources] == [
        ("OSM", 2, "2026-03-01", "2026-05-01"),
        ("普查", 1, "", ""),
    ]
    assert state.count == 3
