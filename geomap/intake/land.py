"""Land against the sea: faces between the coastline and the frame of the map.

The coast is a set of directed runs, clipped to the frame by set-up. OpenStreetMap draws it
with land on the left; the packaged copy turns every ring, so the side is read off its
islands: a closed run is an island, and land lies inside it. The coast is of 2017 (newer
reclamation is sea here) and closes the Ou estuary at 120.82°E, so that the river through
the city is land until a water layer draws it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.records import CountyShape
from geomap.domain.words import Label
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.geo.geojson import parse_geometry
from geomap.geo.validity import fix_geometry

FRAME = (117.5, 25.5, 123.5, 30.5)
"""West, south, east, north of the land, degrees: the box that set-up clips the coast to."""
SOURCE = "© OpenStreetMap contributors (2017), ODbL 1.0"
ISLET_MAX_M2 = 4e6
"""A detached part of a county up to this size is an islet: the boundary draws its shore, with
no sea around it, and in more detail than the coast (which lacks most islets under 0.3 km²)."""
_ON_COAST_DEG = 1e-9
Run = NDArray[np.float64]


def read_coast(coastline: Path) -> list[Run]:
    """Read the runs of a coastline GeoJSON: arrays (n, 2) of longitude and latitude.

    Raises
    ------
    InputError
        It holds no line.
    """
    collection = json.loads(coastline.read_text("utf-8"))
    shapes = [parse_geometry(feature["geometry"]) for feature in collection["features"]]
    runs = [shapely.get_coordinates(shape) for shape in shapes if shape.geom_type == "LineString"]
    if not runs:
        raise _refuse("海岸线文件里没有线", "The coastline file holds no line")
    return runs


def _refuse(zh: str, en: str) -> InputError:
    fix = Label(
        "删掉 static/vendor 后重新运行 scripts/vendor.py",
        "Remove static/vendor and run scripts/vendor.py again",
    )
    return InputError(Label(zh, en), fix=fix, field="coastline")


def is_land_left(runs: Sequence[Run]) -> bool:
    """Return whether land lies left of the runs: what its islands say, else OSM's rule."""
    rings = [shapely.LinearRing(run) for run in runs if len(run) > 3 and (run[0] == run[-1]).all()]
    turned_left = int(np.count_nonzero(shapely.is_ccw(np.array(rings, dtype=object))))
    return 2 * turned_left >= len(rings)


def _edges(coords: Run) -> tuple[Run, Run]:
    return coords[:-1], coords[1:]


class _Coast:
    """Directed segments of the coast, to be asked which side of them a face lies on."""

    def __init__(self, runs: Sequence[Run]) -> None:
        starts, ends = zip(*map(_edges, runs), strict=True)
        self._vector = np.concatenate(ends) - np.concatenate(starts)
        pairs = np.stack([np.concatenate(starts), np.concatenate(ends)], axis=1)
        self._tree = shapely.STRtree(np.asarray(shapely.linestrings(pairs), dtype=object))

    def votes_left(self, face: shapely.Polygon) -> int:
        """Return edges of the face that have it on the coast's left, less those on the right.

        The face is walked with its inside on the left; an edge that the coast walks in the
        same direction therefore has the face on the coast's left.
        """
        votes = 0
        for ring in [face.exterior, *face.interiors]:
            start, end = _edges(shapely.get_coordinates(ring))
            middle = shapely.points((start + end) / 2)
            edge, segment = self._tree.query_nearest(
                middle, max_distance=_ON_COAST_DEG, all_matches=False
            )
            along = np.sum((end - start)[edge] * self._vector[segment], axis=1)
            votes += int(np.sign(along).sum())
        return votes


def find_land(
    runs: Sequence[Run], frame: tuple[float, float, float, float]
) -> list[shapely.Polygon]:
    """Return the land faces that the coast cuts out of the frame.

    Parameters
    ----------
    runs
        Coast in any CRS, each run directed the same way about the land. Runs are closed,
        or end on or outside the frame.
    frame
        West, south, east, north.
    """
    box = shapely.box(*frame)
    lines = shapely.MultiLineString([shapely.LineString(run) for run in runs])
    noded = shapely.union_all([shapely.intersection(lines, box), box.exterior])
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    coast, left = _Coast(runs), is_land_left(runs)
    walked = [shapely.orient_polygons(face) for face in faces]
    return [face for face in walked if (coast.votes_left(face) > 0) == left]


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry as one valid MultiPolygon, without crumbs."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    mended, _ = fix_geometry(shapely.union_all(parts[shapely.get_dimensions(parts) == 2]))
    return mended


def find_islets(territory: BaseGeometry) -> list[BaseGeometry]:
    """Return the detached parts (EPSG:4326) of a territory that are islets."""
    parts = shapely.get_parts(territory)
    metric = shapely.get_parts(project_geometry(territory, WGS84, METRIC_EPSG))
    return list(parts[shapely.area(metric) <= ISLET_MAX_M2]) if len(parts) > 1 else []


def build_land(coastline: Path, counties: Sequence[CountyShape]) -> list[dict[str, Any]]:
    """Return the land as rows of the table `land`, EPSG:4326.

    One row a county, in the order given: the part of its territory that is land by the
    coast, with its islets. Then one with adcode "": the land of the frame outside them.

    Raises
    ------
    InputError
        The coast cannot be read, or leaves a county without land.
    """
    land = shapely.union_all(find_land(read_coast(coastline), FRAME))
    rows = []
    for county in counties:
        islets = find_islets(county.geometry)
        on_coast = shapely.intersection(land, county.geometry)
        part = _polygons(shapely.union_all([on_coast, *islets]))
        if on_coast.is_empty:
            raise _refuse(
                f"海岸线没有给 {county.name} 留下陆地", f"The coast leaves no land to {county.name}"
            )
        source = f"{SOURCE}；岛礁：{county.source}" if islets else SOURCE
        rows.append({"adcode": county.adcode, "source": source, "geometry": part})
    territory = shapely.union_all([county.geometry for county in counties])
    rest = _polygons(shapely.difference(land, territory))
    rows.append({"adcode": "", "source": SOURCE, "geometry": rest})
    return rows
