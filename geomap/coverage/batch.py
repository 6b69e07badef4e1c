"""Amenities on foot from many places at once: lists, counts and the nearest.

The same answer as `walk` and `list_amenities` a place, without leaving compiled code:
places are shared out in blocks to threads, each with tables of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES, SEARCH_M, AmenityAccess, AmenityIndex
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import clear, settle, workspace
from geomap.streets.snap import Snapped

BLOCK = 512
"""Places that a thread takes at a time: progress shows after each block."""
KINDS = len(CATEGORIES)
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
    arc_edge: I4
    edge_u: I4
    edge_v: I4
    edge_m: F4
    edge_at: I4
    order: I4
    category: NDArray[np.int8]
    offset_m: F4
    access_m: F4


@njit(cache=True, nogil=True)
def _gather(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_edge, edge_m, edge_at, offset_m, access_m,
    walk, touched, count, own, own_offset, own_access, limit, found, found_m,
):  # fmt: skip
    """Write amenities (as places in `order`) within the limit; returns how many there are.

    More may be found than there is room for: the caller then comes again with more.
    """
    used = 0
    own_seen = False
    for i in range(count + 1):
        if i == count and own_seen:
            break
        node = touched[i] if i < count else -1
        first, last = (arc_at[node], arc_at[node + 1]) if node >= 0 else (0, 1)
        for arc in range(first, last):
            forward = arc_edge[arc] >= 0
            edge = arc_edge[arc] if forward else ~arc_edge[arc]
            other = np.float32(np.inf)
            here = np.float32(np.inf)
            if node < 0:
                edge, forward = own, True
            else:
                here, other = walk[node], walk[arc_node[arc]]
                # Backwards only where the far end was not reached: else it comes twice.
                if not forward and other < np.inf:
                    continue
            own_seen |= edge == own
            for k in range(edge_at[edge], edge_at[edge + 1]):
                rest = edge_m[edge] - offset_m[k]
                to_u, to_v = (here, other) if forward else (other, here)
                value = min(to_u + offset_m[k], to_v + rest)
                if edge == own:
                    value = min(value, own_access + abs(offset_m[k] - own_offset))
                value += access_m[k]
                if value <= limit:
                    if used < len(found):
                        found[used], found_m[used] = k, value
                    used += 1
    return used


@njit(cache=True, nogil=True)
def _sort_into(order, category, found, found_m, used, item, item_m, at, count):  # type: ignore[no-untyped-def]
    """Put amenities by category, nearest first (the lower one of equals), from `at` on.

    They come roughly nearest first, as the streets were reached: insertion is quick.
    """
    start = np.zeros(KINDS + 1, np.int64)
    for i in range(used):
        start[category[found[i]] + 1] += 1
    for c in range(KINDS):
        count[c] = start[c + 1]
        start[c + 1] += start[c]
    end = start[:KINDS].copy()
    for i in range(used):
        c = category[found[i]]
        one, metres = order[found[i]], found_m[i]
        low, slot = at + start[c], at + end[c]
        while slot > low and (
            item_m[slot - 1] > metres or (item_m[slot - 1] == metres and item[slot - 1] > one)
        ):
            item[slot], item_m[slot] = item[slot - 1], item_m[slot - 1]
            slot -= 1
        item[slot], item_m[slot] = one, metres
        end[c] += 1


@njit(cache=True, nogil=True)
def _nearest(order, category, found, found_m, used, nearest, nearest_m):  # type: ignore[no-untyped-def]
    """Write the nearest amenity of each category, the lower one of equals."""
    for i in range(used):
        c, one, metres = category[found[i]], order[found[i]], found_m[i]
        if nearest[c] < 0 or metres < nearest_m[c] or (metres == nearest_m[c] and one < nearest[c]):
            nearest[c], nearest_m[c] = one, metres


@njit(cache=True, nogil=True)
def _block(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_m, arc_edge, edge_u, edge_v, edge_m, edge_at, order, category,
    offset_m, access_m, start_edge, start_offset, start_access, limit, search,
    walk, touched, after, queued, heads, room, count, nearest, nearest_m, item_at,
):  # fmt: skip
    """Answer for a block of places; the list grows as it must."""
    item, item_m = np.empty(room, np.int32), np.empty(room, np.float32)
    found, found_m = np.empty(room, np.int32), np.empty(room, np.float32)
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
            while True:
                used = _gather(
                    arc_at, arc_node, arc_edge, edge_m, edge_at, offset_m, access_m, walk, touched,
                    settled, edge, start_offset[i], start_access[i], reach, found, found_m,
                )  # fmt: skip
                if used <= len(found):
                    break
                found, found_m = np.empty(2 * used, np.int32), np.empty(2 * used, np.float32)
            clear(settled, walk, touched)
            _nearest(order, category, found, found_m, used, nearest[i], nearest_m[i])
            if far == 0:
                if total + used > len(item):
                    item = np.append(item, np.empty(total + 2 * used, np.int32))
                    item_m = np.append(item_m, np.empty(total + 2 * used, np.float32))
                _sort_into(order, category, found, found_m, used, item, item_m, total, count[i])
                total += used
        item_at[i + 1] = total
    return item[:total].copy(), item_m[:total].copy()


def _streets(network: StreetNetwork, index: AmenityIndex) -> _Streets:
    return _Streets(
        network.arc_at,
        network.arc_node,
        network.arc_m,
        network.arc_edge,
        network.edge_u,
        network.edge_v,
        network.edge_m,
        index.edge_at,
        index.order,
        index.kind,
        index.offset_m,
        index.access_m,
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

    def work(worker: int) -> list[tuple[int, I4, F4, I8]]:
        tables, done = workspace(network.node_count), []
        for first in range(worker * BLOCK, size, BLOCK * threads):
            part = slice(first, min(first + BLOCK, size))
            at = np.zeros(part.stop - first + 1, dtype=np.int64)
            starts = places.edge[part], places.offset_m[part], places.access_m[part]
            rows = count[part], nearest[part], nearest_m[part]
            item, item_m = _block(*streets, *starts, *limits, *tables, 4096, *rows, at)
            done.append((first, item, item_m, at))
            if progress is not None and worker == 0:
                progress(min(part.stop * threads, size), size)
        return done

    blocks: list[Any]
    if threads == 1:
        blocks = work(0)
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            parts = pool.map(work, range(threads))
            blocks = sorted((block for part in parts for block in part), key=lambda b: b[0])
    ends = np.cumsum([0, *(len(block[1]) for block in blocks)])
    starts = [b[3][:-1] + e for b, e in zip(blocks, ends, strict=False)]
    return AccessTable(
        limit_m,
        count,
        nearest,
        nearest_m,
        np.concatenate([np.empty(0, np.int32), *(b[1] for b in blocks)]),
        np.concatenate([np.empty(0, np.float32), *(b[2] for b in blocks)]),
        np.concatenate([*starts, ends[-1:]]).astype(np.int64),
    )
