"""Which sites each candidate place would serve, as sparse columns.

A site is served by a candidate when the walk between them, the access of both to their
streets included, lies within the limit. The walks begin at the sites: there are far fewer
of them than junctions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geomap.coverage.access import AmenityIndex, build_amenity_index
from geomap.coverage.batch import list_amenities_of
from geomap.geo.crs import from_metric
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import clear, settle, workspace
from geomap.streets.snap import Snapped

BLOCK = 256
"""Sites walked from at a time: progress shows, and work can be cancelled, after each."""
Progress = Callable[[int, int], None]

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Places where a facility may come, in the order in which ties are broken.

    Parameters
    ----------
    id
        Ids of given places, empty for street junctions: those go by their number.
    lon, lat
        Degrees EPSG:4326, shape (n,).
    given
        Given places on their streets, by edge; None where the candidates are the
        junctions of the network.
    """

    id: tuple[str, ...]
    lon: F8
    lat: F8
    given: AmenityIndex | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lon)


def junctions_of(network: StreetNetwork) -> Candidates:
    """Return every junction as a candidate, in Morton order."""
    lon, lat = from_metric(network.node_x, network.node_y, network.crs)
    return Candidates((), lon, lat)


def given_places(
    network: StreetNetwork, ids: Sequence[str], lon: ArrayLike, lat: ArrayLike
) -> Candidates:
    """Return given places as candidates, ordered by street (Morton order) and then by id.

    Parameters
    ----------
    network
        Walking network.
    ids
        An id each.
    lon, lat
        Degrees EPSG:4326, shape (n,). A place with no street within 100 m serves nobody.
    """
    east, north = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    index = build_amenity_index(network, np.zeros(len(ids), np.int8), east, north)
    order = np.lexsort((np.asarray(ids, dtype=np.str_), index.places.offset_m, index.places.edge))
    east, north = east[order], north[order]
    sorted_index = build_amenity_index(network, index.category, east, north)
    return Candidates(tuple(ids[i] for i in order.tolist()), east, north, sorted_index)


@njit(cache=True, nogil=True)
def _block(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_m, edge_u, edge_v, edge_m, start_edge, start_offset, start_access,
    limit, walk, touched, after, queued, heads, at,
):  # fmt: skip
    """Return the junctions within the limit of each start, ascending, and their walks."""
    node, node_m = np.empty(4096, np.int32), np.empty(4096, np.float32)
    total = 0
    for i in range(len(start_edge)):
        edge = start_edge[i]
        if edge >= 0 and start_access[i] <= limit:
            along = min(max(start_offset[i], np.float32(0.0)), edge_m[edge])
            count = settle(
                arc_at, arc_node, arc_m, edge_u[edge], edge_v[edge],
                along + start_access[i], (edge_m[edge] - along) + start_access[i], limit,
                walk, touched, after, queued, heads,
            )  # fmt: skip
            if total + count > len(node):
                room = total + 2 * count
                node = np.append(node, np.empty(room, np.int32))
                node_m = np.append(node_m, np.empty(room, np.float32))
            reached = np.sort(touched[:count])
            for k in range(count):
                node[total + k], node_m[total + k] = reached[k], walk[reached[k]]
            clear(count, walk, touched)
            total += count
        at[i + 1] = total
    return node[:total].copy(), node_m[:total].copy()


def walks_to(
    network: StreetNetwork, candidates: Candidates, places: Snapped, limit_m: float
) -> tuple[I8, I4, F4]:
    """Return the candidates within a walk of each place.

    Parameters
    ----------
    network, candidates
        Walking network, and candidates on it.
    places
        Starts, shape (n,).
    limit_m
        The walk that counts, metres.

    Returns
    -------
    at, candidate, walk_m
        Place ``i`` reaches ``candidate[at[i]:at[i + 1]]`` after `walk_m` metres.
    """
    if candidates.given is not None:
        table = list_amenities_of(network, candidates.given, places, limit_m, search_m=limit_m)
        return table.item_at, table.item, table.item_m
    at = np.zeros(len(places) + 1, dtype=np.int64)
    node, node_m = _block(
        network.arc_at, network.arc_node, network.arc_m,
        network.edge_u, network.edge_v, network.edge_m,
        places.edge, places.offset_m, places.access_m, np.float32(limit_m),
        *workspace(network.node_count), at,
    )  # fmt: skip
    return at, node, node_m


def part_of(places: Snapped, rows: NDArray[np.int64] | slice) -> Snapped:
    """Return some of the places."""
    return Snapped(
        places.edge[rows],
        places.offset_m[rows],
        places.access_m[rows],
        places.x[rows],
        places.y[rows],
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """Which of n sites each of m candidates serves.

    Parameters
    ----------
    sites
        Number of sites, n.
    candidate
        Candidates that serve any site, ascending, shape (m,).
    at, site
        Column ``j`` (of ``candidate[j]``) serves ``site[at[j]:at[j + 1]]``, ascending.
    walk_m
        Walks of a column's sites to it, all together, to decimetres, shape (m,).
    """

    sites: int
    candidate: I4
    at: I8
    site: I4
    walk_m: F8

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.candidate)

    def column(self, index: int) -> I4:
        """Return the sites of a column."""
        return self.site[self.at[index] : self.at[index + 1]]

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which sites any candidate serves, shape (n,)."""
        found = np.zeros(self.sites, dtype=np.bool_)
        found[self.site] = True
        return found

    def pick(self, columns: NDArray[np.int64]) -> Cover:
        """Return some of the columns, in the order given."""
        size = np.diff(self.at)[columns]
        at = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        within = np.arange(at[-1]) - np.repeat(at[:-1], size)
        site = self.site[np.repeat(self.at[columns], size) + within]
        return Cover(self.sites, self.candidate[columns], at, site, self.walk_m[columns])


def cover_of(rows_at: I8, candidate: I4, walk_m: F8) -> Cover:
    """Turn rows (the candidates of each site) into columns (the sites of each candidate).

    Parameters
    ----------
    rows_at, candidate
        Site ``i`` reaches ``candidate[rows_at[i]:rows_at[i + 1]]``.
    walk_m
        All walks to each candidate together, shape (candidates,).
    """
    from scipy.sparse import csr_array

    ones = np.ones(len(candidate), dtype=np.int8)
    sites = len(rows_at) - 1
    matrix = csr_array((ones, candidate, rows_at), shape=(sites, len(walk_m))).tocsc()
    used = np.flatnonzero(np.diff(matrix.indptr))
    at = np.append(matrix.indptr[used], matrix.indptr[-1:]).astype(np.int64)
    site = matrix.indices.astype(np.int32, copy=False)
    return Cover(sites, used.astype(np.int32), at, site, walk_m[used].round(1))


def build_cover(
    network: StreetNetwork,
    candidates: Candidates,
    places: Snapped,
    limit_m: float,
    progress: Progress | None = None,
) -> Cover:
    """Walk from every site, and return what each candidate serves.

    Parameters
    ----------
    network, candidates
        Walking network, and candidates on it.
    places
        Sites on the network, shape (n,).
    limit_m
        The walk that counts, metres.
    progress
        Called with (sites done, sites in all); may raise `Cancelled`.
    """
    ends, items = [np.zeros(1, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
    total, sums = 0, np.zeros(len(candidates))
    for first in range(0, len(places), BLOCK):
        last = min(first + BLOCK, len(places))
        block = part_of(places, slice(first, last))
        at, item, walk_m = walks_to(network, candidates, block, limit_m)
        np.add.at(sums, item, walk_m)
        ends.append(at[1:] + total)
        items.append(item)
        total += len(item)
        if progress is not None:
            progress(last, len(places))
    return cover_of(np.concatenate(ends), np.concatenate(items), sums)
