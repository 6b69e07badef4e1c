from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.catalog.catalog import Catalog
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, Service, Stage, UnitKind
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.hard import RULE_LABELS, RULES
from geomap.matching.match import facets, match, rank, site_ranks
from geomap.matching.reasons import REASONS, within
from geomap.matching.scores import CRITERIA, CRITERION_LABELS
from tests.matching.conftest import TODAY


def ask(catalog: Catalog, demand: dict, **more):
    return match(catalog, parse_demand(demand), today=TODAY, **more)


def ids(catalog: Catalog, demand: dict, **more) -> set[str]:
    return {c.unit_id for c in ask(catalog, demand, limit=100, **more).candidates}


def test_nothing_asked_gives_everything_vacant(catalog: Catalog) -> None:
    result = ask(catalog, {})
    assert (result.total, result.sites) == (5, 3)
    assert {c.unit_id for c in result.candidates} == {"e1", "e2", "v1", "v2", "b1"}
    assert result.rejected == {"status": 2}


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"unit_kinds": ["lab"]}, {"e1", "e2"}),
        ({"counties": ["330303"]}, {"e1", "e2"}),
        ({"counties": ["330324", "330303"]}, {"e1", "e2", "v1", "v2"}),
        ({"area_m2": {"min": 100, "max": 200}}, {"e1", "v2"}),
        ({"headcount": 60}, {"e1", "e2", "v1"}),
        ({"rent_cny_m2_month_max": 20}, {"v1", "v2", "b1"}),
        ({"budget_cny_month_max": 5040}, {"e1", "v2", "b1"}),
        ({"move_in": "2027-03-01", "unit_kinds": ["lab"]}, {"e1", "e2", "v3"}),
        ({"move_in": "2027-02-28", "unit_kinds": ["lab"]}, {"e1", "e2"}),
        ({"services": ["patent", "clinical_trial"]}, {"e1", "e2"}),
        ({"amenities": ["cafe"]}, {"e1", "e2"}),
        ({"requires": {"power_kw": 50}}, {"e1"}),
        ({"requires": {"water": True}}, {"e1"}),
        ({"requires": {"water": False}}, {"e1", "e2", "v1", "v2", "b1"}),
        ({"requires": {"permitted_use": "office"}}, {"v2"}),
        ({"requires": {"floor_load_kn_m2": 15}}, {"v1"}),
    ],
)
def test_hard_rules(catalog: Catalog, demand: dict, expected: set[str]) -> None:
    assert ids(catalog, demand) == expected


def test_near_uses_the_walk(catalog: Catalog) -> None:
    near = {"near": {"lon": 120.7, "lat": 27.93, "minutes": 10}}
    walk = np.array([700, 900, np.nan], dtype=np.float32)
    assert ids(catalog, near, walk_m=walk) == {"e1", "e2"}
    (first, *_) = ask(catalog, near, walk_m=walk).candidates
    reason = next(c.reason for c in first.criteria if c.name == "near")
    assert reason.zh == "步行 9 分钟 · 700 m"


def test_rejected_counts_every_unit_once(catalog: Catalog) -> None:
    result = ask(catalog, {"unit_kinds": ["lab"], "rent_cny_m2_month_max": 29})
    assert result.rejected == {"status": 2, "unit_kind": 3, "rent": 1}
    assert result.total + sum(result.rejected.values()) == len(catalog.units)


def test_the_right_lab_comes_first_and_says_why(catalog: Catalog) -> None:
    demand = {"industry": "eye_health", "stage": "incubation", "headcount": 22}
    best = ask(catalog, demand).candidates[0]
    assert best.unit_id == "e1"
    reasons = {c.name: c.reason.zh for c in best.criteria}
    assert reasons["industry"] == "主攻眼健康"
    assert reasons["stage"] == "面向孵化"
    assert reasons["rent"] == "租金 28 元/㎡·月，约 5,040 元/月，比实验室常价低 3%"
    assert reasons["area"] == "180 ㎡，人均 8.2 ㎡"
    assert reasons["freshness"] == "4 天前核实"
    assert reasons["amenities"] == "15 分钟内 12 类配套齐全"


def test_a_weight_of_zero_takes_a_criterion_out(catalog: Catalog) -> None:
    (first, *_) = ask(catalog, {"weights": {"rent": 0}}).candidates
    assert "rent" not in {c.name for c in first.criteria}
    cheap = ask(catalog, {"weights": {name: 0 for name in CRITERIA if name != "rent"}})
    assert cheap.candidates[0].unit_id == "e1"


def test_paging_is_stable(catalog: Catalog) -> None:
    whole = [c.unit_id for c in ask(catalog, {}, limit=100).candidates]
    pages = [c.unit_id for i in range(5) for c in ask(catalog, {}, limit=1, offset=i).candidates]
    assert pages == whole
    assert ask(catalog, {}, limit=5, offset=99).candidates == ()


def test_sites_and_facets(catalog: Catalog) -> None:
    ranking = rank(catalog, parse_demand({"unit_kinds": ["lab"]}), today=TODAY)
    (site,) = site_ranks(ranking)
    assert (site.site, site.units, site.vacant_m2, site.rank) == (0, 2, 500.0, 1)
    counted = facets(ranking)
    assert counted["unit_kinds"]["workshop"] == 1 and counted["unit_kinds"]["lab"] == 2
    assert counted["counties"]["330303"] == 2 and counted["counties"]["330324"] == 0
    assert sum(counted["rent"]["counts"]) == 2
    assert len(counted["area"]["edges"]) == 17


def test_every_rule_and_criterion_has_its_words() -> None:
    assert set(RULES) == set(RULE_LABELS)
    assert set(CRITERIA) == set(CRITERION_LABELS) == set(REASONS)


maybe = st.none
demands = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from([str(s) for s in Stage]),
        "industry": st.sampled_from(["eye_health", "digital", "pumps_valves"]),
        "headcount": st.integers(1, 300),
        "area_m2": st.fixed_dictionaries({}, optional={"min": st.integers(0, 400)}),
        "rent_cny_m2_month_max": st.integers(1, 60),
        "budget_cny_month_max": st.integers(100, 50_000),
        "unit_kinds": st.lists(st.sampled_from([str(k) for k in UnitKind]), max_size=3),
        "counties": st.lists(st.sampled_from([c.adcode for c in COUNTIES]), max_size=3),
        "services": st.lists(st.sampled_from([str(s) for s in Service]), max_size=2),
        "amenities": st.lists(st.sampled_from([str(a) for a in AmenityCategory]), max_size=2),
        "move_in": st.dates(date(2026, 1, 1), date(2028, 1, 1)).map(lambda d: d.isoformat()),
        "requires": st.fixed_dictionaries({}, optional={"power_kw": st.integers(0, 100)}),
        "weights": st.dictionaries(st.sampled_from(sorted(CRITERIA)), st.floats(0, 100)),
    },
)


@settings(max_examples=150, deadline=None)
@given(demands)
def test_laws(catalog: Catalog, demand: dict) -> None:
    result = ask(catalog, demand, limit=100)
    assert result.total == len(result.candidates)
    assert result.total + sum(result.rejected.values()) == len(catalog.units)
    scores = [c.score for c in result.candidates]
    assert all(a >= b - 1e-6 for a, b in pairwise(scores))
    for candidate in result.candidates:
        assert -1e-9 <= candidate.score <= 1 + 1e-9
        assert sum(c.points for c in candidate.criteria) == pytest.approx(candidate.score)
        for part in candidate.criteria:
            assert 0 <= part.fit <= 1
            assert part.reason.zh and part.reason.en
    for relaxation in result.relaxations:
        wider = ask(catalog, demand_to_json(parse_demand(demand)) | dict(relaxation.patch))
        assert wider.total - result.total == relaxation.opens > 0


@settings(max_examples=100, deadline=None)
@given(demands)
def test_a_demand_comes_back(demand: dict) -> None:
    parsed = parse_demand(demand)
    assert parse_demand(demand_to_json(parsed)) == parsed


def test_an_abbreviation_keeps_its_capitals_within_a_sentence():
    assert [within(text) for text in ("CRO", "Lab equipment", "")] == ["CRO", "lab equipment", ""]
