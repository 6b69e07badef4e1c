"""The JSON object of a policy, parsed once into a frozen value, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from geomap.domain.json_values import (
    read_id,
    read_list,
    read_number,
    read_object,
    read_word,
    refuse,
)
from geomap.domain.placement import Forbid, Pin, Policy, PolicyWeights
from geomap.domain.words import Label, PlacementStep

FIELDS = ("weights", "margins", "steps", "pins", "forbids", "reserved", "keep", "time_limit_s")
WEIGHTS = tuple(f.name for f in fields(PolicyWeights))
MARGINS = (PlacementStep.OTHER_COUNTY, PlacementStep.STATE_OWNED_PARK)
MOST_WEIGHT, MOST_SECONDS = 100.0, 120.0
MOST_RULES, MOST_UNITS, MOST_RESERVED = 20_000, 100, 100_000

PROJECT, UNIT, SITE = Label("项目", "project"), Label("单元", "unit"), Label("载体", "site")


def _unit_ids(value: Any, field: str, most: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for i, item in enumerate(read_list(value, field, most)):
        unit = read_id(item, f"{field}.{i}", UNIT)
        if unit in found:
            raise refuse(
                f"{field}.{i}",
                Label(f"单元 {unit} 写了两次", f"Unit {unit} comes twice"),
                Label("去掉一个", "Leave one of them out"),
            )
        found[unit] = None
    return tuple(found)


def _project(value: Any, field: str, projects: frozenset[str]) -> str:
    name = read_id(value, field, PROJECT)
    if name not in projects:
        raise refuse(
            field,
            Label(f"没有项目 {name[:60]}", f"There is no project {name[:60]}"),
            Label("用 projects 里的 id", "Use an id of `projects`"),
        )
    return name


def _pins(value: Any, projects: frozenset[str]) -> tuple[Pin, ...]:
    found: dict[str, Pin] = {}
    for i, item in enumerate(read_list(value, "policy.pins", MOST_RULES)):
        field = f"policy.pins.{i}"
        given = read_object(item, field, ("project_id", "unit_ids"))
        project = _project(given.get("project_id"), f"{field}.project_id", projects)
        if project in found:
            raise refuse(
                f"{field}.project_id",
                Label(f"项目 {project} 被固定了两次", f"Project {project} is pinned twice"),
                Label("只留一个；几个单元写在一个 unit_ids 里", "Keep one; list units in unit_ids"),
            )
        units = _unit_ids(given.get("unit_ids"), f"{field}.unit_ids", MOST_UNITS)
        if not units:
            raise refuse(
                f"{field}.unit_ids",
                Label("没有单元", "There is no unit"),
                Label("写上固定到哪些单元", "Say which units it is given"),
            )
        found[project] = Pin(project, units)
    return tuple(found.values())


def _forbids(value: Any, projects: frozenset[str]) -> tuple[Forbid, ...]:
    found: dict[Forbid, None] = {}
    for i, item in enumerate(read_list(value, "policy.forbids", MOST_RULES)):
        field = f"policy.forbids.{i}"
        given = read_object(item, field, ("project_id", "unit_id", "site_id"))
        project = _project(given.get("project_id"), f"{field}.project_id", projects)
        unit, site = given.get("unit_id") or "", given.get("site_id") or ""
        if bool(unit) == bool(site):
            raise refuse(
                field,
                Label("unit_id 和 site_id 要给且只给一个", "One of unit_id and site_id is needed"),
                Label("写单元，或写整个载体", "Name the unit, or the whole site"),
            )
        if unit:
            found[Forbid(project, unit_id=read_id(unit, f"{field}.unit_id", UNIT))] = None
        else:
            found[Forbid(project, site_id=read_id(site, f"{field}.site_id", SITE))] = None
    return tuple(found)


def _keep(value: Any, projects: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the earlier places; of a project that is not asked for there is nothing to keep."""
    if value is not None and not isinstance(value, dict):
        raise refuse(
            "policy.keep",
            Label("要一个 JSON 对象", "A JSON object is needed"),
            Label('例如 {"p1": ["u1", "u2"]}', 'As in {"p1": ["u1", "u2"]}'),
        )
    found = {}
    for name, units in (value or {}).items():
        ids = _unit_ids(units, f"policy.keep.{str(name)[:60]}", MOST_UNITS)
        if name in projects and ids:
            found[name] = ids
    return MappingProxyType(found)


def _steps(value: Any) -> tuple[PlacementStep, ...]:
    if value is None:
        return Policy().steps
    listed = read_list(value, "policy.steps", len(PlacementStep))
    found = {read_word(s, PlacementStep, f"policy.steps.{i}") for i, s in enumerate(listed)}
    if not found:
        raise refuse(
            "policy.steps",
            Label("没有一步可走", "There is no step to try"),
            Label("至少留一步，或不写这一项", "Leave one in, or leave the field out"),
        )
    return tuple(step for step in PlacementStep if step in found)


def _margins(value: Any) -> Mapping[PlacementStep, float]:
    given = read_object(value, "policy.margins", MARGINS)
    stated = {
        step: read_number(given[step], f"policy.margins.{step}", 0.0, 1.0)
        for step in MARGINS
        if given.get(step) is not None
    }
    margins = dict(Policy().margins) | stated
    other, park = (margins[step] for step in MARGINS)
    if park < other:
        raise refuse(
            f"policy.margins.{MARGINS[1] if MARGINS[1] in stated else MARGINS[0]}",
            Label(
                f"国有园区的余量 {park:g} 小于跨县的 {other:g}",
                f"The margin of state-owned parks, {park:g}, is below {other:g} of other counties",
            ),
            Label("后一步的余量不能更小", "The margin of a later step cannot be smaller"),
        )
    return MappingProxyType(margins)


def _weights(value: Any) -> PolicyWeights:
    given = read_object(value, "policy.weights", WEIGHTS)
    return PolicyWeights(
        **{
            name: read_number(weight, f"policy.weights.{name}", 0.0, MOST_WEIGHT)
            for name, weight in given.items()
            if weight is not None
        }
    )


def _require_no_contradiction(policy: Policy) -> None:
    """Refuse a pin of what the policy itself withholds."""
    reserved = frozenset(policy.reserved)
    forbidden = {(f.project_id, f.unit_id) for f in policy.forbids if f.unit_id}
    for i, pin in enumerate(policy.pins):
        for j, unit in enumerate(pin.unit_ids):
            field = f"policy.pins.{i}.unit_ids.{j}"
            if unit in reserved:
                raise refuse(
                    field,
                    Label(f"单元 {unit} 又固定又预留", f"Unit {unit} is both pinned and reserved"),
                    Label("取消预留，或去掉这一条", "Free it, or take the pin away"),
                )
            if (pin.project_id, unit) in forbidden:
                raise refuse(
                    field,
                    Label(
                        f"项目 {pin.project_id} 又固定又排除单元 {unit}",
                        f"Unit {unit} is both pinned and forbidden for {pin.project_id}",
                    ),
                    Label("两条里去掉一条", "Take one of the two away"),
                )


def parse_policy(value: object, projects: frozenset[str]) -> Policy:
    """Return the policy of a JSON object; what is left out is the default.

    Parameters
    ----------
    value
        The object, None for the default policy.
    projects
        Ids of the projects to place, which pins and forbids may name.

    Raises
    ------
    InputError
        A value cannot be used, or two contradict each other; `field` names it.
    """
    given = read_object(value, "policy", FIELDS)
    seconds = given.get("time_limit_s")
    limit = Policy().time_limit_s if seconds is None else seconds
    policy = Policy(
        weights=_weights(given.get("weights")),
        margins=_margins(given.get("margins")),
        steps=_steps(given.get("steps")),
        pins=_pins(given.get("pins"), projects),
        forbids=_forbids(given.get("forbids"), projects),
        reserved=_unit_ids(given.get("reserved"), "policy.reserved", MOST_RESERVED),
        keep=_keep(given.get("keep"), projects),
        time_limit_s=read_number(limit, "policy.time_limit_s", 0.1, MOST_SECONDS),
    )
    _require_no_contradiction(policy)
    return policy


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """Return the JSON object of a policy, every field stated."""
    return {
        "weights": {name: getattr(policy.weights, name) for name in WEIGHTS},
        "margins": {str(step): policy.margins[step] for step in MARGINS},
        "steps": [str(step) for step in policy.steps],
        "pins": [{"project_id": p.project_id, "unit_ids": list(p.unit_ids)} for p in policy.pins],
        "forbids": [
            {"project_id": f.project_id}
            | ({"unit_id": f.unit_id} if f.unit_id else {"site_id": f.site_id})
            for f in policy.forbids
        ],
        "reserved": list(policy.reserved),
        "keep": {project: list(units) for project, units in policy.keep.items()},
        "time_limit_s": policy.time_limit_s,
    }
