from collections import Counter

import numpy as np
import shapely

from geomap.domain.words import FACILITIES, SMALL_VENUES, AmenityCategory
from geomap.geo.crs import to_metric
from tests.demo.conftest import TODAY, Built


def test_all_categories_occur_and_small_venues_are_rarer(built: Built) -> None:
    count = Counter(a.category for a in built.city.amenities)
    assert set(count) == set(AmenityCategory)
    assert sum(count[c] for c in FACILITIES) > 2 * sum(count[c] for c in SMALL_VENUES)
    assert count[AmenityCategory.THEATRE] < count[AmenityCategory.CAFE]


def test_amenities_stand_beside_a_street_on_dry_land(built: Built) -> None:
    x, y = to_metric([a.lon for a in built.city.amenities], [a.lat for a in built.city.amenities])
    points = np.asarray(shapely.points(x, y))
    assert shapely.contains(built.land, points).all()
    assert not shapely.intersects(built.water, points).any()
    walkable = built.ways[built.city.ways.walkable]
    _, away = shapely.STRtree(walkable).query_nearest(
        points, return_distance=True, all_matches=False
    )
    assert away.max() < 41.0


def test_the_centre_has_more_than_the_edge(built: Built) -> None:
    x, y = to_metric([a.lon for a in built.city.amenities], [a.lat for a in built.city.amenities])

    def around(lon: float, lat: float) -> int:
        px, py = (float(v) for v in to_metric(lon, lat))
        return int((np.hypot(x - px, y - py) < 900.0).sum())

    assert around(120.660, 28.010) > 4 * around(120.75, 28.085)


def test_amenities_are_of_the_day_of_the_city(built: Built) -> None:
    assert {a.source_date for a in built.city.amenities} == {TODAY.isoformat()}
