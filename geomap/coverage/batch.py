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
from numpy.typing import NDArray

from geomap.coverage.access import SEARCH_M, AmenityAccess, AmenityIndex
from geomap.coverage.batch_kernels import KINDS, list_block, put_back
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import workspace
from geomap.streets.snap import Snapped

BLOCK = 512
"""Places that a thread takes at a time: progress shows after each block."""
ROOM = 256
"""Amenities a place for which a block has room at first."""
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
            item, item_m = list_block(*streets, *begin, *limits, *tables, room, *rows, at)  # type: ignore[call-arg]
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
        put_back(turn, at, some, some_m, item_at, item, item_m)
    return AccessTable(limit_m, count, nearest, nearest_m, item, item_m, item_at)
