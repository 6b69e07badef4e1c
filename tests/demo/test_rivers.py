import numpy as np
import shapely

from geomap.demo.courses import COURSES
from geomap.demo.rivers import build_rivers
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry, to_metric
from tests.demo.conftest import Built

FRAME = project_geometry(shapely.box(119.5, 27.1, 121.3, 28.7), WGS84, METRIC_EPSG)


def width_at(shape: shapely.Geometry, lon: float, lat: float) -> float:
    """Return how wide a water is at a point, north to south, metres."""
    x, y = (float(v) for v in to_metric(lon, lat))
    return float(shape.intersection(shapely.LineString([(x, y - 3000), (x, y + 3000)])).length)


def test_rivers_are_valid_and_do_not_overlap() -> None:
    shapes = [river.geometry for river in build_rivers(5, FRAME)]
    assert all(shape.is_valid and shape.area > 0 for shape in shapes)
    whole = shapely.union_all(shapes)
    assert np.isclose(whole.area, sum(shape.area for shape in shapes), rtol=1e-6)


def test_the_ou_widens_to_the_sea_and_holds_an_island() -> None:
    ou = next(river for river in build_rivers(5, FRAME) if river.name == "瓯江").geometry
    widths = [width_at(ou, lon, lat) for lon, lat in ((120.52, 28.138), (120.70, 28.029))]
    assert 250 < widths[0] < widths[1] < 1300
    x, y = (float(v) for v in to_metric(120.645, 28.0315))
    assert not ou.contains(shapely.Point(x, y))
    assert shapely.convex_hull(ou).contains(shapely.Point(x, y))


def test_waters_beyond_the_frame_are_left_out() -> None:
    small = project_geometry(shapely.box(120.65, 28.0, 120.67, 28.06), WGS84, METRIC_EPSG)
    names = {river.name for river in build_rivers(5, small)}
    assert "瓯江" in names and "飞云江" not in names
    assert len(names) < len(COURSES)


def test_named_waters_reach_the_coast_and_no_further(built: Built) -> None:
    assert {row["name"] for row in built.city.water} >= {"瓯江", "温瑞塘河"}
    beyond = built.water.difference(built.land)
    assert beyond.difference(built.land.buffer(60.0)).area < 1.0
