from datetime import date

from geomap.domain.demand import Demand
from geomap.domain.placement import ChainPosition
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import UnitKind
from geomap.matching.demand_json import parse_demand
from tests.demo.conftest import TODAY, Built


def parsed(built: Built) -> list[Demand]:
    return [parse_demand(project.demand) for project in built.city.projects]


def test_demands_are_read_by_the_matching_room(built: Built) -> None:
    demands = parsed(built)
    assert len(demands) == round(len(built.city.sites) * 200 / 245)
    for demand in demands:
        assert demand.stage and demand.industry and demand.headcount
        assert demand.area_min_m2 and demand.area_max_m2
        assert demand.area_min_m2 < demand.area_max_m2
        assert demand.move_in is not None and demand.move_in > TODAY
        assert demand.unit_kinds and UnitKind.OPEN_DESK not in demand.unit_kinds


def test_projects_leave_a_site_of_their_county(built: Built) -> None:
    home = {site.id: site.declared_adcode for site in built.city.sites}
    for project in built.city.projects:
        assert home[project.current_site] == project.home_county
        assert project.home_county in BY_ADCODE
        assert project.priority in (1, 2, 3)
    assert len({project.name for project in built.city.projects}) == len(built.city.projects)


def test_most_demands_meet_some_unit_of_their_kind_and_size(built: Built) -> None:
    sizes = [(u.kind, u.area_m2) for u in built.units]
    met = [
        any(
            k in d.unit_kinds and (d.area_min_m2 or 0) <= a <= (d.area_max_m2 or 0)
            for k, a in sizes
        )
        for d in parsed(built)
    ]
    assert sum(met) > 0.8 * len(met)


def test_most_say_how_they_grow_and_where_in_the_chain_they_stand(built: Built) -> None:
    projects = built.city.projects
    for project in projects:
        heads = project.demand["headcount"]
        assert isinstance(heads, int)
        assert project.growth_headcount is None or heads < project.growth_headcount <= 2.3 * heads
    stated = [p.growth_headcount is not None for p in projects]
    assert 0.5 < sum(stated) / len(projects) < 1.0
    assert {p.chain_position for p in projects} == {None, *ChainPosition}


def test_move_in_is_a_date_in_json(built: Built) -> None:
    for project in built.city.projects:
        assert date.fromisoformat(str(project.demand["move_in"]))
