"""Streets of an OpenStreetMap extract (.osm.pbf, .osm), with their node identities.

Rules after the OSM wiki's "Access restrictions" (default access on foot), read by
pyosmium: a bridge and the road below it share no node, so they are not joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from geomap.streets.osm_amenities import read_osm_amenities
from geomap.streets.osm_file import header_box, refuse_file, require_osm_file
from geomap.streets.ways import StreetClass, Ways

__all__ = ["HIGHWAY_CLASS", "classify_way", "read_osm_amenities", "read_osm_ways"]

HIGHWAY_CLASS: Mapping[str, StreetClass] = {
    "motorway": StreetClass.MOTORWAY,
    "motorway_link": StreetClass.MOTORWAY,
    "trunk": StreetClass.TRUNK,
    "trunk_link": StreetClass.TRUNK,
    "primary": StreetClass.PRIMARY,
    "primary_link": StreetClass.PRIMARY,
    "secondary": StreetClass.SECONDARY,
    "secondary_link": StreetClass.SECONDARY,
    "tertiary": StreetClass.TERTIARY,
    "tertiary_link": StreetClass.TERTIARY,
    "unclassified": StreetClass.MINOR,
    "residential": StreetClass.MINOR,
    "living_street": StreetClass.MINOR,
    "service": StreetClass.MINOR,
    "road": StreetClass.MINOR,
    "track": StreetClass.MINOR,
    "pedestrian": StreetClass.PATH,
    "footway": StreetClass.PATH,
    "path": StreetClass.PATH,
    "cycleway": StreetClass.PATH,
    "bridleway": StreetClass.PATH,
    "corridor": StreetClass.PATH,
    "platform": StreetClass.PATH,
    "elevator": StreetClass.PATH,
    "steps": StreetClass.STEPS,
}
"""Class of each value of ``highway`` that is a street. Anything else is no street."""

STRUCTURES: Mapping[str, str] = {
    "man_made": "pier",
    "railway": "platform",
    "public_transport": "platform",
}
"""What may be walked without being a ``highway``: a pier, the platform of a station."""

FOOT_ALLOWED = frozenset(
    {"yes", "designated", "permissive", "official", "destination", "customers"}
)
FOOT_DENIED = frozenset({"no", "private", "restricted", "permit", "use_sidepath"})
ACCESS_DENIED = frozenset(
    {"no", "private", "restricted", "permit", "military", "forestry", "agricultural"}
    | {"delivery", "emergency"}
)
"""Values of ``access`` that keep the public out. Customers and those whose destination it is
come on foot, as do users of a permissive way."""
UNFINISHED = frozenset(
    {"construction", "proposed", "planned", "abandoned", "disused", "razed", "dismantled"}
)
NOT_FOR_WALKERS = frozenset(
    {"raceway", "bus_guideway", "busway", "via_ferrata", "escape", "emergency_bay"}
)
"""Values of ``highway`` that exist, and where nobody walks unless ``foot`` says so."""
HARD_TRAILS = frozenset(
    {"demanding_mountain_hiking", "alpine_hiking", "demanding_alpine_hiking"}
    | {"difficult_alpine_hiking"}
)
"""Values of ``sac_scale`` that ask for hands, sure feet or gear: no way to an amenity."""
WADED = frozenset({"yes", "boat"})
"""Values of ``ford`` that lead through water; stepping stones stay dry."""

TAG_KEYS = (
    "highway", "route", *STRUCTURES, "foot", "access", "motorroad", "tunnel", "sidewalk",
    "sac_scale", "ford",
)  # fmt: skip
"""Every tag that decides whether a way is walked."""
_ROADS = (StreetClass.TRUNK, StreetClass.PRIMARY, StreetClass.SECONDARY)
_NO_SIDEWALK = frozenset({"", "no", "none", "separate"})


def classify_way(tags: Mapping[str, str]) -> tuple[StreetClass | None, str]:
    """Return the class of a way, or None and the reason to leave it out.

    A motorway and a ferry keep their class: they are drawn, never walked. Tags that say
    nothing about walking (``area``, ``indoor``, ``conveying``) change nothing: a square is
    walked along its outline, an escalator both ways.

    Examples
    --------
    >>> classify_way({"highway": "footway", "access": "private"})
    (None, 'no_access')
    """
    highway = tags.get("highway")
    if highway is None:
        return _without_highway(tags)
    # A way tagged "unclassified;tertiary" is both; the first value decides.
    value = highway.partition(";")[0].strip()
    foot_welcome = tags.get("foot", "") in FOOT_ALLOWED
    if value in NOT_FOR_WALKERS and foot_welcome:
        return StreetClass.PATH, ""
    klass = HIGHWAY_CLASS.get(value)
    if klass is None:
        if value in UNFINISHED:
            return None, "unfinished"
        return None, "not_for_walkers" if value in NOT_FOR_WALKERS else "not_a_street"
    if klass is StreetClass.MOTORWAY:
        # A sign for walkers on a motorway is the path beside its lanes, as on a long bridge.
        return (StreetClass.TRUNK if tags.get("foot") == "designated" else klass), ""
    return _foot_rules(klass, tags)


def _without_highway(tags: Mapping[str, str]) -> tuple[StreetClass | None, str]:
    if tags.get("route") == "ferry":
        return StreetClass.FERRY, ""
    if any(tags.get(key) == value for key, value in STRUCTURES.items()):
        return _foot_rules(StreetClass.PATH, tags)
    return None, "not_a_street"


def _foot_rules(klass: StreetClass, tags: Mapping[str, str]) -> tuple[StreetClass | None, str]:
    foot = tags.get("foot", "")
    if foot in FOOT_DENIED:
        return None, "use_sidepath" if foot == "use_sidepath" else "no_foot"
    if foot in FOOT_ALLOWED:
        return klass, ""
    if tags.get("access", "") in ACCESS_DENIED:
        return None, "no_access"
    if tags.get("motorroad") == "yes":
        return None, "motorroad"
    sidewalk = tags.get("sidewalk", "")
    if tags.get("tunnel") == "yes" and klass in _ROADS and sidewalk in _NO_SIDEWALK:
        return None, "road_tunnel"
    if tags.get("sac_scale", "") in HARD_TRAILS:
        return None, "hard_trail"
    return (None, "ford") if tags.get("ford", "") in WADED else (klass, "")


def is_candidate(tags: Mapping[str, str]) -> bool:
    """Return whether a way is looked at at all; a railway or a bus line is not counted."""
    if "highway" in tags or tags.get("route") == "ferry":
        return True
    return any(tags.get(key) == value for key, value in STRUCTURES.items())


Node = tuple[int, int, int]
"""Identity, longitude and latitude of a node, both in steps of 1e-7 degrees."""
_STEP = 1e7
_NOWHERE = 2**31 - 1
"""Coordinate of a node that the extract lacks."""


def _runs(nodes: list[Node]) -> Iterator[list[Node]]:
    """Split a way where nodes lie outside the extract; a single node is no line."""
    run: list[Node] = []
    for node in nodes:
        if node[1] != _NOWHERE:
            run.append(node)
            continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def read_osm_ways(path: Path) -> tuple[Ways, dict[str, int]]:
    """Read the streets of an extract.

    Parameters
    ----------
    path
        ``.osm.pbf`` or ``.osm`` file.

    Returns
    -------
    ways
        Streets that may be walked, and motorways and ferries to draw.
    dropped
        Ways left out, counted by reason: ``not_a_street``, ``unfinished``,
        ``not_for_walkers``, ``no_foot``, ``use_sidepath``, ``no_access``, ``motorroad``,
        ``road_tunnel``, ``hard_trail``, ``ford``, ``nodes_missing`` (outside the extract).

    Raises
    ------
    InputError
        The file is missing, damaged or of another format.
    """
    import osmium

    path = Path(path)
    require_osm_file(path)
    dropped: Counter[str] = Counter()
    parts = _Parts()
    try:
        extent = header_box(path)
        reader = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        keys = osmium.filter.KeyFilter("highway", "route", *STRUCTURES)
        for way in reader.with_locations().with_filter(keys):
            if isinstance(way, osmium.osm.Way):
                _take(way, parts, dropped)
    except (RuntimeError, OSError, ValueError) as error:
        raise refuse_file(path, error) from error
    return parts.ways(extent), dict(dropped)


class _Parts:
    """Lists that grow while a file is read."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.offsets: list[int] = [0]
        self.klass: list[int] = []
        self.name: list[str] = []
        self.bridge: list[bool] = []

    def ways(self, extent: tuple[float, float, float, float] | None) -> Ways:
        """Return what was gathered."""
        nodes = np.array(self.nodes, dtype=np.int64).reshape(-1, 3)
        return Ways(
            nodes[:, 1:] / _STEP,
            np.array(self.offsets, dtype=np.int64),
            nodes[:, 0],
            np.array(self.klass, dtype=np.int8),
            self.name,
            np.array(self.bridge, dtype=np.bool_),
            extent,
        )


def _take(way: Any, parts: _Parts, dropped: Counter[str]) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    if not is_candidate(tags):
        return
    klass, reason = classify_way(tags)
    if klass is None:
        dropped[reason] += 1
        return
    nodes = [(ref.ref, ref.x, ref.y) for ref in way.nodes]
    whole = len(nodes) > 1 and not any(node[1] == _NOWHERE for node in nodes)
    runs = [nodes] if whole else list(_runs(nodes))
    if not runs:
        dropped["nodes_missing"] += 1
    for run in runs:
        parts.nodes += run
        parts.offsets.append(len(parts.nodes))
        parts.klass.append(int(klass))
        parts.name.append(tags.get("name", ""))
        parts.bridge.append(tags.get("bridge", "no") != "no")
