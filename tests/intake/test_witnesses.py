"""Witnesses of a datum: thinned places, and the coast."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geomap.geo.datum import wgs84_to_bd09, wgs84_to_gcj02
from geomap.intake.frames import suspect_frame
from geomap.intake.witnesses import from_land, thin
from tests.streets.drawn import lonlat

INTO = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}


def test_one_place_a_cell_and_not_more_than_asked():
    lon = np.array([120.00010, 120.00020, 120.00110, np.nan, 120.00510])
    lat = np.full(5, 28.0001)
    assert thin(lon, lat).tolist() == [0, 2, 4]
    assert thin(lon, lat, most=2).tolist() == [0, 4]
    assert thin(lon[:0], lat[:0]).tolist() == []


def disc(x: float, y: float, radius: float) -> shapely.Polygon:
    ring = shapely.get_coordinates(shapely.Point(x, y).buffer(radius))
    return shapely.Polygon(np.column_stack(lonlat(*ring.T)))


def places(x: float, y: float, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Return places all over a disc, its shore included, every 150 m."""
    east, north = np.meshgrid(np.arange(-radius, radius, 150), np.arange(-radius, radius, 150))
    inside = np.hypot(east, north) <= radius - 20
    return lonlat(x + east[inside], y + north[inside])


ISLAND = disc(0, 0, 3_000)
MAINLAND = disc(-60_000, 0, 40_000)


def told(lon, lat, land) -> str | None:
    found = suspect_frame(lon, lat, "wgs84", from_land(lon, lat, "wgs84", land))
    return found.frame if found else None


@pytest.mark.parametrize("frame", ["wgs84", "gcj02", "bd09"])
def test_an_island_tells(frame):
    lon, lat = places(0, 0, 3_000)
    if frame != "wgs84":
        lon, lat = INTO[frame](lon, lat)
    assert told(lon, lat, [ISLAND, MAINLAND]) == (None if frame == "wgs84" else frame)


def test_new_land_before_the_mainland_is_no_shift():
    """Streets on land that the coast does not know yet, beside an island that fits."""
    lon, lat = places(0, 0, 3_000)
    new_lon, new_lat = lonlat(
        *np.meshgrid(np.arange(-19_900, -19_300, 20), np.arange(0, 4_000, 90))
    )
    lon, lat = np.append(lon, new_lon), np.append(lat, new_lat)
    assert told(lon, lat, [ISLAND, MAINLAND]) is None
    assert told(new_lon.ravel(), new_lat.ravel(), [ISLAND, MAINLAND]) is None


def test_a_mainland_tells_nothing():
    lon, lat = lonlat(*np.meshgrid(np.arange(-24_000, -20_000, 150), np.arange(-2_000, 2_000, 150)))
    lon, lat = wgs84_to_gcj02(lon.ravel(), lat.ravel())
    assert from_land(lon, lat, "wgs84", [MAINLAND]) == []
    assert told(lon, lat, [ISLAND, MAINLAND]) is None
    assert from_land(lon, lat, "wgs84", []) == []
