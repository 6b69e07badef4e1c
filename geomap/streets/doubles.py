"""Amenities that stand twice in one extract: a shop's door and its outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.domain.records import Amenity
from geomap.geo.crs import metric_crs_of, to_metric

Floats = NDArray[np.float64]

SAME_NAME_M = 100.0
"""Two of a category with one name this close are one."""
UNNAMED_M = 15.0
"""The same for two of which at least one has no name."""


def drop_doubles(
    amenities: Iterable[Amenity], outlines: Mapping[str, BaseGeometry] | None = None
) -> list[Amenity]:
    """Drop amenities that stand twice, keeping the first of the better named.

    One of a category is a double of another with the same name within `SAME_NAME_M` or in
    its outline, or, where one has no name, within `UNNAMED_M`.

    Parameters
    ----------
    outlines
        Areas in EPSG:4326 by id. All of a category and name in one outline are one place,
        and that is the point among them where there is one: a campus and its entrance.
    """
    items = sorted(amenities, key=lambda a: (not a.name, a.id))
    if not items:
        return []
    lon, lat = np.array([a.lon for a in items]), np.array([a.lat for a in items])
    dropped = _inside_outlines(items, lon, lat, outlines or {})
    x, y = to_metric(lon, lat, metric_crs_of(float(np.median(lon)), float(np.median(lat))))
    points = np.asarray(shapely.points(x, y))
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_NAME_M)
    gap = np.hypot(x[one] - x[other], y[one] - y[other])
    order = np.lexsort((other, one))
    for i in order[one[order] < other[order]]:
        a, b = items[one[i]], items[other[i]]
        if dropped[one[i]] or a.category is not b.category:
            continue
        near = gap[i] <= UNNAMED_M and not b.name
        dropped[other[i]] |= near or (bool(b.name) and a.name == b.name)
    kept = [item for item, gone in zip(items, dropped, strict=True) if not gone]
    return sorted(kept, key=lambda a: a.id)


def _inside_outlines(
    items: Sequence[Amenity], lon: Floats, lat: Floats, outlines: Mapping[str, BaseGeometry]
) -> NDArray[np.bool_]:
    """Return what stands, under the same name and category, in an outline that goes on."""
    dropped = np.zeros(len(items), dtype=np.bool_)
    owners = [k for k, item in enumerate(items) if item.id in outlines]
    if not owners:
        return dropped
    faces = np.array([outlines[items[k].id] for k in owners], dtype=object)
    tree = shapely.STRtree(np.asarray(shapely.points(lon, lat)))
    face, point = tree.query(faces, predicate="intersects")
    order = np.argsort(face, kind="stable")
    inside = np.split(point[order], np.searchsorted(face[order], np.arange(1, len(faces))))
    for f in np.argsort(-shapely.area(faces), kind="stable"):
        owner = items[owners[f]]
        same = {int(k) for k in inside[f] if _same(items[k], owner)} | {owners[f]}
        alive = sorted(k for k in same if not dropped[k])
        dropped[alive[1:]] = True
    return dropped


def _same(one: Amenity, other: Amenity) -> bool:
    return one.name == other.name and one.category is other.category
