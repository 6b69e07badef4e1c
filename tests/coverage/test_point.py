"""The ring of any point: what it holds, and refusals that say why."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geomap.coverage.point import ring_at
from geomap.domain.errors import InputError, NotFoundError
from geomap.domain.words import AmenityCategory
from tests.coverage.town import C, index_of, town
from tests.streets.drawn import lonlat


def at(x: float, y: float, *items, **options):
    lon, lat = (float(v) for v in lonlat(x, y))
    return ring_at(town(), index_of(town(), *items), lon, lat, **options)


def test_a_ring_names_where_it_comes_from():
    ring = at(810, 700, (900, 800, C.CAFE), (1600, 1600, C.CAFE), minutes=5)
    assert ring.network == town().version
    assert (ring.profile, ring.minutes, ring.speed_kmh) == ("wenzhou-6-6", 5, 4.8)
    assert ring.snapped_m == pytest.approx(10, abs=0.1)
    assert not ring.truncated
    assert ring.geometry.is_valid
    assert ring.area_m2 > 1e5
    cafes = ring.amenities[C.CAFE]
    assert (cafes.count, len(cafes.items)) == (1, 1)
    assert cafes.nearest == cafes.items[0]
    assert cafes.nearest.walk_m == pytest.approx(210, abs=0.1)
    assert cafes.nearest.walk_min == pytest.approx(210 / 80, abs=0.01)
    assert list(ring.amenities) == list(AmenityCategory)
    assert ring.amenities[C.BAR] == type(cafes)(0, None, ())


def test_the_profile_gives_minutes_and_speed():
    ring = at(800, 800, profile="gb50180")
    assert (ring.minutes, ring.speed_kmh) == (15, 4.0)
    assert at(800, 800).area_m2 > ring.area_m2


def test_listed_amenities_lie_in_the_ring():
    """Amenities as they are in towns: within 25 m of a street."""
    rng = np.random.default_rng(7)
    street, along = 200.0 * rng.integers(0, 9, 600), rng.uniform(0, 1600, 600)
    off = street + rng.uniform(-25, 25, 600)
    xy = np.where(rng.random(600)[:, None] < 0.5, np.c_[along, off], np.c_[off, along])
    spots = [(float(x), float(y), C.RETAIL) for x, y in xy]
    ring = at(790, 810, *spots, minutes=10)
    listed = {item.amenity for item in ring.amenities[C.RETAIL].items}
    lon, lat = lonlat([s[0] for s in spots], [s[1] for s in spots])
    inside = set(np.flatnonzero(shapely.contains_xy(ring.geometry, lon, lat)).tolist())
    assert len(listed & inside) >= 0.99 * len(listed)
    assert len(listed & inside) >= 0.94 * len(inside)
    assert len(listed) > 100


@pytest.mark.parametrize("minutes", [0, -5, 61, float("nan")])
def test_minutes_that_cannot_be_used(minutes):
    with pytest.raises(InputError) as error:
        at(800, 800, minutes=minutes)
    assert error.value.field == "minutes"


@pytest.mark.parametrize(
    ("lon", "lat"), [(float("nan"), 28.0), (120.7, float("inf")), (181.0, 28.0), (28.0, 120.7)]
)
def test_places_that_are_no_degrees(lon, lat):
    with pytest.raises(InputError) as error:
        ring_at(town(), index_of(town()), lon, lat)
    assert error.value.field == "lon"


@pytest.mark.parametrize(
    ("x", "y", "says"), [(9000, 800, "outside the street network"), (100, 100, "within")]
)
def test_a_point_without_a_street(x, y, says):
    options = {} if says != "within" else {"minutes": 1}
    with pytest.raises(NotFoundError) as error:
        at(x, y, **options)
    assert says in error.value.reason.en
    assert error.value.fix


def test_an_unknown_profile():
    with pytest.raises(NotFoundError) as error:
        at(800, 800, profile="nowhere")
    assert error.value.field == "profile"


def test_a_walk_too_short_for_a_ring_says_so():
    with pytest.raises(NotFoundError):
        at(800, 804, minutes=0.06)
