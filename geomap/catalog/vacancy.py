"""Where there is something to let: a mutable index over the sites with vacant units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rtree.index import Index

from geomap.catalog.columns import SiteColumns


class VacancyIndex:
    """Sites with at least one vacant unit, by place (EPSG:4326).

    The one index that moves: a site enters with its first vacancy and leaves with its
    last, without rebuilding anything.
    """

    def __init__(self, sites: SiteColumns) -> None:
        rows = np.flatnonzero((sites.vacant_count > 0) & np.isfinite(sites.lon))
        self._boxes = {int(row): self._box(sites, int(row)) for row in rows}
        stream = ((row, box, None) for row, box in self._boxes.items())
        self._index = Index(stream) if self._boxes else Index()

    @staticmethod
    def _box(sites: SiteColumns, row: int) -> tuple[float, float, float, float]:
        lon, lat = float(sites.lon[row]), float(sites.lat[row])
        return lon, lat, lon, lat

    def __len__(self) -> int:
        return len(self._boxes)

    def update(self, sites: SiteColumns, row: int) -> None:
        """Take a site in or out after its vacancies have changed."""
        inside, wanted = row in self._boxes, bool(sites.vacant_count[row] > 0)
        if inside and not wanted:
            self._index.delete(row, self._boxes.pop(row))
        elif wanted and not inside and np.isfinite(sites.lon[row]):
            self._boxes[row] = self._box(sites, row)
            self._index.insert(row, self._boxes[row])

    def within(self, west: float, south: float, east: float, north: float) -> NDArray[np.int64]:
        """Return the rows of the sites with vacancies in a box, in row order."""
        hits = self._index.intersection((west, south, east, north))
        return np.array(sorted(hits), dtype=np.int64)
