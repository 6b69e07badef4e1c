"""Amenities on foot: what a walk reaches, counted, nearest and listed by category.

Amenities are snapped once and stored by edge; a walk then looks only at the edges that it
reaches, those of its own edge included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import SNAP_M, Snapped, snap_points
from geomap.streets.walk import Reach

CATEGORIES = tuple(AmenityCategory)
SEARCH_M = 3000.0
"""How far the nearest amenity of a category is looked for."""

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
I1 = NDArray[np.int8]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


class TextLike(Protocol):
    """A column of texts."""

    def __getitem__(self, index: int, /) -> str:
        """Return one text."""

    def __len__(self) -> int:
        """Return how many there are."""


class AmenityLike(Protocol):
    """Columns of amenities, such as the catalog's; `category` indexes AmenityCategory."""

    @property
    def id(self) -> TextLike:
        """Ids."""

    @property
    def category(self) -> I1:
        """Index of the category of each."""

    @property
    def lon(self) -> F8:
        """Longitudes, degrees."""

    @property
    def lat(self) -> F8:
        """Latitudes, degrees."""


@dataclass(frozen=True, slots=True)
class AmenityPoints:
    """Amenities as columns, the least that access needs."""

    id: Sequence[str]
    category: I1
    lon: F8
    lat: F8


def amenity_points(amenities: Sequence[Amenity]) -> AmenityPoints:
    """Turn records into columns."""
    number = {category: i for i, category in enumerate(CATEGORIES)}
    return AmenityPoints(
        [a.id for a in amenities],
        np.array([number[a.category] for a in amenities], dtype=np.int8),
        np.array([a.lon for a in amenities], dtype=np.float64),
        np.array([a.lat for a in amenities], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True)
class AmenityIndex:
    """Amenities of one network, stored by edge.

    Parameters
    ----------
    network
        Version of the network that they were snapped to.
    category
        Index in AmenityCategory, shape (n,).
    places
        Where they stand on the network.
    order
        Amenities that stand on an edge, edge by edge.
    edge_at
        Edge ``e`` has the amenities ``order[edge_at[e]:edge_at[e + 1]]``.
    offset_m, access_m, kind
        Of ``order``'s amenities: along the edge, off it, and the category.
    at_node
        The same amenities by the junctions at both ends of their edges, shape (2 k, 4):
        junction at the far end, amenity, category, edge. A walk from its junctions finds
        all of them without looking at an edge.
    at_node_m
        Metres to each from this end, from the far end, and off the street, shape (2 k, 3).
    node_at
        Junction ``u`` has the rows ``node_at[2 * u]:node_at[2 * u + 1]`` of edges that
        start there, and up to ``node_at[2 * u + 2]`` those of edges that end there,
        shape (2 N + 1,).
    node_m
        Length of the longest of the edges that end at a junction, shape (N,).
    """

    network: str
    category: I1
    places: Snapped
    order: I4
    edge_at: I4
    offset_m: F4
    access_m: F4
    kind: I1
    at_node: I4
    at_node_m: F4
    node_at: I4
    node_m: F4

    def __len__(self) -> int:
        """Return the number of amenities, those off the streets included."""
        return len(self.category)


def build_amenity_index(
    network: StreetNetwork, category: I1, lon: F8, lat: F8, *, max_m: float = SNAP_M
) -> AmenityIndex:
    """Snap amenities to a network and store them by edge.

    Parameters
    ----------
    network
        Walking network.
    category
        Index in AmenityCategory, shape (n,).
    lon, lat
        Degrees EPSG:4326, shape (n,).
    max_m
        An amenity farther from every street is never listed.
    """
    return index_places(network, category, snap_points(network, lon, lat, max_m=max_m))


def index_places(network: StreetNetwork, category: I1, places: Snapped) -> AmenityIndex:
    """Store amenities that were put on a network by edge; edge -1 is never listed.

    Parameters
    ----------
    network
        Walking network.
    category
        Index in AmenityCategory, shape (n,).
    places
        Where the amenities stand on it, shape (n,).
    """
    order = np.argsort(places.edge, kind="stable").astype(np.int32)
    order = order[int(np.count_nonzero(places.edge < 0)) :]
    counts = np.bincount(places.edge[order], minlength=network.edge_count)
    kinds = np.asarray(category, dtype=np.int8)
    return AmenityIndex(
        network.version,
        kinds,
        places,
        order,
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        places.offset_m[order],
        places.access_m[order],
        kinds[order],
        *_by_node(network, order, kinds, places),
    )


def _by_node(
    network: StreetNetwork, order: I4, kinds: I1, places: Snapped
) -> tuple[I4, F4, I4, F4]:
    """Return amenities by the junctions at both ends of their edges."""
    edge, along, off = places.edge[order], places.offset_m[order], places.access_m[order]
    u, v, whole = network.edge_u[edge], network.edge_v[edge], network.edge_m[edge]
    kind, rest = kinds[order], whole - along
    rows = [np.column_stack([far, order, kind, edge]) for far in (v, u)]
    metres = [np.column_stack([along, rest, off]), np.column_stack([rest, along, off])]
    tail = np.concatenate([2 * u, 2 * v + 1])
    turn = np.argsort(tail, kind="stable")
    counts = np.bincount(tail, minlength=2 * network.node_count)
    longest = np.zeros(network.node_count, dtype=np.float32)
    np.maximum.at(longest, v, whole)
    return (
        np.concatenate(rows)[turn].astype(np.int32),
        np.concatenate(metres)[turn].astype(np.float32),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        longest,
    )


@njit(cache=True, nogil=True)
def _collect(  # type: ignore[no-untyped-def]
    edge, u_walk, v_walk, edge_m, edge_at, order, offset, access, own, own_offset, own_access, limit
):
    """Return amenities on the reached edges and the walk to each, limit included."""
    total = 0
    for i in range(len(edge)):
        total += edge_at[edge[i] + 1] - edge_at[edge[i]]
    item, walk = np.empty(total, np.int32), np.empty(total, np.float32)
    count = 0
    for i in range(len(edge)):
        for k in range(edge_at[edge[i]], edge_at[edge[i] + 1]):
            value = min(u_walk[i] + offset[k], v_walk[i] + (edge_m[edge[i]] - offset[k]))
            if edge[i] == own:
                value = min(value, own_access + abs(offset[k] - own_offset))
            value += access[k]
            if value <= limit:
                item[count] = order[k]
                walk[count] = value
                count += 1
    return item[:count], walk[:count]


@dataclass(frozen=True, slots=True)
class AmenityAccess:
    """Amenities around one start, by category (arrays of shape (12,) unless said).

    Parameters
    ----------
    limit_m
        The walk that counts.
    count
        Amenities within `limit_m`.
    nearest
        Index of the nearest amenity within the search limit, -1 where there is none.
    nearest_m
        Walk to it, metres, NaN where there is none.
    item, item_m
        Amenities within `limit_m`, by category and then nearest first, and their walks.
    item_at
        Category ``c`` has the items ``item[item_at[c]:item_at[c + 1]]``, shape (13,).
    """

    limit_m: float
    count: I4
    nearest: I4
    nearest_m: F4
    item: I4
    item_m: F4
    item_at: I8

    def list_items(self, category: int) -> tuple[I4, F4]:
        """Return the amenities of a category within the limit, nearest first, and walks."""
        part = slice(int(self.item_at[category]), int(self.item_at[category + 1]))
        return self.item[part], self.item_m[part]


def list_amenities(
    network: StreetNetwork, index: AmenityIndex, reach: Reach, limit_m: float
) -> AmenityAccess:
    """List the amenities that a walk reaches.

    Parameters
    ----------
    network, index
        The network of the walk, and the amenities snapped to it.
    reach
        The walk; its limit bounds the search for the nearest ones.
    limit_m
        The walk that counts, at most that of `reach`.

    Returns
    -------
    AmenityAccess
        Walks include the access from the start to its street and from the street to the
        amenity.

    Raises
    ------
    ValueError
        The amenities were snapped to another network.
    """
    if index.network != network.version:
        raise ValueError(f"amenities of network {index.network}, walk on {network.version}")
    start = reach.start
    item, walk = _collect(
        reach.edge,
        reach.u_walk_m,
        reach.v_walk_m,
        network.edge_m,
        index.edge_at,
        index.order,
        index.offset_m,
        index.access_m,
        np.int32(start.edge),
        np.float32(start.offset_m),
        np.float32(start.access_m),
        np.float32(reach.limit_m),
    )
    category = index.category[item]
    order = np.lexsort((item, walk, category))
    item, walk, category = item[order], walk[order], category[order]
    first = np.searchsorted(category, np.arange(len(CATEGORIES)))
    found = np.bincount(category, minlength=len(CATEGORIES)) > 0
    nearest = np.full(len(CATEGORIES), -1, dtype=np.int32)
    nearest_m = np.full(len(CATEGORIES), np.nan, dtype=np.float32)
    nearest[found], nearest_m[found] = item[first[found]], walk[first[found]]
    inside = walk <= limit_m
    count = np.bincount(category[inside], minlength=len(CATEGORIES)).astype(np.int32)
    item_at = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return AmenityAccess(limit_m, count, nearest, nearest_m, item[inside], walk[inside], item_at)
