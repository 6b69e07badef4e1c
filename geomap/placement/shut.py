"""Units that the policy gives to nobody, or not to one project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.domain.errors import InputError
from geomap.domain.placement import PlacedDemand, Policy
from geomap.domain.words import Label
from geomap.matching.prepared import Prepared
from geomap.placement.weigh import FORBIDDEN, RESERVED

_KNOWN = Label("从目录里选", "Choose one of the catalog")


@dataclass(frozen=True, slots=True)
class Shut:
    """What is closed, by place in `Live`: to all, shape (n_live,), and to some projects."""

    to_all: NDArray[np.uint8]
    to_one: Mapping[int, NDArray[np.uint8]]

    def of(self, project: int) -> NDArray[np.uint8]:
        """Return what is closed to a project."""
        return self.to_one.get(project, self.to_all)


def unit_row(prepared: Prepared, unit_id: str, field: str) -> int:
    """Return the row of a unit; raises InputError that names the field."""
    row = prepared.catalog.units.id.find(unit_id)
    if row < 0:
        raise InputError(
            Label(f"没有单元 {unit_id}", f"There is no unit {unit_id}"), fix=_KNOWN, field=field
        )
    return row


def project_rows(projects: Sequence[PlacedDemand]) -> dict[str, int]:
    """Return the row of each project by its id."""
    return {project.id: row for row, project in enumerate(projects)}


def project_row(rows: Mapping[str, int], project_id: str, field: str) -> int:
    """Return the row of a project; raises InputError that names the field."""
    row = rows.get(project_id)
    if row is None:
        raise InputError(
            Label(f"没有项目 {project_id}", f"There is no project {project_id}"),
            fix=Label("用这批项目里的编号", "Use the id of one of these projects"),
            field=field,
        )
    return row


def build_shut(prepared: Prepared, policy: Policy, projects: Sequence[PlacedDemand]) -> Shut:
    """Return what reserved units and forbids close; raises InputError for unknown ids."""
    live, rows = prepared.live, project_rows(projects)
    to_all = np.zeros(len(live.row), dtype=np.uint8)
    held = [
        unit_row(prepared, unit_id, f"policy.reserved.{at}")
        for at, unit_id in enumerate(policy.reserved)
    ]
    to_all[np.isin(live.row, np.array(held, dtype=np.int32))] = RESERVED
    to_one: dict[int, NDArray[np.uint8]] = {}
    for at, forbid in enumerate(policy.forbids):
        field = f"policy.forbids.{at}"
        project = project_row(rows, forbid.project_id, f"{field}.project_id")
        closed = to_one.setdefault(project, to_all.copy())
        if forbid.unit_id:
            here = live.row == unit_row(prepared, forbid.unit_id, f"{field}.unit_id")
        else:
            here = live.site == _site_row(prepared, forbid.site_id, f"{field}.site_id")
        closed[here & (closed == 0)] = FORBIDDEN
    return Shut(to_all, to_one)


def _site_row(prepared: Prepared, site_id: str, field: str) -> int:
    row = prepared.catalog.sites.id.find(site_id)
    if row < 0:
        raise InputError(
            Label(f"没有载体 {site_id}", f"There is no site {site_id}"), fix=_KNOWN, field=field
        )
    return row
