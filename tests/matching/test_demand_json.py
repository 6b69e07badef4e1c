import math

import pytest

from geomap.domain.errors import InputError
from geomap.matching.demand_json import demand_to_json, parse_demand


@pytest.mark.parametrize(
    ("demand", "field"),
    [
        ([], "demand"),
        ({"colour": 1}, "colour"),
        ({"stage": "old"}, "stage"),
        ({"stage": 3}, "stage"),
        ({"industry": "magic"}, "industry"),
        ({"headcount": "8"}, "headcount"),
        ({"headcount": 2.5}, "headcount"),
        ({"headcount": -1}, "headcount"),
        ({"headcount": True}, "headcount"),
        ({"area_m2": 200}, "area_m2"),
        ({"area_m2": {"min": 300, "max": 200}}, "area_m2"),
        ({"area_m2": {"min": math.nan}}, "area_m2.min"),
        ({"rent_cny_m2_month_max": math.inf}, "rent_cny_m2_month_max"),
        ({"rent_cny_m2_month_max": 1e300}, "rent_cny_m2_month_max"),
        ({"unit_kinds": "lab"}, "unit_kinds"),
        ({"unit_kinds": ["lab", "castle"]}, "unit_kinds.1"),
        ({"unit_kinds": [["lab"]]}, "unit_kinds.0"),
        ({"counties": [330303]}, "counties.0"),
        ({"counties": ["330399"]}, "counties.0"),
        ({"move_in": "soon"}, "move_in"),
        ({"move_in": 20260301}, "move_in"),
        ({"requires": {"view": True}}, "requires.view"),
        ({"requires": {"power_kw": "63"}}, "requires.power_kw"),
        ({"requires": {"water": 1}}, "requires.water"),
        ({"near": {"lon": 120}}, "near"),
        ({"near": {"lon": 200, "lat": 28}}, "near.lon"),
        ({"near": {"lon": 120, "lat": 28, "minutes": 900}}, "near.minutes"),
        ({"weights": {"beauty": 1}}, "weights.beauty"),
        ({"weights": {"rent": -1}}, "weights.rent"),
        ({"name": "x" * 201}, "name"),
        ({"services": ["patent"] * 101}, "services"),
    ],
)
def test_bad_demands_name_their_field(demand: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_demand(demand)
    assert caught.value.field == field
    assert caught.value.reason.zh and caught.value.reason.en


def test_empty_demand_asks_for_nothing() -> None:
    assert demand_to_json(parse_demand({})) == {}
    assert demand_to_json(parse_demand({"area_m2": None, "requires": None, "near": None})) == {}


def test_project_fields_are_taken() -> None:
    assert parse_demand({"home_county": "330303", "priority": 3, "current_site": "x"})
