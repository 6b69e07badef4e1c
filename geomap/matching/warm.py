"""Compile the loops of the fast pass once, into numba's cache."""

from __future__ import annotations

import numpy as np

from geomap.matching import kernel as k
from geomap.matching.prepared import SCORED


def warm() -> None:
    """Call every loop with one unit of one site, in the types of `Live` (6 s, then 0.3 s)."""
    days, bounds = np.zeros(1, dtype=np.int32), np.array([0, 1], dtype=np.int32)
    places, refused = np.zeros(2, dtype=np.int32), np.zeros(1, dtype=np.uint8)
    codes, single, double = np.zeros(1, dtype=np.int8), np.ones(1, dtype=np.float32), np.ones(1)
    k._refuse(refused, np.ones(1, dtype=np.bool_), np.uint8(1))
    refused[:] = 0
    free = k._free_by_site(bounds, days, np.int32(0))
    k._by_rule(free, refused, np.zeros(9, dtype=np.int64))
    k.open_units(bounds, refused, days, days, np.zeros(1, dtype=np.int64), np.int32(0), places, 0)
    k.keep_equal(places, 1, codes, 0)
    k.keep_within(places, 1, single, np.float32(0.0), np.float32(1.0))
    k.keep_unless_above(places, 1, single, np.float32(1.0))
    k.keep_unless_above(places, 1, double, 1.0)
    rows, by_site = np.zeros(1, dtype=np.int64), np.zeros((1, 4))
    weights, limits = (1.0, 1.0, 1.0, 1.0, 4.0), (0.0, 1.0, 1.0, 0.3)
    scored = np.zeros((1, len(SCORED)))
    k._score(places[:1], 1, scored, np.zeros(1), weights, *limits, np.zeros(1), rows, by_site)
    county, yes = np.zeros(1, dtype=np.int8), np.ones(1, dtype=np.bool_)
    edges, counts = np.array([0.0, 1.0]), np.zeros(1, dtype=np.int64)
    asked = county, yes, yes, (1.0, 0.0, 1.0), edges, edges, (counts, counts, counts, counts)
    k._tally(places, 1, scored, codes, *asked)
