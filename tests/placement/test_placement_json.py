"""A placement's JSON: what it may hold, and that every refusal names its place."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.demand import Demand, Requires
from geomap.domain.errors import InputError
from geomap.domain.placement import (
    ChainPosition,
    Forbid,
    Pin,
    PlacedDemand,
    PlacementMode,
    Policy,
    PolicyWeights,
)
from geomap.domain.words import PlacementStep, UnitKind
from geomap.placement.placement_json import (
    MOST_PROJECTS,
    PlacementRequest,
    parse_placement,
    parse_projects,
    placement_to_json,
    project_to_json,
)

HOME = "330303"


def body(*projects: dict[str, Any], **more: Any) -> dict[str, Any]:
    listed = projects or ({"id": "p1"}, {"id": "p2"})
    return {"projects": [{"home_county": HOME} | p for p in listed], **more}


def refused(value: object) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_placement(value)
    error = caught.value
    assert error.reason.zh and error.reason.en and error.fix is not None
    assert error.fix.zh and error.fix.en
    return error


def test_a_whole_request() -> None:
    project = {
        "id": "p1",
        "name": "澜目光学",
        "home_county": "330304",
        "current_site": " s-1 ",
        "priority": 2,
        "growth_headcount": 90,
        "chain_position": "midstream",
        "demo": True,
        "headcount": 40,
        "area_m2": {"min": 300, "max": 900},
        "unit_kinds": ["lab"],
        "requires": {"power_kw": 80},
    }
    policy = {
        "weights": {"growth": 0.5},
        "margins": {"state_owned_park": 0.3},
        "steps": ["custom_build", "local"],
        "pins": [{"project_id": "p1", "unit_ids": ["u1", "u2"]}],
        "forbids": [
            {"project_id": "p2", "site_id": "s-9"},
            {"project_id": "p2", "unit_id": "u7"},
        ],
        "reserved": ["u3"],
        "keep": {"p2": ["u4"], "gone": ["u5"], "p1": []},
        "time_limit_s": 5,
    }
    parsed = parse_placement(
        {
            "projects": [project, {"id": "p2", "home_county": HOME}],
            "mode": "stable",
            "policy": policy,
            "alternatives": 0,
        }
    )
    first, second = parsed.projects
    assert first == PlacedDemand(
        demand=Demand(
            id="p1",
            name="澜目光学",
            headcount=40,
            area_min_m2=300.0,
            area_max_m2=900.0,
            unit_kinds=(UnitKind.LAB,),
            requires=Requires(power_kw=80.0),
        ),
        home_county="330304",
        current_site="s-1",
        priority=2,
        growth_headcount=90,
        chain_position=ChainPosition.MIDSTREAM,
        demo=True,
    )
    assert (second.priority, second.growth_headcount, second.demo) == (0, None, False)
    assert parsed.policy == Policy(
        weights=PolicyWeights(growth=0.5),
        margins={PlacementStep.OTHER_COUNTY: 0.1, PlacementStep.STATE_OWNED_PARK: 0.3},
        steps=(PlacementStep.LOCAL, PlacementStep.CUSTOM_BUILD),
        pins=(Pin("p1", ("u1", "u2")),),
        forbids=(Forbid("p2", site_id="s-9"), Forbid("p2", unit_id="u7")),
        reserved=("u3",),
        keep={"p2": ("u4",)},
        time_limit_s=5.0,
    )
    assert (parsed.mode, parsed.alternatives) == (PlacementMode.STABLE, 0)


def test_defaults() -> None:
    parsed = parse_placement(body())
    assert (parsed.mode, parsed.alternatives) == (PlacementMode.OPTIMAL, 5)
    assert parsed.policy == Policy()
    nulls = body(mode=None, policy=None, alternatives=None, project_ids=None)
    assert parse_placement(nulls) == parsed


def test_no_headcount_is_none_stated() -> None:
    (project,) = parse_projects([{"id": "p", "home_county": HOME, "headcount": 0}])
    assert project.demand.headcount is None


def test_projects_without_an_id_are_numbered() -> None:
    parsed = parse_placement(body({}, {"id": "x"}, {"id": ""}))
    assert [p.id for p in parsed.projects] == ["#1", "x", "#3"]
    assert refused(body({}, {"id": "#1"})).field == "projects.1.id"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, "body"),
        ([], "body"),
        ("x", "body"),
        ({}, "projects"),
        ({"projects": []}, "projects"),
        ({"projects": [], "project_ids": []}, "projects"),
        ({"project": []}, "project"),
        ({"projects": {}}, "projects"),
        ({"projects": [7]}, "projects.0"),
        ({"projects": [None]}, "projects.0"),
        ({"projects": [{"id": "a"}]}, "projects.0.home_county"),
        (body({"home_county": "330399"}), "projects.0.home_county"),
        (body({"home_county": 330303}), "projects.0.home_county"),
        (body({"home_county": ["330303"]}), "projects.0.home_county"),
        (body({}, {}, {"home_county": "温州"}), "projects.2.home_county"),
        (body({"id": "a"}, {"id": "a"}), "projects.1.id"),
        (body({"id": "x" * 65}), "projects.0.id"),
        (body({"id": " a"}), "projects.0.id"),
        (body({"id": 7}), "projects.0.id"),
        (body({"id": "<b>"}), "projects.0.id"),
        (body({"id": "summary"}), "projects.0.id"),
        (body({}, {"id": "file"}), "projects.1.id"),
        ({"project_ids": ["p", "file"]}, "project_ids.1"),
        (body({"colour": 1}), "projects.0.colour"),
        (body({"area_m2": {"min": 5, "max": 4}}), "projects.0.area_m2"),
        (body({"area_m2": {"max": 0}}), "projects.0.area_m2.max"),
        (body({"area_m2": {"min": -1}}), "projects.0.area_m2.min"),
        (body({"area_m2": {"min": 1e8}}), "projects.0.area_m2.min"),
        (body({"area_m2": {"min": math.inf}}), "projects.0.area_m2.min"),
        (body({"area_m2": {"min": math.nan}}), "projects.0.area_m2.min"),
        (body({"area_m2": 100}), "projects.0.area_m2"),
        (body({"headcount": 10**400}), "projects.0.headcount"),
        (body({"growth_headcount": 0}), "projects.0.growth_headcount"),
        (body({"growth_headcount": 2.5}), "projects.0.growth_headcount"),
        (body({"growth_headcount": 1e6}), "projects.0.growth_headcount"),
        (body({"chain_position": "up"}), "projects.0.chain_position"),
        (body({"priority": -1}), "projects.0.priority"),
        (body({"priority": 1.5}), "projects.0.priority"),
        (body({"priority": True}), "projects.0.priority"),
        (body({"current_site": 7}), "projects.0.current_site"),
        (body({"current_site": "<svg>"}), "projects.0.current_site"),
        (body({"demo": 1}), "projects.0.demo"),
        (body({"requires": {"power_kw": "8"}}), "projects.0.requires.power_kw"),
        (body({"near": {"lon": 120}}), "projects.0.near"),
        (body(project_ids="a"), "project_ids"),
        (body(project_ids=[7]), "project_ids.0"),
        (body(project_ids=["z", "p2"]), "project_ids.1"),
        (body(project_ids=["z", "z"]), "project_ids.1"),
        (body(mode="best"), "mode"),
        (body(mode=["optimal"]), "mode"),
        (body(alternatives=21), "alternatives"),
        (body(alternatives=-1), "alternatives"),
        (body(alternatives=2.5), "alternatives"),
        (body(alternatives="5"), "alternatives"),
        (body(policy=[]), "policy"),
        (body(policy={"weight": {}}), "policy.weight"),
        (body(policy={"weights": {"love": 1}}), "policy.weights.love"),
        (body(policy={"weights": {"growth": -0.1}}), "policy.weights.growth"),
        (body(policy={"weights": {"growth": math.nan}}), "policy.weights.growth"),
        (body(policy={"weights": {"placed": 1e9}}), "policy.weights.placed"),
        (body(policy={"weights": {"placed": 10**400}}), "policy.weights.placed"),
        (body(policy={"margins": {"local": 0.1}}), "policy.margins.local"),
        (body(policy={"margins": {"other_county": 1.1}}), "policy.margins.other_county"),
        (body(policy={"margins": {"other_county": 0.2}}), "policy.margins.other_county"),
        (body(policy={"margins": {"state_owned_park": 0}}), "policy.margins.state_owned_park"),
        (body(policy={"steps": []}), "policy.steps"),
        (body(policy={"steps": "local"}), "policy.steps"),
        (body(policy={"steps": ["local", "moon"]}), "policy.steps.1"),
        (body(policy={"steps": ["local"] * 5}), "policy.steps"),
        (body(policy={"pins": {}}), "policy.pins"),
        (body(policy={"pins": ["u1"]}), "policy.pins.0"),
        (body(policy={"pins": [{"project_id": "p1"}]}), "policy.pins.0.unit_ids"),
        (body(policy={"pins": [{"project_id": "p1", "unit_ids": []}]}), "policy.pins.0.unit_ids"),
        (
            body(policy={"pins": [{"project_id": "p1", "unit_ids": ["a", 7]}]}),
            "policy.pins.0.unit_ids.1",
        ),
        (
            body(policy={"pins": [{"project_id": "p1", "unit_ids": ["a", "a"]}]}),
            "policy.pins.0.unit_ids.1",
        ),
        (
            body(policy={"pins": [{"project_id": "no", "unit_ids": ["a"]}]}),
            "policy.pins.0.project_id",
        ),
        (
            body(policy={"pins": [{"project_id": "p1", "unit_ids": [u]} for u in "ab"]}),
            "policy.pins.1.project_id",
        ),
        (
            body(
                policy={"pins": [{"project_id": "p1", "unit_ids": ["b", "a"]}], "reserved": ["a"]}
            ),
            "policy.pins.0.unit_ids.1",
        ),
        (
            body(
                policy={
                    "pins": [{"project_id": "p1", "unit_ids": ["a"]}],
                    "forbids": [{"project_id": "p1", "unit_id": "a"}],
                }
            ),
            "policy.pins.0.unit_ids.0",
        ),
        (body(policy={"forbids": [{"project_id": "p1"}]}), "policy.forbids.0"),
        (
            body(policy={"forbids": [{"project_id": "p1", "unit_id": "a", "site_id": "b"}]}),
            "policy.forbids.0",
        ),
        (
            body(policy={"forbids": [{"project_id": "no", "unit_id": "a"}]}),
            "policy.forbids.0.project_id",
        ),
        (
            body(policy={"forbids": [{"project_id": "p1", "unit_id": 7}]}),
            "policy.forbids.0.unit_id",
        ),
        (body(policy={"reserved": "a"}), "policy.reserved"),
        (body(policy={"reserved": ["a", "a"]}), "policy.reserved.1"),
        (body(policy={"reserved": [""]}), "policy.reserved.0"),
        (body(policy={"keep": []}), "policy.keep"),
        (body(policy={"keep": {"p1": "u1"}}), "policy.keep.p1"),
        (body(policy={"keep": {"p1": [["u1"]]}}), "policy.keep.p1.0"),
        (body(policy={"time_limit_s": 0}), "policy.time_limit_s"),
        (body(policy={"time_limit_s": 1e9}), "policy.time_limit_s"),
        (body(policy={"time_limit_s": "1"}), "policy.time_limit_s"),
    ],
)
def test_refusals_name_the_field(value: object, field: str) -> None:
    assert refused(value).field == field


def test_a_reserved_unit_may_be_forbidden_and_pinned_elsewhere_kept() -> None:
    """None of these contradict each other: each withholds, or concerns another project."""
    policy = {
        "reserved": ["a"],
        "forbids": [{"project_id": "p1", "unit_id": "a"}, {"project_id": "p1", "unit_id": "b"}],
        "pins": [{"project_id": "p2", "unit_ids": ["b"]}],
        "keep": {"p1": ["b"]},
    }
    assert parse_placement(body(policy=policy)).policy.pins == (Pin("p2", ("b",)),)


def test_at_most_five_thousand() -> None:
    many = [{"id": f"p{i}", "home_county": HOME} for i in range(MOST_PROJECTS + 1)]
    assert len(parse_projects(many[:-1])) == MOST_PROJECTS
    assert refused({"projects": many}).field == "projects"
    both = {"projects": many[:-1], "project_ids": ["other"]}
    assert refused(both).field == "project_ids"


def test_of_the_record_and_of_the_request_together() -> None:
    policy = {"pins": [{"project_id": "r1", "unit_ids": ["a"]}]}
    parsed = parse_placement(body(project_ids=["r1"], policy=policy))
    assert parsed.project_ids == ("r1",)
    assert parsed.policy.pins == (Pin("r1", ("a",)),)


ids = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=10)


@st.composite
def requests(draw: st.DrawFn) -> PlacementRequest:
    names = draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    whole = st.none() | st.integers(1, 500)
    projects = tuple(
        PlacedDemand(
            demand=Demand(
                id=name, headcount=draw(whole), area_min_m2=draw(st.none() | st.floats(0, 900))
            ),
            home_county=draw(st.sampled_from(["330303", "330304"])),
            current_site=draw(st.just("") | ids),
            priority=draw(st.integers(0, 9)),
            growth_headcount=draw(whole),
            chain_position=draw(st.none() | st.sampled_from(ChainPosition)),
            demo=draw(st.booleans()),
        )
        for name in names
    )
    units = st.lists(ids, min_size=1, max_size=3, unique=True).map(tuple)
    pinned = draw(st.lists(st.sampled_from(names), unique=True))
    policy = Policy(
        weights=PolicyWeights(placed=draw(st.floats(0, 100)), chain=draw(st.floats(0, 100))),
        margins={
            PlacementStep.OTHER_COUNTY: draw(st.floats(0, 0.4)),
            PlacementStep.STATE_OWNED_PARK: draw(st.floats(0.5, 1)),
        },
        pins=tuple(Pin(name, draw(units)) for name in pinned),
        forbids=tuple({Forbid(names[0], site_id=s) for s in draw(st.lists(ids, max_size=2))}),
        keep={name: draw(units) for name in draw(st.lists(st.sampled_from(names), unique=True))},
        time_limit_s=draw(st.floats(0.1, 120)),
    )
    return PlacementRequest(
        projects=projects,
        mode=draw(st.sampled_from(PlacementMode)),
        policy=policy,
        alternatives=draw(st.integers(0, 20)),
    )


@given(requests())
def test_written_and_parsed_again_it_is_the_same(request: PlacementRequest) -> None:
    assert parse_placement(placement_to_json(request)) == request


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "projects",
                    "policy",
                    "pins",
                    "keep",
                    "id",
                    "home_county",
                    "area_m2",
                    "weights",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(nonsense)
def test_nonsense_is_refused_and_never_breaks(value: object) -> None:
    try:
        parse_placement(value)
    except InputError as error:
        assert error.field


def test_a_project_is_written_back() -> None:
    given = {"id": "p", "home_county": HOME, "headcount": 8, "chain_position": "upstream"}
    (project,) = parse_projects([given])
    assert project_to_json(project) == given
