"""The stretches of edges that a walk reaches, worked out without the ring's field."""

from __future__ import annotations

import numpy as np

from geomap.streets.graph import StreetNetwork
from geomap.streets.walk import F4, I4, Reach


def edge_cover(network: StreetNetwork, reach: Reach) -> tuple[I4, F4, F4]:
    """Return the reached stretches of edges as (edge, from_m, to_m), which may overlap.

    Partly reached edges are cut exactly at the limit.
    """
    length = network.edge_m[reach.edge]
    with np.errstate(invalid="ignore"):
        from_u = np.minimum(reach.limit_m - reach.u_walk_m, length)
        from_v = np.minimum(reach.limit_m - reach.v_walk_m, length)
    zero = np.zeros_like(length)
    edge = np.concatenate([reach.edge, reach.edge])
    begin = np.concatenate([zero, length - from_v])
    end = np.concatenate([from_u, length])
    start = reach.start
    if not reach.empty:
        left = reach.limit_m - start.access_m
        whole = float(network.edge_m[start.edge])
        edge = np.append(edge, np.int32(start.edge))
        begin = np.append(begin, np.float32(max(start.offset_m - left, 0.0)))
        end = np.append(end, np.float32(min(start.offset_m + left, whole)))
    real = end > begin
    return edge[real], begin[real], end[real]
