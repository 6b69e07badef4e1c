import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import shapely

from geomap.demo.city import DemoCity, build_city
from geomap.demo.sites import share_out
from geomap.domain.records import CountyShape
from geomap.domain.regions import HAIJING
from geomap.domain.words import LocationPrecision
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.streets.snap import snap_points
from geomap.streets.ways import Ways
from tests.demo.conftest import SITES, SPACE, TODAY, UNITS, Built, make_city


def describe(value: object) -> object:
    """Write a value so that equal cities have equal texts."""
    if isinstance(value, shapely.Geometry):
        return value.wkb_hex
    if isinstance(value, Ways):
        arrays = (value.coords, value.offsets, value.node_id, value.klass, value.bridge)
        return [a.tobytes().hex() for a in arrays], list(value.name)
    if isinstance(value, dict):
        return sorted((key, describe(item)) for key, item in value.items())
    if hasattr(value, "__dataclass_fields__"):
        return [describe(getattr(value, f.name)) for f in fields(value)]  # type: ignore[arg-type]
    return repr(value)


def hash_part(part: Any) -> str:
    items: Iterable[object] = [part] if isinstance(part, Ways) else part
    digest = hashlib.sha256()
    for item in items:
        digest.update(repr(describe(item)).encode())
    return digest.hexdigest()


def hashes(city: DemoCity) -> dict[str, str]:
    return {f.name: hash_part(getattr(city, f.name)) for f in fields(city)}


def test_same_seed_gives_the_same_city_and_another_seed_another(built: Built) -> None:
    first = hashes(built.city)
    assert hashes(make_city()) == first
    other = hashes(make_city(seed=8))
    assert all(other[name] != first[name] for name in first if name not in ("zones",))


def test_more_units_leave_the_streets_and_places_as_they_are(built: Built) -> None:
    more = make_city(units=UNITS + 300)
    assert hash_part(more.ways) == hash_part(built.city.ways)
    assert hash_part(more.amenities) == hash_part(built.city.amenities)
    assert [s.geometry for s in more.sites] == [s.geometry for s in built.city.sites]
    assert [s.name for s in more.sites] == [s.name for s in built.city.sites]


def test_units_and_history_can_be_read_twice(built: Built) -> None:
    assert list(built.city.units) == built.units
    assert list(built.city.history) == built.history


def test_progress_counts_up_to_the_end() -> None:
    from tests.demo.conftest import make_counties, make_land, make_targets

    told: list[tuple[int, int]] = []
    build_city(
        make_counties(),
        make_land(),
        [],
        make_targets(),
        sites=3,
        units=9,
        seed=1,
        today=TODAY,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


def test_everything_is_marked_as_made_up(built: Built) -> None:
    city = built.city
    parts: list[Iterable[Any]] = [
        city.operators,
        city.sites,
        built.units,
        built.history,
        city.amenities,
        city.projects,
        city.zones,
    ]
    for part in parts:
        assert all(item.demo for item in part)
    assert all(row["demo"] is True for row in (*city.streets, *city.water))
    assert all(item.source == "演示数据" for item in (*city.sites, *city.amenities, *city.zones))
    assert all("演示" in zone.name for zone in city.zones)
    assert not any(site.reference for site in city.sites)


def test_counts_are_those_asked_for(built: Built) -> None:
    assert len(built.city.sites) == SITES
    assert len(built.units) == UNITS
    for part in (built.city.sites, built.units, built.city.amenities, built.city.operators):
        ids = [item.id for item in part]  # type: ignore[attr-defined]
        assert len(set(ids)) == len(ids)
        assert all(len(i) <= 64 and i.isascii() for i in ids)


def test_sites_follow_the_tasks_of_their_units(built: Built) -> None:
    held = Counter(site.reporting_unit or site.declared_adcode for site in built.city.sites)
    # All of the toy island lies in the zone, so that its county has no room of its own.
    asked = {unit: space for unit, space in SPACE.items() if unit != "330305"}
    assert held == dict(zip(asked, share_out(list(asked.values()), SITES), strict=True))


def test_shares_add_up_and_follow_the_weights() -> None:
    assert share_out([1.0, 1.0, 2.0], 8) == [2, 2, 4]
    assert sum(share_out([3.3, 1.1, 7.7, 0.2], 101)) == 101
    assert share_out([0.0, 0.0], 3) == [2, 1]


def test_sites_stand_on_dry_land_in_their_county(built: Built) -> None:
    from tests.demo.conftest import TERRITORY

    for site in built.city.sites:
        assert site.geometry is not None and site.geometry.is_valid
        assert site.precision is LocationPrecision.EXACT
        assert TERRITORY[site.declared_adcode].contains(site.geometry)
        metric = project_geometry(site.geometry, WGS84, METRIC_EPSG)
        assert built.land.contains(metric)
        assert metric.distance(built.water) > 5.0


def test_sites_of_the_zone_lie_in_it(built: Built) -> None:
    (zone,) = built.city.zones
    assert zone.reporting_unit == HAIJING
    for site in built.city.sites:
        assert zone.geometry.contains(site.geometry) == (site.reporting_unit == HAIJING)


def test_sites_do_not_overlap_and_a_third_has_a_footprint(built: Built) -> None:
    shapes = np.array([site.geometry for site in built.city.sites], dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (first == second).all()
    drawn = sum(shape.geom_type != "Point" for shape in shapes)
    assert 0.15 * SITES < drawn < 0.55 * SITES


def test_every_site_is_near_a_street_of_a_large_component(built: Built) -> None:
    middle = [site.geometry.centroid for site in built.city.sites if site.geometry]
    found = snap_points(built.network, [p.x for p in middle], [p.y for p in middle], max_m=100.0)
    assert (found.edge >= 0).all()
    nodes = built.network.edge_u[found.edge]
    assert (built.network.component_size[built.network.component[nodes]] >= 60).all()


def test_facts_of_sites_hang_together(built: Built) -> None:
    operators = {operator.id: operator for operator in built.city.operators}
    for site in built.city.sites:
        assert site.opened_on is not None and site.opened_on <= TODAY
        assert site.operator_id in operators
        assert site.area_m2 and site.area_m2 > 0
        assert site.stages and 1 <= len(site.industries) <= 2 and site.name and site.address
    assert len({site.name for site in built.city.sites}) == SITES
    run = Counter(site.operator_id for site in built.city.sites)
    assert set(run) == set(operators) and max(run.values()) > 1
    assert any(o.professional and o.since for o in operators.values())
    assert all(o.since is None or o.since <= TODAY for o in operators.values())


def test_a_county_far_from_every_known_centre_and_river_gets_a_town() -> None:
    box = shapely.box(119.40, 28.50, 119.52, 28.60)
    county = CountyShape(adcode="330329", name="泰顺县", geometry=box)
    land = [{"adcode": "330329", "source": "test", "geometry": box}]
    city = build_city([county], land, [], [], sites=5, units=3, seed=2, today=date(2024, 2, 29))
    assert len(city.sites) == 5 and len(list(city.units)) == 3
    assert city.water == [] and city.zones == []
    assert all(site.geometry is not None and box.contains(site.geometry) for site in city.sites)
    assert all(s.opened_on is not None and s.opened_on <= date(2024, 2, 29) for s in city.sites)
    assert all(site.area_m2 for site in city.sites) and len(list(city.history)) > 0
