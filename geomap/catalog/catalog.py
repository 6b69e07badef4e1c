"""One version of the data in memory, with its spatial indexes. Never changed in place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.catalog.columns import (
    AccessColumns,
    AmenityColumns,
    AreaColumns,
    HistoryColumns,
    LineColumns,
    RingColumns,
    SiteColumns,
    Tables,
    TargetColumns,
    TownColumns,
    UnitColumns,
)
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label, LocationPrecision

_DOOR = (LocationPrecision.EXACT, LocationPrecision.STREET)


@dataclass(frozen=True)
class Catalog:
    """Columns at one number of the change log.

    `version` grows with every change of the record; `stamp` also differs between two
    records that happen to have the same number, and names caches.
    """

    version: int
    stamp: str
    built_at: str
    tables: Tables

    @property
    def sites(self) -> SiteColumns:
        """Sites."""
        return self.tables.sites

    @property
    def units(self) -> UnitColumns:
        """Units in site order."""
        return self.tables.units

    @property
    def amenities(self) -> AmenityColumns:
        """Amenities."""
        return self.tables.amenities

    @property
    def counties(self) -> AreaColumns:
        """Counties; `id` is the adcode."""
        return self.tables.counties

    @property
    def zones(self) -> AreaColumns:
        """Functional zones; `detail` is their reporting unit."""
        return self.tables.zones

    @property
    def towns(self) -> TownColumns:
        """Towns and streets."""
        return self.tables.towns

    @property
    def targets(self) -> TargetColumns:
        """Cells of the annex."""
        return self.tables.targets

    @property
    def history(self) -> HistoryColumns:
        """Occupancy by site and month."""
        return self.tables.history

    @property
    def rings(self) -> RingColumns:
        """Rings of sites."""
        return self.tables.rings

    @property
    def access(self) -> AccessColumns:
        """Walk to amenities by site and category."""
        return self.tables.access

    @property
    def streets(self) -> LineColumns:
        """Street lines for drawing."""
        return self.tables.streets

    @property
    def water(self) -> AreaColumns:
        """Rivers and lakes."""
        return self.tables.water

    @property
    def land(self) -> AreaColumns:
        """Land against the sea."""
        return self.tables.land

    @cached_property
    def demo(self) -> bool:
        """Whether any of the data is made up."""
        return bool(self.sites.demo.any() or self.amenities.demo.any() or self.streets.demo.any())

    @cached_property
    def located(self) -> NDArray[np.int64]:
        """Rows of the sites that have a place."""
        return np.flatnonzero(np.isfinite(self.sites.lon))

    @cached_property
    def has_door(self) -> NDArray[np.bool_]:
        """Which sites are known to their street: no walk starts from the middle of a town."""
        codes = [list(LocationPrecision).index(precision) for precision in _DOOR]
        known = np.isin(self.sites.precision, codes) & np.isfinite(self.sites.lon)
        return np.asarray(known, dtype=np.bool_)

    @cached_property
    def site_tree(self) -> shapely.STRtree:
        """Index over the points (EPSG:4326) of `located`, in that order."""
        rows = self.located
        return shapely.STRtree(
            np.asarray(shapely.points(self.sites.lon[rows], self.sites.lat[rows]))
        )

    @cached_property
    def amenity_tree(self) -> shapely.STRtree:
        """Index over the points (EPSG:4326) of the amenities."""
        return shapely.STRtree(np.asarray(shapely.points(self.amenities.lon, self.amenities.lat)))

    def sites_in(self, west: float, south: float, east: float, north: float) -> NDArray[np.int64]:
        """Return the rows of the sites in a box of degrees, in row order."""
        hits = self.site_tree.query(shapely.box(west, south, east, north))
        return np.sort(self.located[hits])

    def site_index(self, site_id: str) -> int:
        """Return the row of a site; raises NotFoundError."""
        row = self.sites.id.find(site_id)
        if row < 0:
            raise NotFoundError(
                Label(f"没有载体 {site_id}", f"There is no site {site_id}"), field="site_id"
            )
        return row

    def unit_index(self, unit_id: str) -> int:
        """Return the row of a unit; raises NotFoundError."""
        row = self.units.id.find(unit_id)
        if row < 0:
            raise NotFoundError(
                Label(f"没有单元 {unit_id}", f"There is no unit {unit_id}"), field="unit_id"
            )
        return row

    def units_of(self, site: int) -> slice:
        """Return the rows of a site's units."""
        start = self.sites.unit_start
        return slice(int(start[site]), int(start[site + 1]))
