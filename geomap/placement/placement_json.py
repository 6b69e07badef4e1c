"""The JSON object of a placement, parsed once into a frozen value, and written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from geomap.domain.demand import Demand
from geomap.domain.errors import InputError
from geomap.domain.json_values import (
    read_id,
    read_list,
    read_object,
    read_whole,
    read_word,
    refuse,
)
from geomap.domain.ledger import require_ledger_id
from geomap.domain.placement import (
    ChainPosition,
    PlacedDemand,
    PlacementMode,
    Policy,
)
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import Label
from geomap.matching.demand_json import MOST, demand_to_json, parse_demand
from geomap.placement.policy_json import PROJECT, parse_policy, policy_to_json

FIELDS = ("projects", "project_ids", "mode", "policy", "alternatives")
MOST_PROJECTS = 5_000
MOST_ALTERNATIVES = 20
MOST_PRIORITY = 1_000
LONGEST_ID = 64
"""Of a project's id, as in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRequest:
    """What is asked: projects with the request, ids of projects of the record, and how.

    `alternatives` is how many other places are listed for each project.
    """

    projects: tuple[PlacedDemand, ...] = ()
    project_ids: tuple[str, ...] = ()
    mode: PlacementMode = PlacementMode.OPTIMAL
    policy: Policy = field(default_factory=Policy)
    alternatives: int = 5


def parse_placement(body: object) -> PlacementRequest:
    """Return what the JSON object of a placement asks for.

    Raises
    ------
    InputError
        A value cannot be used; `field` names it by its path, as ``projects.3.home_county``.
    """
    given = read_object(body, "body", FIELDS, required=True)
    projects = parse_projects(given.get("projects"))
    ids = tuple(
        _project_id(item, f"project_ids.{i}")
        for i, item in enumerate(read_list(given.get("project_ids"), "project_ids", MOST_PROJECTS))
    )
    known = _require_apart([p.id for p in projects], ids)
    mode, listed = given.get("mode"), given.get("alternatives")
    return PlacementRequest(
        projects=projects,
        project_ids=ids,
        mode=PlacementMode.OPTIMAL if mode is None else read_word(mode, PlacementMode, "mode"),
        policy=parse_policy(given.get("policy"), known),
        alternatives=5
        if listed is None
        else read_whole(listed, "alternatives", 0, MOST_ALTERNATIVES),
    )


def _require_apart(given: Iterable[str], ids: Iterable[str]) -> frozenset[str]:
    """Return all ids; refuse none at all, too many, and one that comes twice."""
    known = set(given)
    for i, name in enumerate(ids):
        if name in known:
            raise _twice(f"project_ids.{i}", name)
        known.add(name)
    if not known:
        raise refuse(
            "projects",
            Label("没有项目", "There is no project"),
            Label("至少给一个项目，或写 project_ids", "Give at least one, or project_ids"),
        )
    if len(known) > MOST_PROJECTS:
        raise _too_many("project_ids")
    return frozenset(known)


def _too_many(where: str) -> InputError:
    return refuse(
        where,
        Label(
            f"一次最多 {MOST_PROJECTS:,} 个项目", f"At most {MOST_PROJECTS:,} projects at a time"
        ),
        Label("按县或按批次分几次算", "Place them in parts, by county or by batch"),
    )


def _twice(where: str, name: str) -> InputError:
    return refuse(
        where,
        Label(f"编号 {name} 重复", f"The id {name} comes twice"),
        Label("每个项目用自己的编号", "Give each project an id of its own"),
    )


def parse_projects(value: object, where: str = "projects") -> tuple[PlacedDemand, ...]:
    """Return a list of projects, each with an id of its own; `where` is what errors call it.

    A project without an id is called by its number from 1, as ``#1``.

    Raises
    ------
    InputError
        A value cannot be used; an id comes twice; there are more than `MOST_PROJECTS`.
    """
    if isinstance(value, list) and len(value) > MOST_PROJECTS:
        raise _too_many(where)
    found: dict[str, PlacedDemand] = {}
    for i, item in enumerate(read_list(value, where, MOST_PROJECTS)):
        project = parse_project(item, f"{where}.{i}", default_id=f"#{i + 1}")
        if project.id in found:
            raise _twice(f"{where}.{i}.id", project.id)
        found[project.id] = project
    return tuple(found.values())


def _project_id(value: object, field: str) -> str:
    return require_ledger_id(read_id(value, field, PROJECT, LONGEST_ID), field)


def parse_project(value: object, where: str, *, default_id: str = "") -> PlacedDemand:
    """Return a project of its JSON object: a demand with where it comes from.

    Parameters
    ----------
    value
        The object.
    where
        What errors call it, as ``projects.3``.
    default_id
        Its id where it states none.

    Raises
    ------
    InputError
        A value cannot be used; `field` begins with `where`.
    """
    if not isinstance(value, dict):
        raise refuse(
            where,
            Label("要一个 JSON 对象", "A JSON object is needed"),
            Label("每个项目是一个需求，加上 home_county", "A demand with a home_county"),
        )
    demand = _demand(value, where)
    name = value.get("id") or default_id
    growth, position = value.get("growth_headcount"), value.get("chain_position")
    heads = int(MOST["headcount"])
    return PlacedDemand(
        demand=replace(demand, id=_project_id(name, f"{where}.id")),
        home_county=_county(value.get("home_county"), f"{where}.home_county"),
        current_site=(value.get("current_site") or "").strip(),
        priority=read_whole(value.get("priority") or 0, f"{where}.priority", 0, MOST_PRIORITY),
        growth_headcount=None
        if growth is None
        else read_whole(growth, f"{where}.growth_headcount", 1, heads),
        chain_position=None
        if position is None
        else read_word(position, ChainPosition, f"{where}.chain_position"),
        demo=bool(value.get("demo")),
    )


def _demand(value: Mapping[str, Any], where: str) -> Demand:
    """Return the demand of a project, and refuse what no place can be allocated to."""
    try:
        demand = parse_demand(value)
    except InputError as error:
        path = f"{where}.{error.field}" if error.field else where
        raise InputError(error.reason, fix=error.fix, field=path) from None
    if demand.area_max_m2 == 0:
        raise refuse(
            f"{where}.area_m2.max",
            Label("面积上限是 0，没有一处符合", "No place has an area of at most 0"),
            Label("写一个大于 0 的数，或不写", "Give a number above 0, or leave it out"),
        )
    return replace(demand, headcount=demand.headcount or None)  # nobody is not a size


def _county(value: object, where: str) -> str:
    if isinstance(value, str) and value in BY_ADCODE:
        return value
    shown = repr(value)[:60]
    raise refuse(
        where,
        Label("没有写属地", "The home county is missing")
        if value is None or value == ""
        else Label(f"没有县（市、区）{shown}", f"There is no county {shown}"),
        Label('用六位代码的文字，如 "330303"', 'Use its code as text, e.g. "330303"'),
    )


def project_to_json(project: PlacedDemand) -> dict[str, Any]:
    """Return the JSON object of a project, leaving out what is not stated."""
    whole: dict[str, Any] = {
        "home_county": project.home_county,
        "current_site": project.current_site,
        "priority": project.priority or None,
        "growth_headcount": project.growth_headcount,
        "chain_position": project.chain_position and str(project.chain_position),
        "demo": project.demo or None,
    }
    stated = {name: value for name, value in whole.items() if value not in (None, "")}
    return demand_to_json(project.demand) | stated


def placement_to_json(request: PlacementRequest) -> dict[str, Any]:
    """Return the JSON object of a request; parsed again it is the same request."""
    lists: dict[str, Any] = {
        "projects": [project_to_json(p) for p in request.projects],
        "project_ids": list(request.project_ids),
    }
    return {name: items for name, items in lists.items() if items} | {
        "mode": str(request.mode),
        "policy": policy_to_json(request.policy),
        "alternatives": request.alternatives,
    }
