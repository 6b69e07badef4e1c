"""What the record knows of the ground, as witnesses of the datum of a file.

Made-up data is no witness. Streets are asked at one vertex a cell, so that a winding lane
weighs no more than a straight one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.domain.words import Label
from geomap.geo.crs import METRIC_EPSG, WGS84, metric_crs_of, project_geometry, to_metric
from geomap.intake.frames import FRAMES, Distances, Flags, Floats, Votes, Witness, in_china, reread
from geomap.intake.region import Region
from geomap.streets.ways import Ways

CAP_M = 100.0
"""Farther than this from a street is as bad as anywhere."""
NAMED_NEAR_M = 60.0
"""Two places of one name this close are the same."""
NAMED_VOTES, COUNTY_VOTES, COAST_VOTES = 3, 3, 10
ISLAND_MAX_M2 = 2e8
"""Land up to this size, with sea all around, is an island whose shores face every way."""
MOST, MOST_ON_COAST = 5_000, 40_000
"""Places that a witness is asked about; few of a city's lie by the sea."""
_CELL_DEG = 0.001
POINT_CELL_DEG = 0.00025
"""Points stand closer together than streets: one is asked every 25 m."""
Lines = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the record knows that no demonstration made, EPSG:4326.

    Parameters
    ----------
    streets
        Walkable centrelines.
    points
        Longitude and latitude of amenities and of sites with a door, which lie by streets.
    land
        Land against the sea.
    """

    streets: Lines
    points: tuple[Floats, Floats]
    land: Sequence[BaseGeometry]


def nothing_known() -> Ground:
    """Return the ground of an empty record."""
    none = np.empty(0)
    return Ground(np.empty(0, dtype=object), (none, none), ())


def thin(
    lon: Floats, lat: Floats, *, cell: float = _CELL_DEG, most: int = MOST
) -> NDArray[np.int64]:
    """Return the index of one place a cell (some 100 m), and of those at most `most`, evenly."""
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    cells = np.column_stack([np.floor(lon[known] / cell), np.floor(lat[known] / cell)])
    first = known[np.unique(cells, axis=0, return_index=True)[1]]
    step = max(1, -(-len(first) // most))
    return np.sort(first)[::step]


def _distance_m(lines: Lines, lon: Floats, lat: Floats, crs: str) -> Floats:
    """Return how far places lie from lines, at most `CAP_M`; lines are in `crs`."""
    x, y = to_metric(lon, lat, crs)
    points = np.asarray(shapely.points(x, y))
    (at, _), metres = shapely.STRtree(lines).query_nearest(
        points, max_distance=CAP_M, return_distance=True, all_matches=False
    )
    found = np.full(len(points), CAP_M)
    found[at] = metres
    return found


def _metric_lines(lines: Lines) -> tuple[Lines, str]:
    west, south, east, north = shapely.total_bounds(lines)
    crs = metric_crs_of((west + east) / 2.0, (south + north) / 2.0)
    lon, lat = shapely.get_coordinates(lines).T
    x, y = to_metric(lon, lat, crs)
    return np.asarray(shapely.set_coordinates(lines.copy(), np.column_stack([x, y]))), crs


def from_known_streets(
    lon: Floats,
    lat: Floats,
    declared: str,
    streets: Lines,
    what: Label,
    *,
    cell: float = _CELL_DEG,
) -> list[Distances]:
    """Ask the streets of the record about places of a file.

    Parameters
    ----------
    lon, lat
        Places as declared, degrees EPSG:4326.
    streets
        Lines in EPSG:4326 that no demonstration made.
    cell
        One place a cell of so many degrees is asked.
    """
    at = thin(lon, lat, cell=cell)
    if not len(streets) or not len(at):
        return []
    lines, crs = _metric_lines(streets)
    moved = {f: reread(lon[at], lat[at], declared, f) for f in FRAMES}
    west, south, east, north = shapely.total_bounds(streets)
    inside = np.ones(len(at), dtype=np.bool_)
    for x, y in moved.values():  # a place beyond the known streets says nothing
        inside &= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    metres = {f: _distance_m(lines, x[inside], y[inside], crs) for f, (x, y) in moved.items()}
    return [Distances(what, metres)]


def from_known_points(
    ways: Ways, declared: str, lon: Floats, lat: Floats, what: Label
) -> list[Distances]:
    """Ask points of the record how near the streets of a file lie.

    Parameters
    ----------
    ways
        Streets as declared.
    lon, lat
        Points that lie by streets, degrees EPSG:4326, of another source.
    """
    at = thin(lon, lat, cell=POINT_CELL_DEG)
    streets = walked_lines(ways)
    if not len(at) or not len(streets):
        return []
    lines, crs = _metric_lines(streets)
    # Instead of moving the streets, the points go where the file's frame would put them.
    moved = {f: reread(lon[at], lat[at], f, declared) for f in FRAMES}
    west, south, east, north = shapely.total_bounds(streets)
    inside = np.ones(len(at), dtype=np.bool_)
    for x, y in moved.values():
        inside &= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    metres = {f: _distance_m(lines, x[inside], y[inside], crs) for f, (x, y) in moved.items()}
    return [Distances(what, metres)]


def walked_lines(ways: Ways) -> Lines:
    """Return the ways that are walked as LineStrings in EPSG:4326."""
    keep = ways.walkable[ways.way_of_vertex]
    _, index = np.unique(ways.way_of_vertex[keep], return_inverse=True)
    lines: Lines = np.asarray(shapely.linestrings(ways.coords[keep], indices=index), dtype=object)
    return lines


def ask_about_streets(ways: Ways, declared: str, ground: Ground) -> list[Witness]:
    """Return what the record says of a file of streets."""
    lon, lat = ways.coords[ways.walkable[ways.way_of_vertex]].T
    found: list[Witness] = []
    if not in_china(lon, lat):
        return found
    what = Label("离已有道路", "to the streets of the record")
    found += from_known_streets(lon, lat, declared, ground.streets, what)
    what = Label("已有的配套和基地离道路", "from known amenities and sites to a street")
    found += from_known_points(ways, declared, *ground.points, what)
    return found + from_land(lon, lat, declared, ground.land)


def ask_about_places(lon: Floats, lat: Floats, declared: str, ground: Ground) -> list[Witness]:
    """Return what streets and coast of the record say of a file of points."""
    what = Label("离已有道路", "to the streets of the record")
    found: list[Witness] = []
    if not in_china(lon, lat):
        return found
    found += from_known_streets(lon, lat, declared, ground.streets, what, cell=POINT_CELL_DEG)
    return found + from_land(lon, lat, declared, ground.land)


def from_land(lon: Floats, lat: Floats, declared: str, land: Sequence[BaseGeometry]) -> list[Votes]:
    """Ask the coast: what stands on land in one frame lies in the sea in another.

    The coast is older than newly reclaimed land, which fits a shifted frame as well: a vote
    for another frame counts on islands alone, whose shores face every way. A vote against
    counts everywhere.
    """
    at = thin(lon, lat, most=MOST_ON_COAST)
    parts = shapely.get_parts(np.array(land, dtype=object))
    if not len(at) or not len(parts):
        return []
    parts = shapely.get_parts(shapely.union_all(parts))
    small = np.array([_area_m2(part) <= ISLAND_MAX_M2 for part in parts])
    whole, islands = shapely.union_all(parts), shapely.union_all(parts[small])
    for shape in (whole, islands):
        shapely.prepare(shape)
    fits: dict[str, Flags] = {}
    counts: dict[str, Flags] = {}
    for frame in FRAMES:
        x, y = reread(lon[at], lat[at], declared, frame)
        fits[frame] = np.asarray(shapely.contains_xy(whole, x, y))
        counts[frame] = np.asarray(shapely.contains_xy(islands, x, y))
    if not any(found.any() for found in counts.values()):
        return []
    what = Label("海岸线（岛上的点在陆地上）", "coast (places of islands on land)")
    return [Votes(what, fits, COAST_VOTES, counts)]


def _area_m2(part: BaseGeometry) -> float:
    return float(project_geometry(part, WGS84, METRIC_EPSG).area)


def from_names(
    lon: Floats,
    lat: Floats,
    declared: str,
    known: Callable[[int], tuple[float, float] | None],
) -> list[Votes]:
    """Ask places that the record knows under the same name, from another source.

    Parameters
    ----------
    known
        From the index of a place to where the record has it (EPSG:4326), None where it has not.
    """
    pairs = [(i, place) for i in range(len(lon)) if (place := known(i)) is not None]
    pairs = [(i, place) for i, place in pairs if np.isfinite(lon[i]) and np.isfinite(lat[i])]
    if not pairs:
        return []
    at = np.array([i for i, _ in pairs])
    there = np.array([place for _, place in pairs])
    fits: Mapping[str, Flags] = {
        frame: _gap_m(*reread(lon[at], lat[at], declared, frame), there) <= NAMED_NEAR_M
        for frame in FRAMES
    }
    return [Votes(Label("同名的已知位置", "known places of the same name"), fits, NAMED_VOTES)]


def from_counties(
    lon: Floats, lat: Floats, declared: str, said: Sequence[str], region: Region
) -> list[Votes]:
    """Ask the county boundaries about places that say their county.

    Parameters
    ----------
    said
        Adcode that each place says, "" where none.
    """
    at = np.array([i for i, code in enumerate(said) if code and np.isfinite(lon[i])], dtype=int)
    if not region.counties or not len(at):
        return []
    codes = np.array([county.adcode for county in region.counties] + [""])
    wanted = np.array([said[i] for i in at])
    fits = {
        frame: codes[region.find_county(*reread(lon[at], lat[at], declared, frame))] == wanted
        for frame in FRAMES
    }
    return [Votes(Label("写明的县区", "the county that is written"), fits, COUNTY_VOTES)]


def _gap_m(lon: Floats, lat: Floats, there: Floats) -> Floats:
    east = (lon - there[:, 0]) * 111_320.0 * np.cos(np.radians(lat))
    gap: Floats = np.hypot(east, (lat - there[:, 1]) * 110_950.0)
    return gap
