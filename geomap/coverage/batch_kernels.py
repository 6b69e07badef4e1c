"""Compiled loops of the batch: what a walk reaches, gathered, sorted and put in its place."""

from __future__ import annotations

import numpy as np
from numba import njit

from geomap.coverage.access import CATEGORIES
from geomap.streets.kernel import clear, settle

KINDS = len(CATEGORIES)
SLICES = 64
"""Parts of the limit into which lists are sorted first."""


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
def list_block(  # type: ignore[no-untyped-def]
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
def put_back(turn, at, item, item_m, whole_at, whole, whole_m):  # type: ignore[no-untyped-def]
    """Copy the lists of a block to where those of its places belong."""
    for i in range(len(turn)):
        to = whole_at[turn[i]]
        for k in range(at[i], at[i + 1]):
            whole[to + k - at[i]], whole_m[to + k - at[i]] = item[k], item_m[k]
