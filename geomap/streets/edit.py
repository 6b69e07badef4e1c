"""The same streets with some taken out, and the street piece at a place.

A network never changes: taking streets out makes another one, whose edges are numbered
anew. Places that stood on a street that stays are carried over as they are, so that a
place on an island keeps its island when the bridge is gone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.geo.crs import WGS84, from_metric, project_geometry, to_metric
from geomap.streets.graph import StreetNetwork, content_version, label_components
from geomap.streets.snap import (
    COMPONENT_MIN,
    SNAP_M,
    EdgePosition,
    Snapped,
    edges_within,
    place_on,
    useful_components,
)
from geomap.streets.walk import walk

PIECE_M = 30.0
"""Farthest that a click may lie from the street piece that it means."""
DETOUR_M = 10_000.0
"""A way round longer than this is not looked for."""

F4 = NDArray[np.float32]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class EditedNetwork:
    """A network without some of its edges.

    Parameters
    ----------
    before
        The network as it was.
    network
        The network without the edges; junctions keep their numbers.
    new_edge
        Number in `network` of each edge of `before`, -1 where it was taken out, shape (E,).
    """

    before: StreetNetwork
    network: StreetNetwork
    new_edge: I4


@dataclass(frozen=True, slots=True)
class StreetPiece:
    """A piece of street from junction to junction.

    Parameters
    ----------
    edge
        Its number in the network.
    length_m
        Length, metres.
    away_m
        How far the place that was asked for lies from it, metres.
    geometry
        LineString, EPSG:4326.
    lon, lat
        Its middle, degrees: asking there finds the same piece again.
    splits
        Whether its two ends are no longer connected without it.
    detour_m
        How much longer the way between its ends becomes without it, metres; None where it
        splits, or where the way round is longer than `DETOUR_M`.
    """

    edge: int
    length_m: float
    away_m: float
    geometry: BaseGeometry
    lon: float
    lat: float
    splits: bool
    detour_m: float | None


def without_streets(network: StreetNetwork, edges: Iterable[int]) -> EditedNetwork:
    """Return a network with some edges taken out.

    Arrays are filtered and components labelled anew; `at_border` stays, because the edge
    of the data is where it was. Junctions all stay, also those that no street reaches any
    more or through which only one passes: no walk differs by it.

    Parameters
    ----------
    network
        Walking network; it is not changed.
    edges
        Numbers of edges, in any order, repeats allowed.

    Raises
    ------
    ValueError
        There is no such edge.
    """
    dropped = np.unique(np.fromiter(edges, dtype=np.int64))
    if len(dropped) and not 0 <= dropped[0] <= dropped[-1] < network.edge_count:
        raise ValueError(f"edges {dropped[0]} to {dropped[-1]} of {network.edge_count}")
    keep = np.ones(network.edge_count, dtype=np.bool_)
    keep[dropped] = False
    new_edge = np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
    if not len(dropped):
        return EditedNetwork(network, network, new_edge)
    arrays = _kept_edges(network, keep) | _kept_arcs(network, keep, new_edge)
    component, sizes = label_components(arrays["edge_u"], arrays["edge_v"], network.node_count)
    arrays |= {"component": component, "component_size": sizes}
    arrays |= {name: getattr(network, name) for name in ("node_x", "node_y", "at_border")}
    version = content_version(network.crs, arrays)
    edited = StreetNetwork(crs=network.crs, version=version, **arrays)
    # The lines are those of the other network: making 86,000 anew takes 0.1 s.
    edited.__dict__["lines"] = network.lines[keep]
    return EditedNetwork(network, edited, new_edge)


def _kept_edges(network: StreetNetwork, keep: Flags) -> dict[str, Any]:
    vertices = np.diff(network.geom_at)
    kept = np.repeat(keep, vertices)
    return {
        "edge_u": network.edge_u[keep],
        "edge_v": network.edge_v[keep],
        "edge_m": network.edge_m[keep],
        "geom": network.geom[kept],
        "geom_at": np.concatenate([[0], np.cumsum(vertices[keep])]).astype(np.int64),
        "geom_m": network.geom_m[kept],
    }


def _kept_arcs(network: StreetNetwork, keep: Flags, new_edge: I4) -> dict[str, Any]:
    """Return the arcs of the kept edges, in the order in which they stood."""
    backwards = network.arc_edge < 0
    edge = np.where(backwards, ~network.arc_edge, network.arc_edge)
    kept = keep[edge]
    number = new_edge[edge[kept]]
    before = np.concatenate([[0], np.cumsum(kept)])
    return {
        "arc_at": before[network.arc_at].astype(np.int32),
        "arc_node": network.arc_node[kept],
        "arc_edge": np.where(backwards[kept], ~number, number).astype(np.int32),
        "arc_m": network.arc_m[kept],
    }


def carry_places(edited: EditedNetwork, places: Snapped, *, max_m: float = SNAP_M) -> Snapped:
    """Return places of the network as it was on the network without some edges.

    A place whose street stays keeps it, with the same offset. One whose street was taken
    out goes to the nearest that is left, by the rule of `snap_points`.

    Parameters
    ----------
    edited
        What `without_streets` made.
    places
        Places on `edited.before`, shape (n,).
    max_m
        Farthest street, metres.
    """
    edge = np.where(places.edge >= 0, edited.new_edge[places.edge], -1).astype(np.int32)
    lost = np.flatnonzero((places.edge >= 0) & (edge < 0))
    if not len(lost):
        return Snapped(edge, places.offset_m, places.access_m, places.x, places.y)
    x, y = places.x[lost], places.y[lost]
    found = place_on(edited.network, _nearest_left(edited, x, y, max_m), x, y)
    offset, access = places.offset_m.copy(), places.access_m.copy()
    edge[lost], offset[lost], access[lost] = found.edge, found.offset_m, found.access_m
    return Snapped(edge, offset, access, places.x, places.y)


def _nearest_left(
    edited: EditedNetwork, x: NDArray[np.float64], y: NDArray[np.float64], max_m: float
) -> I4:
    """Return the nearest kept edge of places, a neighbourhood's first, -1 for none."""
    network = edited.network
    place, old = edges_within(edited.before, x, y, max_m)
    edge = edited.new_edge[old]
    place, edge = place[edge >= 0], edge[edge >= 0]
    away = shapely.distance(network.lines[edge], shapely.points(x[place], y[place]))
    useful = useful_components(network, COMPONENT_MIN)[network.component[network.edge_u[edge]]]
    order = np.lexsort((edge, away, ~useful, place))
    first, at = np.unique(place[order], return_index=True)
    nearest = np.full(len(x), -1, dtype=np.int32)
    nearest[first] = edge[order][at]
    return nearest


def nearest_street(
    network: StreetNetwork, lon: float, lat: float, *, max_m: float = PIECE_M
) -> StreetPiece | None:
    """Return the street piece nearest to a place, None where none lies within `max_m`.

    Parameters
    ----------
    network
        Walking network.
    lon, lat
        Degrees EPSG:4326.
    max_m
        Farthest street, metres.
    """
    edge, away = find_edge(network, lon, lat, max_m=max_m)
    if edge < 0:
        return None
    line = network.lines[edge]
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    mid_lon, mid_lat = from_metric(middle.x, middle.y, network.crs)
    splits, detour = _without(network, edge)
    return StreetPiece(
        edge,
        float(network.edge_m[edge]),
        away,
        project_geometry(line, network.crs, WGS84),
        float(mid_lon),
        float(mid_lat),
        splits,
        detour,
    )


def find_edge(
    network: StreetNetwork, lon: float, lat: float, *, max_m: float = PIECE_M
) -> tuple[int, float]:
    """Return the nearest edge of a place and how far away it is; -1 and NaN for none."""
    x, y = (np.atleast_1d(v) for v in to_metric(lon, lat, network.crs))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return -1, float("nan")
    _, edges = edges_within(network, x, y, max_m)
    if not len(edges):
        return -1, float("nan")
    away = shapely.distance(network.lines[edges], shapely.Point(x[0], y[0]))
    at = int(np.lexsort((edges, away))[0])
    return int(edges[at]), float(away[at])


def _without(network: StreetNetwork, edge: int) -> tuple[bool, float | None]:
    """Return whether the ends of an edge part without it, else how much longer the way is."""
    u, v = int(network.edge_u[edge]), int(network.edge_v[edge])
    if u == v:
        return False, 0.0
    closed = np.where(_edge_of_arcs(network) == edge, np.float32(np.inf), network.arc_m)
    start = _other_edge(network, u, edge)
    if start is None:
        return True, None
    # An arc without end is never walked: quicker than a network without the edge.
    reach = walk(dataclasses.replace(network, arc_m=closed), start, DETOUR_M)
    at = int(np.searchsorted(reach.node, v))
    if at < len(reach.node) and reach.node[at] == v:
        return False, max(0.0, float(reach.walk_m[at]) - float(network.edge_m[edge]))
    keep = np.arange(network.edge_count) != edge
    labels, _ = label_components(network.edge_u[keep], network.edge_v[keep], network.node_count)
    return bool(labels[u] != labels[v]), None


def _edge_of_arcs(network: StreetNetwork) -> I4:
    return np.where(network.arc_edge < 0, ~network.arc_edge, network.arc_edge)


def _other_edge(network: StreetNetwork, node: int, edge: int) -> EdgePosition | None:
    """Return a junction as a start on another edge than `edge`, None where it has none."""
    for arc in range(int(network.arc_at[node]), int(network.arc_at[node + 1])):
        walked = int(network.arc_edge[arc])
        other = walked if walked >= 0 else ~walked
        if other != edge:
            return EdgePosition(other, 0.0 if walked >= 0 else float(network.edge_m[other]))
    return None
