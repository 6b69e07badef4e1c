import geocoordinates_ffi as oracle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.geo import datum
from geomap.geo.crs import to_metric

LON, LAT = st.floats(115, 125), st.floats(22, 33)
MM = 1e-3 / 111_000


def metres_apart(a: tuple, b: tuple) -> float:
    (ax, ay), (bx, by) = to_metric(*a), to_metric(*b)
    return float(np.hypot(ax - bx, ay - by))


def test_shift_at_wenzhou_is_540_to_584_m() -> None:
    for lon, lat in ((120.65, 28.01), (121.1, 27.85), (119.9, 27.5)):
        assert 535 < metres_apart((lon, lat), datum.wgs84_to_gcj02(lon, lat)) < 590


def test_bd09_lies_about_920_m_further() -> None:
    gcj = datum.wgs84_to_gcj02(120.65, 28.01)
    assert metres_apart(gcj, datum.gcj02_to_bd09(*gcj)) == pytest.approx(920, abs=40)


@given(LON, LAT)
def test_gcj02_inverse_undoes_the_shift(lon: float, lat: float) -> None:
    back = datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=10 * MM)


@given(LON, LAT)
def test_bd09_inverse_undoes_the_shift(lon: float, lat: float) -> None:
    back = datum.bd09_to_wgs84(*datum.wgs84_to_bd09(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=10 * MM)


def test_arrays_keep_their_shape() -> None:
    lon, lat = datum.gcj02_to_wgs84(np.full((3, 2), 120.6), np.full((3, 2), 28.0))
    assert lon.shape == lat.shape == (3, 2)
    assert not datum.gcj02_to_wgs84([], [])[0].size


def test_agrees_with_an_independent_library() -> None:
    for lon, lat in ((120.65, 28.01), (121.2, 27.9), (116.404, 39.915)):
        theirs = oracle.wgs84_to_gcj02(oracle.Wgs84(lat=lat, lon=lon))
        assert metres_apart((theirs.lon, theirs.lat), datum.wgs84_to_gcj02(lon, lat)) < 0.01
        back = oracle.gcj02_to_wgs84_refined(theirs)
        assert metres_apart((back.lon, back.lat), datum.gcj02_to_wgs84(theirs.lon, theirs.lat)) < 1
