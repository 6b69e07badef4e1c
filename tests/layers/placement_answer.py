"""An answer of a placement, made by hand: one of each step, one left over, hostile names."""

from __future__ import annotations

from typing import Any

from geomap.domain.placement import Policy
from geomap.placement.policy_json import policy_to_json

HOSTILE = '=1+1<img src=//evil.example/x onerror="window.taken=1">'
LONGWAN, OUHAI, LUCHENG = (("330303", "龙湾区"), ("330304", "瓯海区"), ("330302", "鹿城区"))
ALPHA = {"site_id": "alpha", "name": "阿尔法", "adcode": "330303", "lon": 120.70, "lat": 28.00}
BETA = {"site_id": "beta", "name": "贝塔", "adcode": "330304", "lon": 120.64, "lat": 27.95}


def facts(project_id: str, name: str, home: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "name": name,
        "industry": "eye_health",
        "industry_name": "眼健康",
        "headcount": 26,
        "priority": 1,
        "wanted_m2": {"min": 300.0, "max": None},
        "home_county": home[0],
        "home_county_name": home[1],
        "from": ALPHA,
        "demo": True,
    } | more


def tried(step: str, label: str, outcome: str, reason: str) -> dict[str, Any]:
    return {
        "step": step,
        "label": label,
        "outcome": outcome,
        "candidates": 2,
        "best_score": 0.8,
        "rejected": {},
        "rejected_labels": {},
        "reason": reason,
        "taken_by": [],
    }


def unit(unit_id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": unit_id,
        "building": "A",
        "floor": 3,
        "room": unit_id,
        "kind": "lab",
        "area_m2": 320.0,
        "desks": 0,
        "whole": True,
    } | more


def placed(
    project: dict[str, Any], step: str, label: str, to: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return (
        project
        | {
            "area_m2": 320.0,
            "unit_ids": ["u1"],
            "units": [unit("u1")],
            "site_id": to["site_id"],
            "site_name": to["name"],
            "adcode": to["adcode"],
            "county_name": "",
            "step": step,
            "step_label": label,
            "score": 0.825,
            "value": 1.9,
            "rank": 1,
            "pinned": False,
            "criteria": [],
            "reason": "同链 46 家",
            "tried": [tried(step, label, "placed", "2 处符合，选了最好的")],
            "to": {"lon": to["lon"], "lat": to["lat"]},
            "distance_m": 7_420.0,
            "stays": project["from"] == to,
            "alternatives": [],
            "build": None,
        }
        | more
    )


NEEDS = "荷载 20 kN/㎡ 的厂房 6,800 ㎡"
LISTING = {
    "id": "l1", "name": "滨海地块", "adcode": "330303", "lon": 120.80, "lat": 27.90,
    "idle_plant": False,
}  # fmt: skip


def _placements() -> list[dict[str, Any]]:
    nowhere = {"site_id": "", "name": "", "adcode": "330303", "lon": 120.80, "lat": 27.90}
    build = {"floor_area_m2": 6_800.0, "needs": NEEDS, "listing": LISTING}
    parted = [unit("u2", area_m2=150.4, whole=False), unit("u3", desks=8, whole=False, building="")]
    return [
        placed(facts("p1", HOSTILE, LONGWAN), "local", "本地", ALPHA, distance_m=0.0),
        placed(
            facts("p2", "+cmd|' /C calc'!A0", LONGWAN, demo=False, **{"from": None}),
            "local", "本地", ALPHA, distance_m=None, units=parted,
        ),
        placed(facts("p3", "@微构激光", LONGWAN), "other_county", "跨县", BETA),
        placed(facts("p4", "-瓯基", LUCHENG), "state_owned_park", "国有园区", BETA),
        placed(
            facts("p5", "南拓电气", LONGWAN), "custom_build", "厂房定制", nowhere,
            unit_ids=[], units=[], score=None, value=0.0, rank=0, build=build, area_m2=6_800.0,
        ),
    ]  # fmt: skip


def figures(**more: Any) -> dict[str, Any]:
    return {
        "total": 9.5,
        "total_score": 3.3,
        "mean_score": 0.825,
        "placed": 5,
        "projects": 6,
        "local": 2,
        "local_share": 0.4,
        "area_m2": 8_000.0,
        "by_step": {"local": 2, "other_county": 1, "state_owned_park": 1, "custom_build": 1},
        "blocking_pairs": 0,
    } | more


def answer() -> dict[str, Any]:
    left = facts("p6", "锐驰氢能", OUHAI, wanted_m2={"min": 300.0, "max": 900.0}) | {
        "reason": "缺甲类厂房",
        "tried": [tried("local", "本地", "none", "没有一处符合")],
        "build": {"floor_area_m2": 900.0, "needs": "甲类厂房", "listing": None},
        "relaxations": [{"label": "租金放宽到 30 元", "opens": 4, "patch": {}}],
    }
    worst = {
        "project_id": "p3",
        "name": "@微构激光",
        "score": 0.8,
        "best_score": 0.9,
        "regret": 0.1,
    }
    count = {"projects": 4, "placed": 4, "mean_score": 0.825}
    fair = {
        "by_county": [{"adcode": "330303", "name": "龙湾区", "local": 2, **count}],
        "by_size": [{"size": "small", "local": 2, **count}],
        "worst": worst,
        "spread": 0.1,
        "greedy": worst | {"score": None, "spread": 0.2},
    }
    objective = figures(
        bound=9.5, gap=0.0, proven=True, kept=0, moved=0, seconds=0.1, pairs=12, dropped=0,
        baseline=figures(total=8.0, placed=4, mean_score=None, local_share=None),
    )  # fmt: skip
    return {
        "mode": "optimal",
        "demo": True,
        "date": "2026-11-28",
        "catalog_version": 7,
        "network": None,
        "policy": policy_to_json(Policy()),
        "placements": _placements(),
        "unplaced": [left],
        "objective": objective,
        "fairness": fair,
    }
