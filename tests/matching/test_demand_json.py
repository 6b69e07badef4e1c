import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.matching.demand_json import _FIELDS, demand_to_json, parse_demand

BOWTIE = [[120, 27], [121, 28], [121, 27], [120, 28], [120, 27]]


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
        ({"platforms": ["moon"]}, "platforms.0"),
        ({"platforms": {"testing": True}}, "platforms"),
        ({"industry": "x" * 5_000}, "industry"),
        ({"industry": 7}, "industry"),
        ({"stage": "x" * 5_000}, "stage"),
        ({"counties": ["x" * 5_000]}, "counties.0"),
        ({"x" * 5_000: 1}, "x" * 60),
        ({"requires": {"x" * 500: 1}}, "requires." + "x" * 60),
        ({"weights": {"x" * 500: 1}}, "weights." + "x" * 60),
        ({"headcount": 10**30}, "headcount"),
        ({"headcount": 10**400}, "headcount"),
        ({"headcount": 100_001}, "headcount"),
        ({"area_m2": {"min": -5}}, "area_m2.min"),
        ({"area_m2": {"max": 1e8}}, "area_m2.max"),
        ({"rent_cny_m2_month_max": -0.01}, "rent_cny_m2_month_max"),
        ({"rent_cny_m2_month_max": 1e6}, "rent_cny_m2_month_max"),
        ({"budget_cny_month_max": 1e10}, "budget_cny_month_max"),
        ({"requires": {"clear_height_m": 900}}, "requires.clear_height_m"),
        ({"requires": {"power_kw": math.nan}}, "requires.power_kw"),
        ({"near": {"lon": math.nan, "lat": 28}}, "near.lon"),
        ({"near": {"lon": 120.7, "lat": 28, "minutes": -5}}, "near.minutes"),
        ({"weights": {"rent": math.inf}}, "weights.rent"),
        ({"move_in": "0001-01-01"}, "move_in"),
        ({"move_in": "2026-02-30"}, "move_in"),
        ({"within": {"type": "Polygon", "coordinates": [BOWTIE]}}, "within"),
        ({"name": "<script>alert(1)</script>"}, "name"),
        ({"id": "a</b>"}, "id"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\u202egpj"}, "name"),
        ({"industry": "<img src=x onerror=alert(1)>"}, "industry"),
        ({"home_county": "999999"}, "home_county"),
        ({"current_site": "<svg>"}, "current_site"),
        ({"priority": "high"}, "priority"),
        ({"growth_headcount": -1}, "growth_headcount"),
        ({"growth_headcount": "many"}, "growth_headcount"),
        ({"chain_position": "sideways"}, "chain_position"),
        ({"chain_position": 1}, "chain_position"),
        ({"demo": "yes"}, "demo"),
    ],
)
def test_bad_demands_name_their_field(demand: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_demand(demand)
    assert caught.value.field == field
    assert caught.value.reason.zh and caught.value.reason.en
    assert caught.value.fix and caught.value.fix.zh and caught.value.fix.en
    assert len(caught.value.reason.en) < 200


def test_empty_demand_asks_for_nothing() -> None:
    assert demand_to_json(parse_demand({})) == {}
    assert demand_to_json(parse_demand({"area_m2": None, "requires": None, "near": None})) == {}


def test_project_fields_are_taken() -> None:
    assert parse_demand({"home_county": "330303", "priority": 3, "current_site": "x"})
    assert parse_demand({"growth_headcount": 40, "chain_position": "upstream", "demo": True})


def test_plain_words_with_signs_are_no_markup() -> None:
    for name in ("A<3 公司", "甲&乙 (10 > 3)", "研发 <= 5 人", "O'Neill & Söhne", "两行\n名字"):
        demand = parse_demand({"name": name})
        assert demand.name == name


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from(sorted(_FIELDS)) | st.text(max_size=5)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(names, nonsense, max_size=3))
def test_anything_is_a_demand_or_is_refused_by_name(given_value: dict) -> None:
    """Never another error; what is taken comes back as it went."""
    try:
        demand = parse_demand(given_value)
    except InputError as error:
        assert error.fix is not None
    else:
        assert parse_demand(demand_to_json(demand)) == demand


def test_bounds_are_written_as_people_write_them() -> None:
    with pytest.raises(InputError) as caught:
        parse_demand({"area_m2": {"min": -5}})
    reason = caught.value.reason
    assert (reason.zh, reason.en) == ("要在 0 到 10,000,000 之间", "Must lie in 0 to 10,000,000")


def test_new_fields_come_back() -> None:
    ring = [[120.0, 27.0], [121.0, 27.0], [121.0, 28.0], [120.0, 27.0]]
    asked = {
        "within": {"type": "Polygon", "coordinates": [ring]},
        "platforms": ["testing", "pilot_test"],
        "combine_adjacent": True,
    }
    assert demand_to_json(parse_demand(asked)) == asked
