"""Where a point is, in words: its county, the street by its name, the nearest site."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import shapely

from geomap.catalog.catalog import Catalog
from geomap.domain.regions import BY_ADCODE, County
from geomap.domain.words import Label
from geomap.geo.crs import to_metric
from geomap.geo.join import join_points
from geomap.web.language import text_of

_STREET_M = 50.0
"""Farther away a street's name would mislead."""
_HERE_M = 10.0
_WINDS = (
    Label("以东", "east"),
    Label("东北", "north-east"),
    Label("以北", "north"),
    Label("西北", "north-west"),
    Label("以西", "west"),
    Label("西南", "south-west"),
    Label("以南", "south"),
    Label("东南", "south-east"),
)
"""Anticlockwise from the east, an eighth each."""


class Whereabouts:
    """Answers for the places of one catalog; what it searches is built when first asked.

    Parameters
    ----------
    catalog
        Sites, counties and streets.
    crs
        Metric CRS in which distances are measured.
    """

    def __init__(self, catalog: Catalog, crs: str) -> None:
        self._catalog, self._crs = catalog, crs

    @cached_property
    def _streets(self) -> tuple[shapely.STRtree, list[str]]:
        streets = self._catalog.streets
        names = list(streets.name)
        named = np.flatnonzero([bool(name) for name in names])
        x, y = to_metric(streets.coords[:, 0], streets.coords[:, 1], self._crs)
        index = np.repeat(np.arange(len(streets)), np.diff(streets.offsets))
        lines = np.asarray(shapely.linestrings(np.column_stack([x, y]), indices=index))
        return shapely.STRtree(lines[named]), [names[i] for i in named.tolist()]

    @cached_property
    def _sites(self) -> tuple[shapely.STRtree, list[int]]:
        """Sites whose door is known: the middle of a town is no landmark."""
        sites, rows = self._catalog.sites, np.flatnonzero(self._catalog.has_door)
        x, y = to_metric(sites.lon[rows], sites.lat[rows], self._crs)
        return shapely.STRtree(np.asarray(shapely.points(x, y))), rows.tolist()

    def _point(self, lon: float, lat: float) -> shapely.Point:
        x, y = to_metric(lon, lat, self._crs)
        return shapely.Point(float(x), float(y))

    def street(self, lon: float, lat: float) -> str:
        """Return the name of the nearest street with a name, within 50 m; else nothing."""
        tree, names = self._streets
        hits = tree.query_nearest(self._point(lon, lat), max_distance=_STREET_M)
        return names[int(hits.min())] if len(hits) else ""

    def county(self, lon: float, lat: float) -> County | None:
        """Return the county that holds a point."""
        counties = self._catalog.counties
        row = int(join_points(list(counties.geometry.shapes), [lon], [lat])[0])
        return BY_ADCODE.get(counties.id[row]) if row >= 0 else None

    def near(self, lon: float, lat: float, language: str) -> str:
        """Return words for people: the county, and how far off the nearest site it lies."""
        county = self.county(lon, lat)
        parts = [(county.name_en if language == "en" else county.name) if county else ""]
        tree, rows = self._sites
        point = self._point(lon, lat)
        if rows:
            hit = int(tree.query_nearest(point).min())
            site = tree.geometries[hit]
            name = self._catalog.sites.name[rows[hit]]
            parts.append(text_of(_beside(name, point.x - site.x, point.y - site.y), language))
        return (", " if language == "en" else "，").join(part for part in parts if part)


def _beside(name: str, east_m: float, north_m: float) -> Label:
    metres = math.hypot(east_m, north_m)
    if metres < _HERE_M:
        return Label(f"就在{name}门口", f"at {name}")
    wind = _WINDS[round(math.atan2(north_m, east_m) / (math.pi / 4)) % 8]
    far = f"{metres:,.0f}"
    return Label(f"{name}{wind.zh} {far} 米", f"{far} m {wind.en} of {name}")
