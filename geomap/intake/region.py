"""The region that data may lie in: the counties under the root of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.domain.errors import NotReadyError
from geomap.domain.records import CountyShape
from geomap.domain.words import Label
from geomap.geo.join import join_points

Floats = NDArray[np.float64]
EDGE_DEG = 0.01
"""Some 1 km: a point this close outside of the region still belongs to it (quays, islets)."""


@dataclass(frozen=True, slots=True)
class Region:
    """The counties that data may lie in; without any, data may come from anywhere."""

    root: str
    counties: tuple[CountyShape, ...] = ()

    @property
    def anywhere(self) -> bool:
        """Whether data is taken from anywhere."""
        return self.root == "any"

    def find_county(self, lon: Floats, lat: Floats) -> NDArray[np.int32]:
        """Return the index of the county of each point, -1 where none."""
        return join_points([c.geometry for c in self.counties], lon, lat)

    def holds(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Return whether each point lies in the region, or within `EDGE_DEG` of it."""
        inside = self.find_county(lon, lat) >= 0
        rest = np.flatnonzero(~inside & np.isfinite(lon) & np.isfinite(lat))
        if len(rest):
            near = np.zeros(len(rest), dtype=np.bool_)
            points = shapely.points(lon[rest], lat[rest])
            for county in self.counties:
                near |= shapely.dwithin(county.geometry, points, EDGE_DEG)
            inside[rest] = near
        return inside

    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of the counties."""
        bounds = shapely.total_bounds(np.array([c.geometry for c in self.counties], dtype=object))
        west, south, east, north = (float(v) for v in bounds)
        return west, south, east, north


def require_region(root: str, counties: Sequence[CountyShape]) -> Region:
    """Return the region of the settings.

    Raises
    ------
    NotReadyError
        It names an area whose boundaries have not been built.
    """
    if root == "any":
        return Region(root, tuple(counties))
    prefix = root.rstrip("0") if root.endswith("00") else root
    within = tuple(c for c in counties if c.adcode.startswith(prefix))
    if not within:
        raise NotReadyError(
            Label(
                f"没有 {root} 的县界，无法核对坐标",
                f"There are no boundaries of {root} to check coordinates against",
            ),
            fix=Label(
                "先运行 geomap prepare，或设 GEOMAP_REGION=any",
                "Run geomap prepare first, or set GEOMAP_REGION=any",
            ),
            field="GEOMAP_REGION",
        )
    return Region(root, within)
