import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geomap.domain.errors import InputError
from geomap.geo import crs
from geomap.geo.datum import wgs84_to_gcj02


def test_metric_crs_measures_ground_metres() -> None:
    x, y = crs.to_metric([120.65, 120.65], [28.0, 28.01])
    assert y[1] - y[0] == pytest.approx(1108, abs=2)
    lon, lat = crs.from_metric(x, y)
    assert np.allclose(lon, 120.65) and np.allclose(lat, [28.0, 28.01])


def test_metric_crs_belongs_to_the_place() -> None:
    assert crs.metric_crs_of(120.65, 28.0) == "EPSG:4549"
    assert crs.metric_crs_of(-8.6, 41.1) == "EPSG:32629"
    assert crs.metric_crs_of(151.2, -33.8) == "EPSG:32756"


@pytest.mark.parametrize("text", ["wgs84", "CGCS2000", " gcj02", "bd09", "EPSG:4549", "epsg:32651"])
def test_known_crs(text: str) -> None:
    assert crs.parse_crs(text)


@pytest.mark.parametrize("text", ["", "gps", "EPSG:", "EPSG:999999", "EPSG:4326; drop", "4326"])
def test_unknown_crs_names_the_choices(text: str) -> None:
    with pytest.raises(InputError) as caught:
        crs.parse_crs(text)
    assert "gcj02" in caught.value.fix.zh


def test_declared_coordinates_come_home() -> None:
    for name in ("wgs84", "cgcs2000"):
        assert crs.declared_to_wgs84(120.6, 28.0, crs.parse_crs(name)) == (120.6, 28.0)
    shifted = shapely.Point(*wgs84_to_gcj02(120.6, 28.0))
    home = crs.geometry_to_wgs84(shifted, crs.parse_crs("gcj02"))
    assert (home.x, home.y) == (pytest.approx(120.6, abs=1e-8), pytest.approx(28.0, abs=1e-8))
    metres = shapely.Point(*map(float, crs.to_metric(120.6, 28.0)))
    home = crs.geometry_to_wgs84(metres, crs.parse_crs("EPSG:4549"))
    assert home.x == pytest.approx(120.6)
    assert crs.parse_crs("EPSG:4490").geographic and not crs.parse_crs("EPSG:4549").geographic


@pytest.mark.parametrize("code", ["EPSG:4549", "EPSG:32651", "EPSG:3857", "EPSG:2437"])
def test_the_steps_found_once_do_what_the_pair_of_crs_does(code: str) -> None:
    pair = Transformer.from_crs("EPSG:4326", code, always_xy=True)
    lon, lat = np.linspace(119.6, 121.3, 50), np.linspace(27.0, 28.6, 50)
    assert np.array_equal(crs.to_metric(lon, lat, code), pair.transform(lon, lat))
