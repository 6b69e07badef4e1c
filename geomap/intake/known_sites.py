"""What the record holds of sites before an import, and what of it an import keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import shapely

from geomap.domain.records import Site
from geomap.intake.values import fold

SAME_POINT_DEG = 2e-6
"""Some 20 cm: what rounding to six decimals moves a point, and more."""


@dataclass(frozen=True)
class KnownSites:
    """What the record holds before the import."""

    by_id: Mapping[str, Site] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    """Folded name of each operator that is no demonstration, with its id."""
    demo_operators: Mapping[str, str] = field(default_factory=dict)
    """The same of the demonstration's."""
    joined: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """County and reporting unit that each site was joined to by its place."""

    @cached_property
    def by_name(self) -> Mapping[str, list[Site]]:
        """The real sites of each folded name."""
        found: dict[str, list[Site]] = {}
        for site in self.by_id.values():
            if not site.demo:
                found.setdefault(fold(site.name), []).append(site)
        return found

    def keep(self, stored: Site, values: dict[str, Any]) -> None:
        """Put back into the values of a row what the record knows better.

        Our own exports publish the county and reporting unit of the place: taken as declared,
        they would stay when the site moves.
        """
        county, unit = self.joined.get(stored.id, ("", ""))
        for name, found in (("declared_adcode", county), ("reporting_unit", unit)):
            if found and values.get(name) == found and not getattr(stored, name):
                values[name] = ""
        _keep_place(stored, values)


def _keep_place(stored: Site, values: dict[str, Any]) -> None:
    """Keep what the record knows better than a geometry that says the same place.

    Tables of our own exports give a point for a footprint, and every format rounds.
    """
    given = values.get("geometry")
    if stored.geometry is None or given is None:
        return
    measure = shapely.distance if given.geom_type == "Point" else shapely.hausdorff_distance
    if measure(stored.geometry, given) <= SAME_POINT_DEG:
        values["geometry"] = stored.geometry
        values.setdefault("precision", stored.precision)
