"""Which county and reporting unit each site belongs to, by geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.catalog.convert import to_points
from geomap.domain.regions import BY_ADCODE
from geomap.geo.join import join_points


@dataclass(frozen=True, slots=True)
class Territory:
    """Polygons (EPSG:4326) with the code that a point inside gets, in order of precedence."""

    codes: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...]

    @classmethod
    def of(cls, codes: Sequence[str], shapes: Sequence[BaseGeometry | None]) -> Territory:
        """Sort by code, so that a point on a shared boundary gets the lower one every time."""
        pairs = zip(codes, shapes, strict=True)
        known = sorted(((c, s) for c, s in pairs if c and s is not None), key=lambda p: p[0])
        return cls(tuple(c for c, _ in known), tuple(s for _, s in known))

    def find(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
        """Return the code of the polygon that covers each point, "" where none does."""
        found = join_points(self.shapes, lon, lat)
        return [self.codes[i] if i >= 0 else "" for i in found.tolist()]


def join_sites(
    sites: Mapping[str, Sequence[Any]], counties: Territory, zones: Territory
) -> list[dict[str, Any]]:
    """Join sites to county and reporting unit.

    Parameters
    ----------
    sites
        Columns ``id, geometry, declared_adcode, reporting_unit`` of the sites table.
    counties
        County polygons by adcode.
    zones
        Functional zones by the reporting unit that they make up.

    Returns
    -------
    list of dict
        ``id, adcode, joined_reporting_unit, county_mismatch`` of every site. The county
        is that of the geometry; without one it is the declared county. The reporting
        unit is what the source says, else that of a zone around the site, else its
        county (DESIGN 4). `county_mismatch` says that the declared county is another
        one; None where either is not known.
    """
    lon, lat = to_points(np.array([*sites["geometry"], None], dtype=object)[:-1])
    by_place, zone_of = counties.find(lon, lat), zones.find(lon, lat)
    rows = []
    for i, site_id in enumerate(sites["id"]):
        declared = str(sites["declared_adcode"][i] or "")
        known = declared if declared in BY_ADCODE else ""
        adcode = by_place[i] or (known if np.isnan(lon[i]) else "")
        unit = str(sites["reporting_unit"][i] or "") or zone_of[i] or adcode
        both = bool(declared and by_place[i])
        rows.append(
            {
                "id": site_id,
                "adcode": adcode or None,
                "joined_reporting_unit": unit or None,
                "county_mismatch": declared != by_place[i] if both else None,
            }
        )
    return rows
