"""Pins: units that a project is given whatever else would be better. No pin breaks a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geomap.catalog.columns import F4
from geomap.domain.errors import InputError
from geomap.domain.placement import PlacedDemand, Policy
from geomap.domain.words import Label
from geomap.matching.hard import RULE_LABELS
from geomap.matching.offers import LONGEST_RUN
from geomap.matching.prepared import Prepared
from geomap.matching.scores import wanted_area
from geomap.placement.explain import candidate_at, offered_at, refused_by
from geomap.placement.fits import Worth, area_needed, chain_shares, vacant_by_site
from geomap.placement.parts import Size, Way, build_ways, modes_of, way_at
from geomap.placement.shut import project_row, project_rows, unit_row
from geomap.placement.steps import margins_of, steps_of_sites

_OTHER = Label("换一个单元，或取消这个锁定", "Choose another unit, or take this pin away")
_ONE = Label("只留一个", "Keep one of them")


@dataclass(frozen=True, slots=True)
class Pinned:
    """What a pinned project takes, and what that is worth."""

    way: Way
    score: float
    fit: float
    value: int

    @property
    def rows(self) -> tuple[int, ...]:
        """Unit rows, neighbours in their order."""
        return self.way.rows

    @property
    def span(self) -> int:
        """Number of units."""
        return len(self.way.rows)


def check_pins(
    prepared: Prepared,
    projects: Sequence[PlacedDemand],
    policy: Policy,
    walks: Mapping[str, F4] | None = None,
) -> dict[int, Pinned]:
    """Return what each pinned project is given, by its row.

    Raises
    ------
    InputError
        A pin names what is not known, is reserved, forbidden or given twice, or breaks a rule;
        the field is that of the pin, `policy.pins.0`.
    """
    by_id, walks = project_rows(projects), walks or {}
    pinned: dict[int, Pinned] = {}
    reserved = set(policy.reserved)
    for at, pin in enumerate(policy.pins):
        field = f"policy.pins.{at}"
        row = project_row(by_id, pin.project_id, f"{field}.project_id")
        if row in pinned:
            who = pin.project_id
            why = Label(f"项目 {who} 锁定了两次", f"Project {who} is pinned twice")
            raise InputError(why, fix=_ONE, field=field)
        rows = _rows_of(prepared, projects[row], pin.unit_ids, field)
        closed = next((unit for unit in pin.unit_ids if unit in reserved), None)
        if closed is not None:
            raise _refused(closed, Label("已预留", "is reserved"), field)
        _require_not_forbidden(prepared, policy, pin.project_id, rows, field)
        pinned[row] = _pin(prepared, projects[row], policy, rows, walks.get(pin.project_id), field)
    _require_room(prepared, projects, policy, pinned)
    return pinned


def _refused(unit_id: str, why: Label, field: str) -> InputError:
    return InputError(
        Label(f"单元 {unit_id} {why.zh}", f"Unit {unit_id} {why.en}"), fix=_OTHER, field=field
    )


def _rows_of(
    prepared: Prepared, project: PlacedDemand, unit_ids: Sequence[str], field: str
) -> list[int]:
    """Return the rows of a pin's units in the order of their floor."""
    rows = [unit_row(prepared, unit, f"{field}.unit_ids.{i}") for i, unit in enumerate(unit_ids)]
    if not rows or len(set(rows)) < len(rows):
        raise InputError(
            Label("锁定要写明单元，每个一次", "A pin names units, each once"),
            fix=_OTHER,
            field=f"{field}.unit_ids",
        )
    if len(rows) == 1:
        return rows
    before, after = prepared.basis.before, prepared.basis.after
    here = next(row for row in rows if int(before[row]) not in rows)
    run = [here]
    while len(run) < len(rows) and int(after[run[-1]]) in rows:
        run.append(int(after[run[-1]]))
    if len(run) < len(rows) or len(run) > LONGEST_RUN:
        raise InputError(
            Label("这些单元不在同一层相邻", "These units are not neighbours on one floor"),
            fix=Label(
                f"选同层相邻的，最多 {LONGEST_RUN} 个", f"Choose up to {LONGEST_RUN} neighbours"
            ),
            field=f"{field}.unit_ids",
        )
    if not project.demand.combine_adjacent:
        raise InputError(
            Label(
                f"项目 {project.id} 没有同意相邻单元合用",
                f"Project {project.id} does not take units combined",
            ),
            fix=Label("给项目勾上“相邻可合用”", "Let the project combine adjacent units"),
            field=f"{field}.unit_ids",
        )
    return run


def _require_not_forbidden(
    prepared: Prepared, policy: Policy, project_id: str, rows: Sequence[int], field: str
) -> None:
    units, sites = prepared.catalog.units, prepared.catalog.sites
    ids, site = {units.id[row] for row in rows}, sites.id[int(units.site[rows[0]])]
    for at, forbid in enumerate(policy.forbids):
        if forbid.project_id == project_id and (forbid.unit_id in ids or forbid.site_id == site):
            why = Label(
                f"已在 policy.forbids.{at} 禁止给这个项目",
                f"is forbidden to this project by policy.forbids.{at}",
            )
            raise _refused(units.id[rows[0]], why, field)


def _pin(
    prepared: Prepared,
    project: PlacedDemand,
    policy: Policy,
    rows: Sequence[int],
    walk_m: F4 | None,
    field: str,
) -> Pinned:
    """Return what a pin is worth; raises InputError naming the rule that it breaks."""
    catalog, context = prepared.catalog, prepared.context(project.demand, walk_m)
    way = way_at(catalog, Size.of(project.demand, wanted_area(context)), rows)
    area = way.area_m2 if way else float(catalog.units.area_m2[list(rows)].sum())
    offered = offered_at(prepared, project.demand, walk_m, rows, area)
    rule = refused_by(offered) or ("" if way else "area")
    if rule or way is None:
        why = RULE_LABELS[rule]
        told = Label(f"不能给这个项目：{why.zh}", f"does not do for this project: {why.en}")
        raise _refused(catalog.units.id[rows[0]], told, field)
    score = round(candidate_at(offered).score, 9)
    site = int(catalog.units.site[rows[0]])
    shares = chain_shares(catalog.sites, project.chain_position)
    worth = Worth.of(project, policy.weights, area_needed(project, context), shares is not None)
    growth = _growth(prepared, site, way) / worth.needed_m2 if worth.needed_m2 else 0.0
    chain = 0.0 if shares is None else float(shares[site])
    fit = worth.fit(score, min(growth, 1.0), chain)
    step = int(steps_of_sites(catalog.sites, project.home_county)[site])
    return Pinned(way, score, fit, worth.value(fit, float(margins_of(policy)[step])))


def _growth(prepared: Prepared, site: int, way: Way) -> float:
    """Return the m² that the site has with the offer: what is vacant, and what is coming of it."""
    ways, live = build_ways(prepared), prepared.live
    at = np.flatnonzero(np.isin(live.row, np.array(way.rows, dtype=np.int32)))
    coming = float(ways.coming_m2[at].sum())
    if len(way.rows) == 1 and coming:
        coming = way.area_m2
    return float(vacant_by_site(prepared)[site]) + coming


def _require_room(
    prepared: Prepared,
    projects: Sequence[PlacedDemand],
    policy: Policy,
    pinned: Mapping[int, Pinned],
) -> None:
    """Raise InputError where pins together take more of a unit than there is."""
    at = {pin.project_id: i for i, pin in enumerate(policy.pins)}
    left: dict[int, int] = {}
    holder: dict[int, int] = {}
    for row, pin in pinned.items():
        for unit, use in zip(pin.rows, pin.way.use, strict=True):
            there = modes_of(prepared.catalog, np.array([unit]))[1]
            left[unit] = left.get(unit, int(there[0])) - use
            if left[unit] < 0:
                other = projects[holder[unit]].id
                why = Label(f"已锁定给项目 {other}", f"is pinned to project {other}")
                field = f"policy.pins.{at[projects[row].id]}"
                raise _refused(prepared.catalog.units.id[unit], why, field)
            holder[unit] = row
