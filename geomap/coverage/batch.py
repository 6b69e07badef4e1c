"""Amenities on foot from many places at once: lists, counts and the nearest.

The same answer as `walk` and `list_amenities` a place, without leaving compiled code:
places are shared out in blocks to threads, each with tables of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES, SEARCH_M, AmenityAccess, AmenityIndex
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import clear, settle, workspace
from geomap.streets.snap import Snapped

BLOCK = 512
"""Places that a thread takes at a time: progress shows after each block."""
ROOM = 256
"""Amenities a place for which a block has room at first."""
KINDS = len(CATEGORIES)
SLICES = 64
"""Parts of the limit into which lists are sorted first."""
Progress = Callable[[int, int], None]

F4 = NDArray[np.float32]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AccessTable:
    """Amenities around n places, by category.

    Parameters
    ----------
    limit_m
        The walk that counts.
    count, nearest, nearest_m
        As in `AmenityAccess`, one row a place, shape (n, 12).
    item, item_m
        Amenities within `limit_m` and the walk to each, place by place, by category and
        then nearest first.
    item_at
        Place ``i`` has the items ``item[item_at[i]:item_at[i + 1]]``, shape (n + 1,).
    """

    limit_m: float
    count: I4
    nearest: I4
    nearest_m: F4
    item: I4
    item_m: F4
    item_at: I8

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.count)

    def place(self, index: int) -> AmenityAccess:
        """Return what one place has around it."""
        part = slice(int(self.item_at[index]), int(self.item_at[index + 1]))
        return AmenityAccess(
            self.limit_m,
            self.count[index],
            self.nearest[index],
            self.nearest_m[index],
            self.item[part],
            self.item_m[part],
            np.concatenate([[0], np.cumsum(self.count[index])]).astype(np.int64),
        )


class _Streets(NamedTuple):
    """What the kernels need of a network and of the amenities on it."""

    arc_at: I4
    arc_node: I4
    arc_m: F4
    edge_u: I4
    edge_v: I4
    edge_m: F4
    edge_at: I4
    order: I4
    category: NDArray[np.int8]
    offset_m: F4
    access_m: F4
    at_node: I4
    at_node_m: F4
    node_at: I4
    node_m: F4


class _Block(NamedTuple):
    """Lists of a block: its places, the offsets of their lists, and these."""

    turn: I8
    at: I8
    item: I4
    item_m: F4


@njit(cache=True, nogil=True)
def _gather(  # type: ignore[no-untyped-def]
    at_node, at_node_m, node_at, node_m, own, walk, touched, count, limit, found, found_m
):
    """Write amenities within the limit as (amenity, category); returns how many there are.

    Those of the start's own edge are left out. Every row is written and only counted where
    it holds: which one does is hard to foresee.
    """
    used = 0
    for i in range(count):
        node = touched[i]
        here = walk[node]
        for k in range(node_at[2 * node], node_at[2 * node + 1]):
            far = walk[at_node[k, 0]]
            value = min(here + at_node_m[k, 0], far + at_node_m[k, 1]) + at_node_m[k, 2]
            found[used, 0], found[used, 1], found_m[used] = at_node[k, 1], at_node[k, 2], value
            used += (value <= limit) & (at_node[k, 3] != own)
        # An edge whose start is reached was looked at from there.
        if here + node_m[node] <= limit:
            continue
        for k in range(node_at[2 * node + 1], node_at[2 * node + 2]):
            far = walk[at_node[k, 0]]
            value = here + at_node_m[k, 0] + at_node_m[k, 2]
            found[used, 0], found[used, 1], found_m[used] = at_node[k, 1], at_node[k, 2], value
            used += (value <= limit) & (far == np.inf) & (at_node[k, 3] != own)
    return used


@njit(cache=True, nogil=True)
def _gather_own(  # type: ignore[no-untyped-def]
    edge_u, edge_v, edge_m, edge_at, order, category, offset_m, access_m,
    own, own_offset, own_access, walk, limit, found, found_m, used,
):  # fmt: skip
    """Add amenities of the start's own edge, which are also reached straight along it."""
    from_u, from_v = walk[edge_u[own]], walk[edge_v[own]]
    for k in range(edge_at[own], edge_at[own + 1]):
        value = min(from_u + offset_m[k], from_v + (edge_m[own] - offset_m[k]))
        value = min(value, own_access + abs(offset_m[k] - own_offset)) + access_m[k]
        if value <= limit:
            found[used, 0], found[used, 1], found_m[used] = order[k], category[k], value
            used += 1
    return used


@njit(cache=True, nogil=True)
def _sort_into(found, found_m, used, limit, slots, item, item_m, at, count, nearest, nearest_m):  # type: ignore[no-untyped-def]
    """Put amenities by category, nearest first (the lower one of equals), from `at` on.

    First counted into slots by category and part of the limit, which leaves little to move.
    """
    scale = np.float32(SLICES * 0.9999) / limit  # so that the limit itself is in the last part
    slots[:] = 0
    for i in range(used):
        slots[found[i, 1] * SLICES + np.int32(found_m[i] * scale)] += 1
    begin = at
    for slot in range(KINDS * SLICES):
        size = slots[slot]
        slots[slot] = begin
        begin += size
    for i in range(used):
        slot = found[i, 1] * SLICES + np.int32(found_m[i] * scale)
        to = slots[slot]
        item[to], item_m[to] = found[i, 0], found_m[i]
        slots[slot] = to + 1  # in the end where the next slot begins
    low = at
    for c in range(KINDS):
        high = slots[(c + 1) * SLICES - 1]
        count[c] = high - low
        for i in range(low + 1, high):
            one, metres, to = item[i], item_m[i], i
            if item_m[i - 1] < metres:
                continue
            while to > low and (
                item_m[to - 1] > metres or (item_m[to - 1] == metres and item[to - 1] > one)
            ):
                item[to], item_m[to] = item[to - 1], item_m[to - 1]
                to -= 1
            item[to], item_m[to] = one, metres
        if high > low:
            nearest[c], nearest_m[c] = item[low], item_m[low]
        low = high


@njit(cache=True, nogil=True)
def _nearest(found, found_m, used, nearest, nearest_m):  # type: ignore[no-untyped-def]
    """Write the nearest amenity of each category, the lower one of equals."""
    for i in range(used):
        one, c, metres = found[i, 0], found[i, 1], found_m[i]
        if nearest[c] < 0 or metres < nearest_m[c] or (metres == nearest_m[c] and one < nearest[c]):
            nearest[c], nearest_m[c] = one, metres


@njit(cache=True, nogil=True)
def _block(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_m, edge_u, edge_v, edge_m, edge_at, order, category,
    offset_m, access_m, at_node, at_node_m, node_at, node_m,
    start_edge, start_offset, start_access, limit, search,
    walk, touched, after, queued, heads, room, count, nearest, nearest_m, item_at,
):  # fmt: skip
    """Answer for a block of places; the list grows as it must."""
    item, item_m = np.empty(room, np.int32), np.empty(room, np.float32)
    # Every amenity is found once at most; pages that are not written cost nothing.
    found = np.empty((len(order) + 1, 2), np.int32)
    found_m = np.empty(len(order) + 1, np.float32)
    slots = np.empty(KINDS * SLICES, np.int64)
    total = 0
    for i in range(len(start_edge)):
        edge = start_edge[i]
        for far in range(2):
            reach = limit if far == 0 else search
            if edge < 0 or start_access[i] > reach:
                continue
            if far == 1 and (search <= limit or (nearest[i] >= 0).all()):
                continue
            along = min(max(start_offset[i], np.float32(0.0)), edge_m[edge])
            settled = settle(
                arc_at, arc_node, arc_m, edge_u[edge], edge_v[edge],
                along + start_access[i], (edge_m[edge] - along) + start_access[i], reach,
                walk, touched, after, queued, heads,
            )  # fmt: skip
            used = _gather(
                at_node, at_node_m, node_at, node_m, edge, walk, touched, settled, reach,
                found, found_m,
            )  # fmt: skip
            used = _gather_own(
                edge_u, edge_v, edge_m, edge_at, order, category, offset_m, access_m,
                edge, start_offset[i], start_access[i], walk, reach, found, found_m, used,
            )  # fmt: skip
            clear(settled, walk, touched)
            if far == 1:
                _nearest(found, found_m, used, nearest[i], nearest_m[i])
                continue
            if total + used > len(item):
                item = np.append(item, np.empty(total + 2 * used, np.int32))
                item_m = np.append(item_m, np.empty(total + 2 * used, np.float32))
            _sort_into(
                found, found_m, used, limit, slots, item, item_m, total,
                count[i], nearest[i], nearest_m[i],
            )  # fmt: skip
            total += used
        item_at[i + 1] = total
    return item[:total], item_m[:total]


@njit(cache=True, nogil=True)
def _put_back(turn, at, item, item_m, whole_at, whole, whole_m):  # type: ignore[no-untyped-def]
    """Copy the lists of a block to where those of its places belong."""
    for i in range(len(turn)):
        to = whole_at[turn[i]]
        for k in range(at[i], at[i + 1]):
            whole[to + k - at[i]], whole_m[to + k - at[i]] = item[k], item_m[k]


def _streets(network: StreetNetwork, index: AmenityIndex) -> _Streets:
    return _Streets(
        network.arc_at,
        network.arc_node,
        network.arc_m,
        network.edge_u,
        network.edge_v,
        network.edge_m,
        index.edge_at,
        index.order,
        index.kind,
        index.offset_m,
        index.access_m,
        index.at_node,
        index.at_node_m,
        index.node_at,
        index.node_m,
    )


def list_amenities_of(
    network: StreetNetwork,
    index: AmenityIndex,
    places: Snapped,
    limit_m: float,
    *,
    search_m: float = SEARCH_M,
    threads: int = 1,
    progress: Progress | None = None,
) -> AccessTable:
    """List the amenities around many places.

    Parameters
    ----------
    network, index
        Walking network, and the amenities snapped to it.
    places
        Starts, shape (n,), from `snap_points`.
    limit_m
        The walk that counts, metres.
    search_m
        How far the nearest one is looked for where a category has none within `limit_m`.
    threads
        How many work side by side; the answer is the same.
    progress
        Called with (places done, places in all).

    Returns
    -------
    AccessTable
        A place off every street has nothing.

    Raises
    ------
    ValueError
        The amenities were snapped to another network.
    """
    if index.network != network.version:
        raise ValueError(f"amenities of network {index.network}, walk on {network.version}")
    streets, size = _streets(network, index), len(places)
    count = np.zeros((size, KINDS), dtype=np.int32)
    nearest = np.full((size, KINDS), -1, dtype=np.int32)
    nearest_m = np.full((size, KINDS), np.nan, dtype=np.float32)
    limits = np.float32(limit_m), np.float32(max(search_m, limit_m))
    # Street by street: what one walk has read is still at hand for the next.
    turn = np.argsort(places.edge, kind="stable")
    starts = places.edge[turn], places.offset_m[turn], places.access_m[turn]

    def work(worker: int) -> list[_Block]:
        tables, done = workspace(network.node_count), []
        for first in range(worker * BLOCK, size, BLOCK * threads):
            part = slice(first, min(first + BLOCK, size))
            at = np.zeros(part.stop - first + 1, dtype=np.int64)
            begin, rows = [c[part] for c in starts], (count[part], nearest[part], nearest_m[part])
            room = ROOM * (part.stop - first)
            item, item_m = _block(*streets, *begin, *limits, *tables, room, *rows, at)  # type: ignore[call-arg]
            done.append(_Block(turn[part], at, item, item_m))
            if progress is not None and worker == 0:
                progress(min(part.stop * threads, size), size)
        return done

    if threads == 1:
        blocks = work(0)
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            blocks = [block for part in pool.map(work, range(threads)) for block in part]
    back = np.empty_like(turn)
    back[turn] = np.arange(size)
    return _with_lists(limit_m, count[back], nearest[back], nearest_m[back], blocks)


def _with_lists(
    limit_m: float, count: I4, nearest: I4, nearest_m: F4, blocks: list[_Block]
) -> AccessTable:
    """Return the table of places, the lists of all blocks in their order."""
    item_at = np.concatenate([[0], np.cumsum(count.sum(axis=1))]).astype(np.int64)
    item = np.empty(int(item_at[-1]), dtype=np.int32)
    item_m = np.empty(len(item), dtype=np.float32)
    for turn, at, some, some_m in blocks:
        _put_back(turn, at, some, some_m, item_at, item, item_m)
    return AccessTable(limit_m, count, nearest, nearest_m, item, item_m, item_at)
